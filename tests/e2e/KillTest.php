<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;

/**
 * Bookings from several desks at once, while PHP-FPM workers are killed at random. Then the schedule runs until
 * nothing is due. Every booking that was committed arrived, at least once; nothing else arrived.
 *
 * A killed worker makes nginx answer 502: whether that booking was committed, only KiviCare's table knows, so that is
 * what the receiver is compared with.
 */
final class KillTest extends EndToEnd
{
	private const DESKS = 4;

	public function testNoCommittedBookingIsMissingAndNoOtherArrived(): void
	{
		$this->needsFour('it opens no transaction, so a kill between its write and our append loses the event until there is'
			. ' a reconciler');
		$count = (int) (getenv('KIVIHOOK_KILL_BOOKINGS') ?: 200);
		$each = (int) ceil($count / self::DESKS);
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/kill'));
		$before = (int) $this->value('SELECT COALESCE(MAX(id), 0) FROM [kc_appointments]');
		$seed = random_int(1, 1 << 30);

		$desks = [];
		for ($i = 0; $i < self::DESKS; $i++) {
			// Slots far from those that other tests use.
			$desks[] = $desk = $this->start('booker.php', (string) (1000 + $i * $each), (string) $each);
			// One after the other: of simultaneous log-ins of one user WordPress forgets some.
			$this->assertSame("ready\n", fgets($desk['out']));
		}
		foreach ($desks as $desk) {
			fwrite($desk['in'], "go\n");
		}
		[$answers, $killed] = $this->killWhile($desks, $seed);
		foreach ($desks as $desk) {
			fclose($desk['in']);
			proc_close($desk['process']);
		}

		$this->rig()->waitUntilIdle();
		// Whoever held these leases is dead, so they only have to run out: see UnhappyPathsTest.
		$this->rows("UPDATE {deliveries} SET due_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE state = 'leased'");
		$this->settle(180);

		$committed = array_map('intval', array_column(
			$this->rows("SELECT id FROM [kc_appointments] WHERE id > $before ORDER BY id"),
			'id'
		));
		$times = [];
		$messages = [];
		foreach ($this->receiver()->since($this->mark) as $request) {
			$id = $request->data()['appointment_id'];
			$times[$id] = ($times[$id] ?? 0) + 1;
			$messages[$id][$request->headers['webhook-id']] = true;
		}
		$arrived = array_keys($times);
		sort($arrived);
		$said = array_filter(array_column($answers, 'id'));
		$lost = array_filter($answers, static fn (array $answer): bool => $answer['status'] !== 201);
		fwrite(STDERR, sprintf(
			"\nkill test: %d bookings asked for, %d answered 201, %d cut off, %d committed, %d workers killed, %d requests, "
				. "%d of them doubles; HTTP %s (seed %d)\n",
			count($answers),
			count($said),
			count($lost),
			count($committed),
			$killed,
			array_sum($times),
			array_sum($times) - count($times),
			json_encode(array_count_values(array_column($answers, 'status'))),
			$seed
		));
		$this->assertGreaterThan(0, $killed);
		$this->assertGreaterThan(0, count($lost), 'some worker was killed while it mattered');
		$this->assertGreaterThan($count / 4, count($committed));
		$this->assertSame([], array_values(array_diff($said, $committed)), 'what was answered is committed');
		$this->assertSame([], array_values(array_diff($committed, $arrived)), 'committed, and never arrived');
		$this->assertSame([], array_values(array_diff($arrived, $committed)), 'arrived, and never committed');
		foreach ($messages as $id => $ids) {
			$this->assertCount(1, $ids, "booking $id is one message, however often it came");
		}
		$this->assertSame(
			[['state' => 'succeeded', 'count' => (string) count($committed)]],
			$this->rows('SELECT state, COUNT(*) AS count FROM {deliveries} GROUP BY state')
		);
	}

	/**
	 * Collects the desks' answers. About every second success has a worker killed a moment later, within the time
	 * that a booking takes: on any machine and with any KiviCare some are cut off at every point, and a good part
	 * gets through.
	 *
	 * @param list<array{process: resource, in: resource, out: resource}> $desks
	 * @return array{list<array<string, mixed>>, int} the answers, and how many were killed
	 */
	private function killWhile(array $desks, int $seed): array
	{
		mt_srand($seed);
		$answers = [];
		$killed = 0;
		$outs = array_column($desks, 'out');
		$last = array_fill(0, count($outs), microtime(true));
		$kills = [];
		$takes = 0.2;
		while ($outs !== []) {
			$read = $outs;
			$none = null;
			$now = microtime(true);
			$wait = $kills === [] ? 1.0 : max(0.0, min($kills) - $now);
			if (stream_select($read, $none, $none, (int) $wait, (int) (fmod($wait, 1.0) * 1e6)) === false) {
				break;
			}
			$now = microtime(true);
			foreach ($read as $number => $out) {
				$line = fgets($out);
				if ($line === false) {
					unset($outs[$number]);
					continue;
				}
				$answers[] = (array) json_decode($line, true);
				if (end($answers)['status'] === 201) {
					$takes = $now - $last[$number];
					if (mt_rand(0, 1) === 1) {
						$kills[] = $now + $takes * mt_rand(0, 1000) / 1000;
					}
				}
				$last[$number] = $now;
			}
			foreach ($kills as $index => $when) {
				$workers = $when <= $now ? $this->site()->workers() : [];
				if ($workers !== []) {
					posix_kill($workers[mt_rand(0, count($workers) - 1)], SIGKILL);
					$killed++;
					unset($kills[$index]);
				}
			}
		}
		return [$answers, $killed];
	}

	/** @return array{process: resource, in: resource, out: resource} */
	private function start(string $script, string ...$arguments): array
	{
		$process = proc_open(
			array_merge([PHP_BINARY, __DIR__ . "/Support/$script", $this->site()->info()['run']], $arguments),
			[['pipe', 'r'], ['pipe', 'w'], STDERR],
			$pipes
		);
		$this->assertIsResource($process);
		return ['process' => $process, 'in' => $pipes[0], 'out' => $pipes[1]];
	}
}
