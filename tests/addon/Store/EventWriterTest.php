<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\TransactionLost;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\EventWriter;

/** Nothing lost, no phantom, and the booking never suffers. */
final class EventWriterTest extends DatabaseTestCase {

	public function testOutsideATransactionTheEventIsThereAtOnce(): void {
		$this->writer->append( $this->event(), array( 3, 1 ) );
		self::assertSame( 1, $this->committed( 'events', "webhooks = '1,3' AND routed = 1 AND created_at = '2026-11-23 09:15:00.123'" ) );
		self::assertSame( 2, $this->committed( 'deliveries', "state = 'pending' AND due_at <= UTC_TIMESTAMP(3)" ) );
		self::assertFalse( $this->booking->inTransaction() );
	}

	public function testInsideATransactionTheEventComesWithTheCommit(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		self::assertTrue( $this->booking->inTransaction() );
		$this->writer->append( $this->event(), array( 1 ) );
		self::assertSame( 0, $this->committed( 'events' ) );
		$this->wpdb->query( 'COMMIT' );
		self::assertSame( array( 1, 1, 1 ), array( $this->committed( 'events' ), $this->committed( 'deliveries' ), $this->bookings() ) );
	}

	public function testWhatIsRolledBackIsNotThere(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		$this->writer->append( $this->event(), array( 1 ) );
		$this->wpdb->query( 'ROLLBACK' );
		self::assertSame( array( 0, 0, 0 ), array( $this->committed( 'events' ), $this->committed( 'deliveries' ), $this->bookings() ) );
	}

	public function testATransactionLeftOpenLeavesNothing(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		$this->writer->append( $this->event(), array( 1 ) );
		$this->wpdb->close();
		$this->wpdb->db_connect( false );
		self::assertSame( array( 0, 0 ), array( $this->committed( 'events' ), $this->bookings() ) );
	}

	public function testASecondTransactionOfTheSameRequestIsAnotherOne(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$this->writer->append( $this->event( 1 ), array( 1 ) );
		$this->wpdb->query( 'ROLLBACK' );
		$this->wpdb->query( 'begin' );
		$this->writer->append( $this->event( 2 ), array( 1 ) );
		$this->wpdb->query( 'commit' );
		$this->writer->append( $this->event( 3 ), array( 1 ) );
		self::assertSame( 2, $this->committed( 'events' ) );
	}

	public function testASavepointOfTheCallerSurvives(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book( 'one' );
		$this->wpdb->query( 'SAVEPOINT theirs' );
		$this->book( 'two' );
		$this->writer->append( $this->event(), array( 1 ) );
		$this->wpdb->query( 'ROLLBACK TO SAVEPOINT theirs' );
		self::assertTrue( $this->booking->inTransaction() );
		$this->wpdb->query( 'COMMIT' );
		self::assertSame( array( 0, 1 ), array( $this->committed( 'events' ), $this->bookings() ) );
	}

	/** @dataProvider places */
	public function testWpdbIsAsItWas( bool $inside, bool $fails ): void {
		$this->wpdb->save_queries = true;
		if ( $inside ) {
			$this->wpdb->query( 'START TRANSACTION' );
		}
		$this->book();
		if ( $fails ) {
			$this->clinic( 'RENAME TABLE wp_kivihook_deliveries TO wp_kivihook_elsewhere' );
		}
		$id     = $this->wpdb->insert_id;
		$public = $this->fields();
		try {
			$this->writer->append( $this->event(), array( 1 ) );
			self::assertFalse( $fails );
		} catch ( DatabaseError $error ) {
			self::assertTrue( $fails );
			self::assertSame( 1146, $error->getCode() );
		} finally {
			if ( $fails ) {
				$this->own->run( 'RENAME TABLE wp_kivihook_elsewhere TO wp_kivihook_deliveries' );
			}
		}
		self::assertSame( 7001, $id );
		self::assertSame( $public, $this->fields() );
		self::assertSame( '7001', $this->wpdb->get_var( 'SELECT LAST_INSERT_ID()' ) );
		if ( $inside ) {
			$this->wpdb->query( 'COMMIT' );
		}
		self::assertSame( $fails ? 0 : 1, $this->committed( 'events' ) );
		self::assertSame( 1, $this->bookings() );
	}

	public static function places(): array {
		return array(
			'outside'          => array( false, false ),
			'inside'           => array( true, false ),
			'outside, failing' => array( false, true ),
			'inside, failing'  => array( true, true ),
		);
	}

	public function testConnectionKilledBeforeTheAppend(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		$this->killBooking();
		try {
			$this->writer->append( $this->event(), array( 1 ) );
			self::fail( 'It must not look as if the booking were there.' );
		} catch ( TransactionLost $lost ) {
			self::assertSame( array( 0, 0, 0 ), array( $this->committed( 'events' ), $this->committed( 'deliveries' ), $this->bookings() ) );
		}
	}

	public function testConnectionKilledAndSilentlyReopenedBeforeTheAppend(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book( 'lost' );
		$this->killBooking();
		$this->book( 'stands alone' ); // wpdb reconnects and repeats.
		self::assertSame( 1, $this->bookings() );
		self::assertTrue( $this->booking->inTransaction() );
		try {
			$this->writer->append( $this->event(), array( 1 ) );
			self::fail( 'A webhook for a booking that does not exist.' );
		} catch ( TransactionLost $lost ) {
			self::assertSame( 0, $this->committed( 'events' ) );
		}
		$this->wpdb->query( 'ROLLBACK' );
		$this->writer->append( $this->event( 2 ), array( 1 ) );
		self::assertSame( 1, $this->committed( 'events' ) );
	}

	public function testAStartOfTransactionThatReconnectedCounts(): void {
		$this->killBooking();
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		$this->writer->append( $this->event(), array( 1 ) );
		$this->wpdb->query( 'COMMIT' );
		self::assertSame( array( 1, 1 ), array( $this->committed( 'events' ), $this->bookings() ) );
	}

	public function testConnectionKilledOutsideATransactionLosesNothing(): void {
		$this->book();
		$this->killBooking();
		$this->writer->append( $this->event(), array( 1 ) );
		self::assertSame( array( 1, 1, 1 ), array( $this->committed( 'events' ), $this->committed( 'deliveries' ), $this->bookings() ) );
	}

	public function testATransactionThatNobodySawToBeginIsFound(): void {
		mysqli_query( $this->wpdb->dbh, 'START TRANSACTION' );
		$this->writer->append( $this->event(), array( 1 ) );
		self::assertSame( 0, $this->committed( 'events' ) );
		mysqli_query( $this->wpdb->dbh, 'ROLLBACK' );
		self::assertSame( 0, $this->committed( 'events' ) );
	}

	public function testWithoutAutocommitItGoesWithTheCallersCommit(): void {
		$this->wpdb->query( 'SET autocommit = 0' );
		$this->book();
		self::assertTrue( $this->booking->inTransaction() );
		$this->writer->append( $this->event(), array( 1 ) );
		self::assertSame( 0, $this->committed( 'events' ) );
		$this->wpdb->query( 'COMMIT' );
		self::assertSame( 1, $this->committed( 'events' ) );
		$this->wpdb->query( 'SET autocommit = 1' );
	}

	public function testATableThatIsMissingLeavesTheBookingAlone(): void {
		$this->schema->drop();
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		try {
			$this->writer->append( $this->event(), array( 1 ) );
			self::fail();
		} catch ( DatabaseError $error ) {
			self::assertSame( 1146, $error->getCode() );
		}
		$this->wpdb->query( 'COMMIT' );
		self::assertSame( 1, $this->bookings() );
	}

	public function testADeadlockOfTheCallersOwnIsNoticed(): void {
		$this->clinic( "INSERT INTO wp_kc_appointments (id, note) VALUES (1, 'a'), (2, 'b')" );
		// The other transaction has changed more, so that the booking's is the victim.
		mysqli_query( $this->other, 'START TRANSACTION' );
		mysqli_query( $this->other, 'CREATE TEMPORARY TABLE IF NOT EXISTS weight (id INT) ENGINE=InnoDB' );
		mysqli_query( $this->other, 'INSERT INTO weight VALUES (1), (2), (3), (4), (5), (6), (7), (8)' );
		mysqli_query( $this->other, "INSERT INTO wp_kc_appointments (id, note) VALUES (91, 'x'), (92, 'x'), (93, 'x'), (94, 'x')" );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book( 'with a deadlock' );
		mysqli_query( $this->other, "UPDATE wp_kc_appointments SET note = 'c' WHERE id = 1" );
		$this->wpdb->query( "UPDATE wp_kc_appointments SET note = 'd' WHERE id = 2" );
		mysqli_query( $this->other, "UPDATE wp_kc_appointments SET note = 'e' WHERE id = 2", MYSQLI_ASYNC );
		$this->wpdb->query( "UPDATE wp_kc_appointments SET note = 'f' WHERE id = 1" );
		mysqli_reap_async_query( $this->other );
		self::assertStringContainsString( 'Deadlock', $this->wpdb->last_error );
		try {
			$this->writer->append( $this->event(), array( 1 ) );
			self::fail( 'The booking is gone.' );
		} catch ( TransactionLost $lost ) {
			mysqli_query( $this->other, 'COMMIT' );
			self::assertSame( 0, $this->committed( 'events' ) );
		}
	}

	public function testADeadlockInTheAppendItselfIsNoticed(): void {
		// Nothing of ours can bring one about; a lock that an administrator took on our table and a row of the clinic can.
		$this->clinic( "INSERT INTO wp_kc_appointments (id, note) VALUES (1, 'a')" );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->wpdb->query( "UPDATE wp_kc_appointments SET note = 'mine' WHERE id = 1" );
		mysqli_query( $this->other, 'SET innodb_lock_wait_timeout = 20' );
		mysqli_query( $this->other, 'START TRANSACTION' );
		mysqli_query( $this->other, "INSERT INTO wp_kc_appointments (id, note) VALUES (91, 'x'), (92, 'x'), (93, 'x'), (94, 'x'), (95, 'x')" );
		mysqli_query( $this->other, 'SELECT * FROM wp_kivihook_events FOR UPDATE' ); // REPEATABLE READ: locks the gap.
		mysqli_query( $this->other, 'SELECT note FROM wp_kc_appointments WHERE id = 1 FOR UPDATE', MYSQLI_ASYNC );
		$this->untilBlocked( (int) mysqli_thread_id( $this->other ) );
		try {
			$this->writer->append( $this->event(), array( 1 ) );
			self::fail( 'The booking is gone.' );
		} catch ( TransactionLost $lost ) {
			mysqli_reap_async_query( $this->other );
			mysqli_query( $this->other, 'ROLLBACK' );
			self::assertSame( 0, $this->committed( 'events' ) );
		}
	}

	public function testALockThatIsNotGivenInTimeLeavesTheBookingAlone(): void {
		$this->wpdb->query( 'SET innodb_lock_wait_timeout = 1' );
		mysqli_query( $this->other, 'START TRANSACTION' );
		mysqli_query( $this->other, 'SELECT * FROM wp_kivihook_events FOR UPDATE' );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		try {
			$this->writer->append( $this->event(), array( 1 ) );
			self::fail();
		} catch ( DatabaseError $error ) {
			self::assertSame( DatabaseError::LOCK_WAIT, $error->getCode() );
		}
		$this->wpdb->query( 'COMMIT' );
		mysqli_query( $this->other, 'ROLLBACK' );
		$this->wpdb->query( 'SET innodb_lock_wait_timeout = 50' );
		self::assertSame( array( 0, 1 ), array( $this->committed( 'events' ), $this->bookings() ) );
	}

	public function testStatementsAreAsciiAndNothingIsStoredInTheClear(): void {
		$this->writer->append( $this->event(), array( 1 ) );
		$row = mysqli_query( $this->other, 'SELECT * FROM wp_kivihook_events' )->fetch_assoc();
		self::assertStringStartsWith( 'kh1:b' . gmdate( 'Ymd' ), $row['snapshot'] );
		self::assertStringNotContainsString( 'Neil', implode( ' ', array_map( 'strval', $row ) ) );
	}

	public function testLargeSnapshotsAreSplit(): void {
		$data = array( 'note' => bin2hex( random_bytes( 100_000 ) ) );
		$this->writer->append( $this->event( 1, $data ), array( 1 ) );
		self::assertGreaterThan( 2, $this->committed( 'event_parts' ) );
		self::assertSame( 0, $this->committed( 'event_parts', 'LENGTH(data) > ' . EventWriter::PART_BYTES ) );
		self::assertSame( 1, $this->committed( 'events', 'LENGTH(snapshot) = ' . EventWriter::PART_BYTES ) );
	}

	public function testWhatDoesNotFitIsRefusedBeforeAnythingIsWritten(): void {
		foreach ( array( array( 'type' => "x' OR 1" ), array( 'id' => 'no' ), array( 'timestamp' => 'now' ), array( 'data' => str_repeat( 'x', EventWriter::MAX_BYTES + 1 ) ) ) as $wrong ) {
			try {
				$this->writer->append( $wrong + $this->event(), array( 1 ) );
				self::fail();
			} catch ( DatabaseError $refused ) {
				self::assertSame( 0, $this->committed( 'events' ) );
			}
		}
	}

	public function testADirtyModeOfTheConnectionChangesNothing(): void {
		$this->wpdb->query( "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'" );
		mysqli_report( MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT );
		try {
			$this->writer->append( $this->event(), array( 1 ) );
		} finally {
			mysqli_report( MYSQLI_REPORT_OFF );
			$this->wpdb->query( "SET SESSION sql_mode = ''" );
		}
		self::assertSame( 1, $this->committed( 'deliveries' ) );
	}

	private function fields(): array {
		$fields = get_object_vars( $this->wpdb );
		unset( $fields['dbh'], $fields['result'] );
		return $fields;
	}

	private function untilBlocked( int $thread ): void {
		$watch = $this->connect();
		do {
			$blocked = mysqli_query( $watch, "SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = $thread AND trx_state = 'LOCK WAIT'" )->num_rows;
		} while ( 0 === $blocked );
		mysqli_close( $watch );
	}
}
