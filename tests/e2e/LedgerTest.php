<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\Killing;
use KiviHook\Tests\Site\Process;

/**
 * The ledger: desks book, two workers deliver to three endpoints (two answer, one fails at first), and PHP-FPM's processes as well as the workers are killed with SIGKILL all the while.
 * In the end every number is accounted for.
 *
 * KIVIHOOK_LEDGER_BOOKINGS: how many (120); dev/ledger sets it.
 */
final class LedgerTest extends EndToEnd
{
	use Killing;

	private const DESKS = 3;
	private const WORKERS = 2;

	/** @var array<int, resource> */
	private array $processes = [];

	private int $workersKilled = 0;

	protected function tearDown(): void
	{
		$this->stopWorkers(SIGKILL);
		parent::tearDown();
	}

	public function testEveryBookingIsAccountedForThoughEverybodyIsKilled(): void
	{
		$this->needsFour('it opens no transaction, so a kill between its write and our append loses the event until there is'
			. ' a reconciler');
		$count = (int) (getenv('KIVIHOOK_LEDGER_BOOKINGS') ?: 120);
		$each = (int) ceil($count / self::DESKS);
		$webhooks = [];
		foreach (['/ok/ledger', '/flaky/15/ledger', '/ok/ledger-too'] as $path) {
			$webhooks[$path] = $this->webhook('kc_appointment_book', $this->receiver()->url($path));
			$this->signingSecret($webhooks[$path], $path);
		}
		$before = (int) $this->value('SELECT COALESCE(MAX(id), 0) FROM [kc_appointments]');
		$deadlocks = $this->deadlocks();
		$seed = random_int(1, 1 << 30);
		$this->keepWorkers();

		[$answers, $killed] = $this->bookAndKill(5000, self::DESKS, $each, $seed, function (): array {
			$this->keepWorkers();
			if (mt_rand(0, 2) === 0) {
				$pid = proc_get_status($this->processes[array_rand($this->processes)])['pid'];
				posix_kill($pid, SIGKILL);
				$this->workersKilled++;
			}
			return $this->site()->workers();
		});

		$this->rig()->waitUntilIdle();
		// The dead hold leases that only have to run out, the others wait for their retries: no need to wait as long.
		$this->keepWorkers();
		$done = Process::waitUntil(function (): bool {
			$this->keepWorkers();
			$this->rows("UPDATE {deliveries} SET due_at = UTC_TIMESTAMP(3) WHERE state = 'pending' AND due_at > UTC_TIMESTAMP(3)");
			$this->rows("UPDATE {deliveries} SET due_at = UTC_TIMESTAMP(3) WHERE state = 'leased' AND updated_at < UTC_TIMESTAMP(3) - INTERVAL 8 SECOND");
			// So does an endpoint that is left alone, and one whose probe died with its worker.
			$this->rows('UPDATE {breakers} SET probe_at_ms = 0 WHERE state = 1 OR (state = 2 AND since_ms < UNIX_TIMESTAMP() * 1000 - 8000)');
			return (int) $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state IN ('pending', 'leased')") === 0;
		}, 180);
		$this->assertTrue($done, json_encode($this->rows('SELECT state, COUNT(*) AS count FROM {deliveries} GROUP BY state')));
		$told = $this->stopWorkers(SIGTERM);

		$committed = array_map('intval', array_column(
			$this->rows("SELECT id FROM [kc_appointments] WHERE id > $before ORDER BY id"),
			'id'
		));
		$said = array_filter(array_column($answers, 'id'));
		$requests = $doubles = $unsigned = 0;
		$lost = $phantom = [];
		foreach ($webhooks as $path => $webhook) {
			$arrived = $ids = [];
			foreach ($this->receiver()->since($this->mark, $path) as $request) {
				$requests++;
				$unsigned += (int) ($request->verified !== true);
				if ($request->status === 200) {
					$booking = $request->data()['appointment_id'];
					$doubles += (int) isset($arrived[$booking]);
					$arrived[$booking] = true;
				}
				$ids[$request->data()['appointment_id']][$request->headers['webhook-id']] = true;
			}
			$lost = array_merge($lost, array_diff($committed, array_keys($arrived)));
			$phantom = array_merge($phantom, array_diff(array_keys($arrived), $committed));
			foreach ($ids as $booking => $names) {
				$this->assertCount(1, $names, "booking $booking is one message to $path, however often it came");
			}
		}
		fwrite(STDERR, sprintf(
			"\nledger: %d bookings asked for, %d answered 201, %d committed; killed: %d PHP-FPM processes, %d delivery workers; "
				. "%d deliveries, %d requests, %d doubles; lost %d, phantom %d, badly signed %d, deadlocks %d;"
				. " SIGTERM to the end: %.1f s (seed %d)\n",
			count($answers),
			count($said),
			count($committed),
			$killed,
			$this->workersKilled,
			count($committed) * count($webhooks),
			$requests,
			$doubles,
			count($lost),
			count($phantom),
			$unsigned,
			$this->deadlocks() - $deadlocks,
			$told,
			$seed
		));
		$this->assertGreaterThan(0, $killed);
		$this->assertGreaterThan(0, $this->workersKilled);
		$this->assertSame([], array_values(array_diff($said, $committed)), 'what was answered is committed');
		$this->assertSame([], $lost, 'committed, and never arrived');
		$this->assertSame([], $phantom, 'arrived, and never committed');
		$this->assertSame(0, $unsigned);
		$this->assertSame(0, $this->deadlocks() - $deadlocks);
		$this->assertLessThan(30, $told);
		$this->assertSame(
			[['state' => 'succeeded', 'count' => (string) (count($committed) * count($webhooks))]],
			$this->rows('SELECT state, COUNT(*) AS count FROM {deliveries} GROUP BY state')
		);
	}

	/** Starts those that are missing. */
	private function keepWorkers(): void
	{
		foreach ($this->processes as $i => $process) {
			if (!proc_get_status($process)['running']) {
				proc_close($process);
				unset($this->processes[$i]);
			}
		}
		$info = $this->site()->info();
		while (count($this->processes) < self::WORKERS) {
			$load = var_export($info['wordpress']['path'] . '/wp-load.php', true);
			$process = proc_open(
				[$info['php']['command'], '-r', "require $load; KiviHook\\WordPress\\Plugin::container()->worker()->run(600);"],
				[['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
				$pipes
			);
			$this->assertIsResource($process);
			$this->processes[] = $process;
		}
	}

	/** How long they took, in seconds. */
	private function stopWorkers(int $signal): float
	{
		$since = hrtime(true);
		foreach ($this->processes as $process) {
			proc_terminate($process, $signal);
		}
		foreach ($this->processes as $process) {
			proc_close($process);
		}
		$this->processes = [];
		return (hrtime(true) - $since) / 1e9;
	}

	private function deadlocks(): int
	{
		return (int) ($this->rows("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")[0]['Value'] ?? 0);
	}
}
