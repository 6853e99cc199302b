<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Exception;
use KiviHook\WordPress\Seal\Keyring;

/**
 * Events as they were kept, opened.
 *
 * @phpstan-type Snapshot array{id: string, type: string, record_id: int|null, timestamp: string, ends: string|null, late: bool, data?: string, why?: string}
 */
final class Snapshots {

	public function __construct( private Connection $db, private Schema $schema, private Keyring $keyring ) {
	}

	/**
	 * @param int[] $sequences
	 * @return array<int, Snapshot> sequence => id, type, record_id, timestamp, ends (UTC, 'Y-m-d H:i:s', or null), late (bool:
	 *                           that has passed), and data (JSON) or why (one of Reasons)
	 * @throws DatabaseError
	 */
	public function read( array $sequences ): array {
		$sequences = array_values( array_unique( array_map( 'intval', $sequences ) ) );
		sort( $sequences );
		if ( ! $sequences ) {
			return array();
		}
		$events = array();
		$rows   = $this->db->rows(
			"SELECT sequence, id, type, record_id, DATE_FORMAT(created_at, '%Y-%m-%dT%H:%i:%s.%f') AS at,"
			. ' expires_at, expires_at <= UTC_TIMESTAMP() AS late, parts, snapshot'
			. " FROM `{$this->schema->table( 'events' )}` WHERE sequence IN (?)",
			array( $sequences )
		);
		$parts  = array_filter( array_column( $rows, 'parts' ) ) ? $this->parts( $sequences ) : array();
		foreach ( $rows as $row ) {
			$event = array(
				'id'        => (string) $row['id'],
				'type'      => (string) $row['type'],
				'record_id' => null === $row['record_id'] ? null : (int) $row['record_id'],
				'timestamp' => substr( (string) $row['at'], 0, 23 ) . 'Z',
				'ends'      => null === $row['expires_at'] ? null : (string) $row['expires_at'],
				'late'      => '1' === (string) $row['late'],
			);
			$more  = $parts[ (int) $row['sequence'] ] ?? array();
			$events[ (int) $row['sequence'] ] = $event + ( count( $more ) === (int) $row['parts'] && null !== $row['snapshot']
				? $this->snapshot( $event['id'], $row['snapshot'] . implode( '', $more ) )
				: array( 'why' => Reasons::DAMAGED ) );
		}
		return $events;
	}

	/**
	 * @param int[] $sequences
	 * @return array<int, string[]>
	 */
	private function parts( array $sequences ): array {
		$parts = array();
		foreach ( $this->db->rows(
			"SELECT event, data FROM `{$this->schema->table( 'event_parts' )}` WHERE event IN (?) ORDER BY event, part",
			array( $sequences )
		) as $part ) {
			$parts[ (int) $part['event'] ][] = (string) $part['data'];
		}
		return $parts;
	}

	/** @return array{data: string}|array{why: string} */
	private function snapshot( string $event, string $sealed ): array {
		if ( ! $this->keyring->holds( $sealed ) ) {
			return array( 'why' => Reasons::KEY );
		}
		try {
			$context = $this->keyring->context( 'events', $event, 'snapshot' );
			return array( 'data' => Pack::unpack( $this->keyring->open( $sealed, $context ) ) );
		} catch ( Exception $error ) {
			return array( 'why' => Reasons::DAMAGED );
		}
	}
}
