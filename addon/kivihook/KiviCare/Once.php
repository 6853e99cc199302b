<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Store\BookingTransaction;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Handle;
use KiviHook\WordPress\Store\Schema;

/**
 * Tells a thing once, however many requests, schedules and machines know of it. Its name is a primary key, which is
 * written in the same transaction as the event: both or neither. Who comes second waits for the first to commit, finds
 * the name taken, and tells nothing. Never within a booking: nothing there has a name.
 */
final class Once {

	public function __construct( private \wpdb $wpdb, private Schema $schema ) {
	}

	/**
	 * @param string[]                 $names Each up to 96 ASCII characters.
	 * @param callable(string[]): bool $tell  Gets those that nobody has told yet; is not called when there are none. With
	 *                                        false or an exception the names are free again.
	 */
	public function tell( array $names, callable $tell ): void {
		$mine = ! $this->isOpen();
		if ( $mine ) {
			$this->run( 'START TRANSACTION' );
		}
		try {
			sort( $names ); // In one order everywhere, so that two who want the same wait, and never for each other.
			$free = array_values( array_filter( $names, fn ( string $name ): bool => $this->take( $name ) ) );
			$kept = array() !== $free && $tell( $free );
			if ( $mine ) {
				$this->run( $kept ? 'COMMIT' : 'ROLLBACK' );
			}
		} catch ( \Throwable $error ) {
			if ( $mine ) {
				$this->wpdb->query( 'ROLLBACK' );
			}
			throw $error;
		}
	}

	private function take( string $name ): bool {
		return 1 === $this->run(
			$this->wpdb->prepare(
				"INSERT IGNORE INTO `{$this->schema->table( 'told' )}` (name, told_at) VALUES (%s, UTC_TIMESTAMP(3))",
				$name
			)
		);
	}

	private function isOpen(): bool {
		$mysqli = $this->wpdb->dbh;
		return $mysqli instanceof \mysqli && BookingTransaction::isOpen( new Handle( $mysqli ) );
	}

	/** Through $wpdb, whose `query` filter is how the rest of us knows of the transaction. */
	private function run( string $sql ): int {
		$silent = $this->wpdb->suppress_errors( true );
		$done   = $this->wpdb->query( $sql );
		$this->wpdb->suppress_errors( $silent );
		if ( false === $done ) {
			throw new DatabaseError( (string) $this->wpdb->last_error );
		}
		return (int) $done;
	}
}
