<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\Booking;
use KiviHook\Tests\E2e\Support\EndToEnd;

/** What a time brings, and what only a second look finds: through the schedule, to the endpoint. */
final class ScheduledEventsTest extends EndToEnd
{
	protected function tearDown(): void
	{
		$this->site()->wp("KiviHook\WordPress\Plugin::container()->settings()->put( array( 'report_hour' => 7 ) );");
		parent::tearDown();
	}

	public function testAReminderGoesToWhoAskedForThisTimeAndOnce(): void
	{
		// Not the usual day before: other tests book for tomorrow.
		$this->remindBefore($this->webhook('appointment.reminder_due', $this->receiver()->url('/ok/an-hour')), [60]);
		$this->remindBefore($this->webhook('appointment.reminder_due', $this->receiver()->url('/ok/ten-minutes')), [10]);
		$this->remindBefore($this->webhook('appointment.reminder_due', $this->receiver()->url('/ok/both')), [10, 120]);
		$booking = $this->desk()->book();
		$this->beginIn($booking, 119);
		$this->pass();
		$this->pass();
		$this->assertSame(['/ok/both'], $this->paths());
		$data = $this->receiver()->since($this->mark)[0]->data();
		$this->assertSame(
			[$booking->id, 120, 'schedule'],
			[$data['appointment_id'], $data['reminder_minutes'], $data['detected_by']]
		);
		$this->assertNotSame('', $data['patient_name']);

		$this->beginIn($booking, 9);
		$this->desk()->setStatus($booking, 0);
		$this->pass();
		$this->assertSame(['/ok/both'], $this->paths(), 'cancelled');
		$this->desk()->setStatus($booking, 1);
		$this->pass();
		$this->assertSame(['/ok/both', '/ok/both', '/ok/ten-minutes'], $this->paths());
	}

	public function testAReminderIsNotTriedAgainOnceItsAppointmentIsCancelled(): void
	{
		$webhook = $this->webhook('appointment.reminder_due', $this->receiver()->url('/status/503'));
		$this->remindBefore($webhook, [120]);
		$cancelled = $this->desk()->book();
		$stays = $this->desk()->book();
		$this->beginIn($cancelled, 119);
		$this->beginIn($stays, 119);
		$this->pass();
		$this->assertCount(2, $this->paths());

		$this->desk()->setStatus($cancelled, 0);
		$this->rows("UPDATE {deliveries} SET due_at = UTC_TIMESTAMP(3) WHERE webhook = $webhook AND state = 'pending'");
		$this->pass();
		$tried = array_map(static fn ($request): int => $request->data()['appointment_id'], $this->receiver()->since($this->mark));
		sort($tried);
		$this->assertSame([$cancelled->id, $stays->id, $stays->id], $tried);
		$this->assertSame(
			['cancelled', 'pending'],
			array_column($this->rows("SELECT state FROM {deliveries} WHERE webhook = $webhook ORDER BY state"), 'state')
		);
	}

	public function testTheDailyReportIsToldOnceAndCounts(): void
	{
		$this->webhook('report.daily', $this->receiver()->url('/ok/report'));
		$this->site()->wp("KiviHook\WordPress\Plugin::container()->settings()->put( array( 'report_hour' => 0 ) );");
		$this->pass();
		$this->pass();
		$this->assertSame(['/ok/report'], $this->paths());
		$data = $this->receiver()->since($this->mark)[0]->data();
		$this->assertMatchesRegularExpression('/^\d{4}-\d\d-\d\d$/', $data['report_date']);
		$this->assertIsInt($data['appointments_total']);
	}

	public function testWhatSomebodyWroteIntoTheTablesIsFoundAndToldOnce(): void
	{
		$this->webhook('appointment.booked', $this->receiver()->url('/ok/booked'));
		$this->webhook('appointment.cancelled', $this->receiver()->url('/ok/cancelled'));
		$known = $this->desk()->book();
		$this->settle();
		$this->pass(); // The first look.
		$this->pass();
		$this->mark = $this->receiver()->mark();
		$columns = array_column($this->rows('SHOW COLUMNS FROM [kc_appointments]'), 'Field');
		$list = '`' . implode('`, `', array_diff($columns, ['id'])) . '`';
		$this->rows("INSERT INTO [kc_appointments] ($list) SELECT $list FROM [kc_appointments] WHERE id = $known->id");
		$imported = (int) $this->value('SELECT MAX(id) FROM [kc_appointments]');
		$this->rows("UPDATE [kc_appointments] SET status = 0 WHERE id = $known->id");
		$booked = $this->desk()->book(); // Told as usual.
		$this->pass();
		$this->assertSame(['/ok/booked'], $this->paths(), 'only what was told as usual');
		$this->rows('UPDATE {marks} SET since = since - INTERVAL 1 HOUR WHERE since IS NOT NULL');
		$this->rows("UPDATE {marks} SET state = state - 3600000 WHERE kind = 'type'"); // Since when it looks for an event.
		$this->pass();
		$this->pass();
		$told = array_map(
			static fn ($request): array => [
				$request->json()['type'],
				$request->data()['appointment_id'],
				$request->data()['detected_by'],
			],
			$this->receiver()->since($this->mark)
		);
		sort($told);
		$expected = [
			['appointment.booked', $booked->id, 'hook'],
			['appointment.booked', $imported, 'reconciler'],
			['appointment.cancelled', $known->id, 'reconciler'],
		];
		sort($expected);
		$this->assertSame($expected, $told);
		$this->rows("DELETE FROM [kc_appointments] WHERE id = $imported");
	}

	/** What the schedule does in a minute. */
	private function pass(): void
	{
		$this->runSchedule();
		$this->settle();
	}

	/** @param list<int> $minutes */
	private function remindBefore(int $webhook, array $minutes): void
	{
		$list = implode(', ', $minutes);
		$this->rows("UPDATE {webhooks} SET config = JSON_SET(config, '$.reminders_min', JSON_ARRAY($list)) WHERE id = $webhook");
	}

	/** Moves it behind everybody's back: an appointment soon may not be bookable. */
	private function beginIn(Booking $booking, int $minutes): void
	{
		$utc = in_array('appointment_start_utc', array_column($this->rows('SHOW COLUMNS FROM [kc_appointments]'), 'Field'), true);
		$this->site()->wp(sprintf(<<<'CODE'
			$start = new DateTimeImmutable( '@' . ( time() + %1$d * 60 ) );
			$local = $start->setTimezone( wp_timezone() );
			$row   = array(
				'appointment_start_date' => $local->format( 'Y-m-d' ),
				'appointment_start_time' => $local->format( 'H:i:s' ),
				'created_at'             => '2020-01-01 00:00:00',
			);
			if ( %3$d ) {
				$row += array(
					'appointment_start_utc' => $start->format( 'Y-m-d H:i:s' ),
					'appointment_timezone'  => wp_timezone_string(),
					'created_at_utc'        => '2020-01-01 00:00:00',
				);
			}
			$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->prefix . 'kc_appointments', $row, array( 'id' => %2$d ) );
			CODE, $minutes, $booking->id, $utc ? 1 : 0));
	}

	/** @return list<string> where something arrived, sorted */
	private function paths(): array
	{
		$paths = array_map(static fn ($request): string => $request->path, $this->receiver()->since($this->mark));
		sort($paths);
		return $paths;
	}
}
