<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Value;

/**
 * What our tables hold about one person, a WordPress user: found, told, and erased, in batches by primary key.
 *
 * @phpstan-type EventOfPerson array{sequence: string, id: string, type: string, record_id: string|null, patient_id: string|null, created_at: string, data: array<string, mixed>|null, deliveries: list<array<string, string|null>>}
 */
final class PersonalData {

	private const BATCH = 100;
	/** What KiviCare 4 leaves of a patient whose record has to stay (KCPatient::isAnonymized). */
	private const ANONYMOUS = "u.user_email LIKE '%@example.invalid%' OR u.display_name LIKE 'deleted\\_user\\_%'";

	public function __construct(
		private \wpdb $wpdb,
		private Connection $db,
		private Schema $schema,
		private Keyring $keyring,
		private Snapshots $snapshots
	) {
	}

	/**
	 * Events about a patient, or that name a doctor, the oldest first: sequence, id, type, record_id, created_at (UTC),
	 * data (array, or null where it has been removed), deliveries (webhook, state, updated_at).
	 *
	 * @return array{items: array<int, EventOfPerson>, last: int, more: bool} last: where the next page begins
	 * @throws DatabaseError
	 */
	public function events( int $user, int $after, int $limit = self::BATCH ): array {
		$rows       = $this->rows( $user, $after, $limit );
		$ids        = array_map( 'intval', array_column( $rows, 'sequence' ) );
		$kept       = $this->snapshots->read( $ids );
		$deliveries = array();
		foreach ( $ids ? $this->db->rows(
			"SELECT event, webhook, state, attempt + resends > 0 AS tried, updated_at FROM `{$this->schema->table( 'deliveries' )}` WHERE event IN (?) ORDER BY id",
			array( $ids )
		) : array() as $row ) {
			$deliveries[ (int) $row['event'] ][] = $row;
		}
		$items = array();
		/** @var array{sequence: string, id: string, type: string, record_id: string|null, patient_id: string|null, created_at: string} $row The columns that are selected above. */
		foreach ( $rows as $row ) {
			$sequence = (int) $row['sequence'];
			$data     = json_decode( (string) ( $kept[ $sequence ]['data'] ?? '' ), true );
			$items[]  = array(
				'data'       => is_array( $data ) ? Value::map( $data ) : null,
				'deliveries' => $deliveries[ $sequence ] ?? array(),
			) + $row;
		}
		return array(
			'items' => $items,
			'last'  => $ids ? max( $ids ) : $after,
			'more'  => count( $rows ) === $limit,
		);
	}

	/**
	 * Who received data of this person: by webhook and event type how often, and when first and last. What was tried
	 * counts: a request whose answer never came may have arrived.
	 *
	 * @return array<int, array{webhook: int, type: string, count: int, first: string, last: string}>
	 * @throws DatabaseError
	 */
	public function recipients( int $user ): array {
		return array_map(
			static fn ( array $row ): array => array(
				'webhook' => (int) $row['webhook'],
				'type'    => (string) $row['type'],
				'count'   => (int) $row['count'],
				'first'   => (string) $row['first'],
				'last'    => (string) $row['last'],
			),
			$this->db->rows(
				'SELECT d.webhook, e.type, COUNT(*) AS count, MIN(d.updated_at) AS first, MAX(d.updated_at) AS last'
				. " FROM `{$this->schema->table( 'events' )}` e JOIN `{$this->schema->table( 'deliveries' )}` d ON d.event = e.sequence"
				. ' WHERE (e.patient_id = ? OR e.doctor_id = ?) AND d.attempt + d.resends > 0 GROUP BY d.webhook, e.type ORDER BY d.webhook, e.type',
				array( $user, $user )
			)
		);
	}

	/**
	 * Patients of whom data are kept although KiviCare has deleted or anonymised them. Events that tell of deletions are
	 * reduced, not erased, so only the younger ones count.
	 *
	 * @param int $seconds how old an event of a deletion may be
	 * @return int[]
	 * @throws DatabaseError
	 */
	public function gone( int $seconds, int $limit = 50 ): array {
		$events = $this->schema->table( 'events' );
		return array_map(
			'intval',
			$this->db->column(
				"SELECT p.patient_id FROM (SELECT DISTINCT patient_id FROM `$events` WHERE patient_id IS NOT NULL) p"
				. " LEFT JOIN `{$this->wpdb->users}` u ON u.ID = p.patient_id WHERE (u.ID IS NULL OR " . self::ANONYMOUS . ')'
				. " AND EXISTS (SELECT 1 FROM `$events` e WHERE e.patient_id = p.patient_id AND e.snapshot IS NOT NULL"
				. " AND (e.type NOT LIKE '%.deleted' OR e.created_at > UTC_TIMESTAMP(3) - INTERVAL ? SECOND))"
				. ' ORDER BY p.patient_id LIMIT ?',
				array( $seconds, $limit )
			)
		);
	}

	/**
	 * Erases the snapshots, requests and responses of a patient's events, and takes back what was still to be sent. Of
	 * events that tell of deletions the ids stay, so that receivers hear of them. What is on its way at this moment is left
	 * for the next time.
	 *
	 * @return array{erased: int, last: int, more: bool, busy: int}
	 * @throws DatabaseError|\KiviHook\Exception
	 */
	public function erase( int $patient, int $after = 0 ): array {
		$rows   = $this->db->rows(
			"SELECT sequence, id, type FROM `{$this->schema->table( 'events' )}` WHERE patient_id = ? AND sequence > ? ORDER BY sequence LIMIT " . self::BATCH,
			array( $patient, $after )
		);
		$result = array( 'erased' => 0, 'last' => $after, 'more' => count( $rows ) === self::BATCH, 'busy' => 0 );
		foreach ( $rows as $row ) {
			$result['last'] = (int) $row['sequence'];
			if ( str_ends_with( (string) $row['type'], '.deleted' ) ) {
				$result['erased'] += (int) $this->reduce( (int) $row['sequence'], (string) $row['id'] );
			} elseif ( $this->isOnItsWay( (int) $row['sequence'] ) ) {
				++$result['busy'];
			} else {
				$result['erased'] += (int) $this->empty( (int) $row['sequence'] );
			}
		}
		return $result;
	}

	/** @return array<int, array<string, string|null>> */
	private function rows( int $user, int $after, int $limit ): array {
		return $this->db->rows(
			'SELECT sequence, id, type, record_id, patient_id, doctor_id, created_at'
			. " FROM `{$this->schema->table( 'events' )}` WHERE (patient_id = ? OR doctor_id = ?) AND sequence > ? ORDER BY sequence LIMIT ?",
			array( $user, $user, $after, $limit )
		);
	}

	private function isOnItsWay( int $event ): bool {
		return null !== $this->db->value(
			"SELECT id FROM `{$this->schema->table( 'deliveries' )}` WHERE event = ? AND state = 'leased' LIMIT 1",
			array( $event )
		);
	}

	/** Deliveries first: nobody shall lease one whose snapshot has gone. */
	private function empty( int $event ): bool {
		$table      = $this->schema->table( 'deliveries' );
		$deliveries = array_map( 'intval', $this->db->column( "SELECT id FROM `$table` WHERE event = ? ORDER BY id", array( $event ) ) );
		$this->db->run( "UPDATE `{$this->schema->table( 'events' )}` SET routed = 1 WHERE sequence = ? AND routed = 0", array( $event ) );
		$changed = $this->db->affected();
		if ( $deliveries ) {
			$this->db->run(
				"UPDATE `$table` FORCE INDEX (PRIMARY) SET state = 'cancelled', due_at = NULL, lease = NULL, last_error = ?, updated_at = UTC_TIMESTAMP(3)"
				. " WHERE id IN (?) AND state IN ('pending', 'held')",
				array( Reasons::ERASED, $deliveries )
			);
			$changed += $this->db->affected();
		}
		$this->db->run( "DELETE FROM `{$this->schema->table( 'event_parts' )}` WHERE event = ?", array( $event ) );
		$this->db->run(
			"UPDATE `{$this->schema->table( 'events' )}` SET snapshot = NULL, parts = 0 WHERE sequence = ? AND snapshot IS NOT NULL",
			array( $event )
		);
		return $changed + $this->db->affected() + $this->emptyAttempts( $deliveries ) > 0;
	}

	/** @param int[] $deliveries */
	private function emptyAttempts( array $deliveries ): int {
		if ( ! $deliveries ) {
			return 0;
		}
		$this->db->run(
			"UPDATE `{$this->schema->table( 'attempts' )}` SET trace = NULL WHERE delivery IN (?) AND trace IS NOT NULL",
			array( $deliveries )
		);
		return $this->db->affected();
	}

	/** Numbers of records, and nothing else. */
	private function reduce( int $event, string $id ): bool {
		$deliveries = array_map(
			'intval',
			$this->db->column( "SELECT id FROM `{$this->schema->table( 'deliveries' )}` WHERE event = ? ORDER BY id", array( $event ) )
		);
		$emptied    = $this->emptyAttempts( $deliveries );
		$data       = json_decode( (string) ( $this->snapshots->read( array( $event ) )[ $event ]['data'] ?? '' ), true );
		if ( ! is_array( $data ) ) {
			return $emptied > 0;
		}
		$ids = array();
		foreach ( $data as $name => $value ) {
			$isId         = 1 === preg_match( '/(^|_)ids?$/', (string) $name ) && ( is_int( $value ) || 1 === preg_match( '/^[\d,]*$/', (string) ( is_scalar( $value ) ? $value : 'x' ) ) );
			$ids[ $name ] = $isId ? $value : ( is_string( $value ) ? '' : null );
		}
		if ( $ids === $data ) {
			return $emptied > 0;
		}
		$sealed = $this->keyring->sealBody(
			Pack::pack( (string) json_encode( $ids, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES ) ),
			$this->keyring->context( 'events', $id, 'snapshot' )
		);
		$this->db->transaction(
			function () use ( $event, $sealed ): void {
				$this->db->run( "UPDATE `{$this->schema->table( 'events' )}` SET snapshot = ?, parts = 0 WHERE sequence = ?", array( $sealed, $event ) );
				$this->db->run( "DELETE FROM `{$this->schema->table( 'event_parts' )}` WHERE event = ?", array( $event ) );
			}
		);
		return true;
	}
}
