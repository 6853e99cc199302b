<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Demand;
use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\Tests\Addon\Support\PrivateMariaDb;
use KiviHook\TransactionLost;

/** A server with settings that change the rules: binlog_format=STATEMENT, innodb_rollback_on_timeout, strict mode. */
final class ServerModesTest extends DatabaseTestCase {

	private static ?PrivateMariaDb $server = null;
	private static \wpdb $usual;

	public static function setUpBeforeClass(): void {
		self::$server = PrivateMariaDb::start( array( '--log-bin=binlog', '--binlog-format=STATEMENT', '--innodb-rollback-on-timeout=ON' ) );
		self::$usual  = $GLOBALS['wpdb'];
		$root         = mysqli_init();
		mysqli_real_connect( $root, null, 'root', '', null, null, self::$server->socket() );
		mysqli_query( $root, 'CREATE DATABASE `' . DB_NAME . '` CHARACTER SET utf8mb4' );
		if ( 'root' !== DB_USER ) {
			mysqli_query( $root, "GRANT ALL ON *.* TO '" . DB_USER . "'@'localhost' IDENTIFIED BY '" . mysqli_real_escape_string( $root, DB_PASSWORD ) . "'" );
		}
		mysqli_close( $root );
		$create = (string) self::$usual->get_row( 'SHOW CREATE TABLE wp_options', ARRAY_N )[1];
		$wpdb   = new \wpdb( DB_USER, DB_PASSWORD, DB_NAME, 'localhost:' . self::$server->socket() );
		$wpdb->set_prefix( 'wp_' );
		$wpdb->query( $create );
		$GLOBALS['wpdb'] = $wpdb;
		wp_cache_flush();
	}

	public static function tearDownAfterClass(): void {
		$GLOBALS['wpdb'] = self::$usual;
		wp_cache_flush();
		self::$server?->stop();
	}

	public function testStatementBinlogIsWrittenAtRepeatableReadAndByKey(): void {
		self::assertTrue( $this->own->statementBinlog() );
		self::assertSame( 'REPEATABLE-READ', $this->own->value( 'SELECT @@tx_isolation' ) );
		$webhook = $this->webhook();
		$store   = $this->store();
		foreach ( range( 1, 4 ) as $i ) {
			$this->writer->append( $this->event( $i ), array( $webhook->id ) );
		}
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		$this->writer->append( $this->event( 5 ), array( $webhook->id ) );
		$demand        = new Demand();
		$demand->limit = 3;
		$demand->owner = 'me';
		$leased        = $store->lease( $demand );
		self::assertCount( 3, $leased, implode( $this->lines ) );
		// Ours is open with its rows locked, and the booking goes on.
		$this->wpdb->query( 'SET innodb_lock_wait_timeout = 1' );
		$this->own->transaction(
			function () use ( $leased, $webhook ): void {
				$this->own->rows( 'SELECT id, state FROM wp_kivihook_deliveries FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE', array( array_column( $leased, 'id' ) ) );
				$this->writer->append( $this->event( 6 ), array( $webhook->id ) );
			}
		);
		self::assertSame( array(), $store->settle( 'me', array( array( 'id' => $leased[0]['id'], 'lease' => $leased[0]['lease'], 'webhook' => $webhook->id, 'attempt' => 1, 'state' => 'succeeded', 'trace' => array( 'status' => 200 ) ) ) ) );
		$store->release( 'me', array( $leased[1]['id'] ) );
		$this->wpdb->query( 'COMMIT' );
		self::assertSame( array( 6, 1 ), array( $this->committed( 'deliveries' ), $this->committed( 'deliveries', "state = 'succeeded'" ) ) );
		$this->router->route();
		$this->router->sweep();
		self::assertSame( array(), $this->lines );
	}

	public function testATimeoutThatRollsTheWholeBookingBackIsNoticed(): void {
		self::assertSame( '1', $this->own->value( 'SELECT @@innodb_rollback_on_timeout' ) );
		$this->wpdb->query( 'SET innodb_lock_wait_timeout = 1' );
		mysqli_query( $this->other, 'START TRANSACTION' );
		mysqli_query( $this->other, 'SELECT * FROM wp_kivihook_events FOR UPDATE' );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		try {
			$this->writer->append( $this->event(), array( 1 ) );
			self::fail( 'The booking is gone.' );
		} catch ( TransactionLost $lost ) {
			mysqli_query( $this->other, 'ROLLBACK' );
			$this->wpdb->query( 'COMMIT' );
			self::assertSame( array( 0, 0 ), array( $this->committed( 'events' ), $this->bookings() ) );
		}
	}
}
