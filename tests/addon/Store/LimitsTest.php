<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\QueueTestCase;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Limits;

/** How many at once, how many in a minute, and in which order: over all workers together. */
final class LimitsTest extends QueueTestCase {

	public function testConcurrencyHoldsOverAllWorkers(): void {
		$webhook = $this->limited( array( 'concurrency' => 3 ) );
		$free    = $this->webhook()->id;
		$this->queue( array( $webhook ), 10 );
		$this->queue( array( $free ), 2 );
		$first  = $this->store();
		$second = $this->store( new Connection( $this->wpdb ) );
		self::assertSame( array(), $this->of( $webhook, $first->lease( $this->demand() ) ), 'its row is made' );
		$leased = $this->of( $webhook, $first->lease( $this->demand( 2 ) ) );
		self::assertCount( 2, $leased );
		self::assertCount( 1, $this->of( $webhook, $second->lease( $this->demand() ) ) );
		self::assertSame( array(), $second->lease( $this->demand() ) );
		$first->settle( 'me', array( $this->outcome( $leased[0], 'succeeded' ) ) );
		self::assertCount( 1, $second->lease( $this->demand() ) );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3) WHERE state = 'leased' AND webhook = $webhook" );
		self::assertCount( 3, $first->lease( $this->demand() ), 'what dead workers had counts no more' );
	}

	public function testNoMinuteSeesMoreThanItMay(): void {
		foreach ( array( 1, 2, 7, 19, 20, 60, 333, 10_000 ) as $perMinute ) {
			list( $burst, $interval ) = Limits::rate( $perMinute );
			$next = 0;
			$sent = array();
			for ( $now = 0; $now < 180_000_000; $now += 50_000 ) {
				$room = intdiv( max( 0, $now + $burst * $interval - max( $next, $now ) ), $interval );
				$next = $room > 0 ? max( $next, $now ) + $room * $interval : $next;
				$sent = array_merge( $sent, array_fill( 0, $room, $now ) );
			}
			$most = 0;
			foreach ( $sent as $i => $at ) {
				$in = 0;
				for ( $j = $i; $j < count( $sent ) && $sent[ $j ] < $at + 60_000_000; $j++ ) {
					++$in;
				}
				$most = max( $most, $in );
				if ( $i > 400 ) {
					break;
				}
			}
			self::assertLessThanOrEqual( $perMinute, $most, "$perMinute" );
			self::assertGreaterThanOrEqual( (int) ( 0.85 * $perMinute ), $most, "$perMinute" );
		}
	}

	public function testRequestsPerMinuteOverAllWorkers(): void {
		$webhook = $this->limited( array( 'per_minute' => 40 ) );
		$this->queue( array( $webhook ), 10 );
		$first  = $this->store();
		$second = $this->store( new Connection( $this->wpdb ) );
		$first->lease( $this->demand() );
		self::assertCount( 1, $first->lease( $this->demand( 1 ) ) );
		self::assertCount( 1, $second->lease( $this->demand( 9 ) ) );
		self::assertSame( array(), $first->lease( $this->demand( 9 ) ) );
		$this->later( 2 );
		self::assertCount( 1, $second->lease( $this->demand( 9 ) ) );
		self::assertSame( 7, $this->committed( 'deliveries', "state = 'pending' AND attempt = 0" ) );
		self::assertSame( array(), $this->lines );
	}

	public function testOfARecordOneAfterTheOther(): void {
		$webhook = $this->limited( array( 'order' => 'record' ) );
		$this->queue( array( $webhook ), 3, 7 );
		$this->queue( array( $webhook ), 2, 8 );
		$this->queue( array( $webhook ), 1, 7, 'patient.updated' ); // Another record, by chance of the same number.
		$store  = $this->store();
		$leased = $store->lease( $this->demand() );
		self::assertSame( array( 1, 4, 6 ), array_column( $leased, 'id' ) );
		self::assertSame( 3, $this->committed( 'deliveries', "state = 'pending' AND due_at IS NULL AND attempt = 0" ) );
		// It fails, and is tried again later: the others wait for it.
		$store->settle( 'me', array( $this->outcome( $leased[0], 'pending' ), $this->outcome( $leased[1], 'succeeded' ), $this->outcome( $leased[2], 'failed' ) ) );
		$leased = $store->lease( $this->demand() );
		self::assertSame( array( 5 ), array_column( $leased, 'id' ) );
		$this->later( 61 );
		$leased = $store->lease( $this->demand() );
		self::assertSame( array( 1 ), array_column( $leased, 'id' ) );
		self::assertSame( 2, $leased[0]['attempt'] );
		$store->settle( 'me', array( $this->outcome( $leased[0], 'failed' ) ) );
		self::assertSame( array( 2 ), array_column( $store->lease( $this->demand() ), 'id' ) );
	}

	public function testManyOfOneRecordAreInNobodysWay(): void {
		$webhook = $this->limited( array( 'order' => 'record' ) );
		$this->queue( array( $webhook ), 200, 7 );
		$this->queue( array( $webhook ), 1, 8 );
		self::assertSame( array( 1, 201 ), array_column( $this->store()->lease( $this->demand( 30 ) ), 'id' ) );
	}

	public function testWhatSleepsWakesInTheEnd(): void {
		$webhook = $this->limited( array( 'order' => 'record' ) );
		$this->queue( array( $webhook ), 3, 7 );
		$store = $this->store();
		self::assertCount( 1, $store->lease( $this->demand() ) );
		// Its end was written, and the process died before it could wake the next.
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'succeeded', due_at = NULL WHERE id = 1" );
		self::assertSame( array(), $store->lease( $this->demand() ) );
		$store->housekeep( true );
		self::assertSame( array( 2 ), array_column( $store->lease( $this->demand() ), 'id' ) );
		// The order is not wanted any more.
		$found = $this->webhooks->find( $webhook );
		$found->config['limits'] = array();
		$this->webhooks->update( $found );
		$store->housekeep( true );
		self::assertSame( array( 3 ), array_column( $store->lease( $this->demand() ), 'id' ) );
	}

	/** @return array<int, array> */
	private function of( int $webhook, array $leased ): array {
		return array_values( array_filter( $leased, static fn ( array $one ): bool => $webhook === $one['webhook']['id'] ) );
	}

	private function limited( array $limits ): int {
		return $this->webhook( array( 'limits' => $limits ) )->id;
	}
}
