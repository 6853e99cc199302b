<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\Booking;
use KiviHook\Tests\E2e\Support\Desk;
use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\MuPlugin;
use KiviHook\Tests\Site\Clinic;

/**
 * KiviCare 3.x: ajax routes, plain ids as arguments, no transaction. Played by the stand-in (option
 * stand_in_generation), and by the real 3.6.13 where KIVICARE_DIR names one.
 */
final class ThirdGenerationTest extends EndToEnd
{
	private const ALL = [
		'appointment.booked', 'appointment.updated', 'appointment.status_changed', 'appointment.cancelled',
		'appointment.deleted', 'patient.registered', 'patient.updated', 'patient.deleted',
	];

	private Desk $three;

	protected function setUp(): void
	{
		parent::setUp();
		$kivicare = $this->site()->info()['kivicare'];
		if ($kivicare['kind'] === 'real' && $kivicare['generation'] !== 3) {
			$this->markTestSkipped('not applicable to a real KiviCare 4: this is about 3.x');
		}
		$info = $this->site()->info();
		if ($kivicare['generation'] !== 3) {
			$this->site()->wp("update_option( 'stand_in_generation', 3 );");
			$this->admin()->request('GET', '/wp-admin/index.php'); // Its tables follow.
			$info['kivicare']['generation'] = 3;
		}
		$this->three = new Desk($this->site()->client('admin'), $info, $this->site());
	}

	protected function tearDown(): void
	{
		if (isset($this->three) && $this->site()->info()['kivicare']['kind'] === 'stand-in') {
			$this->rig()->waitUntilIdle();
			$this->site()->wp("update_option( 'stand_in_generation', 4 );");
			$this->admin()->request('GET', '/wp-admin/index.php');
		}
		parent::tearDown();
	}

	public function testABookingArrivesOnceSignedAndLogged(): void
	{
		$webhook = $this->webhook('kc_appointment_book', $this->receiver()->url('/ok/three'));
		$this->allowClinical();
		$this->signingSecret($webhook, '/ok/three');
		$booking = $this->three->book();
		$this->settle();
		$got = $this->receiver()->since($this->mark);
		$this->assertCount(1, $got);
		$this->assertTrue($got[0]->verified, $got[0]->reason);
		$this->assertSame('appointment.booked', $got[0]->json()['type']);
		$data = $got[0]->data();
		$ids = $this->site()->info()['ids'];
		$this->assertSame(
			[$booking->id, $ids['clinic'], $ids['doctor'], $ids['patient'], 1, $ids['service_name']],
			[$data['appointment_id'], $data['clinic_id'], $data['doctor_id'], $data['patient_id'], $data['appointment_status'],
				$data['service_names']]
		);
		$this->assertStringStartsWith($booking->date() . 'T' . $booking->time(), $data['appointment_starts_at']);
		$this->assertSame([['success', 200]], array_map(
			static fn (array $row): array => [$row['status'], $row['response_code']],
			$this->logged()
		));
	}

	/** 3.x announces it by its hook, before it asks the gateway, and by the hook of a deletion, afterwards. */
	public function testABookingThatAFailedPaymentRemovesIsNothing(): void
	{
		foreach (self::ALL as $event) {
			$this->webhook($event, $this->receiver()->url("/ok/$event"));
		}
		$answer = $this->three->tryToPay('paymentPaypal');
		$this->assertFalse($answer->json()['status'], $answer->text());
		$id = (int) $answer->json()['appointment_id'];
		$this->assertGreaterThan(0, $id);
		$this->assertSame(0, (int) $this->value("SELECT COUNT(*) FROM [kc_appointments] WHERE id = $id"));
		$this->settle();
		$this->assertSame([], $this->receiver()->since($this->mark));
		$this->assertSame(0, (int) $this->value('SELECT COUNT(*) FROM {events}'));
	}

	public function testEachStepIsToldOnce(): void
	{
		foreach (self::ALL as $event) {
			$this->webhook($event, $this->receiver()->url("/ok/$event"));
		}
		$booking = $this->three->book();
		$this->assertTold(['appointment.booked'], $booking);

		$this->assertTrue(Clinic::isBooked($this->three->move($booking)));
		$this->assertTold(['appointment.updated'], $booking);

		$this->assertTrue(Clinic::isBooked($this->three->setStatus($booking, 4)));
		$this->assertTold(['appointment.status_changed'], $booking);

		$this->assertTrue(Clinic::isBooked($this->three->setStatus($booking, 4)));
		$this->assertTold([], $booking);

		$this->assertTrue(Clinic::isBooked($this->three->setStatus($booking, 0)));
		$this->assertTold(['appointment.cancelled', 'appointment.status_changed'], $booking);

		$this->assertTrue(Clinic::isBooked($this->three->delete($booking)));
		$this->assertTold(['appointment.deleted'], $booking);

		[$patient] = $this->three->addPatient('Uma');
		$this->assertTold(['patient.registered'], null, $patient);
		$this->three->updatePatient($patient, 'Ulla');
		$this->assertTold(['patient.updated'], null, $patient);
		$this->three->deletePatient($patient);
		$this->assertTold(['patient.deleted'], null, $patient);
	}

	/** The facts that all of this rests on; the same for the stand-in and the real 3.6.13. */
	public function testItsHooksCarryIdsOutsideAnyTransaction(): void
	{
		$probe = new MuPlugin($this->site(), 'probe');
		try {
			$booking = $this->three->book();
			$this->assertSame([['kc_appointment_book', $booking->id, 1, '1', 1]], $this->seen(['int']));
			$this->three->move($booking);
			$this->assertSame([['kc_appointment_update', $booking->id, 1, '1', 1]], $this->seen(['int']));
			$this->three->setStatus($booking, 0);
			$this->assertSame(
				[
					['kc_appointment_cancel', $booking->id, 1, '1', 1], // before the row changes
					['kc_appointment_status_update', $booking->id, 1, '0', 1],
				],
				$this->seen(['int'], ['int', 'string'])
			);
			$this->three->delete($booking);
			// Before the rows go, with the id as the database gave it.
			$this->assertSame([['kc_appointment_delete', $booking->id, 1, '0', 1]], $this->seen(['string']));
			[$patient] = $this->three->addPatient();
			$this->assertSame([['kc_patient_save', $patient, 0, null, 0]], $this->seen(['int']));
			$this->three->deletePatient($patient);
			$this->assertSame(
				['kc_patient_delete', 'delete_user', 'deleted_user'],
				array_column($this->seen(['int'], null, null), 0)
			);
		} finally {
			$probe->remove();
			@unlink($this->site()->info()['run'] . '/tmp/probe.jsonl');
		}
	}

	/**
	 * What the probe has noted since the last call: hook, id, row there, its status, services there.
	 *
	 * @param list<string>|null ...$arguments the expected types of each hook's arguments
	 * @return list<list<mixed>>
	 */
	private function seen(?array ...$arguments): array
	{
		$this->rig()->waitUntilIdle();
		$file = $this->site()->info()['run'] . '/tmp/probe.jsonl';
		$seen = [];
		foreach (is_file($file) ? (array) file($file, FILE_IGNORE_NEW_LINES) : [] as $index => $line) {
			$hook = (array) json_decode($line, true);
			$this->assertSame(0, $hook['in_transaction'], $hook['hook']);
			if (isset($arguments[$index])) {
				$this->assertSame($arguments[$index], $hook['args'], $hook['hook']);
			}
			$isAppointment = str_starts_with($hook['hook'], 'kc_appointment');
			$seen[] = [$hook['hook'], $hook['id'], $isAppointment ? $hook['appointment_row'] : 0,
				$isAppointment ? $hook['appointment_status'] : null, $isAppointment ? $hook['services'] : 0];
		}
		@unlink($file);
		return $seen;
	}

	/** @param list<string> $types sorted */
	private function assertTold(array $types, ?Booking $booking, int $patient = 0): void
	{
		$this->settle();
		$got = $this->receiver()->since($this->mark);
		$arrived = [];
		foreach ($got as $request) {
			$arrived[] = $request->json()['type'];
			$data = $request->data();
			$this->assertSame($booking ? $booking->id : $patient, $data[$booking ? 'appointment_id' : 'patient_id']);
		}
		sort($arrived);
		$this->assertSame($types, $arrived);
		$this->mark = $this->receiver()->mark();
	}
}
