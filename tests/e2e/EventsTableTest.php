<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\ChartEndToEnd;
use KiviHook\Tests\E2e\Support\Operations;
use KiviHook\Tests\E2e\Support\Received;

/**
 * A day in a clinic: operation, events, first line of the body. With KIVIHOOK_EVENTS_TABLE the table goes to that file
 * (dev/events-table prints it).
 */
final class EventsTableTest extends ChartEndToEnd
{
	private const BY_THE_CLOCK = ['appointment.reminder_due', 'report.daily'];

	/** @dataProvider generations */
	public function testADayInAClinic(int $generation): void
	{
		$this->begin($generation, []);
		$types = json_decode($this->site()->wp(
			'echo json_encode( array_keys( KiviHook\WordPress\Plugin::container()->catalogue()->events() ) );'
		), true);
		foreach (array_diff($types, self::BY_THE_CLOCK) as $type) {
			$this->webhook($type, $this->receiver()->url("/ok/$type"));
		}
		$info = $this->site()->info();
		$info['kivicare']['generation'] = $generation;
		$table = [];
		$bodies = [];
		foreach ((new Operations($info, $this->site(), $this->charts))->all() as $operation => $work) {
			$sequence = (int) $this->value('SELECT COALESCE(MAX(sequence), 0) FROM {events}');
			$this->mark = $this->receiver()->mark();
			$work();
			$this->settle();
			$told = array_column($this->rows("SELECT type FROM {events} WHERE sequence > $sequence ORDER BY sequence"), 'type');
			$arrived = $this->receiver()->since($this->mark);
			$this->assertCount(count($told), $arrived, "$operation: each event arrives once");
			$table[$operation] = implode(' ', $told);
			foreach ($arrived as $request) {
				$bodies[$operation][$request->json()['type']][] = $request;
			}
		}
		$this->write($generation, $table, $bodies);
		$this->assertSame($this->expected($generation, array_keys($table)), $table);
		$this->assertWhole($bodies);
	}

	/** @param list<string> $operations @return array<string, string> */
	private function expected(int $generation, array $operations): array
	{
		$expected = [];
		foreach (require __DIR__ . '/events-table.php' as $operation => $told) {
			$expected[$operation] = is_array($told) ? $told[$generation] : $told;
		}
		return array_replace(array_fill_keys($operations, ''), $expected);
	}

	/**
	 * Whatever an event tells of has a name, a clinic, and whose it was.
	 *
	 * @param array<string, array<string, list<Received>>> $bodies
	 */
	private function assertWhole(array $bodies): void
	{
		foreach ($bodies as $operation => $types) {
			foreach ($types as $type => $requests) {
				foreach ($requests as $request) {
					$data = $request->data();
					$where = "$operation: $type";
					$this->assertIsInt($data['record_id'], $where);
					$this->assertSame($type, $data['event_type'], $where);
					$module = strtok($type, '.');
					$names = match (true) {
						in_array($module, ['patient', 'doctor', 'receptionist'], true)
							=> ["{$module}_first_name", "{$module}_email", "{$module}_registered_date_time"],
						$module === 'clinic' => ['clinic_name', 'clinic_email'],
						$module === 'service' => ['service_mapping_id', 'clinic_name', 'doctor_name'], // Its name is clinical: not by default.,
						default => ['clinic_name', 'doctor_name', 'patient_name', 'patient_email'],
					};
					foreach ($names as $name) {
						$this->assertNotSame('', $data[$name], "$where: $name");
					}
				}
			}
		}
	}

	/** @param array<string, string> $table @param array<string, array<string, list<Received>>> $bodies */
	private function write(int $generation, array $table, array $bodies): void
	{
		$file = (string) getenv('KIVIHOOK_EVENTS_TABLE');
		if ($file === '') {
			return;
		}
		$kivicare = $this->site()->info()['kivicare'];
		$text = "KiviCare $generation ({$kivicare['kind']})\n";
		foreach ($table as $operation => $told) {
			$text .= sprintf("\n%s\n  -> %s\n", $operation, $told === '' ? '(nothing)' : $told);
			foreach ($bodies[$operation] ?? [] as $requests) {
				foreach ($requests as $request) {
					$text .= '     ' . mb_strimwidth(strtok($request->body, "\n"), 0, 160, '…') . "\n";
				}
			}
		}
		file_put_contents($file, "$text\n", FILE_APPEND);
	}
}
