<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Delivery;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Workers;

/** Alarms: once each, in time, and the webhook that does nothing but fail. */
final class WatchTest extends DatabaseTestCase {

	public function testLateDeliveriesAreMailedOnceWithTheirCause(): void {
		$this->writer->append( $this->event( 1 ), array( $this->webhook()->id ) );
		$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3) - INTERVAL 14 MINUTE' );
		$this->watch()->run();
		self::assertSame( array(), $this->mails );

		$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3) - INTERVAL 16 MINUTE' );
		$this->options->put( Watch::RAN, 1_700_000_000 );
		$this->watch()->run();
		$this->watch()->run();
		self::assertCount( 1, $this->mails );
		self::assertStringContainsString( '16 minutes', $this->mails[0][1] );
		if ( extension_loaded( 'kivihook' ) ) {
			self::assertStringContainsString( 'WP-Cron has not run since 2023-11-14 22:13 UTC', $this->mails[0][1] );
			( new Workers( $this->own, $this->schema ) )->beat( 'w', 1 );
			self::assertStringContainsString( 'do not keep up', $this->watch()->cause() );
		}
	}

	public function testAWebhookThatFailsForADayIsMailedOnce(): void {
		$failing = $this->failing( 25, 1 );
		$this->failing( 23, 1 );   // Not for long enough.
		$this->failing( 60, 30 );  // Nothing tried since.
		$well = $this->failing( 30, 1 );
		$this->clinic( "INSERT INTO wp_kivihook_statistics (webhook, hour, succeeded) VALUES ($well, DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL 5 HOUR, '%Y-%m-%d %H:00:00'), 1)" );
		$this->watch()->run();
		$this->watch()->run();
		self::assertCount( 1, $this->mails );
		self::assertStringContainsString( "(number $failing)", $this->mails[0][1] );
		self::assertTrue( $this->webhooks->find( $failing )->active );
	}

	public function testAfterFiveDaysItIsSwitchedOffMailedAndCanBeSwitchedOnAgain(): void {
		$id = $this->failing( 121, 1 );
		$this->writer->append( $this->event( 1 ), array( $id ) );
		$this->watch()->run();
		$this->watch()->run();
		$webhook = $this->webhooks->find( $id );
		self::assertSame( array( false, Reasons::FAILING ), array( $webhook->active, $webhook->offReason ) );
		self::assertCount( 1, $this->mails );
		self::assertStringContainsString( 'switched off', $this->mails[0][0] );
		$demand        = new \KiviHook\Demand();
		$demand->limit = 5;
		$demand->owner = 'me';
		self::assertSame( array(), $this->store()->lease( $demand ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'held'" ) );

		$this->webhooks->setActive( array( $id ), true );
		$this->watch()->run();
		self::assertTrue( $this->webhooks->find( $id )->active, 'it starts anew' );
		self::assertCount( 1, $this->store()->lease( $demand ) );
		self::assertCount( 1, $this->mails );
	}

	public function testWhoAnsweredGoneIsMailedToo(): void {
		$this->webhooks->setActive( array( $this->webhook()->id ), false, Reasons::GONE );
		$this->webhooks->setActive( array( $this->webhook()->id ), false );
		$this->watch()->run();
		$this->watch()->run();
		self::assertCount( 1, $this->mails );
		self::assertStringContainsString( Reasons::GONE, $this->mails[0][1] );
	}

	public function testOneProcessAtATime(): void {
		$this->failing( 25, 1 );
		mysqli_query( $this->other, "SELECT GET_LOCK('kivihook.watch.{$this->own->place()}', 0)" );
		$this->watch()->run();
		self::assertSame( array(), $this->mails );
	}

	/** A webhook whose attempts all failed, from so many hours ago until so many hours ago. */
	private function failing( int $from, int $to ): int {
		$id = $this->webhook()->id;
		$this->clinic( "UPDATE wp_kivihook_webhooks SET updated_at = UTC_TIMESTAMP(3) - INTERVAL 30 DAY WHERE id = $id" );
		foreach ( array( $from, $to ) as $hours ) {
			$this->clinic( "INSERT INTO wp_kivihook_statistics (webhook, hour, retried) VALUES ($id, DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL $hours HOUR, '%Y-%m-%d %H:00:00'), 3)" );
		}
		return $id;
	}
}
