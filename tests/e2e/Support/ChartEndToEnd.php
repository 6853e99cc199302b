<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

/** What belongs to encounters, in both generations; a real KiviCare is asked only for its own. */
abstract class ChartEndToEnd extends EndToEnd
{
	protected Charts $charts;

	private bool $switched = false;

	/** @return array<string, array{int}> */
	public static function generations(): array
	{
		return ['KiviCare 4' => [4], 'KiviCare 3' => [3]];
	}

	protected function tearDown(): void
	{
		if ($this->switched) {
			$this->rig()->waitUntilIdle();
			$this->site()->wp("update_option( 'stand_in_generation', 4 );");
			$this->admin()->request('GET', '/wp-admin/index.php');
		}
		parent::tearDown();
	}

	/** @param list<string> $events */
	protected function begin(int $generation, array $events): void
	{
		$info = $this->site()->info();
		if ($info['kivicare']['generation'] !== $generation) {
			if ($info['kivicare']['kind'] === 'real') {
				$this->markTestSkipped("not applicable to this real KiviCare: this is about generation $generation");
			}
			$this->switched = true;
			$this->site()->wp("update_option( 'stand_in_generation', $generation );");
			$this->admin()->request('GET', '/wp-admin/index.php'); // Its tables follow.
			$info['kivicare']['generation'] = $generation;
		}
		$this->charts = new Charts($info, $this->site());
		foreach ($events as $event) {
			$this->webhook($event, $this->receiver()->url("/ok/$event"));
		}
		$this->allowClinical();
	}

	/**
	 * Exactly these arrived since the last call, in any order.
	 *
	 * @param list<string> $types sorted
	 * @return array<string, array<string, mixed>> data by type
	 */
	protected function told(array $types): array
	{
		$this->settle();
		$arrived = $data = [];
		foreach ($this->receiver()->since($this->mark) as $request) {
			$arrived[] = $type = $request->json()['type'];
			$data[$type] = $request->data();
		}
		sort($arrived);
		$this->assertSame($types, $arrived, (string) json_encode(array_column($data, "changes")));
		$this->mark = $this->receiver()->mark();
		return $data;
	}

	/** @param array<string, mixed> $data */
	protected function assertVisit(array $data, ?int $encounter): void
	{
		$ids = $this->site()->info()['ids'];
		$this->assertSame(
			[$encounter, $ids['clinic'], $ids['doctor'], $ids['patient']],
			[$data['encounter_id'], $data['clinic_id'], $data['doctor_id'], $data['patient_id']]
		);
		foreach (['clinic_name', 'doctor_name', 'patient_name', 'patient_email'] as $name) {
			$this->assertNotSame('', $data[$name], $name);
		}
	}
}
