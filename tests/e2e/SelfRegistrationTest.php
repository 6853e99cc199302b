<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;

/** People who register themselves on KiviCare 4's page, logged out: its hook comes before clinic and patient's number are written. */
final class SelfRegistrationTest extends EndToEnd
{
	protected function setUp(): void
	{
		parent::setUp();
		$this->needsFour('there registration fires kc_patient_save as the front desk does');
		if ($this->site()->info()['kivicare']['kind'] === 'stand-in') {
			$this->markTestSkipped('the stand-in has no registration');
		}
		$this->site()->wp("update_option( 'users_can_register', 1 ); update_option( 'kiviCare_patient_id_setting', array( 'enable' => 'true', 'prefix_value' => 'P-' ) );");
	}

	protected function tearDown(): void
	{
		if ($this->site()->info()['kivicare']['kind'] !== 'stand-in') {
			$this->site()->wp("update_option( 'users_can_register', 0 ); delete_option( 'kiviCare_patient_id_setting' );");
		}
		parent::tearDown();
	}

	/** @return array<string, array{string, string}> */
	public static function roles(): array
	{
		return [
			'patient' => ['patient', 'patient.registered'],
			'doctor' => ['doctor', 'doctor.added'],
			'receptionist' => ['receptionist', 'receptionist.added'],
		];
	}

	/** @dataProvider roles */
	public function testOneEventTellsOfThemWithTheirClinic(string $role, string $event): void
	{
		foreach (['patient.registered', 'patient.updated', 'doctor.added', 'doctor.updated', 'receptionist.added', 'receptionist.updated'] as $type) {
			$this->webhook($type, $this->receiver()->url("/ok/$type"));
		}
		$person = $this->person($role);
		$answer = $this->guest()->rest('POST', 'kivicare/v1/auth/register', $person);
		$this->assertLessThan(300, $answer->status, $answer->text());
		$this->settle();
		$told = $this->receiver()->since($this->mark);
		$this->assertSame([$event], array_map(static fn ($request): string => $request->json()['type'], $told));
		$data = $told[0]->data();
		$this->assertSame(
			[$person['email'], 'Selma', (string) $this->site()->info()['ids']['clinic']],
			[$data["{$role}_email"], $data["{$role}_first_name"], (string) $data["{$role}_clinic_ids"]]
		);
		$this->assertStringNotContainsString($person['password'], $told[0]->body);
		if ($role === 'patient') {
			$this->assertStringStartsWith('P-', $data['patient_unique_id'], 'written after the hook');
		}

		$this->guest()->rest('POST', 'kivicare/v1/auth/register', $person);
		$this->settle();
		$this->assertCount(1, $this->receiver()->since($this->mark), 'whose address is taken is refused');
	}

	/** @return array<string, mixed> */
	private function person(string $role): array
	{
		$login = "selma-$role-" . bin2hex(random_bytes(3));
		return [
			'username' => $login,
			'email' => "$login@example.org",
			'password' => 'A long enough Passw0rd!',
			'first_name' => 'Selma',
			'last_name' => 'Tester',
			'mobile_number' => '+1202555' . random_int(1000, 9999),
			'gender' => 'female',
			'dob' => '1988-08-08',
			'user_role' => "kiviCare_$role",
			'user_clinic' => [$this->site()->info()['ids']['clinic']],
		];
	}
}
