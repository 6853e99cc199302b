<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Delivery;

use KiviHook\Tests\Addon\Support\QueueTestCase;
use KiviHook\WordPress\Delivery\Mail;
use KiviHook\WordPress\Delivery\ReportMail;
use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\KiviCare\Scheduled\Marks;
use KiviHook\WordPress\Store\Queue;
use KiviHook\WordPress\Store\Settings;

/** The site's clock is Berlin's: in May two hours ahead of UTC. */
final class ReportMailTest extends QueueTestCase {

	/** @var array<int, array{0: string, 1: string}> */
	private array $reports = array();

	protected function setUp(): void {
		parent::setUp();
		update_option( 'timezone_string', 'Europe/Berlin' );
	}

	protected function tearDown(): void {
		$this->options->delete( Settings::OPTION );
		update_option( 'timezone_string', '' );
		parent::tearDown();
	}

	private function every( string $every ): void {
		( new Settings( $this->options ) )->put( array( 'report' => $every ) );
	}

	/** How many were mailed at a time, UTC. */
	private function mailed( string $utc ): int {
		$before   = count( $this->reports );
		$settings = new Settings( $this->options );
		$mail     = new Mail( $settings, $this->problems, function ( string $subject, string $text ): void {
			$this->reports[] = array( $subject, $text );
		} );
		$once     = new Once( $this->wpdb, $this->schema );
		$report   = new ReportMail( $settings, $this->statistics, $this->webhooks, new Queue( $this->own, $this->schema ), $once, new Marks( $this->own, $this->schema ), $mail );
		$report->run( new \DateTimeImmutable( $utc, new \DateTimeZone( 'UTC' ) ) );
		return count( $this->reports ) - $before;
	}

	private function counted( int $webhook, string $hour, int $succeeded, int $failed ): void {
		$this->own->run(
			"INSERT INTO `{$this->schema->table( 'statistics' )}` (webhook, hour, succeeded, failed) VALUES (?, ?, ?, ?)",
			array( $webhook, $hour, $succeeded, $failed )
		);
	}

	public function testNobodyIsMailedWhoDidNotAskForIt(): void {
		self::assertSame( 0, $this->mailed( '2031-05-15 09:00:00' ) );
	}

	public function testADayIsMailedOnceInTheMorningAfterItInNumbers(): void {
		$lab = $this->webhook()->id;
		$this->counted( $lab, '2031-05-13 21:00:00', 100, 0 ); // The day before, in Berlin.
		$this->counted( $lab, '2031-05-13 22:00:00', 3, 1 );
		$this->counted( $lab, '2031-05-14 21:00:00', 4, 1 );
		$this->counted( $lab, '2031-05-14 22:00:00', 200, 0 ); // The day after.
		$this->queue( array( $lab ), 2 );
		$this->every( 'daily' );
		self::assertSame( 0, $this->mailed( '2031-05-15 04:59:59' ), 'not seven in Berlin' );
		self::assertSame( 1, $this->mailed( '2031-05-15 05:00:00' ) );
		self::assertSame( 0, $this->mailed( '2031-05-15 05:01:00' ) );
		self::assertSame( 0, $this->mailed( '2031-05-15 22:30:00' ), 'past midnight in Berlin' );
		list( $subject, $text ) = $this->reports[0];
		self::assertStringContainsString( '2031-05-14', $subject );
		self::assertStringContainsString( 'All: 7 delivered, 2 failed, 0 given up unsent', $text );
		self::assertStringContainsString( "Lab ($lab): 7 delivered, 2 failed", $text );
		self::assertStringContainsString( 'Now: 2 wait for their (next) try, 0 are held.', $text );
		self::assertSame( 1, $this->mailed( '2031-05-16 09:00:00' ) );
		self::assertStringContainsString( 'All: 200 delivered, 0 failed', $this->reports[1][1] );
	}

	public function testAWeekIsMailedFromMondayOnAndOnce(): void {
		$this->every( 'weekly' );
		self::assertSame( 1, $this->mailed( '2031-05-14 09:00:00' ), 'on Wednesday, switched on just now' );
		self::assertStringContainsString( '2031-05-05 – 2031-05-11', $this->reports[0][0] );
		self::assertSame( 0, $this->mailed( '2031-05-18 21:59:00' ), 'Sunday' );
		self::assertSame( 0, $this->mailed( '2031-05-19 04:59:00' ), 'Monday, not seven' );
		self::assertSame( 1, $this->mailed( '2031-05-19 05:00:00' ) );
		self::assertSame( 0, $this->mailed( '2031-05-20 05:00:00' ) );
		self::assertStringContainsString( '2031-05-12 – 2031-05-18', $this->reports[1][0] );
	}

	public function testWhoComesSecondMailsNothing(): void {
		$this->every( 'daily' );
		$this->own->run( "INSERT INTO `{$this->schema->table( 'told' )}` (name, told_at) VALUES ('mail:daily:2031-05-14', UTC_TIMESTAMP(3))" );
		self::assertSame( 0, $this->mailed( '2031-05-15 09:00:00' ) );
	}
}
