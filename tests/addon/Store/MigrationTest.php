<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Migration;
use KiviHook\WordPress\Store\Schema;

/** Tables of older versions become today's without losing a row, without copying, and without making a booking wait. */
final class MigrationTest extends DatabaseTestCase {

	/** @dataProvider olderSchemas */
	public function testOlderTablesBecomeTodaysAndKeepTheirRows( int $version ): void {
		$fresh = $this->shape();
		$this->schema->drop();
		$this->load( $version );
		$this->clinic(
			"INSERT INTO wp_kivihook_webhooks (uid, name, active, version, config, secrets, created_at, updated_at)"
			. " VALUES ('u', 'Lab', 1, 4, '{}', '', '2026-01-01', '2026-01-02')"
		);
		$this->clinic(
			"INSERT INTO wp_kivihook_statistics (webhook, hour, succeeded, failed, retried, total_us) VALUES (1, '2026-01-01', 5, 1, 2, 900)"
		);
		self::assertFalse( $this->schema->installed() );

		$this->schema->create();

		self::assertTrue( $this->schema->installed() );
		$shape = $this->shape();
		self::assertSame( array(), array_values( array_diff( $fresh, $shape ) ), 'nothing is missing' );
		foreach ( array_diff( $shape, $fresh ) as $more ) {
			self::assertMatchesRegularExpression( '/ \d+ \w+ 1$/', $more, 'an index that only the older version used stays' );
		}
		self::assertSame( 1, $this->committed( 'webhooks', "name = 'Lab' AND version = 4" ) );
		self::assertSame( 1, $this->committed( 'statistics', 'succeeded = 5 AND total_us = 900' ) );
		$this->schema->create();
		self::assertEquals( $shape, $this->shape(), 'a second time changes nothing' );
	}

	public static function olderSchemas(): array {
		return array( array( 1 ), array( 2 ) );
	}

	public function testAddsWhatIsMissingAndWidensTextsAndTakesNothingAway(): void {
		$this->clinic( 'CREATE TABLE wp_old (id INT PRIMARY KEY, name VARCHAR(10) NOT NULL, extra INT NULL, KEY seen (extra)) ENGINE=InnoDB' );
		$this->clinic( "INSERT INTO wp_old VALUES (1, 'abc', 7)" );
		try {
			$wanted = "id INT PRIMARY KEY,\n name VARCHAR(20) NOT NULL,\n amount DECIMAL(10,2) NOT NULL DEFAULT 1.50,\n"
				. " seen DATETIME(3) NULL,\n PRIMARY KEY (id), KEY name (name, seen), KEY seen (seen)";
			( new Migration( $this->own ) )->complete( 'wp_old', $wanted );
			$row = mysqli_query( $this->other, 'SELECT * FROM wp_old FORCE INDEX (seen)' )->fetch_assoc();
			self::assertSame( array( 'id' => '1', 'name' => 'abc', 'extra' => '7', 'amount' => '1.50', 'seen' => null ), $row );
			$this->clinic( "UPDATE wp_old SET name = '12345678901234567890'" );
			self::assertSame( '2', $this->own->value( 'SELECT @@SESSION.lock_wait_timeout' ), 'the connection is as it was' );
		} finally {
			$this->clinic( 'DROP TABLE wp_old' );
		}
	}

	public function testAnIndexThatIsMissingAfterHalfOfAMigrationIsMade(): void {
		$fresh = $this->shape();
		$this->clinic( 'ALTER TABLE wp_kivihook_deliveries DROP COLUMN resends, DROP INDEX due' );
		$this->clinic( 'ALTER TABLE wp_kivihook_deliveries ADD COLUMN resends SMALLINT UNSIGNED NOT NULL DEFAULT 0' );
		$this->schema->create();
		self::assertEquals( $fresh, $this->shape() );
	}

	public function testAnOpenBookingIsNotDisturbedAndTheChangeIsMadeLater(): void {
		$this->clinic( 'ALTER TABLE wp_kivihook_events DROP COLUMN doctor_id' );
		$this->options->put( Schema::OPTION, 1 );
		mysqli_query( $this->other, 'START TRANSACTION' );
		mysqli_query( $this->other, 'SELECT COUNT(*) FROM wp_kivihook_events' );
		$began = hrtime( true );
		try {
			$this->schema->create();
			self::fail( 'the open transaction was overrun' );
		} catch ( DatabaseError $error ) {
			self::assertSame( DatabaseError::LOCK_WAIT, $error->getCode() );
		}
		self::assertLessThan( 30, ( hrtime( true ) - $began ) / 1e9, 'one second, and what a busy machine adds' );
		self::assertFalse( $this->schema->installed(), 'so the schedule comes back to it' );
		mysqli_query( $this->other, 'COMMIT' );
		$this->schema->create();
		self::assertTrue( $this->schema->installed() );
		self::assertSame( 0, $this->committed( 'events', 'doctor_id IS NOT NULL' ) );
	}

	public function testTablesOfANewerVersionAreNotTouched(): void {
		$this->clinic( 'ALTER TABLE wp_kivihook_events DROP INDEX routed' );
		$this->options->put( Schema::OPTION, Schema::VERSION + 1 );
		$before = $this->shape();
		self::assertTrue( $this->schema->newer() );
		self::assertFalse( $this->schema->installed() );
		try {
			$this->schema->create();
			self::fail( 'it touched them' );
		} catch ( DatabaseError $error ) {
			self::assertStringContainsString( 'newer version', $error->getMessage() );
		}
		self::assertEquals( $before, $this->shape() );
		self::assertSame( (string) ( Schema::VERSION + 1 ), (string) $this->options->fresh( Schema::OPTION ) );
	}

	public function testDropRemovesEveryTableOfThisSiteAndNoneOfAnother(): void {
		foreach ( array( 'wp_kivihook_of_the_future', 'wp_2_kivihook_events', 'wp_kivihookish' ) as $table ) {
			$this->clinic( "CREATE TABLE $table (id INT)" );
		}
		try {
			$this->schema->drop();
			self::assertSame( 0, mysqli_query( $this->other, "SHOW TABLES LIKE 'wp\\_kivihook\\_%'" )->num_rows );
			self::assertSame( 1, mysqli_query( $this->other, "SHOW TABLES LIKE 'wp\\_2\\_kivihook\\_events'" )->num_rows );
			self::assertSame( 1, mysqli_query( $this->other, "SHOW TABLES LIKE 'wp\\_kivihookish'" )->num_rows );
		} finally {
			$this->clinic( 'DROP TABLE IF EXISTS wp_kivihook_of_the_future, wp_2_kivihook_events, wp_kivihookish' );
		}
	}

	/** What the server says about our columns and indices, without their order. */
	private function shape(): array {
		$sql = array(
			"SELECT CONCAT_WS(' ', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, COLLATION_NAME, EXTRA)"
				. " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'wp\\_kivihook\\_%'",
			"SELECT CONCAT_WS(' ', TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE) FROM information_schema.STATISTICS"
				. " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'wp\\_kivihook\\_%'",
		);
		$all = array_merge( ...array_map( fn ( string $one ): array => array_column( mysqli_query( $this->other, $one )->fetch_all(), 0 ), $sql ) );
		sort( $all );
		return $all;
	}

	/** The tables as an older version left them. */
	private function load( int $version ): void {
		$sql = (string) file_get_contents( dirname( __DIR__, 2 ) . "/fixtures/schemas/$version.sql" );
		foreach ( explode( ";\n", str_replace( 'PREFIX', 'wp_', (string) preg_replace( '/^--.*\n/m', '', $sql ) ) ) as $statement ) {
			if ( '' !== trim( $statement ) ) {
				$this->clinic( $statement );
			}
		}
		$this->options->put( Schema::OPTION, $version );
	}
}
