<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * For webhooks whose limits say so: of one record (an appointment, a patient, a bill …) a delivery goes out only when all
 * earlier ones have ended, however they did. What has to wait for another one is pending without a time (due_at NULL), so
 * that no lease has to look at it; the one before wakes it, and in case its process died right then, a sweep each minute.
 */
final class RecordOrder {

	private const BATCH = 500;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * Those of these deliveries (of ordered webhooks) that have to wait.
	 *
	 * @param int[] $ids
	 * @return array<int, true>
	 * @throws DatabaseError
	 */
	public function blocked( array $ids ): array {
		sort( $ids );
		return $ids ? array_fill_keys(
			array_map(
				'intval',
				$this->db->column(
					"SELECT d.id FROM `{$this->deliveries()}` d FORCE INDEX (PRIMARY) JOIN `{$this->events()}` e ON e.sequence = d.event"
					. " WHERE d.id IN (?) AND {$this->earlier()}",
					array( $ids )
				)
			),
			true
		) : array();
	}

	/**
	 * Within the lease's transaction, rows that it has locked.
	 *
	 * @param int[] $ids
	 * @throws DatabaseError
	 */
	public function park( array $ids ): void {
		if ( $ids ) {
			sort( $ids );
			$this->db->run(
				"UPDATE `{$this->deliveries()}` FORCE INDEX (PRIMARY) SET lost = IF(state = 'leased', lost + 1, lost), state = 'pending',"
				. ' due_at = NULL, lease = NULL, owner = NULL, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?)',
				array( $ids )
			);
		}
	}

	/**
	 * After these deliveries have ended: the next one of each record is due.
	 *
	 * @param int[] $ids
	 * @throws DatabaseError
	 */
	public function wakeAfter( array $ids ): void {
		if ( ! $ids ) {
			return;
		}
		$next = array();
		foreach ( $this->db->rows(
			"SELECT d.webhook, e.sequence, e.record_id, SUBSTRING_INDEX(e.type, '.', 1) AS module FROM `{$this->deliveries()}` d"
			. " JOIN `{$this->events()}` e ON e.sequence = d.event WHERE d.id IN (?) AND e.record_id IS NOT NULL",
			array( $ids )
		) as $ended ) {
			$next[] = (int) $this->db->value(
				"SELECT d.id FROM `{$this->events()}` e FORCE INDEX (record) STRAIGHT_JOIN `{$this->deliveries()}` d FORCE INDEX (event)"
				. " ON d.event = e.sequence WHERE e.record_id = ? AND e.type LIKE CONCAT(?, '.%') AND e.sequence > ?"
				. " AND d.webhook = ? AND d.state = 'pending' ORDER BY e.sequence LIMIT 1",
				array( (int) $ended['record_id'], $ended['module'], (int) $ended['sequence'], (int) $ended['webhook'] )
			);
		}
		$this->wake( array_filter( $next ) );
	}

	/**
	 * Wakes what waits for nobody (any more).
	 *
	 * @param int[] $ordered the webhooks that still want this order
	 * @throws DatabaseError
	 */
	public function sweep( array $ordered ): void {
		foreach ( Present::webhooks( $this->db, $this->schema ) as $webhook ) {
			do {
				$ids = array_map(
					'intval',
					$this->db->column(
						"SELECT d.id FROM `{$this->deliveries()}` d FORCE INDEX (webhook) JOIN `{$this->events()}` e ON e.sequence = d.event"
						. " WHERE d.webhook = ? AND d.state = 'pending' AND d.due_at IS NULL"
						. ( in_array( (int) $webhook, $ordered, true ) ? " AND NOT {$this->earlier()}" : '' )
						. ' ORDER BY d.id LIMIT ' . self::BATCH,
						array( (int) $webhook )
					)
				);
				$this->wake( $ids );
			} while ( count( $ids ) === self::BATCH );
		}
	}

	/** @param int[] $ids */
	private function wake( array $ids ): void {
		if ( $ids ) {
			sort( $ids );
			$this->db->run(
				"UPDATE `{$this->deliveries()}` FORCE INDEX (PRIMARY) SET due_at = UTC_TIMESTAMP(3), updated_at = UTC_TIMESTAMP(3)"
				. " WHERE id IN (?) AND state = 'pending' AND due_at IS NULL",
				array( $ids )
			);
		}
	}

	/** Whether an earlier delivery of the same webhook and record has not ended yet. */
	private function earlier(): string {
		return "EXISTS (SELECT 1 FROM `{$this->events()}` o FORCE INDEX (record) STRAIGHT_JOIN `{$this->deliveries()}` b FORCE INDEX (event)"
			. ' ON b.event = o.sequence WHERE o.record_id = e.record_id AND o.sequence < e.sequence'
			. " AND SUBSTRING_INDEX(o.type, '.', 1) = SUBSTRING_INDEX(e.type, '.', 1)"
			. " AND b.webhook = d.webhook AND b.state IN ('pending', 'leased', 'held'))";
	}

	private function deliveries(): string {
		return $this->schema->table( 'deliveries' );
	}

	private function events(): string {
		return $this->schema->table( 'events' );
	}
}
