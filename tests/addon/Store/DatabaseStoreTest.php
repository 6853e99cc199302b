<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Demand;
use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Log;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Statistics;

/** The queue: each delivery to one worker, nothing settled by who lost it, nothing left behind. */
final class DatabaseStoreTest extends DatabaseTestCase {

	public function testLeasesWhatWasAppended(): void {
		$webhook = $this->webhook( array( 'timeout_ms' => 10_000 ) );
		$store   = $this->store();
		self::assertSame( array( $webhook->id ), array_column( $store->webhooksFor( 'appointment.booked' ), 'id' ) );
		self::assertSame( array(), $store->webhooksFor( 'appointment.deleted' ) );
		$store->append( $this->event(), array( array( 'webhook' => $webhook->id ) ) );
		$leased = $store->lease( $this->demand() );
		self::assertCount( 1, $leased );
		list( $one ) = $leased;
		self::assertSame( 1, $one['attempt'] );
		self::assertFalse( $one['resend'] );
		self::assertSame( "{$this->event()['id']}_{$webhook->id}", $one['message_id'] );
		self::assertSame(
			array( 'id' => $this->event()['id'], 'type' => 'appointment.booked', 'timestamp' => '2026-11-23T09:15:00.123Z', 'data' => $this->event()['data'] ),
			$one['event']
		);
		self::assertSame( $webhook->sealed, $one['webhook']['sealed'] );
		self::assertMatchesRegularExpression( '/\A[0-9a-f]{32}\z/', $one['lease'] );
		self::assertGreaterThan( 69_000, $one['remaining_ms'] );
		self::assertLessThanOrEqual( 70_000, $one['remaining_ms'] );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'leased' AND owner = 'me' AND due_at BETWEEN UTC_TIMESTAMP(3) + INTERVAL 60 SECOND AND UTC_TIMESTAMP(3) + INTERVAL 71 SECOND" ) );
		self::assertSame( array(), $store->lease( $this->demand() ) );
	}

	public function testLargeAndUncommittedEvents(): void {
		$webhook = $this->webhook();
		$data    = array( 'appointment_description' => bin2hex( random_bytes( 100_000 ) ) );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->store()->append( $this->event( 1, $data ), array( array( 'webhook' => $webhook->id ) ) );
		self::assertSame( array(), $this->store()->lease( $this->demand() ) );
		$this->wpdb->query( 'COMMIT' );
		$leased = $this->store()->lease( $this->demand() );
		self::assertSame( $data, json_decode( $leased[0]['event']['data'], true ) );
	}

	public function testTwoConnectionsNeverGetTheSame(): void {
		$webhook = $this->webhook();
		for ( $i = 1; $i <= 30; $i++ ) {
			$this->writer->append( $this->event( $i ), array( $webhook->id ) );
		}
		$second = new Connection( $this->wpdb );
		$a      = $this->store();
		$b      = $this->store( $second );
		// A third one holds its rows locked while the second asks.
		mysqli_query( $this->other, 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED' );
		mysqli_query( $this->other, 'START TRANSACTION' );
		$held = array_column( mysqli_query( $this->other, 'SELECT id FROM wp_kivihook_deliveries FORCE INDEX (due) WHERE due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT 10 FOR UPDATE' )->fetch_all(), 0 );
		self::assertCount( 10, $held );
		$got  = array_column( $b->lease( $this->demand( 8 ) ), 'id' );
		self::assertCount( 8, $got );
		self::assertSame( array(), array_intersect( $held, $got ) );
		mysqli_query( $this->other, 'ROLLBACK' );
		$all = $got;
		do {
			$some = array_merge( $a->lease( $this->demand( 4 ) ), $b->lease( $this->demand( 3 ) ) );
			$all  = array_merge( $all, array_column( $some, 'id' ) );
		} while ( $some );
		$second->close();
		self::assertCount( 30, $all );
		self::assertCount( 30, array_unique( $all ) );
	}

	public function testFlushTakesItsOwnEventsOnly(): void {
		$webhook = $this->webhook();
		$this->asked( $webhook->id, 50 );
		$this->writer->append( $this->event( 1 ), array( $webhook->id ) );
		$this->writer->append( $this->event( 2 ), array( $webhook->id ) );
		$leased = $this->store()->lease( $this->demand( 10, events: array( $this->event( 2 )['id'] ) ) );
		self::assertSame( array( $this->event( 2 )['id'] ), array_map( fn ( $one ) => $one['event']['id'], $leased ) );
		self::assertSame( array(), $this->store()->lease( $this->demand( 10, events: array( '01890000-0000-7000-8000-000000000099' ) ) ) );
	}

	public function testCapacityAndWebhooksToLeaveOut(): void {
		$full  = $this->webhook();
		$free  = $this->webhook();
		$out   = $this->webhook();
		foreach ( range( 1, 6 ) as $i ) {
			$this->writer->append( $this->event( $i ), array( $full->id ) );
		}
		$this->writer->append( $this->event( 7 ), array( $full->id, $free->id, $out->id ) );
		$leased = $this->store()->lease( $this->demand( 3, capacity: array( $full->id => 2 ), without: array( $out->id ) ) );
		$counts = array_count_values( array_map( fn ( $one ) => $one['webhook']['id'], $leased ) );
		self::assertSame( array( $full->id => 2, $free->id => 1 ), $counts );
		self::assertSame( array(), $this->store()->lease( $this->demand( 3, capacity: array( $full->id => 0 ), without: array( $out->id ) ) ) );
	}

	public function testSettlesEveryState(): void {
		$webhook = $this->webhook();
		foreach ( range( 1, 4 ) as $i ) {
			$this->writer->append( $this->event( $i ), array( $webhook->id ) );
		}
		$store    = $this->store();
		$store->drivenBy( 'inline' );
		$leased   = $store->lease( $this->demand() );
		$outcomes = array();
		foreach ( array( 'succeeded', 'pending', 'failed', 'held' ) as $i => $state ) {
			$outcomes[] = $this->outcome( $leased[ $i ], $state );
		}
		self::assertSame( array(), $store->settle( 'me', array_reverse( $outcomes ) ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'succeeded' AND due_at IS NULL AND last_error IS NULL AND last_status = 200" ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'pending' AND last_status = 500 AND due_at BETWEEN UTC_TIMESTAMP(3) + INTERVAL 4 SECOND AND UTC_TIMESTAMP(3) + INTERVAL 6 SECOND" ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'failed' AND due_at IS NULL AND last_error = 'It answered 500.'" ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'held' AND due_at IS NULL" ) );
		self::assertSame( 4, $this->committed( 'attempts', "driver = 'inline' AND type = 'appointment.booked' AND record_id BETWEEN 41 AND 44" ) );
		self::assertSame( 1, $this->committed( 'statistics', 'succeeded = 1 AND failed = 2 AND retried = 1 AND total_us = 6000' ) );
		$page = $this->log->page( array( 'status' => 'success' ), 1, 10 );
		self::assertSame( 1, $page['total'] );
		self::assertSame( 'Lab', $page['items'][0]['webhook_name'] );
		$found = $this->log->find( $page['items'][0]['id'] );
		self::assertSame( 'hello', $found['trace']['request']['body'] );
		self::assertSame( $leased[0]['event']['id'], $found['event_id'] );
		self::assertSame( 0, $this->committed( 'attempts', "trace LIKE '%hello%'" ) );
	}

	public function testALostLeaseSettlesNothingButALateSuccess(): void {
		$webhook = $this->webhook();
		foreach ( range( 1, 3 ) as $i ) {
			$this->writer->append( $this->event( $i ), array( $webhook->id ) );
		}
		$first  = $this->store()->lease( $this->demand() );
		$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3)' ); // The leases end.
		$second = $this->store()->lease( $this->demand() );
		self::assertSame( array( 2, 2, 2 ), array_column( $second, 'attempt' ) );
		$late = array( $this->outcome( $first[0], 'failed' ), $this->outcome( $first[1], 'succeeded' ), $this->outcome( $first[2], 'pending' ) );
		self::assertSame( array_column( $first, 'id' ), $this->store()->settle( 'me', $late ) );
		self::assertSame( 2, $this->committed( 'deliveries', "state = 'leased'" ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'succeeded' AND id = {$first[1]['id']}" ) );
		self::assertSame( 3, $this->committed( 'attempts' ) );
		$this->store()->settle( 'me', array( $this->outcome( $second[1], 'failed' ) ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'succeeded'" ) );
	}

	public function testSettlingTwiceIsSettlingOnce(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		$outcome = $this->outcome( $this->store()->lease( $this->demand() )[0], 'succeeded' );
		self::assertSame( array(), $this->store()->settle( 'me', array( $outcome ) ) );
		self::assertSame( array(), $this->store()->settle( 'me', array( $outcome ) ) );
	}

	public function testReleasedIsDueAgainAndTheAttemptNotCounted(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		$store = $this->store();
		$id    = $store->lease( $this->demand() )[0]['id'];
		$store->release( 'somebody else', array( $id ) );
		self::assertSame( array(), $store->lease( $this->demand() ) );
		$store->release( 'me', array( $id ) );
		self::assertSame( 1, $store->lease( $this->demand() )[0]['attempt'] );
	}

	public function testThreeDeadWorkersEndADelivery(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		foreach ( range( 1, 3 ) as $attempt ) {
			self::assertSame( array( $attempt ), array_column( $this->store()->lease( $this->demand() ), 'attempt' ) );
			$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3)' );
		}
		self::assertSame( array(), $this->store()->lease( $this->demand() ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'failed' AND due_at IS NULL" ) );
		self::assertSame( 1, $this->committed( 'attempts', "error_code = 'worker_died' AND state = 'failed'" ) );
	}

	public function testALogThatTakesNoRowKeepsNothingThatIsLeasedBack(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		foreach ( range( 1, 3 ) as $attempt ) {
			$this->store()->lease( $this->demand() );
			$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3)' );
		}
		$this->writer->append( $this->event(), array( $webhook->id ) );
		$this->clinic( 'RENAME TABLE wp_kivihook_attempts TO wp_kivihook_attempts_away' );
		try {
			$leased = $this->store()->lease( $this->demand() );
		} finally {
			$this->clinic( 'RENAME TABLE wp_kivihook_attempts_away TO wp_kivihook_attempts' );
		}
		self::assertCount( 1, $leased, 'one was given up, which could not be logged; the other goes out' );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'failed'" ) );
	}

	public function testALeaseThatSettledStartsTheCountAgain(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		foreach ( range( 1, 6 ) as $attempt ) {
			$leased = $this->store()->lease( $this->demand() );
			self::assertSame( array( $attempt ), array_column( $leased, 'attempt' ) );
			if ( 0 === $attempt % 2 ) {
				$this->store()->settle( 'me', array( array( 'delay_ms' => 0 ) + $this->outcome( $leased[0], 'pending' ) ) );
			}
			$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3)' );
		}
		self::assertSame( 0, $this->committed( 'deliveries', "state = 'failed'" ) );
	}

	public function testSwitchedOffHoldsSwitchedOnLetsGoDeletedCancels(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		$this->webhooks->setActive( array( $webhook->id ), false );
		self::assertFalse( $this->subscriptions->has( 'appointment.booked' ) );
		self::assertSame( array(), $this->store()->lease( $this->demand() ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'held' AND last_error = '" . Reasons::OFF . "'" ) );
		$this->webhooks->setActive( array( $webhook->id ), true );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'pending' AND due_at IS NOT NULL" ) );
		$this->webhooks->delete( array( $webhook->id ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'cancelled'" ) );
		$this->writer->append( $this->event( 2 ), array( $webhook->id ) );
		self::assertSame( array(), $this->store()->lease( $this->demand() ) );
		self::assertSame( 2, $this->committed( 'deliveries', "state = 'cancelled'" ) );
	}

	public function testGoneSwitchesTheWebhookOff(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		$outcome = array( 'switch_off' => true ) + $this->outcome( $this->store()->lease( $this->demand() )[0], 'failed' );
		$this->store()->settle( 'me', array( $outcome ) );
		$found = $this->webhooks->find( $webhook->id );
		self::assertFalse( $found->active );
		self::assertSame( Reasons::GONE, $found->offReason );
		self::assertSame( array(), $this->subscriptions->all() );
	}

	public function testASnapshotThatWasChangedIsHeld(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event( 1 ), array( $webhook->id ) );
		$this->writer->append( $this->event( 2 ), array( $webhook->id ) );
		$this->writer->append( $this->event( 3 ), array( $webhook->id ) );
		// Changed, and moved from another event.
		$this->clinic( "UPDATE wp_kivihook_events SET snapshot = CONCAT(SUBSTR(snapshot, 1, 60), 'AAAA', SUBSTR(snapshot, 65)) WHERE record_id = 41" );
		$this->clinic( 'UPDATE wp_kivihook_events a JOIN wp_kivihook_events b ON b.record_id = 43 SET a.snapshot = b.snapshot WHERE a.record_id = 42' );
		$leased = $this->store()->lease( $this->demand() );
		self::assertSame( array( $this->event( 3 )['id'] ), array_map( fn ( $one ) => $one['event']['id'], $leased ) );
		self::assertSame( 2, $this->committed( 'deliveries', "state = 'held' AND due_at IS NULL AND attempt = 0 AND last_error = '" . Reasons::DAMAGED . "'" ) );
	}

	public function testALostKeyHoldsAndItsReturnLetsGo(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		$this->build( base64_encode( str_repeat( 'x', 32 ) ) );
		self::assertSame( array(), $this->store()->lease( $this->demand() ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'held' AND last_error = '" . Reasons::KEY . "'" ) );
		$this->keyring->prepare();
		self::assertSame( 'changed', $this->keyring->state() );
		$this->store()->housekeep( true );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'held'" ) );
		$this->build( 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' );
		self::assertCount( 1, $this->store()->lease( $this->demand() ) );
	}

	public function testOurOwnConnectionMayDieBetweenAnyTwoCalls(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array( $webhook->id ) );
		$store = $this->store();
		$this->kill( $this->own->thread() );
		$leased = $store->lease( $this->demand() );
		$this->kill( $this->own->thread() );
		self::assertSame( array(), $store->settle( 'me', array( $this->outcome( $leased[0], 'succeeded' ) ) ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'succeeded'" ) );
	}

	public function testADatabaseThatRefusesUsHasNothingDue(): void {
		$wpdb         = clone $this->wpdb;
		$wpdb->dbhost = 'localhost:/nonexistent/socket';
		$refused      = new Connection( $wpdb );
		$start        = microtime( true );
		self::assertSame( array(), $this->store( $refused )->lease( $this->demand( 10, events: array( 'x' ) ) ) );
		self::assertLessThan( 1, microtime( true ) - $start );
		self::assertStringContainsString( 'connection was refused', $this->lines[0] );
	}

	public function testOldServersWorkByKeys(): void {
		self::assertTrue( Connection::canSkipLocked( '5.5.5-10.11.6-MariaDB-0+deb12u1' ) );
		self::assertTrue( Connection::canSkipLocked( '10.6.0-MariaDB' ) );
		self::assertFalse( Connection::canSkipLocked( '5.5.5-10.5.20-MariaDB-log' ) );
		self::assertTrue( Connection::canSkipLocked( '8.0.35' ) );
		self::assertFalse( Connection::canSkipLocked( '5.7.44-log' ) );
		$webhook = $this->webhook();
		foreach ( range( 1, 5 ) as $i ) {
			$this->writer->append( $this->event( $i ), array( $webhook->id ) );
		}
		$this->own->thread();
		$skip = new \ReflectionProperty( Connection::class, 'skipLocked' );
		$skip->setAccessible( true );
		$skip->setValue( $this->own, false );
		self::assertCount( 3, $this->store()->lease( $this->demand( 3 ) ) );
		// Another worker is at it.
		mysqli_query( $this->other, "SELECT GET_LOCK('kivihook.lease.{$this->own->place()}', 0)" );
		self::assertSame( array(), $this->store()->lease( $this->demand( 3 ) ) );
		mysqli_query( $this->other, "DO RELEASE_LOCK('kivihook.lease.{$this->own->place()}')" );
		self::assertCount( 2, $this->store()->lease( $this->demand( 3 ) ) );
	}

	public function testNothingOfOursWaitsForAnOpenBookingNorTheOtherWayRound(): void {
		$webhook = $this->webhook();
		$store   = $this->store();
		$this->writer->append( $this->event( 1 ), array( $webhook->id ) );
		$this->wpdb->query( 'SET innodb_lock_wait_timeout = 1' );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		$this->writer->append( $this->event( 2 ), array( $webhook->id ) );
		$leased = $store->lease( $this->demand() );
		self::assertCount( 1, $leased );
		$store->settle( 'me', array( $this->outcome( $leased[0], 'pending' ) ) );
		$store->housekeep( true );
		$this->webhooks->setActive( array( $webhook->id ), true );
		// And with ours open:
		$this->own->transaction(
			function () use ( $webhook ): void {
				$this->own->rows( 'SELECT * FROM wp_kivihook_deliveries WHERE due_at <= UTC_TIMESTAMP(3) + INTERVAL 1 DAY FOR UPDATE SKIP LOCKED' );
				$this->own->rows( 'SELECT * FROM wp_kivihook_events WHERE sequence < 99 FOR UPDATE SKIP LOCKED' );
				$this->writer->append( $this->event( 3 ), array( $webhook->id ) );
			}
		);
		$this->wpdb->query( 'COMMIT' );
		$this->wpdb->query( 'SET innodb_lock_wait_timeout = 50' );
		self::assertSame( 3, $this->committed( 'events' ) );
		self::assertSame( array(), $this->lines );
	}

	private function demand( int $limit = 10, array $events = array(), array $capacity = array(), array $without = array() ): Demand {
		$demand           = new Demand();
		$demand->limit    = $limit;
		$demand->owner    = 'me';
		$demand->leaseMs  = 5_000;
		$demand->events   = $events;
		$demand->capacity = $capacity;
		$demand->without  = $without;
		return $demand;
	}

	private function outcome( array $leased, string $state ): array {
		$good = 'succeeded' === $state;
		return array(
			'id'         => $leased['id'],
			'lease'      => $leased['lease'],
			'webhook'    => $leased['webhook']['id'],
			'attempt'    => $leased['attempt'],
			'state'      => $state,
			'delay_ms'   => 'pending' === $state ? 5_000 : null,
			'switch_off' => false,
			'trace'      => array(
				'succeeded'  => $good,
				'status'     => $good ? 200 : 500,
				'error_code' => $good ? '' : 'status',
				'error'      => $good ? '' : 'It answered 500.',
				'started_at' => '2026-11-23T09:15:01.5Z',
				'total_us'   => 1_500,
				'request'    => array( 'method' => 'POST', 'body' => 'hello' ),
				'response'   => array( 'body' => "\xff binary" ),
			),
		);
	}

	public function testATotalOfTheLogLeadsOnAsFarAsPagesDo(): void {
		$log = new Log( $this->own, $this->schema, $this->keyring, new Statistics( $this->own, $this->schema ) );
		$log->recordTest( 1, 'appointment.booked', array() );
		$columns = 'delivery, webhook, event, type, number, driver, started_at, state, outcome';
		for ( $rows = 1; $rows < 10_050; $rows *= 2 ) {
			$this->clinic( "INSERT INTO wp_kivihook_attempts ($columns) SELECT $columns FROM wp_kivihook_attempts LIMIT " . ( 10_050 - $rows ) );
		}
		foreach ( array( 1 => 1_020, 2 => 1_040, 51 => 2_020, 500 => 10_000 ) as $number => $total ) {
			$page = $log->page( array(), $number, 20 );
			self::assertSame( array( 20, $total ), array( count( $page['items'] ), $page['total'] ), "page $number" );
		}
		self::assertSame( array(), $log->page( array(), 501, 20 )['items'] );
		self::assertSame( 10_000, $log->counts( array() )['failed'] );
	}

}
