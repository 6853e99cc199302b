<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Reconciler;

use KiviHook\WordPress\Store\Clock;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Schema;

/**
 * What the reconciler knows: the state of every record as it was when somebody last heard of it, and what looks
 * different since when. On our own connection, which sees committed rows only.
 */
final class Watermarks {

	/** The state of a record that nobody has heard of yet. */
	public const UNKNOWN = '?';

	/** The kind of the rows that tell since when an event is looked for. */
	private const TYPES = 'type';

	private const BATCH = 500;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	public function table(): string {
		return $this->schema->table( 'marks' );
	}

	public function progress( string $kind ): ?Progress {
		$text = $this->db->value( "SELECT state FROM `{$this->table()}` WHERE kind = ? AND record = 0", array( $kind ) );
		return null === $text ? null : Progress::parse( $text );
	}

	public function keep( string $kind, Progress $progress ): void {
		$this->db->run(
			"INSERT INTO `{$this->table()}` (kind, record, state) VALUES (?, 0, ?)"
			. ' ON DUPLICATE KEY UPDATE state = VALUES(state)',
			array( $kind, $progress->text() )
		);
	}

	/**
	 * Since when each of these events is looked for, by type, in Unix ms; what is not wanted any more is forgotten.
	 *
	 * @param string[] $all
	 * @param string[] $wanted
	 * @return array<string, int>
	 */
	public function since( array $all, array $wanted ): array {
		$since = array();
		$names = array_combine( $all, array_map( 'crc32', $all ) );
		$rows  = $this->db->rows( "SELECT record, state FROM `{$this->table()}` WHERE kind = ? AND record IN (?)", array( self::TYPES, array_values( $names ) ) );
		$times = array_column( $rows, 'state', 'record' );
		$gone  = array();
		foreach ( $names as $type => $name ) {
			if ( isset( $times[ $name ] ) && in_array( $type, $wanted, true ) ) {
				$since[ $type ] = (int) $times[ $name ];
			} elseif ( isset( $times[ $name ] ) ) {
				$gone[] = $name;
			}
		}
		$this->remove( self::TYPES, $gone );
		return $since;
	}

	/**
	 * From now on these are looked for.
	 *
	 * @param string[] $types
	 */
	public function begin( array $types ): void {
		foreach ( $types as $type ) {
			$this->db->run(
				"INSERT IGNORE INTO `{$this->table()}` (kind, record, state) VALUES (?, ?, " . Clock::NOW_MS . ')',
				array( self::TYPES, crc32( $type ) )
			);
		}
	}

	/** Ends the look at a kind. */
	public function stop( string $kind ): void {
		$this->db->run( "DELETE FROM `{$this->table()}` WHERE kind = ? AND record = 0", array( $kind ) );
	}

	/** Removes some of what an earlier look left. Is there nothing left? */
	public function forgetSome( string $kind ): bool {
		$this->db->run(
			"DELETE FROM `{$this->table()}` WHERE kind = ? AND record > 0 ORDER BY record LIMIT " . self::BATCH,
			array( $kind )
		);
		return $this->db->affected() < self::BATCH;
	}

	/** @return array<int, array{state: string, suspect: ?string, age: int, since: int}> By record; the suspicion's age in seconds, its beginning in Unix ms. */
	public function between( string $kind, int $from, int $to ): array {
		$marks = array();
		foreach ( $this->db->rows(
			'SELECT record, state, suspect, TIMESTAMPDIFF(SECOND, since, UTC_TIMESTAMP(3)) AS age,'
			. ' CAST(UNIX_TIMESTAMP(since) * 1000 AS SIGNED) AS since'
			. " FROM `{$this->table()}` WHERE kind = ? AND record BETWEEN ? AND ?",
			array( $kind, max( 1, $from ), $to )
		) as $row ) {
			$marks[ (int) $row['record'] ] = array(
				'state'   => (string) $row['state'],
				'suspect' => $row['suspect'],
				'age'     => (int) $row['age'],
				'since'   => (int) $row['since'],
			);
		}
		return $marks;
	}

	/**
	 * Records that are seen for the first time: as they are, or as suspects.
	 *
	 * @param array<int, string> $states By record.
	 */
	public function add( string $kind, array $states, bool $suspect ): void {
		foreach ( array_chunk( $states, self::BATCH, true ) as $some ) {
			$values = array();
			foreach ( $some as $record => $state ) {
				array_push( $values, $kind, $record, $suspect ? self::UNKNOWN : $state, $suspect ? $state : null );
			}
			$row = '(?, ?, ?, ?, ' . ( $suspect ? 'UTC_TIMESTAMP(3)' : 'NULL' ) . ')';
			$this->db->run(
				"INSERT IGNORE INTO `{$this->table()}` (kind, record, state, suspect, since) VALUES "
				. implode( ', ', array_fill( 0, count( $some ), $row ) ),
				$values
			);
		}
	}

	/** It looks different; null: it looks as it did. */
	public function suspect( string $kind, int $record, ?string $state ): void {
		$this->db->run(
			"UPDATE `{$this->table()}` SET suspect = ?, since = IF(? IS NULL, NULL, UTC_TIMESTAMP(3))"
			. ' WHERE kind = ? AND record = ?',
			array( $state, $state, $kind, $record )
		);
	}

	/** It could not be told yet: again after a while. */
	public function postpone( string $kind, int $record ): void {
		$this->db->run( "UPDATE `{$this->table()}` SET since = UTC_TIMESTAMP(3) WHERE kind = ? AND record = ? AND suspect IS NOT NULL", array( $kind, $record ) );
	}

	/** @param int[] $records */
	public function remove( string $kind, array $records ): void {
		foreach ( array_chunk( $records, self::BATCH ) as $some ) {
			$this->db->run( "DELETE FROM `{$this->table()}` WHERE kind = ? AND record IN (?)", array( $kind, $some ) );
		}
	}

	/**
	 * Which events of records were told since a time.
	 *
	 * @param int[]    $records
	 * @param string[] $types
	 * @return array<int, string[]> Record => types.
	 */
	public function told( array $records, array $types, int $since ): array {
		$told = array();
		foreach ( $this->db->rows(
			"SELECT DISTINCT record_id, type FROM `{$this->schema->table( 'events' )}`"
			. ' WHERE created_at >= ? AND record_id IN (?) AND type IN (?)',
			array( gmdate( 'Y-m-d H:i:s', $since ), $records, $types )
		) as $row ) {
			$told[ (int) $row['record_id'] ][] = (string) $row['type'];
		}
		return $told;
	}
}
