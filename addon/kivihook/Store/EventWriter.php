<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\TransactionLost;
use KiviHook\WordPress\Seal\Keyring;

/**
 * Writes an event and its deliveries, both or neither, on the connection and in the transaction of whoever fired the
 * hook. Needs no extension.
 *
 * On the mysqli handle itself, because $wpdb reconnects silently and would then write a webhook for a booking that does
 * not exist; within a savepoint, so that a failure takes back our half only; with plain INSERTs of fresh keys, which
 * wait for nobody. $wpdb keeps its fields (insert_id, last_error, last_query, rows_affected, num_queries …), and the
 * connection keeps its LAST_INSERT_ID(). Only what mysqli itself says about its very last statement (mysqli_insert_id(),
 * mysqli_affected_rows()) is ours afterwards; wpdb reads those right after its own statements, and never later.
 *
 * @phpstan-import-type Event from \KiviHook\Store
 * @phpstan-type Row array{id: string, webhooks: list<int>, parts: list<string>, event: string}
 */
final class EventWriter {

	/** InnoDB aborts on larger values when the disk is full. */
	public const PART_BYTES = 32_768;
	/** Of the data as JSON. Far above what a request may carry; a snapshot beyond it is a mistake. */
	public const MAX_BYTES = 4_194_304;

	private const SAVEPOINT = 'kivihook_append';
	private const TRIES     = 3;

	public function __construct(
		private \wpdb $wpdb,
		private BookingTransaction $booking,
		private Connection $own,
		private Schema $schema,
		private Keyring $keyring
	) {
	}

	/**
	 * $event as in \KiviHook\Store::append(). $webhooks: ids; $routed: false keeps the event for the Router.
	 *
	 * @param Event $event
	 * @param int[] $webhooks
	 * @throws TransactionLost The caller's transaction is gone; nothing was written.
	 * @throws \KiviHook\Exception Nothing was written, the caller's transaction is as it was.
	 */
	public function append( array $event, array $webhooks, bool $routed = true ): void {
		if ( $this->booking->moved() ) {
			throw $this->lost();
		}
		$row    = $this->row( $event, $webhooks, $routed );
		$mysqli = $this->wpdb->dbh;
		if ( ! $mysqli instanceof \mysqli ) {
			if ( $this->booking->expected() ) {
				throw new DatabaseError( 'The database drop-in of this site hides its connection within a transaction.' );
			}
			$this->apart( $row );
			return;
		}
		$handle = new Handle( $mysqli );
		try {
			$open = BookingTransaction::isOpen( $handle );
		} catch ( DatabaseError $error ) {
			if ( $this->booking->expected() ) {
				throw $this->lost();
			}
			if ( ! $error->gone() ) {
				throw $error;
			}
			// Nothing was open, so what the caller wrote is committed: this belongs to it, over whatever connection.
			$this->apart( $row );
			return;
		}
		if ( $open ) {
			$this->inside( $handle, $row );
		} elseif ( $this->booking->begun() ) {
			throw $this->lost(); // A deadlock, for example, has undone it without a word.
		} else {
			$this->outside( $handle, $row );
		}
	}

	/** @param Row $row */
	private function inside( Handle $handle, array $row ): void {
		$last = null;
		try {
			$handle->run( 'SAVEPOINT ' . self::SAVEPOINT );
			$last = (int) $handle->value( 'SELECT LAST_INSERT_ID()' );
			$this->write( $handle, $row );
			self::remember( $handle, $last );
			$handle->run( 'RELEASE SAVEPOINT ' . self::SAVEPOINT );
		} catch ( DatabaseError $error ) {
			try {
				$handle->run( 'ROLLBACK TO SAVEPOINT ' . self::SAVEPOINT );
				$handle->run( 'RELEASE SAVEPOINT ' . self::SAVEPOINT );
				self::remember( $handle, $last );
			} catch ( DatabaseError $nothing ) {
				// No savepoint left means no transaction left: 1213, 1205 with innodb_rollback_on_timeout, a lost connection.
				throw $this->lost();
			}
			throw $error;
		}
	}

	/** @param Row $row */
	private function outside( Handle $handle, array $row ): void {
		$last = null;
		for ( $try = 1; ; $try++ ) {
			try {
				$last = (int) $handle->value( 'SELECT LAST_INSERT_ID()' );
				$handle->run( 'START TRANSACTION' );
				$this->write( $handle, $row );
				self::remember( $handle, $last );
				$handle->run( 'COMMIT' );
				return;
			} catch ( DatabaseError $error ) {
				if ( $error->gone() ) {
					$this->apart( $row );
					return;
				}
				$handle->run( 'ROLLBACK' );
				self::remember( $handle, $last );
				// Not after 1205: nobody at a front desk waits for a lock a second time.
				if ( DatabaseError::DEADLOCK !== $error->getCode() || $try >= self::TRIES ) {
					throw $error;
				}
			}
		}
	}

	/**
	 * On our own connection. An append whose COMMIT went through and whose answer was lost is not repeated.
	 *
	 * @param Row $row
	 */
	private function apart( array $row ): void {
		$this->own->transaction(
			function () use ( $row ): void {
				$known = "SELECT 1 FROM `{$this->schema->table( 'events' )}` WHERE id = '{$row['id']}'";
				if ( null === $this->own->value( $known ) ) {
					$this->own->on( fn ( Handle $handle ) => $this->write( $handle, $row ) );
				}
			}
		);
	}

	/** LAST_INSERT_ID() as the caller's last INSERT left it. */
	private static function remember( Handle $handle, ?int $last ): void {
		if ( null !== $last ) {
			$handle->run( "DO LAST_INSERT_ID($last)" );
		}
	}

	/** @param Row $row */
	private function write( Handle $handle, array $row ): void {
		$handle->run( "INSERT INTO `{$this->schema->table( 'events' )}` {$row['event']}" );
		$sequence = $handle->insertId();
		foreach ( $row['parts'] as $number => $part ) {
			$handle->run(
				"INSERT INTO `{$this->schema->table( 'event_parts' )}` (event, part, data)"
				. " VALUES ($sequence, " . ( $number + 1 ) . ", $part)"
			);
		}
		if ( $row['webhooks'] ) {
			$handle->run(
				"INSERT INTO `{$this->schema->table( 'deliveries' )}`"
				. ' (event, webhook, state, due_at, created_at, updated_at) VALUES '
				. implode(
					', ',
					array_map(
						fn ( int $webhook ): string
							=> "($sequence, $webhook, 'pending', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))",
						$row['webhooks']
					)
				)
			);
		}
	}

	/**
	 * The statements' variable parts, ASCII only and of checked length: $wpdb's connection is not strict and would cut
	 * without a word.
	 *
	 * @param Event $event
	 * @param int[] $webhooks
	 * @return Row
	 */
	private function row( array $event, array $webhooks, bool $routed ): array {
		$id   = (string) ( $event['id'] ?? '' );
		$type = (string) ( $event['type'] ?? '' );
		$time = (string) ( $event['timestamp'] ?? '' );
		if ( 1 !== preg_match( '/\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z/', $id )
			|| 1 !== preg_match( '/\A[A-Za-z0-9_.:-]{1,64}\z/', $type )
			|| 1 !== preg_match( '/\A(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d\.\d{3})Z\z/', $time, $at ) ) {
			throw new DatabaseError( 'An event needs a UUID, a type of 1 to 64 letters, digits or _.:-, and a UTC time.' );
		}
		$webhooks = array_values( array_unique( array_filter( array_map( 'intval', $webhooks ), fn ( $one ) => $one > 0 ) ) );
		sort( $webhooks );
		$parts = str_split( $this->sealed( $id, (string) ( $event['data'] ?? '{}' ) ), self::PART_BYTES );
		$parts = array_map( fn ( string $part ): string => "x'" . bin2hex( $part ) . "'", $parts );
		$first = array_shift( $parts );
		// Few events have an end; the others fit into the tables of an older version as well.
		$ends  = self::second( $event['expires_at'] ?? null );
		return array(
			'id'       => $id,
			'webhooks' => $webhooks,
			'parts'    => $parts,
			'event'    => '(id, type, record_id, clinic_ids, patient_id, doctor_id, created_at, webhooks, routed, parts, snapshot'
				. ( null === $ends ? '' : ', expires_at' ) . ') VALUES ('
				. implode(
					', ',
					array(
						"'$id'",
						"'$type'",
						self::id( $event['record_id'] ?? null ),
						"'" . self::ids( (array) ( $event['clinic_ids'] ?? array() ), 191 ) . "'",
						self::id( $event['patient_id'] ?? null ),
						self::id( $event['doctor_id'] ?? null ),
						"'{$at[1]} {$at[2]}'",
						"'" . self::ids( $webhooks, 1024 ) . "'",
						$routed ? '1' : '0',
						(string) count( $parts ),
						$first,
					)
				)
				. ( null === $ends ? '' : ", $ends" ) . ')',
		);
	}

	private function sealed( string $id, string $json ): string {
		if ( strlen( $json ) > self::MAX_BYTES ) {
			throw new DatabaseError( 'An event with more than 4 MiB of data is not kept.' );
		}
		return $this->keyring->sealBody( Pack::pack( $json ), $this->keyring->context( 'events', $id, 'snapshot' ) );
	}

	private static function second( mixed $time ): ?string {
		return is_string( $time ) && 1 === preg_match( '/\A(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z\z/', $time, $at ) ? "'{$at[1]} {$at[2]}'" : null;
	}

	private static function id( mixed $id ): string {
		return is_numeric( $id ) && (int) $id > 0 ? (string) (int) $id : 'NULL';
	}

	/**
	 * As many whole ids as fit.
	 *
	 * @param int[] $ids
	 */
	private static function ids( array $ids, int $max ): string {
		$list = implode( ',', array_map( 'intval', $ids ) );
		return strlen( $list ) <= $max ? $list : (string) substr( $list, 0, (int) strrpos( substr( $list, 0, $max ), ',' ) );
	}

	private function lost(): TransactionLost {
		return new TransactionLost(
			'The database transaction of this request was lost before its event could be kept. Nothing was sent; try again.'
		);
	}
}
