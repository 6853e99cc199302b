<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\Retention;
use KiviHook\WordPress\Store\Settings;

/** What is removed, and when; and that nothing is removed that somebody still needs. */
final class RetentionTest extends DatabaseTestCase {

	public function testTakesWhatIsOldAndNothingThatWaits(): void {
		$this->history( array( 400 => 'succeeded', 31 => 'pending', 9 => 'succeeded', 8 => 'pending', 1 => 'succeeded' ) );
		self::assertSame( 1, $this->retention()->run() );
		self::assertSame( array( 2, 3, 4, 5 ), $this->sequences( '1 = 1' ) );
		self::assertSame( array( 2, 4, 5 ), $this->sequences( 'snapshot IS NOT NULL' ), 'an expired one is kept as long as any other that ended' );
		self::assertSame( 1, $this->committed( 'deliveries', "event = 2 AND state = 'expired' AND due_at IS NULL" ) );
		self::assertSame( 1, $this->committed( 'deliveries', "event = 4 AND state = 'pending'" ) );
		self::assertSame( 0, $this->committed( 'deliveries', 'event = 1' ) );
		self::assertSame( 1, $this->committed( 'attempts', "delivery = 2 AND state = 'expired' AND error_code = 'expired'" ) );
		self::assertSame( 1, $this->statistics->sums( null, null, 1 )['expired'] );
		self::assertStringContainsString( '1 deliveries were given up after 30 days', implode( $this->lines ) );
		self::assertSame( 0, $this->retention()->run() );
		self::assertSame( array( 2, 4, 5 ), $this->sequences( 'snapshot IS NOT NULL' ) );
	}

	public function testTheNewestEventStaysHoweverOld(): void {
		$this->history( array( 500 => 'succeeded', 400 => 'succeeded' ) );
		$this->retention()->run();
		$this->retention()->run();
		self::assertSame( array( 2 ), $this->sequences( '1 = 1' ) );
	}

	public function testASentAgainOldOneGetsItsTime(): void {
		$this->history( array( 31 => 'pending', 1 => 'succeeded' ) );
		$this->clinic( 'UPDATE wp_kivihook_deliveries SET resends = 1, updated_at = UTC_TIMESTAMP(3) WHERE event = 1' );
		self::assertSame( 0, $this->retention()->run() );
	}

	public function testLoggedBodiesGoInBatchesAndRowsStay(): void {
		$this->attempts( 8, 700 );
		$this->attempts( 1, 10 );
		$this->retention()->run();
		self::assertSame( 210, $this->committed( 'attempts', 'trace IS NOT NULL' ) );
		$this->retention()->run();
		self::assertSame( 10, $this->committed( 'attempts', 'trace IS NOT NULL' ) );
		self::assertSame( 710, $this->committed( 'attempts' ) );
		self::assertSame( 700, $this->options->fresh( Retention::OPTION )['attempts'] );
		// One that comes late with an old time is not passed over.
		$this->clinic( "UPDATE wp_kivihook_attempts SET started_at = UTC_TIMESTAMP(3) - INTERVAL 169 HOUR WHERE trace IS NOT NULL ORDER BY id LIMIT 1" );
		$this->retention()->run();
		self::assertSame( 9, $this->committed( 'attempts', 'trace IS NOT NULL' ) );
	}

	public function testTheSettingsDecideHowLong(): void {
		( new Settings( $this->options ) )->put( array( 'body_days' => 2, 'waiting_days' => 7, 'row_days' => 30 ) );
		$this->history( array( 31 => 'succeeded', 8 => 'held', 3 => 'succeeded', 1 => 'succeeded' ) );
		self::assertSame( 1, $this->retention()->run() );
		self::assertSame( array( 2, 4 ), $this->sequences( 'snapshot IS NOT NULL' ) );
		self::assertSame( array( 2, 3, 4 ), $this->sequences( '1 = 1' ) );
	}

	public function testSettingsOutOfBoundsAreRefusedAndCountAsDefaults(): void {
		$settings = new Settings( $this->options );
		self::assertSame( array( 'body_days', 'report', 'alarm_recipients', 'nonsense' ), array_keys( Settings::errors( array( 'body_days' => 0, 'report' => 'hourly', 'alarm_recipients' => array( 'x' ), 'nonsense' => 1, 'log_bodies' => false ) ) ) );
		$this->options->put( Settings::OPTION, array( 'body_days' => 4_000, 'row_days' => 90, 'other' => 1 ) );
		self::assertSame( array( 7, 90 ), array( $settings->number( 'body_days' ), $settings->number( 'row_days' ) ) );
		self::assertSame( array( 'admin@clinic.test' ), $settings->recipients() );
		$this->expectException( \InvalidArgumentException::class );
		$settings->put( array( 'row_days' => '90' ) );
	}

	public function testCountersAreRemovedByKey(): void {
		$this->clinic( "INSERT INTO wp_kivihook_statistics (webhook, hour) VALUES (1, UTC_TIMESTAMP() - INTERVAL 366 DAY), (1, UTC_TIMESTAMP()), (2, UTC_TIMESTAMP() - INTERVAL 367 DAY)" );
		$this->clinic( "INSERT INTO wp_kivihook_health (webhook, minute, total, failures) VALUES (1, UTC_TIMESTAMP() - INTERVAL 11 MINUTE, 1, 1), (2, UTC_TIMESTAMP(), 1, 1)" );
		$this->retention()->run();
		self::assertSame( array( 1, 1 ), array( $this->committed( 'statistics' ), $this->committed( 'health' ) ) );
	}

	/** Events of a webhook, the oldest first, each with one delivery. @param array<int, string> $days days ago => state */
	private function history( array $days ): void {
		$webhook = $this->webhook();
		$number  = 0;
		foreach ( $days as $ago => $state ) {
			$time = gmdate( 'Y-m-d\TH:i:s.000\Z', time() - $ago * 86_400 );
			$this->writer->append( array( 'timestamp' => $time ) + $this->event( ++$number ), array( $webhook->id ) );
			$due = 'pending' === $state ? 'due_at' : 'NULL';
			$this->clinic( "UPDATE wp_kivihook_deliveries SET state = '$state', due_at = $due, created_at = created_at - INTERVAL $ago DAY, updated_at = updated_at - INTERVAL $ago DAY WHERE event = $number" );
		}
	}

	private function attempts( int $daysAgo, int $count ): void {
		$row = "1, 1, 'appointment.booked', 1, 'worker', UTC_TIMESTAMP(3) - INTERVAL $daysAgo DAY, 'succeeded', 0, 'x'";
		$this->clinic(
			'INSERT INTO wp_kivihook_attempts (delivery, webhook, event, type, number, driver, started_at, state, outcome, trace) VALUES '
			. implode( ', ', array_map( static fn ( int $delivery ): string => "($delivery, $row)", range( 1, $count ) ) )
		);
	}

	/** @return int[] */
	private function sequences( string $where ): array {
		return array_map( 'intval', array_column( mysqli_query( $this->other, "SELECT sequence FROM wp_kivihook_events WHERE $where ORDER BY sequence" )->fetch_all(), 0 ) );
	}
}
