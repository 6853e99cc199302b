<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\Endpoint;
use KiviHook\Tests\E2e\Support\Hold;
use KiviHook\Tests\E2e\Support\WorkerProcess;
use KiviHook\Tests\Ledger\Leases;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Receiver;
use KiviHook\Tests\Site\SiteException;

/**
 * SIGKILL in each phase of a delivery, at a point where the process stands still. Before the commit there is neither booking
 * nor event; after it there are both, and the event arrives: once, or twice as the same message where the answer to the
 * first was not committed.
 */
final class KillTest extends EndToEnd
{
	private ?Hold $hold = null;
	private ?Endpoint $endpoint = null;
	private ?WorkerProcess $worker = null;
	private ?Receiver $repaired = null;
	private ?\mysqli $locker = null;

	protected function tearDown(): void
	{
		$this->hold?->end();
		$this->endpoint?->close();
		$this->locker?->close();
		$this->worker?->stop(SIGKILL);
		$this->rows('DELETE FROM {workers}');
		$this->repaired?->stop();
		$this->hold = $this->endpoint = $this->worker = $this->repaired = $this->locker = null;
		parent::tearDown();
	}

	/** @return array<string, array{string, int}> the point, and how many bookings, events and requests there are then */
	public static function ofTheBooking(): array
	{
		return [
			'before the append' => ['before_append', 0],
			'after the append, before the commit' => ['after_append', 0],
			'after the commit, before the lease' => ['after_commit', 1],
		];
	}

	/** @dataProvider ofTheBooking */
	public function testWhileItBooks(string $point, int $expected): void
	{
		$this->needsFour('it opens no transaction, so there is no commit to be killed before');
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/killed'));
		$before = (int) $this->value('SELECT COUNT(*) FROM [kc_appointments]');
		$desk = $this->desk();
		$desk->client->rest('GET', 'kivicare/v1/appointments'); // Fetches the nonce.
		$this->hold = new Hold($this->site(), $point);
		$held = 0;
		$pid = pcntl_fork();
		if ($pid === 0) {
			// The one who kills: the booking below gets its answer when that has happened.
			posix_kill($this->hold->held(), SIGKILL);
			posix_kill(getmypid(), SIGKILL); // Without the shutdown functions of the test run.
		}
		try {
			$status = $desk->tryToBook()->status;
		} catch (SiteException) {
			$status = 0;
		}
		pcntl_waitpid($pid, $held);
		$this->hold->end();
		$this->hold = null;
		$this->assertContains($status, [0, 502], 'the desk was told nothing');
		$this->rig()->waitUntilIdle();
		$this->assertSame($expected, (int) $this->value('SELECT COUNT(*) FROM [kc_appointments]') - $before);
		$this->assertCount($expected, $this->kept());
		$this->settle();
		$this->assertCount($expected, $this->receiver()->since($this->mark, '/ok/killed'));
	}

	/** @return array<string, array{string}> */
	public static function senders(): array
	{
		return ['the process that booked' => ['inline'], 'a worker' => ['worker']];
	}

	/** @dataProvider senders */
	public function testLeasedAndNotSent(string $sender): void
	{
		$this->endpoint = new Endpoint(true);
		$this->book($sender);
		$owner = $this->owner();
		$this->kill($owner);
		$this->assertSame([['state' => 'leased', 'attempt' => '1']], $this->rows('SELECT state, attempt FROM {deliveries}'));
		$this->assertArrives(1);
	}

	/** @dataProvider senders */
	public function testSentAndNotAnswered(string $sender): void
	{
		$this->endpoint = new Endpoint();
		$this->book($sender);
		$first = $this->endpoint->read();
		$this->kill($this->owner());
		$this->assertSame('leased', $this->value('SELECT state FROM {deliveries}'));
		$this->assertArrives(1, $first);
	}

	/** @dataProvider senders */
	public function testAnsweredAndNotSettled(string $sender): void
	{
		$this->endpoint = new Endpoint();
		$this->book($sender);
		$first = $this->endpoint->read();
		$owner = $this->owner();
		// Its settle needs this row: it stands still before it has changed anything.
		$this->locker = $this->site()->database();
		$this->locker->begin_transaction();
		$this->locker->query("SELECT id FROM {$this->table('deliveries')} FOR UPDATE");
		$this->endpoint->answer();
		// Not INNODB_TRX: who asks that more often than every 0.1 s gets the same answer again and again.
		$waiting = $this->waitsFor("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'UPDATE %SET state = %'");
		$this->assertTrue($waiting, 'its settle has begun');
		$this->kill($owner);
		$this->locker->rollback();
		$this->assertSame('leased', $this->value('SELECT state FROM {deliveries}'));
		$this->assertArrives(1, $first);
	}

	/** @dataProvider senders */
	public function testSettledWhileItLogs(string $sender): void
	{
		$this->endpoint = new Endpoint();
		$this->book($sender);
		$this->endpoint->read();
		$owner = $this->owner();
		// The log comes after the states, and is what it stands still at.
		$this->locker = $this->site()->database();
		$this->locker->query("LOCK TABLES {$this->table('attempts')} READ");
		$this->endpoint->answer();
		$this->assertTrue($this->waitsFor("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%'"));
		$this->kill($owner);
		$this->locker->query('UNLOCK TABLES');
		$this->assertSame('succeeded', $this->value('SELECT state FROM {deliveries}'));
		$this->assertArrives(0); // Whether the log has its row is the server's: it may end what a dead client began.
	}

	private function book(string $sender): void
	{
		$desk = $this->desk();
		$port = $this->endpoint->port();
		$id = $this->webhook('kc_appointment_book', "http://127.0.0.1:$port/ok/killed");
		// Who has booked sends itself only to an endpoint that is known to be quick enough.
		$this->rows('INSERT INTO {attempts} (delivery, webhook, event, type, number, driver, started_at, state, outcome, status, total_us)'
			. " SELECT 0, $id, 0, 'appointment.booked', 1, 'test', UTC_TIMESTAMP(3), 'succeeded', 0, 200, 900000 FROM seq_1_to_3");
		if ($sender === 'worker') {
			$this->worker = new WorkerProcess($this->site());
			$this->assertTrue($this->waitsFor("SELECT COUNT(*) FROM {$this->table('workers')}"), 'a worker is on duty');
		}
		$desk->book();
	}

	/** The process that has the delivery's lease. */
	private function owner(): int
	{
		$this->assertTrue($this->waitsFor("SELECT COUNT(*) FROM {$this->table('deliveries')} WHERE state = 'leased'"));
		$pid = Leases::pid((string) $this->value('SELECT owner FROM {deliveries}'));
		$this->assertContains($pid, $this->worker !== null ? [$this->worker->pid()] : $this->site()->workers());
		return $pid;
	}

	private function kill(int $pid): void
	{
		if ($this->worker !== null) {
			$this->worker->stop(SIGKILL);
			$this->worker = null;
			$this->rows('DELETE FROM {workers}'); // It is taken for dead after 30 s; no need to wait for that.
		} else {
			posix_kill($pid, SIGKILL);
		}
		$this->assertTrue(Process::waitUntil(static fn (): bool => !Process::alive($pid), 10));
	}

	/** What is still to come arrives at a receiver that stands where the endpoint stood. $first: the same message. */
	private function assertArrives(int $count, string $first = ''): void
	{
		$port = $this->endpoint->port();
		$this->endpoint->close();
		$this->repaired = Receiver::start($this->site()->info()['run'], false, 'repaired', $port);
		// A lease lasts the webhook's timeout and a minute. That it ends is the promise; that the test waits for it is not.
		$this->rows("UPDATE {deliveries} SET due_at = UTC_TIMESTAMP(3) WHERE state = 'leased'");
		$this->settle();
		$requests = $this->repaired->requests();
		$this->assertCount($count, $requests);
		$this->assertSame([['state' => 'succeeded']], $this->rows('SELECT state FROM {deliveries}'));
		if ($first !== '') {
			$this->assertStringContainsString('webhook-id: ' . strtolower((string) Receiver::header($requests[0], 'webhook-id')), $first);
		}
	}

	private function waitsFor(string $count): bool
	{
		return Process::waitUntil(fn (): bool => (int) $this->value($count) > 0, 20);
	}

	private function table(string $name): string
	{
		return $this->site()->info()['db']['prefix'] . "kivihook_$name";
	}
}
