<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\Booking;
use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\Received;

/** Each thing that happens gives exactly one event of its kind, with the right variables; anything else gives none. */
final class EventsTest extends EndToEnd
{
	private const ALL = [
		'appointment.booked', 'appointment.updated', 'appointment.status_changed', 'appointment.cancelled',
		'appointment.deleted', 'patient.registered', 'patient.updated', 'patient.deleted', 'patient.status_changed',
		'appointment.checked_in', 'appointment.checked_out', 'appointment.payment_completed',
		'appointment.payment_cancelled',
	];

	protected function setUp(): void
	{
		parent::setUp();
		$this->needsFour('its operations beyond the booking are not part of the first line');
		foreach (self::ALL as $event) {
			$this->webhook($event, $this->receiver()->url("/ok/$event"));
		}
		$this->allowClinical();
	}

	public function testAMoveIsOneUpdate(): void
	{
		$booking = $this->before();
		[$date, $time] = [$booking->date(), $booking->time()];
		$this->assertSame(200, $this->desk()->move($booking)->status);
		$data = $this->assertOnly(['appointment.updated'])[0]->data();
		$this->assertSame($booking->id, $data['appointment_id']);
		$this->assertStringStartsWith($booking->date() . 'T' . $booking->time(), $data['appointment_starts_at']);
		$this->assertNotSame("$date $time", $booking->date() . ' ' . $booking->time());
		$this->assertNotSame('', (string) $data['previous_appointment_start_time']);
		$this->assertSame('Moved by a test', $data['appointment_description']);
		$this->assertSame('yes', $data['appointment_rescheduled']);
		$this->assertContains('appointment_starts_at', array_column($data['changes'], 'field'));
	}

	public function testAStatusChangeTellsBothStatuses(): void
	{
		$booking = $this->before();
		$this->assertSame(200, $this->desk()->setStatus($booking, 4)->status);
		foreach ($this->assertOnly(['appointment.checked_in', 'appointment.status_changed']) as $request) {
			$data = $request->data();
		}
		$this->assertSame(
			[$booking->id, 1, 4, 4],
			[$data['appointment_id'], $data['old_status_code'], $data['new_status_code'], $data['appointment_status']]
		);
		$this->assertNotNull($data['encounter_id'], 'the check-in made one');
		$this->forget();
		$this->assertSame(200, $this->desk()->setStatus($booking, 3)->status);
		$this->assertOnly(['appointment.checked_out', 'appointment.status_changed']);
	}

	public function testTheSameStatusAgainIsNothing(): void
	{
		$booking = $this->before();
		$this->assertSame(200, $this->desk()->setStatus($booking, 1)->status);
		$this->assertOnly([]);
	}

	public function testACancellationIsOneCancellationAndOneChangeOfStatus(): void
	{
		$booking = $this->before();
		$this->assertSame(200, $this->desk()->setStatus($booking, 0)->status);
		foreach ($this->assertOnly(['appointment.cancelled', 'appointment.status_changed']) as $request) {
			$data = $request->data();
			$this->assertSame(
				[$booking->id, 1, 0],
				[$data['appointment_id'], $data['old_status_code'], $data['new_status_code']]
			);
		}
		$this->mark = $this->receiver()->mark();
		$this->rows('DELETE FROM {events}');
		$this->assertSame(200, $this->desk()->setStatus($booking, 0)->status);
		$this->assertOnly([]);
	}

	public function testACancellationByEditingIsFoundAsWell(): void
	{
		$booking = $this->before();
		[$date, $time] = [$booking->date(), $booking->time()];
		$answer = $this->desk()->client->rest('PUT', "kivicare/v1/appointments/$booking->id", [
			'appointmentStartDate' => $date, 'appointmentStartTime' => $time, 'status' => 0,
		]);
		$this->assertSame(200, $answer->status, $answer->text());
		$this->assertOnly(['appointment.cancelled', 'appointment.status_changed', 'appointment.updated']);
	}

	public function testADeletionTellsWhatWasThere(): void
	{
		$booking = $this->before();
		$this->assertSame(200, $this->desk()->delete($booking)->status);
		$data = $this->assertOnly(['appointment.deleted'])[0]->data();
		$ids = $this->site()->info()['ids'];
		$this->assertSame([$booking->id, $ids['clinic'], $ids['patient']], [$data['appointment_id'], $data['clinic_id'],
			$data['patient_id']]);
		$this->assertSame($ids['service_name'], $data['service_names'], 'read before it went');
		$this->assertNotSame('', $data['patient_name']);
	}

	public function testABulkDeletionTellsOfEach(): void
	{
		$bookings = [$this->desk()->book(), $this->before()];
		$ids = [$bookings[0]->id, $bookings[1]->id];
		$answer = $this->admin()->rest('POST', 'kivicare/v1/appointments/bulk/delete', ['ids' => $ids]);
		$this->assertSame(200, $answer->status, $answer->text());
		$got = array_map(
			static fn (Received $request): int => $request->data()['appointment_id'],
			$this->assertOnly(['appointment.deleted', 'appointment.deleted'])
		);
		sort($got);
		$this->assertSame($ids, $got);
	}

	public function testANewPatient(): void
	{
		[$id] = $this->desk()->addPatient('Zoë');
		$data = $this->assertOnly(['patient.registered'])[0]->data();
		$this->assertSame([$id, 'Zoë', 'Tester', 'Zoë Tester', '1988-08-08', 'O+'], [$data['patient_id'],
			$data['patient_first_name'], $data['patient_last_name'], $data['patient_full_name'], $data['patient_dob'],
			$data['patient_blood_group']]);
		$this->assertSame((string) $this->site()->info()['ids']['clinic'], (string) $data['patient_clinic_ids']);
	}

	public function testAPatientIsUpdated(): void
	{
		[$id] = $this->desk()->addPatient('Ada');
		$this->forget();
		$this->assertSame(200, $this->desk()->updatePatient($id, 'Adele')->status);
		$data = $this->assertOnly(['patient.updated'])[0]->data();
		$this->assertSame([$id, 'Adele'], [$data['patient_id'], $data['patient_first_name']]);
	}

	public function testAPatientsStatusHasNoHookAndIsToldAllTheSame(): void
	{
		[$id] = $this->desk()->addPatient('Ada');
		$this->forget();
		$this->admin()->rest('PUT', "kivicare/v1/patients/$id/status", ['status' => 1]);
		$data = $this->assertOnly(['patient.status_changed'])[0]->data();
		$this->assertSame(
			[$id, 1, 0, 1],
			[$data['patient_id'], $data['patient_status'], $data['old_status_code'], $data['new_status_code']]
		);
		$this->forget();
		$this->admin()->rest('PUT', 'kivicare/v1/patients/bulk/status', ['ids' => [$id], 'status' => 1]);
		$this->assertOnly([]);
	}

	public function testAPatientIsDeletedWithWhatTheyHad(): void
	{
		[$id] = $this->desk()->addPatient('Kim');
		$this->forget();
		$this->assertSame(200, $this->admin()->rest('DELETE', "kivicare/v1/patients/$id")->status);
		$data = $this->assertOnly(['patient.deleted'])[0]->data();
		$this->assertSame([$id, 'Kim'], [$data['patient_id'], $data['patient_first_name']]);
		$this->assertSame((string) $this->site()->info()['ids']['clinic'], (string) $data['patient_clinic_ids']);
	}

	public function testABulkDeletionOfPatientsIsTold(): void
	{
		[$id] = $this->desk()->addPatient('Lou');
		$this->forget();
		$answer = $this->admin()->rest('POST', 'kivicare/v1/patients/bulk/delete', ['ids' => [$id]]);
		$this->assertSame(200, $answer->status, $answer->text());
		$this->assertSame($id, $this->assertOnly(['patient.deleted'])[0]->data()['patient_id']);
	}

	public function testABookingThatWaitsForPaymentIsToldOnceItIsPaid(): void
	{
		$answer = $this->desk()->tryToBook(['status' => 2]);
		$this->assertSame(201, $answer->status, $answer->text());
		$id = (int) $answer->json()['data']['appointment_id'];
		$this->assertOnly([]);
		$this->assertSame(200, $this->admin()->rest('PUT', "kivicare/v1/appointments/$id/status", ['status' => 1])->status);
		$types = $this->settled();
		$this->assertSame(['appointment.booked'], array_values(array_intersect(['appointment.booked'], $types)));
	}

	public function testThePaymentsWayBackIsToldOnceHoweverOftenItIsTaken(): void
	{
		$this->needsStandIn('its payment gateways want accounts outside this machine');
		$answer = $this->desk()->tryToBook(['paymentGateway' => 'paypal']);
		$id = (int) $answer->json()['data']['appointment_id'];
		$this->assertOnly([]);
		for ($i = 0; $i < 3; $i++) {
			$back = $this->guest()->request(
				'GET',
				"/wp-json/kivicare/v1/appointments/payment-success?appointment_id=$id&gateway=paypal&payment_id=P1"
			);
			$this->assertSame(302, $back->status, 'it leaves by exit, past the after-filters');
		}
		$this->assertOnly(['appointment.booked', 'appointment.payment_completed', 'appointment.status_changed']);
	}

	public function testARefusedBookingIsNothing(): void
	{
		$this->assertSame(404, $this->desk()->tryToBook(['doctorId' => 999999])->status);
		$this->assertOnly([]);
	}

	/** A booking whose own events are out of the way. */
	private function before(): Booking
	{
		$booking = $this->desk()->book();
		$this->forget();
		return $booking;
	}

	private function forget(): void
	{
		$this->settle();
		$this->rows('DELETE FROM {events}');
		$this->mark = $this->receiver()->mark();
	}

	/**
	 * Nothing but these events was kept and arrived, each at its own endpoint.
	 *
	 * @param list<string> $types sorted
	 * @return list<Received>
	 */
	private function assertOnly(array $types): array
	{
		$this->assertSame($types, $this->settled());
		$got = $this->receiver()->since($this->mark);
		$arrived = array_map(static fn (Received $request): string => $request->json()['type'], $got);
		sort($arrived);
		$this->assertSame($types, $arrived);
		foreach ($got as $request) {
			$this->assertSame('/ok/' . $request->json()['type'], $request->path);
		}
		return $got;
	}

	/** @return list<string> what was kept, sorted */
	private function settled(): array
	{
		$this->settle();
		$kept = $this->kept();
		sort($kept);
		return $kept;
	}
}
