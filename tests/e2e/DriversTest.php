<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\WorkerProcess;

/** Each driver alone drains a queue that nobody else looks at: a worker (also one that is told to stop), WP-Cron, Action Scheduler. */
final class DriversTest extends EndToEnd
{
	private const EVENTS = 300;

	private ?WorkerProcess $worker = null;

	protected function tearDown(): void
	{
		$this->worker?->stop(SIGKILL);
		$this->worker = null;
		$this->rows('DELETE FROM {workers}');
		parent::tearDown();
	}

	public function testAWorkerToldToStopUnderLoadLosesNothingAndKeepsItsBound(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/quick'));
		$this->webhook('kc_appointment_book', $this->receiver()->url('/hang/1/slow'));
		$this->fill(self::EVENTS);
		$this->worker = new WorkerProcess($this->site());
		$this->receiver()->since($this->mark, '/hang/1/slow', 5);
		$took = $this->worker->stop();
		$this->worker = null;
		// What was on its way has its answer: nothing is sent twice for the sake of a stop.
		$this->assertLessThan(10, $took);
		$this->assertSame('0', $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state = 'leased'"));
		$this->assertSame('0', $this->value('SELECT COUNT(*) FROM {workers}'));
		$this->assertGreaterThan(0, (int) $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state = 'pending'"), 'it was under load');
		foreach ([1, 2] as $i) {
			(new WorkerProcess($this->site(), 120, true))->wait();
		}
		$this->assertEachCameOnce('/ok/quick');
		$this->assertEachCameOnce('/hang/1/slow');
	}

	public function testOneThatHangsLongerThanTheGraceIsGivenBack(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/hang/60/stuck'), ['timeout' => 30]);
		$this->fill(1);
		$this->worker = new WorkerProcess($this->site());
		$this->receiver()->since($this->mark, '/hang/60/stuck', 1);
		$took = $this->worker->stop();
		$this->worker = null;
		$this->assertLessThan(35, $took, 'a stop takes 25 s and a little, or until the time limit of what is on its way');
		$this->assertSame('0', $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state = 'leased'"));
		$this->assertSame('pending', $this->value('SELECT state FROM {deliveries}'));
	}

	public function testWpCronAloneDrainsAQueue(): void
	{
		if ($this->hasActionScheduler()) {
			$this->markTestSkipped('not applicable here: where Action Scheduler is, it does this; see the next test');
		}
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/cron'));
		$this->fill(self::EVENTS);
		$this->makeCronDue([]);
		$this->site()->cron();
		$this->assertSame([], $this->receiver()->since($this->mark), 'it is not due yet');
		$this->makeCronDue(['kivihook_run']);
		$this->site()->cron();
		$this->assertEachCameOnce('/ok/cron');
		$this->assertSame([['driver' => 'schedule']], $this->rows('SELECT DISTINCT driver FROM {attempts}'));
	}

	public function testActionSchedulerAloneDrainsAQueue(): void
	{
		if (!$this->hasActionScheduler()) {
			$this->markTestSkipped('no Action Scheduler here: KiviCare 4.x brings it (KIVICARE_DIR), the stand-in does not');
		}
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/action'));
		$this->fill(self::EVENTS);
		$pending = "FROM [actionscheduler_actions] WHERE hook = 'kivihook_run' AND status = 'pending'";
		$this->assertSame('1', $this->value("SELECT COUNT(*) $pending"), 'the add-on has planned its action there');
		$this->assertSame('', trim($this->site()->wp("echo wp_next_scheduled( 'kivihook_run' ) ?: '';")), 'and nothing in WP-Cron');
		$action = (int) $this->value("SELECT action_id $pending");
		$this->rows("UPDATE [actionscheduler_actions] SET scheduled_date_gmt = UTC_TIMESTAMP() - INTERVAL 1 MINUTE"
			. " WHERE action_id = $action");
		$this->makeCronDue(['action_scheduler_run_queue']);
		$this->site()->cron();
		$this->assertEachCameOnce('/ok/action');
		$this->assertSame([['driver' => 'schedule']], $this->rows('SELECT DISTINCT driver FROM {attempts}'));
		$this->assertSame('complete', $this->value("SELECT status FROM [actionscheduler_actions] WHERE action_id = $action"));
		$this->assertSame('1', $this->value("SELECT COUNT(*) $pending"), 'the next one is planned');
	}

	private function hasActionScheduler(): bool
	{
		return trim($this->site()->wp("echo function_exists( 'as_schedule_recurring_action' ) ? 'yes' : '';")) === 'yes';
	}

	/** So many events, each for every webhook, from a command line: nothing there sends them. */
	private function fill(int $count): void
	{
		$this->site()->wp('for ( $i = 1; $i <= ' . $count . '; $i++ ) { KiviHook\WordPress\Plugin::container()->emitter()->emit('
			. ' "appointment.booked", array( "data" => array( "appointment_id" => $i ), "record_id" => $i, "clinic_ids" => array( 1 ) ) ); }');
		$webhooks = (int) $this->value('SELECT COUNT(*) FROM {webhooks}');
		$this->assertSame((string) ($count * $webhooks), $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state = 'pending'"));
	}

	/** @param list<string> $hooks these are due, whatever else WP-Cron has waits for an hour */
	private function makeCronDue(array $hooks): void
	{
		$names = var_export($hooks, true);
		$this->site()->wp(<<<CODE
			\$crons = array();
			foreach ( (array) _get_cron_array() as \$hooks ) {
				foreach ( (array) \$hooks as \$hook => \$events ) {
					\$crons[ in_array( \$hook, $names, true ) ? time() - 1 : time() + 3600 ][ \$hook ] = \$events;
				}
			}
			ksort( \$crons );
			_set_cron_array( \$crons );
			CODE);
	}

	private function assertEachCameOnce(string $path): void
	{
		$this->rig()->waitUntilIdle();
		$ids = array_map(static fn ($request): int => $request->data()['appointment_id'], $this->receiver()->since($this->mark, $path));
		sort($ids);
		$this->assertSame(range(1, self::EVENTS), $ids);
		$this->assertSame('0', $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state <> 'succeeded'"));
	}
}
