<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Schema;

/** Where scheduled looks have got to, what they counted, and what was told by name. On our own connection. */
final class Marks {

	private const TOLD_DAYS = 90;
	private const BATCH     = 500;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * Moves a mark on, never back. Gives where it was; null, if it is new, or somebody else has moved it meanwhile.
	 *
	 * @throws DatabaseError
	 */
	public function advance( string $kind, int $to ): ?int {
		$table = $this->schema->table( 'marks' );
		$last  = $this->db->value( "SELECT state FROM `$table` WHERE kind = ? AND record = 0", array( $kind ) );
		if ( null === $last ) {
			$this->db->run( "INSERT IGNORE INTO `$table` (kind, record, state) VALUES (?, 0, ?)", array( $kind, $to ) );
			return null;
		}
		if ( (int) $last >= $to ) {
			return null;
		}
		$this->db->run(
			"UPDATE `$table` SET state = ? WHERE kind = ? AND record = 0 AND state = ?",
			array( (string) $to, $kind, $last )
		);
		return 1 === $this->db->affected() ? (int) $last : null;
	}

	/** @throws DatabaseError */
	public function forget( string $kind ): void {
		$this->db->run( "DELETE FROM `{$this->schema->table( 'marks' )}` WHERE kind = ? AND record = 0", array( $kind ) );
	}

	/**
	 * Adds one to the counter of each.
	 *
	 * @param int[] $records
	 * @throws DatabaseError
	 */
	public function count( string $kind, array $records ): void {
		sort( $records );
		foreach ( $records as $record ) {
			$this->db->run(
				"INSERT INTO `{$this->schema->table( 'marks' )}` (kind, record, state) VALUES (?, ?, '1')"
				. ' ON DUPLICATE KEY UPDATE state = state + 1',
				array( $kind, $record )
			);
		}
	}

	/** @return array<int, int> Record => counter. @throws DatabaseError */
	public function counted( string $kind ): array {
		$sql = "SELECT record, state FROM `{$this->schema->table( 'marks' )}` WHERE kind = ? ORDER BY record";
		return array_map( 'intval', array_column( $this->db->rows( $sql, array( $kind ) ), 'state', 'record' ) );
	}

	/**
	 * Those of the names that were told. See Once.
	 *
	 * @param string[] $names
	 * @return string[]
	 * @throws DatabaseError
	 */
	public function told( array $names ): array {
		$sql = "SELECT name FROM `{$this->schema->table( 'told' )}` WHERE name IN (?)";
		return array() === $names ? array() : array_map( 'strval', $this->db->column( $sql, array( $names ) ) );
	}

	/** Names that nobody can want to use again. @throws DatabaseError */
	public function clean(): void {
		$table = $this->schema->table( 'told' );
		$old   = $this->db->column(
			"SELECT name FROM `$table` WHERE told_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY ORDER BY name LIMIT ?",
			array( self::TOLD_DAYS, self::BATCH )
		);
		if ( $old ) {
			$this->db->run( "DELETE FROM `$table` WHERE name IN (?)", array( $old ) );
		}
	}
}
