<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\Killing;

/**
 * Bookings from several desks at once, while PHP-FPM workers are killed at random. Then the schedule runs until
 * nothing is due. Every booking that was committed arrived, at least once; nothing else arrived.
 *
 * A killed worker makes nginx answer 502: whether that booking was committed, only KiviCare's table knows, so that is
 * what the receiver is compared with.
 */
final class KillTest extends EndToEnd
{
	use Killing;

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

		// Slots far from those that other tests use.
		[$answers, $killed] = $this->bookAndKill(1000, self::DESKS, $each, $seed, fn (): array => $this->site()->workers());

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
}
