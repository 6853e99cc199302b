<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Seal\Keyring;

/**
 * Removes what is old, in bounded batches by primary key. Snapshots and logged bodies go 7 days after the last delivery of
 * their event ended, rows after a year. What still waits after 30 days is given up as `expired`.
 */
final class Retention {

	public const BODY_DAYS    = 7;
	public const WAITING_DAYS = 30;
	public const ROW_DAYS     = 365;
	/** A shared token that nobody replaced for so long belongs to a webhook that is gone. */
	public const TOKEN_DAYS   = 90;

	private const BATCH = 500;

	public function __construct( private Connection $db, private Schema $schema, private Problems $problems ) {
	}

	/** One bounded round. @throws DatabaseError */
	public function run(): void {
		$this->expire();
		$this->emptyEvents();
		$this->emptyAttempts();
		$this->removeRows();
		$this->removeKeys();
	}

	private function expire(): void {
		$ids = $this->numbers(
			"SELECT d.id FROM `{$this->schema->table( 'events' )}` e JOIN `{$this->schema->table( 'deliveries' )}` d"
			. ' ON d.event = e.sequence WHERE e.created_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY AND e.snapshot IS NOT NULL'
			. " AND d.state IN ('pending', 'leased', 'held') ORDER BY d.id LIMIT " . self::BATCH,
			array( self::WAITING_DAYS )
		);
		if ( $ids ) {
			$this->db->run(
				"UPDATE `{$this->schema->table( 'deliveries' )}` FORCE INDEX (PRIMARY)"
				. " SET state = 'expired', due_at = NULL, lease = NULL, last_error = ?, updated_at = UTC_TIMESTAMP(3)"
				. " WHERE id IN (?) AND state IN ('pending', 'leased', 'held')",
				array( Reasons::EXPIRED, $ids )
			);
			$this->problems->add( 'expired', count( $ids ) . ' deliveries were given up after ' . self::WAITING_DAYS . ' days.' );
		}
		// Kept without the extension, and it never came back.
		$ids = $this->numbers(
			"SELECT sequence FROM `{$this->schema->table( 'events' )}` WHERE routed = 0"
			. ' AND created_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY ORDER BY sequence LIMIT ' . self::BATCH,
			array( self::WAITING_DAYS )
		);
		if ( $ids ) {
			$this->db->run(
				"UPDATE `{$this->schema->table( 'events' )}` FORCE INDEX (PRIMARY) SET routed = 1 WHERE sequence IN (?)",
				array( $ids )
			);
		}
	}

	private function emptyEvents(): void {
		$events = $this->schema->table( 'events' );
		$ids    = $this->numbers(
			"SELECT e.sequence FROM `$events` e WHERE e.created_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
			. ' AND e.snapshot IS NOT NULL AND e.routed = 1 AND NOT EXISTS'
			. " (SELECT 1 FROM `{$this->schema->table( 'deliveries' )}` d WHERE d.event = e.sequence"
			. "  AND (d.state IN ('pending', 'leased', 'held') OR d.updated_at > UTC_TIMESTAMP(3) - INTERVAL ? DAY))"
			. ' ORDER BY e.sequence LIMIT ' . self::BATCH,
			array( self::BODY_DAYS, self::BODY_DAYS )
		);
		if ( $ids ) {
			$this->db->run( "DELETE FROM `{$this->schema->table( 'event_parts' )}` WHERE event IN (?)", array( $ids ) );
			$this->db->run( "UPDATE `$events` FORCE INDEX (PRIMARY) SET snapshot = NULL WHERE sequence IN (?)", array( $ids ) );
		}
	}

	private function emptyAttempts(): void {
		$table = $this->schema->table( 'attempts' );
		$ids   = $this->numbers(
			"SELECT id FROM `$table` WHERE started_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY AND trace IS NOT NULL"
			. ' ORDER BY id LIMIT ' . self::BATCH,
			array( self::BODY_DAYS )
		);
		if ( $ids ) {
			$this->db->run( "UPDATE `$table` SET trace = NULL WHERE id IN (?)", array( $ids ) );
		}
	}

	private function removeRows(): void {
		$this->db->run(
			"DELETE FROM `{$this->schema->table( 'attempts' )}` WHERE started_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
			. ' ORDER BY started_at LIMIT ' . self::BATCH,
			array( self::ROW_DAYS )
		);
		$this->db->run(
			"DELETE FROM `{$this->schema->table( 'statistics' )}` WHERE hour < UTC_TIMESTAMP() - INTERVAL ? DAY"
			. ' ORDER BY webhook, hour LIMIT ' . self::BATCH,
			array( self::ROW_DAYS )
		);
		$this->db->run(
			"DELETE FROM `{$this->schema->table( 'tokens' )}` WHERE written_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
			. ' ORDER BY written_at LIMIT ' . self::BATCH,
			array( self::TOKEN_DAYS )
		);
		$ids = $this->numbers(
			"SELECT sequence FROM `{$this->schema->table( 'events' )}` WHERE created_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
			. ' AND snapshot IS NULL ORDER BY sequence LIMIT ' . self::BATCH,
			array( self::ROW_DAYS )
		);
		if ( $ids ) {
			// The event first: the sweep must not find one without deliveries.
			$this->remove( 'events', 'sequence', $ids );
			$sql = "SELECT id FROM `{$this->schema->table( 'deliveries' )}` WHERE event IN (?) ORDER BY id";
			foreach ( array_chunk( $this->numbers( $sql, array( $ids ) ), self::BATCH ) as $some ) {
				$this->remove( 'deliveries', 'id', $some );
			}
		}
	}

	/** @param int[] $ids of the primary key */
	private function remove( string $table, string $key, array $ids ): void {
		$this->db->run(
			"DELETE old FROM `{$this->schema->table( $table )}` old FORCE INDEX (PRIMARY) WHERE $key IN (?)",
			array( $ids )
		);
	}

	/** A day's key goes when nothing that it could have sealed is left. It may have stood in for some days (Keyring). */
	private function removeKeys(): void {
		$margin = Keyring::STAND_IN_DAYS + 1;
		$keys   = $this->schema->table( 'keys' );
		$oldest = $this->db->value(
			'SELECT MIN(at) FROM (SELECT MIN(created_at) AS at'
			. " FROM `{$this->schema->table( 'events' )}` WHERE snapshot IS NOT NULL UNION ALL SELECT MIN(started_at)"
			. " FROM `{$this->schema->table( 'attempts' )}` WHERE trace IS NOT NULL) AS sealed"
		);
		$this->db->run(
			"DELETE FROM `$keys` WHERE purpose = 'bodies' AND created_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
			. ' AND created_at < COALESCE(?, UTC_TIMESTAMP(3)) - INTERVAL ? DAY ORDER BY id LIMIT ' . self::BATCH,
			array( self::BODY_DAYS + $margin, $oldest, $margin )
		);
	}

	/** @return int[] */
	private function numbers( string $sql, array $values ): array {
		return array_map( 'intval', $this->db->column( $sql, $values ) );
	}
}
