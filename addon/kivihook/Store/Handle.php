<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * One mysqli connection, used directly: a dead one fails here instead of being reopened behind our back, and every
 * failure is a DatabaseError, whatever mysqli_report() other plugins chose.
 */
final class Handle {

	public function __construct( private \mysqli $mysqli ) {
	}

	/** @throws DatabaseError */
	public function run( string $sql ): \mysqli_result|bool {
		// phpcs:ignore WordPress.PHP.NoSilencedErrors -- "server has gone away" is also a PHP warning.
		return $this->guarded( fn (): \mysqli_result|bool => @mysqli_query( $this->mysqli, $sql ) );
	}

	/**
	 * @template T of \mysqli_result|bool
	 * @param callable(): T $work
	 * @return T
	 * @throws DatabaseError For false, and for whatever mysqli throws.
	 */
	private function guarded( callable $work ): \mysqli_result|bool {
		try {
			$result = $work();
		} catch ( \mysqli_sql_exception $error ) {
			throw new DatabaseError( $error->getMessage(), $error->getCode() );
		} catch ( \Error $error ) {
			// "mysqli object is already closed"
			throw new DatabaseError( $error->getMessage(), DatabaseError::GONE );
		}
		if ( false === $result ) {
			throw new DatabaseError( mysqli_error( $this->mysqli ), mysqli_errno( $this->mysqli ) );
		}
		return $result;
	}

	/** Sends a statement and does not wait for its end, which finish() has to read. False: this mysqli can't do that. @throws DatabaseError */
	public function begin( string $sql ): bool {
		if ( ! defined( 'MYSQLI_ASYNC' ) ) {
			return false; // Without mysqlnd.
		}
		// phpcs:ignore WordPress.PHP.NoSilencedErrors -- as in run().
		return $this->guarded( fn (): bool => (bool) @mysqli_query( $this->mysqli, $sql, MYSQLI_ASYNC ) );
	}

	/** Waits for what begin() sent. @throws DatabaseError */
	public function finish(): void {
		// phpcs:ignore WordPress.PHP.NoSilencedErrors -- as in run().
		$this->guarded( fn (): bool => false !== @mysqli_reap_async_query( $this->mysqli ) );
	}

	/** The first column of the first row, or null. */
	public function value( string $sql ): ?string {
		$result = $this->run( $sql );
		$row    = $result instanceof \mysqli_result ? $result->fetch_row() : null;
		return is_array( $row ) && null !== $row[0] ? Value::text( $row[0] ) : null;
	}

	/** What mysqli says the last statement generated; 0 after one that generated nothing. */
	public function insertId(): int {
		return (int) mysqli_insert_id( $this->mysqli );
	}

	public function affected(): int {
		return (int) mysqli_affected_rows( $this->mysqli );
	}

	/** The server's id of this connection, or null when mysqli was told to close it. Asks nobody. */
	public static function thread( mixed $mysqli ): ?int {
		try {
			return $mysqli instanceof \mysqli ? (int) mysqli_thread_id( $mysqli ) : null;
		} catch ( \Throwable $closed ) {
			return null;
		}
	}

	/** Quoted, for a connection whose character set was set with mysqli_set_charset(). */
	public function quote( string $text ): string {
		return "'" . mysqli_real_escape_string( $this->mysqli, $text ) . "'";
	}

	public function version(): string {
		return (string) mysqli_get_server_info( $this->mysqli );
	}

	public function close(): void {
		try {
			mysqli_close( $this->mysqli );
		} catch ( \Throwable $closed ) {
			return;
		}
	}
}
