<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\Booking;
use KiviHook\Tests\E2e\Support\Desk;
use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\Site\Clinic;

/**
 * KiviCare 3.x: ajax routes, plain ids as arguments, no transaction. Played by the stand-in (option stand_in_generation),
 * and by the real 3.6.13 where KIVICARE_DIR names one.
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
