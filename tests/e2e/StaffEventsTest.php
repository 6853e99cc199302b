<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\ChartEndToEnd;
use KiviHook\Tests\E2e\Support\Desk;
use KiviHook\Tests\E2e\Support\Office;
use KiviHook\Tests\Site\Response;

/** Doctors and receptionists come, change, are switched off and go, in both generations. */
final class StaffEventsTest extends ChartEndToEnd
{
	private Office $office;

	/** @dataProvider staff */
	public function testEachStepIsToldOnce(int $generation, string $role): void
	{
		$this->beginWith($generation, ["$role.added", "$role.updated", "$role.status_changed", "$role.removed"]);
		[$id, $response] = $this->office->add($role, 'Rui');
		$data = $this->told(["$role.added"])["$role.added"];
		$clinic = $this->site()->info()['ids']['clinic'];
		$this->assertSame(
			[$id, $id, 'Rui', 'Tester', 'Rui Tester', '1988-08-08', (string) $clinic],
			[$data['record_id'], $data["{$role}_id"], $data["{$role}_first_name"], $data["{$role}_last_name"],
				$data["{$role}_full_name"], $data["{$role}_dob"], (string) $data["{$role}_clinic_ids"]]
		);
		if ($role === 'doctor') {
			$this->assertSame('"Dermatology"', $data['doctor_specialization']);
			$this->assertStringContainsString('"university":"Porto"', $data['doctor_qualification']);
			$this->assertSame('7', (string) $data['doctor_experience']);
		}
		$this->assertNoPassword($data, $response);

		$person = Desk::person('Raul');
		$this->office->done($this->office->save($role, $id, $person));
		$data = $this->told(["$role.updated"])["$role.updated"];
		$changes = array_column($data['changes'], null, 'field');
		$this->assertSame(['Rui', 'Raul'], [$changes["{$role}_first_name"]['old'], $changes["{$role}_first_name"]['new']]);
		$this->assertArrayNotHasKey("{$role}_city", $changes);
		$this->assertNoPassword($data, $response);
		$this->office->done($this->office->save($role, $id, $person));
		$this->told([]);

		foreach ([[1, false], [0, true]] as [$status, $many]) {
			$this->office->done($this->office->setStatus($role, $id, $status, $many));
			// KiviCare 4.3.0 loses a doctor's names and basic data when it changes the status of only one.
			$loses = $generation === 4 && $role === 'doctor' && !$many;
			$all = $this->told($loses ? ["$role.status_changed", "$role.updated"] : ["$role.status_changed"]);
			if ($loses) {
				$this->assertContains(
					['field' => 'doctor_first_name', 'old' => 'Raul', 'new' => ''],
					$all["$role.updated"]['changes']
				);
			}
			$data = $all["$role.status_changed"];
			$this->assertSame(
				[1 - $status, $status, $status],
				[$data['old_status_code'], $data['new_status_code'], $data["{$role}_status"]]
			);
			$this->office->setStatus($role, $id, $status, $many);
			$this->told([]);
		}

		$this->office->done($this->office->remove($role, $id));
		$data = $this->told(["$role.removed"])["$role.removed"];
		$this->assertSame(
			[$id, $person['email'], (string) $clinic],
			[$data["{$role}_id"], $data["{$role}_email"], (string) $data["{$role}_clinic_ids"]]
		);
	}

	/** @return array<string, array{int, string}> */
	public static function staff(): array
	{
		$all = [];
		foreach (self::generations() as $name => [$generation]) {
			foreach (['doctor', 'receptionist'] as $role) {
				$all["$role, $name"] = [$generation, $role];
			}
		}
		return $all;
	}

	/** @dataProvider roles */
	public function testManyGoWithoutAHookOfKiviCares(string $role): void
	{
		$this->beginWith(4, ["$role.removed"]);
		[$id] = $this->office->add($role, 'Rui');
		$this->office->done($this->office->remove($role, $id, true));
		$this->assertSame($id, $this->told(["$role.removed"])["$role.removed"]["{$role}_id"]);
	}

	/** @dataProvider roles */
	public function testWhoMayNotIsNothing(string $role): void
	{
		$this->beginWith(4, ["$role.added", "$role.updated", "$role.status_changed", "$role.removed"]);
		[$id] = $this->office->add($role, 'Rui');
		$this->told(["$role.added"]);
		$route = "kivicare/v1/{$role}s";
		$this->assertGreaterThanOrEqual(400, $this->guest()->rest('DELETE', "$route/$id")->status);
		$this->assertGreaterThanOrEqual(400, $this->guest()->rest('PUT', "$route/$id/status", ['status' => 1])->status);
		$this->told([]);
	}

	/** @return array<string, array{string}> */
	public static function roles(): array
	{
		return ['doctor' => ['doctor'], 'receptionist' => ['receptionist']];
	}

	public function testADoctorTakesServicesAlong(): void
	{
		$this->beginWith(4, ['doctor.removed', 'service.deleted']);
		[$id] = $this->office->add('doctor', 'Rui');
		[$mapping] = $this->office->addService('Taken along ' . uniqid(), [$id]);
		$this->office->done($this->office->remove('doctor', $id));
		$data = $this->told(['doctor.removed', 'service.deleted'])['service.deleted'];
		$this->assertSame(
			[$mapping, 'Rui Tester', 'doctor.removed', $id],
			[$data['record_id'], $data['doctor_name'], $data['caused_by'], $data['caused_by_id']]
		);
		$this->assertSame(['service.deleted', 'doctor.removed'], $this->kept(), 'children first');
	}

	/** @param list<string> $events */
	private function beginWith(int $generation, array $events): void
	{
		$this->begin($generation, $events);
		$this->office = new Office(
			array_replace_recursive($this->site()->info(), ['kivicare' => ['generation' => $generation]]),
			$this->site()
		);
	}

	/** @param array<string, mixed> $data */
	private function assertNoPassword(array $data, Response $response): void
	{
		$answer = (array) ($response->json()['data'] ?? []);
		$words = ['temp_password', 'user_password', 'user_pass', 'basic_data'];
		foreach (['temp_password', 'user_password'] as $name) {
			if (is_string($answer[$name] ?? null)) {
				$words[] = $answer[$name];
			}
		}
		foreach ($words as $word) {
			$this->assertStringNotContainsString($word, (string) json_encode($data));
		}
	}
}
