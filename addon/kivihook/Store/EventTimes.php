<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** When events happened last, as far as they are still kept. */
final class EventTimes {

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * By type, ISO 8601 in UTC. One look into the index for each type, however many events there are.
	 *
	 * @return array<string, string>
	 * @throws DatabaseError
	 */
	public function last( ?string $type = null ): array {
		$table  = $this->schema->table( 'events' );
		$newest = $this->db->column(
			"SELECT MAX(sequence) FROM `$table`" . ( null === $type ? '' : ' WHERE type = ?' ) . ' GROUP BY type',
			null === $type ? array() : array( $type )
		);
		if ( ! $newest ) {
			return array();
		}
		$rows = $this->db->rows(
			"SELECT type, DATE_FORMAT(created_at, '%Y-%m-%dT%H:%i:%s.%f') AS at FROM `$table` WHERE sequence IN (?)",
			array( array_map( 'intval', $newest ) )
		);
		$last = array();
		foreach ( $rows as $row ) {
			$last[ (string) $row['type'] ] = substr( (string) $row['at'], 0, 23 ) . 'Z';
		}
		return $last;
	}
}
