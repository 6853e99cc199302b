<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\Desk;
use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\MuPlugin;

/**
 * What KiviCare's hooks carry, in which order, and in whose transaction. The same expectations hold for the stand-in
 * and for the real 4.3.0 (KIVICARE_DIR), so that what is proven on the one is worth something for the other.
 */
final class StandInFactsTest extends EndToEnd
{
	private const APPOINTMENT = [
		'appointmentEndDate', 'appointmentEndTime', 'appointmentReport', 'appointmentStartDate', 'appointmentStartTime',
		'appointmentTimezone', 'clinicId', 'createdAt', 'description', 'doctorId', 'patientId', 'status', 'visitType',
	];

	private MuPlugin $probe;
	private string $file;

	protected function setUp(): void
	{
		parent::setUp();
		$this->needsFour('3.x fires other hooks; ThirdGenerationTest has its expectations');
		$this->probe = new MuPlugin($this->site(), 'probe');
		$this->file = $this->site()->info()['run'] . '/tmp/probe.jsonl';
		$this->forget();
	}

	protected function tearDown(): void
	{
		if (isset($this->probe)) {
			$this->probe->remove();
			$this->forget();
		}
		parent::tearDown();
	}

	public function testABookingFiresOneHookInsideItsTransactionAfterAllRowsAreWritten(): void
	{
		$booking = $this->desk()->book();
		$this->assertSame(201, $booking->response->status);
		$this->assertSame(['status', 'message', 'data'], array_keys($booking->response->json()));
		$this->assertSame($booking->id, $booking->response->json()['data']['appointment_id']);

		$seen = $this->seen();
		$this->assertSame(['kc_after_create_appointment'], array_column($seen, 'hook'));
		[$hook] = $seen;
		$this->assertSame($booking->id, $hook['id']);
		$this->assertSame('int', $hook['args'][0]);
		$this->assertSame(self::APPOINTMENT, array_keys($hook['args'][1]['array']));
		$this->assertSame(
			['clinicId' => 'int', 'doctorId' => 'int', 'patientId' => 'int', 'status' => 'int', 'visitType' => 'string'],
			array_intersect_key(
				$hook['args'][1]['array'],
				array_flip(['clinicId', 'doctorId', 'patientId', 'status', 'visitType'])
			)
		);
		$this->assertSame('request', $hook['args'][2]);
		$this->assertCount(3, $hook['args']);
		$this->assertSame(1, $hook['in_transaction']);
		$this->assertSame(1, $hook['appointment_row']);
		$this->assertSame(1, $hook['services']);
	}

	/** Before 4.3.0 it fires as a booking does: only its row tells that it is none yet. */
	public function testABookingThatWaitsForPaymentFiresNothing(): void
	{
		$response = $this->desk()->tryToBook(['status' => 2]);
		$this->assertSame(201, $response->status, $response->text());
		$kivicare = $this->site()->info()['kivicare'];
		$before = $kivicare['kind'] === 'real' && version_compare($kivicare['version'], '4.3.0', '<');
		$this->assertSame($before ? ['kc_after_create_appointment'] : [], array_column($this->seen(), 'hook'));
		$id = (int) $response->json()['data']['appointment_id'];
		$this->assertSame('2', $this->value("SELECT status FROM [kc_appointments] WHERE id = $id"));
	}

	public function testAMoveFiresOneHookInsideItsTransaction(): void
	{
		$booking = $this->bookedBefore();
		$this->assertSame(200, $this->desk()->move($booking)->status);

		$seen = $this->seen();
		$this->assertSame(['kc_appointment_updated'], array_column($seen, 'hook'));
		[$hook] = $seen;
		$this->assertSame($booking->id, $hook['id']);
		$this->assertSame('int', $hook['args'][0]);
		foreach (['appointmentEndDate', 'appointmentEndTime', 'appointmentStartDate', 'appointmentStartTime',
			'appointmentTimezone', 'description', 'updatedAt'] as $name) {
			$this->assertArrayHasKey($name, $hook['args'][1]['array']);
		}
		$this->assertArrayNotHasKey('status', $hook['args'][1]['array'], 'only what was sent');
		$this->assertIsAppointmentObject($hook['args'][2]);
		$this->assertSame('request', $hook['args'][3]);
		$this->assertSame(1, $hook['in_transaction']);
	}

	public function testAStatusChangeFiresOneHookWithoutATransactionAndWithTheNewStatus(): void
	{
		$booking = $this->bookedBefore();
		$this->assertSame(200, $this->desk()->setStatus($booking, 3)->status);

		$seen = $this->seen();
		$this->assertSame(['kc_appointment_status_update'], array_column($seen, 'hook'));
		[$hook] = $seen;
		$this->assertSame(
			[$booking->id, 0, 1, '3'],
			[$hook['id'], $hook['in_transaction'], $hook['appointment_row'], $hook['appointment_status']]
		);
		$this->assertSame(['int', 'int'], array_slice($hook['args'], 0, 2));
		$this->assertIsAppointmentObject($hook['args'][2]);
		$this->assertSame('3', (string) $hook['args'][2]['status'], 'the object already holds the new status');
	}

	public function testTheSameStatusAgainFiresTheHookAgain(): void
	{
		$booking = $this->bookedBefore();
		$this->desk()->setStatus($booking, 1);
		$this->assertSame(['kc_appointment_status_update'], array_column($this->seen(), 'hook'));
	}

	public function testACheckInTellsItsEncounterAndBillFirst(): void
	{
		$booking = $this->bookedBefore();
		$this->assertSame(200, $this->desk()->setStatus($booking, 4)->status);
		$seen = $this->seen();
		$this->assertSame(['kc_appointment_create_tax', 'kc_appointment_status_update'], array_column($seen, 'hook'));
		$this->assertSame([0, 0], array_column($seen, 'in_transaction'));
		$this->assertSame('1', $seen[0]['appointment_status'], 'before the row changes');
	}

	public function testACancellationFiresTwoHooksAfterTheWrite(): void
	{
		$booking = $this->bookedBefore();
		$this->assertSame(200, $this->desk()->setStatus($booking, 0)->status);
		$seen = $this->seen();
		$this->assertSame(['kc_appointment_cancelled', 'kc_appointment_status_update'], array_column($seen, 'hook'));
		$this->assertSame(['0', '0'], array_column($seen, 'appointment_status'));
		$this->assertSame(['int'], $seen[0]['args']);
		$this->assertSame([0, 0], array_column($seen, 'in_transaction'));
	}

	public function testADeletionTellsWhenNothingIsLeft(): void
	{
		$booking = $this->bookedBefore();
		$this->assertSame(200, $this->desk()->delete($booking)->status);
		$seen = $this->seen();
		$this->assertSame(['kc_appointment_deleted'], array_column($seen, 'hook'));
		[$hook] = $seen;
		$this->assertSame(
			[$booking->id, 0, 0, 0],
			[$hook['id'], $hook['in_transaction'], $hook['appointment_row'], $hook['services']]
		);
		$this->assertSame('int', $hook['args'][0]);
		$this->assertIsAppointmentObject($hook['args'][1]);
	}

	public function testABulkDeletionTellsOfEach(): void
	{
		$bookings = [$this->desk()->book(), $this->bookedBefore()];
		$ids = [$bookings[0]->id, $bookings[1]->id];
		$response = $this->admin()->rest('POST', 'kivicare/v1/appointments/bulk/delete', ['ids' => $ids]);
		$this->assertSame(200, $response->status, $response->text());
		$this->assertSame(2, $response->json()['data']['success_count']);
		$seen = $this->seen();
		$this->assertSame(['kc_appointment_deleted', 'kc_appointment_deleted'], array_column($seen, 'hook'));
		$this->assertSame($ids, array_column($seen, 'id'));
	}

	public function testAnUnknownDoctorLeavesTheTransactionOpenToTheEnd(): void
	{
		$response = $this->desk()->tryToBook(['doctorId' => 999999], '?probe=end');
		$this->assertSame(404, $response->status, $response->text());
		$this->assertSame([['hook' => 'end of request', 'in_transaction' => 1]], $this->seen());
	}

	public function testANewPatientsHookCarriesThePassword(): void
	{
		[$id, $response] = $this->desk()->addPatient();
		$this->assertSame(201, $response->status);
		$this->assertArrayHasKey('temp_password', $response->json()['data']);

		$seen = $this->seen();
		$this->assertSame(['kc_patient_save', 'kivicare_patient_registered'], array_column($seen, 'hook'));
		[$hook] = $seen;
		$this->assertSame([$id, 0, 1, 1], [$hook['id'], $hook['in_transaction'], $hook['user_row'], $hook['clinics']]);
		$this->assertSame(
			['address', 'blood_group', 'city', 'clinics', 'contact_number', 'country', 'created_at', 'dob', 'email',
				'first_name', 'gender', 'id', 'last_name', 'patient_image_id', 'patient_image_url', 'patient_unique_id',
				'postal_code', 'status', 'temp_password', 'timezone', 'username'],
			array_keys($hook['args'][0]['array'])
		);
		$this->assertSame('int', $hook['args'][0]['array']['id']);
		$this->assertSame('request', $hook['args'][1]);
	}

	public function testAPatientsUpdateAndStatus(): void
	{
		[$id] = $this->desk()->addPatient();
		$this->forget();
		$this->assertSame(200, $this->desk()->updatePatient($id, 'Nora')->status);
		$seen = $this->seen();
		$this->assertSame(['kc_patient_update'], array_column($seen, 'hook'));
		$this->assertSame([$id, 0], [$seen[0]['id'], $seen[0]['in_transaction']]);
		$this->assertArrayNotHasKey('temp_password', $seen[0]['args'][0]['array']);
		$this->assertSame('request', $seen[0]['args'][1]);

		$this->forget();
		$response = $this->admin()->rest('PUT', "kivicare/v1/patients/$id/status", ['status' => 1]);
		$this->assertSame(200, $response->status, $response->text());
		$response = $this->admin()->rest('PUT', 'kivicare/v1/patients/bulk/status', ['ids' => [$id], 'status' => 0]);
		$this->assertSame(200, $response->status, $response->text());
		$this->assertSame([], $this->seen(), 'a status change has no hook of any kind');
	}

	public function testAPatientsDeletionTellsBeforeTheUserGoesAndAfterTheClinicWent(): void
	{
		[$id] = $this->desk()->addPatient();
		$this->forget();
		$this->assertSame(200, $this->admin()->rest('DELETE', "kivicare/v1/patients/$id")->status);
		$seen = $this->seen();
		$this->assertSame(['kc_patient_delete', 'delete_user', 'deleted_user'], array_column($seen, 'hook'));
		$this->assertSame([1, 1, 0], array_column($seen, 'user_row'));
		$this->assertSame([0, 0, 0], array_column($seen, 'clinics'));
		$this->assertSame(['int'], $seen[0]['args']);
	}

	public function testABulkDeletionOfPatientsHasOnlyTheHooksOfWordPress(): void
	{
		[$id] = $this->desk()->addPatient();
		$this->forget();
		$response = $this->admin()->rest('POST', 'kivicare/v1/patients/bulk/delete', ['ids' => [$id]]);
		$this->assertSame(200, $response->status, $response->text());
		$this->assertSame(['delete_user', 'deleted_user'], array_column($this->seen(), 'hook'));
	}

	public function testANewDoctorsHooksComeInsideATransactionWithThePassword(): void
	{
		$response = $this->addDoctor();
		$this->assertSame(201, $response->status, $response->text());
		$seen = $this->seen();
		$this->assertSame(['kc_doctor_save', 'kc_doctor_register'], array_column($seen, 'hook'));
		$this->assertSame([1, 1], array_column($seen, 'in_transaction'));
		$this->assertArrayHasKey('temp_password', $seen[0]['args'][0]['array']);
		$basic = $this->site()->wp("echo get_user_meta({$seen[0]['id']}, 'basic_data', true);");
		$this->assertArrayHasKey('temp_password', (array) json_decode($basic, true), 'and basic_data keeps it');
	}

	public function testANewReceptionistsHookCallsItUserPassword(): void
	{
		$response = $this->addReceptionist();
		$this->assertSame(2, intdiv($response->status, 100), $response->text());
		$seen = $this->seen();
		$this->assertSame(['kc_receptionist_save', 'kc_receptionist_created'], array_column($seen, 'hook'));
		$this->assertArrayHasKey('user_password', $seen[0]['args'][0]['array']);
	}

	public function testConfigIsPublicAndTellsOfTheAddOn(): void
	{
		$response = $this->guest()->rest('GET', 'kivicare/v1/config');
		$this->assertSame(200, $response->status, $response->text());
		$addon = $response->json()['data']['addOns']['webhooks'];
		$this->assertSame(['active', 'version'], array_keys($addon));
		$this->assertTrue($addon['active'], 'because our add-on defines the constant');
	}

	public function testGuestsMayNotBook(): void
	{
		$this->assertSame(401, $this->guest()->rest('GET', 'kivicare/v1/appointments')->status);
		$this->assertSame([], $this->seen());
	}

	/** @param array<string, mixed> $shape */
	private function assertIsAppointmentObject(array $shape): void
	{
		$this->assertTrue($shape['toArray']);
		$this->assertSame(
			['string', 'int', 'int', 'int', 'string', 'string'],
			[$shape['has']['id'], $shape['has']['clinicId'], $shape['has']['doctorId'], $shape['has']['patientId'],
				$shape['has']['appointmentStartDate'], $shape['has']['status']]
		);
	}

	private function bookedBefore(): Support\Booking
	{
		$booking = $this->desk()->book();
		$this->forget();
		return $booking;
	}

	private function forget(): void
	{
		$this->rig()->waitUntilIdle();
		@unlink($this->file);
	}

	/** @return list<array<string, mixed>> what the probe has noted since the last forget() */
	private function seen(): array
	{
		$this->rig()->waitUntilIdle();
		$lines = is_file($this->file) ? file($this->file, FILE_IGNORE_NEW_LINES) : [];
		return array_map(static fn (string $line): array => (array) json_decode($line, true), (array) $lines);
	}
}
