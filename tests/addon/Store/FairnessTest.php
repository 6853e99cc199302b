<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Demand;
use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Deliveries;

/** Whose turn it is when more is due than can be taken; and many workers at once on one queue. */
final class FairnessTest extends DatabaseTestCase {

	public function testALongQueueDelaysNobody(): void {
		list( $long, $short, $other ) = array( $this->webhook()->id, $this->webhook()->id, $this->webhook()->id );
		$this->queue( $long, 500, 60 );
		$this->queue( $short, 3, 1 );
		$this->queue( $other, 40, 1 );
		$store = $this->store();
		self::assertSame( array( $long => 10 ), $this->counts( $store->lease( $this->demand( 10 ) ) ), 'the first batch finds out' );
		self::assertEquals( array( $long => 8, $short => 3, $other => 7 ), $this->counts( $store->lease( $this->demand( 18 ) ) ), '', 1 );
		$second = $this->counts( $store->lease( $this->demand( 20 ) ) );
		self::assertSame( array( $long => 10, $other => 10 ), $second );
	}

	public function testOldestFirstWithinEach(): void {
		$webhook = $this->webhook()->id;
		$this->queue( $webhook, 30, 100 );
		$store = $this->store();
		$ids   = array();
		do {
			$batch = $store->lease( $this->demand( 7 ) );
			$ids   = array_merge( $ids, array_column( $batch, 'id' ) );
		} while ( $batch );
		self::assertCount( 30, $ids );
		$sorted = $ids;
		sort( $sorted );
		self::assertSame( $sorted, $ids );
	}

	public function testAFullWebhookIsPassedOverHoweverLongItsQueue(): void {
		list( $dead, $quick ) = array( $this->webhook()->id, $this->webhook()->id );
		$this->queue( $dead, 2_000, 60 );
		$this->queue( $quick, 1, 0 );
		$store  = $this->store();
		$store->housekeep( true );
		$this->own->run( 'FLUSH STATUS' );
		$leased = $store->lease( $this->demand( 32, array( $dead => 0 ) ) );
		self::assertSame( array( $quick => 1 ), $this->counts( $leased ) );
		$reads = 0;
		foreach ( $this->own->rows( "SHOW SESSION STATUS LIKE 'Handler_read%'" ) as $row ) {
			$reads += (int) $row['Value'];
		}
		self::assertLessThan( 500, $reads, 'its rows were not looked at one by one' );
	}

	public function testTheShareOfWhoHasNothingOnItsWay(): void {
		list( $a, $b ) = array( $this->webhook()->id, $this->webhook()->id );
		$this->queue( $a, 50, 60 );
		$this->queue( $b, 50, 30 );
		self::assertSame( array( $a => 4, $b => 4 ), $this->counts( $this->store()->lease( $this->demand( 32, share: 4 ) ) ) );
		self::assertSame( array( $a => 1, $b => 2 ), $this->counts( $this->store()->lease( $this->demand( 32, array( $a => 1 ), 2 ) ) ) );
	}

	public function testWhatADeadWorkerLeftIsFoundInABacklogToo(): void {
		list( $long, $left ) = array( $this->webhook()->id, $this->webhook()->id );
		$this->queue( $long, 100, 60 );
		$this->queue( $left, 1, 0 );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'leased', lease = REPEAT('a', 32), attempt = 1 WHERE webhook = $left" );
		$leased = $this->store()->lease( $this->demand( 8, array( $long => 4 ) ) );
		$store  = $this->store();
		$leased = array_merge( $leased, $store->lease( $this->demand( 8, array( $long => 0 ) ) ) );
		self::assertSame( 1, $this->counts( $leased )[ $left ] );
	}

	/** Appends in open transactions, four workers that lease, settle and give back, statistics, breakers, resends, retention, housekeeping: no deadlock, nothing twice. */
	public function testManyWorkersDeadlockNowhere(): void {
		if ( ! function_exists( 'pcntl_fork' ) ) {
			self::markTestSkipped( 'Needs the pcntl extension.' );
		}
		$webhooks = array();
		for ( $i = 0; $i < 4; $i++ ) {
			$webhooks[] = $this->webhook()->id;
			$this->queue( end( $webhooks ), 150, 10 );
		}
		$before   = $this->deadlocks();
		$children = array();
		for ( $i = 0; $i < 4; $i++ ) {
			$children[] = $this->child( fn () => $this->work( $webhooks ) );
		}
		for ( $i = 1; $i <= 100; $i++ ) {
			$this->wpdb->query( 'START TRANSACTION' );
			$this->book();
			$this->writer->append( $this->event( 10_000 + $i ), $webhooks );
			$this->wpdb->query( 0 === $i % 5 ? 'ROLLBACK' : 'COMMIT' );
			if ( 0 === $i % 10 ) {
				( new Deliveries( $this->own, $this->schema ) )->resend( range( 4 * $i, 4 * $i + 40 ) );
				$this->retention()->run();
				$this->store()->housekeep( true );
			}
		}
		foreach ( $children as $child ) {
			pcntl_waitpid( $child, $status );
		}
		self::assertSame( $before, $this->deadlocks() );
		self::assertSame( array(), $this->lines );
		$store = $this->store();
		while ( $leased = $store->lease( $this->demand( 100 ) ) ) {
			$store->settle( 'me', array_map( array( $this, 'succeeded' ), $leased ) );
		}
		self::assertSame( 920, $this->committed( 'deliveries', "state = 'succeeded'" ) );
		self::assertSame( 0, $this->committed( 'deliveries', "state <> 'succeeded'" ) );
	}

	/** Until nothing is due for a while. */
	private function work( array $webhooks ): void {
		$this->wpdb->db_connect( false );
		$own       = new Connection( $this->wpdb );
		$this->own = $own;
		$store     = $this->store( $own );
		$empty     = 0;
		while ( $empty < 20 ) {
			$leased = $store->lease( $this->demand( 16, array( $webhooks[0] => random_int( 0, 5 ) ), 6 ) );
			if ( ! $leased ) {
				++$empty;
				usleep( 20_000 );
				continue;
			}
			$empty = 0;
			$back  = array_splice( $leased, 0, random_int( 0, 2 ) );
			shuffle( $leased );
			$store->settle( 'me', array_map( array( $this, 'succeeded' ), $leased ) );
			$store->release( 'me', array_column( $back, 'id' ) );
		}
	}

	/** A process that leaves nothing to the shutdown functions of its parent. */
	private function child( callable $work ): int {
		$child = pcntl_fork();
		if ( 0 === $child ) {
			try {
				$work();
			} catch ( \Throwable $error ) {
				fwrite( STDERR, "\n$error\n" );
			}
			posix_kill( getmypid(), SIGKILL );
		}
		return $child;
	}

	private function queue( int $webhook, int $count, int $secondsAgo ): void {
		static $number = 0;
		$this->clinic( 'START TRANSACTION' );
		for ( $i = 0; $i < $count; $i++ ) {
			$this->writer->append( $this->event( ++$number ), array( $webhook ) );
		}
		$this->clinic( 'COMMIT' );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET due_at = due_at - INTERVAL $secondsAgo SECOND WHERE webhook = $webhook" );
	}

	private function counts( array $leased ): array {
		$counts = array_count_values( array_map( static fn ( array $one ): int => $one['webhook']['id'], $leased ) );
		ksort( $counts );
		return $counts;
	}

	private function succeeded( array $leased ): array {
		return array(
			'id'         => $leased['id'],
			'lease'      => $leased['lease'],
			'webhook'    => $leased['webhook']['id'],
			'attempt'    => $leased['attempt'],
			'state'      => 'succeeded',
			'delay_ms'   => null,
			'switch_off' => false,
			'health'     => 1,
			'trace'      => array( 'status' => 200, 'total_us' => 1 ),
		);
	}

	private function demand( int $limit, array $capacity = array(), int $share = 0 ): Demand {
		$demand           = new Demand();
		$demand->limit    = $limit;
		$demand->owner    = 'me';
		$demand->capacity = $capacity;
		$demand->share    = $share;
		return $demand;
	}

	/** Counted by MariaDB in its status, by MySQL among InnoDB's metrics. */
	private function deadlocks(): int {
		$row = mysqli_query( $this->other, "SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'" )->fetch_row();
		return (int) ( $row[1] ?? mysqli_query( $this->other, "SELECT COUNT FROM information_schema.INNODB_METRICS WHERE NAME = 'lock_deadlocks'" )->fetch_row()[0] );
	}
}
