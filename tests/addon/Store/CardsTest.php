<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\Cards;

/** The numbers of KiviCare's dashboard: of all, of one, and of somebody's own webhooks. */
final class CardsTest extends DatabaseTestCase {

	public function testEventsOfTheDayAreCountedForWhoIsAsked(): void {
		list( $a, $b, $c ) = array( $this->webhook()->id, $this->webhook()->id, $this->webhook()->id );
		foreach ( array( array( $a, $b ), array( $a ), array( $b ), array( $a ) ) as $number => $webhooks ) {
			$this->writer->append( $this->event( $number + 1 ), $webhooks );
		}
		// The first is yesterday's; what is left has two deliveries of $a and one of $b.
		$this->clinic( 'UPDATE wp_kivihook_events SET created_at = UTC_TIMESTAMP(3)' );
		$this->clinic( 'UPDATE wp_kivihook_events SET created_at = created_at - INTERVAL 1 DAY ORDER BY sequence LIMIT 1' );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'succeeded', due_at = NULL ORDER BY id DESC LIMIT 1" );
		$cards = new Cards( $this->own, $this->schema, $this->statistics );
		$today = static fn ( int|array|null $webhooks ): int => $cards->numbers( null, null, $webhooks )['events_today'];
		self::assertSame( array( 3, 2, 1, 0 ), array( $today( null ), $today( $a ), $today( $b ), $today( $c ) ) );
		self::assertSame( array( 3, 1, 0 ), array( $today( array( $a, $b ) ), $today( array( $b, $c ) ), $today( array() ) ) );
		$active = static fn ( int|array|null $webhooks ): int => $cards->numbers( null, null, $webhooks )['active_webhooks'];
		self::assertSame( array( 3, 3, 2, 0 ), array( $active( null ), $active( $a ), $active( array( $a, $b ) ), $active( array() ) ) );
	}
}
