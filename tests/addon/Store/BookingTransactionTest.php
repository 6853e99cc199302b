<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\BookingTransaction;
use KiviHook\WordPress\Store\Handle;

/** What is followed must be what the server says, whatever was run. */
final class BookingTransactionTest extends DatabaseTestCase {

	/** @dataProvider stories */
	public function testAgreesWithTheServer( string ...$statements ): void {
		$this->clinic( 'CREATE TABLE IF NOT EXISTS wp_story (id INT PRIMARY KEY) ENGINE=InnoDB' );
		foreach ( $statements as $statement ) {
			$this->wpdb->query( $statement );
			self::assertSame( '', $this->wpdb->last_error );
			$server = BookingTransaction::isOpen( new Handle( $this->wpdb->dbh ) );
			self::assertSame( $server, $this->booking->inTransaction(), $statement );
		}
		$this->wpdb->query( 'SET autocommit = 1' );
		$this->wpdb->query( 'DROP TABLE IF EXISTS wp_story' );
	}

	public static function stories(): array {
		$stories = array(
			array( 'START TRANSACTION', 'COMMIT' ),
			array( "\n\t start  transaction read write", 'rollback work' ),
			array( 'BEGIN WORK', 'SELECT 1', 'COMMIT AND CHAIN', 'ROLLBACK AND CHAIN', 'ROLLBACK' ),
			array( '/* app */ BEGIN', 'SAVEPOINT a', 'ROLLBACK TO a', 'ROLLBACK WORK TO SAVEPOINT a', 'RELEASE SAVEPOINT a', 'COMMIT' ),
			array( 'BEGIN', 'CREATE TEMPORARY TABLE wp_story_t (id INT)', 'DROP TEMPORARY TABLE wp_story_t', 'COMMIT' ),
			array( 'BEGIN', 'ALTER TABLE wp_story ADD COLUMN x INT' ),
			array( 'BEGIN', 'TRUNCATE wp_story' ),
			array( 'BEGIN', 'CREATE TABLE IF NOT EXISTS wp_story (id INT)' ),
			array( 'BEGIN', 'DROP TABLE wp_story' ),
			array( 'BEGIN', 'LOCK TABLES wp_story WRITE', 'UNLOCK TABLES' ),
			array( 'BEGIN', 'ANALYZE TABLE wp_story' ),
			array( 'BEGIN', 'SET @start = 1', "INSERT INTO wp_story VALUES (1)", "SET NAMES utf8mb4", 'COMMIT' ),
			array( 'SET autocommit = 0', 'INSERT INTO wp_story VALUES (1)', 'SET SESSION autocommit=ON' ),
			array( 'BEGIN', 'BEGIN', 'ROLLBACK', 'ROLLBACK' ),
			array( 'SELECT "START TRANSACTION"', "UPDATE wp_story SET id = 2 WHERE 'COMMIT' = ''" ),
		);
		return array_combine( array_map( fn ( array $one ): string => implode( '; ', array_map( 'trim', $one ) ), $stories ), $stories );
	}

	public function testKnowsAfterwardsThatATransactionEndedOnAnotherConnection(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$this->wpdb->query( 'COMMIT' );
		$this->kill( (int) $this->wpdb->get_var( 'SELECT CONNECTION_ID()' ) );
		$this->wpdb->query( 'SELECT 1' );
		self::assertFalse( $this->booking->wasLost(), 'the connection went after the transaction' );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->kill( (int) $this->wpdb->get_var( 'SELECT CONNECTION_ID()' ) );
		self::assertNotFalse( $this->wpdb->query( 'COMMIT' ), 'wpdb reopens, and commits nothing' );
		self::assertFalse( $this->booking->expected() );
		self::assertTrue( $this->booking->wasLost() );
	}

	public function testAsksNothingWhereNothingBegan(): void {
		$before = $this->wpdb->get_row( "SHOW SESSION STATUS LIKE 'Questions'" )->Value;
		self::assertFalse( $this->booking->inTransaction() );
		self::assertFalse( $this->booking->moved() );
		self::assertSame( (int) $before + 1, (int) $this->wpdb->get_row( "SHOW SESSION STATUS LIKE 'Questions'" )->Value );
	}
}
