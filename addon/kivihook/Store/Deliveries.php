<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * What people do with deliveries: send them again, or not at all. A resent one keeps its id (receivers know it by that),
 * says so in the header `webhook-resend`, renders anew from the event as it was, and starts its retries over.
 * In batches by primary key, in order, so that no lock is held for long.
 */
final class Deliveries {

	private const BATCH = 200;

	private const ENDED = array( 'succeeded', 'failed', 'held', 'cancelled', 'expired' );

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * Whatever their state: one that waits for its next try is due at once, one that is on its way stays as it is.
	 *
	 * @param int[] $ids
	 * @return array{resent: int, skipped: int} skipped: on its way, webhook off, deleted or of another host now, or the
	 * event's data removed
	 * @throws DatabaseError
	 */
	public function resend( array $ids ): array {
		$ids    = self::sorted( $ids );
		$resent = 0;
		foreach ( array_chunk( $ids, self::BATCH ) as $chunk ) {
			$resent += $this->again( 'd.id IN (?)', array( $chunk ), array( ...self::ENDED, 'pending' ) )[0];
		}
		return array( 'resent' => $resent, 'skipped' => count( $ids ) - $resent );
	}

	/**
	 * All of a webhook that failed or are held, of events since a time.
	 *
	 * @param string $since UTC, 'Y-m-d H:i:s'; '': all
	 * @return array{resent: int, skipped: int}
	 * @throws DatabaseError
	 */
	public function resendFailed( int $webhook, string $since = '' ): array {
		$result = array( 'resent' => 0, 'skipped' => 0 );
		foreach ( array( 'failed', 'held', 'expired' ) as $state ) {
			$after = 0;
			do {
				list( $done, $after, $found ) = $this->again(
					'd.webhook = ? AND d.state = ? AND d.id > ?' . ( '' === $since ? '' : ' AND e.created_at >= ?' ),
					array( $webhook, $state, $after, ...( '' === $since ? array() : array( $since ) ) ),
					array( $state )
				);
				$result['resent']  += $done;
				$result['skipped'] += $found - $done;
			} while ( self::BATCH === $found );
		}
		return $result;
	}

	/**
	 * Takes back what waits. What is on its way goes on.
	 *
	 * @param int[] $ids
	 * @return int how many
	 * @throws DatabaseError
	 */
	public function cancel( array $ids ): int {
		$cancelled = 0;
		foreach ( array_chunk( self::sorted( $ids ), self::BATCH ) as $chunk ) {
			$cancelled += $this->end( $chunk );
		}
		return $cancelled;
	}

	/** Everything of a webhook that waits or is held. @throws DatabaseError */
	public function cancelWaiting( int $webhook ): int {
		$cancelled = 0;
		foreach ( array( 'pending', 'held' ) as $state ) {
			$after = 0;
			do {
				$ids        = $this->db->column(
					"SELECT id FROM `{$this->table()}` WHERE webhook = ? AND state = ? AND id > ? ORDER BY id LIMIT " . self::BATCH,
					array( $webhook, $state, $after )
				);
				$after      = (int) end( $ids );
				$cancelled += $this->end( array_map( 'intval', $ids ) );
			} while ( self::BATCH === count( $ids ) );
		}
		return $cancelled;
	}

	/**
	 * Whose they are.
	 *
	 * @param int[] $ids
	 * @return int[] webhooks
	 * @throws DatabaseError
	 */
	public function webhooks( array $ids ): array {
		return ! $ids ? array() : array_map( 'intval', $this->db->column( "SELECT DISTINCT webhook FROM `{$this->table()}` WHERE id IN (?)", array( $ids ) ) );
	}

	/**
	 * @param mixed[] $values
	 * @param string[] $states
	 * @return array{0: int, 1: int, 2: int} changed, last id, found
	 */
	private function again( string $where, array $values, array $states ): array {
		$rows = $this->db->rows(
			"SELECT d.id, w.active AND e.snapshot IS NOT NULL"
			. " AND (w.moved_at IS NULL OR d.created_at >= w.moved_at) AS possible FROM `{$this->table()}` d"
			. " LEFT JOIN `{$this->schema->table( 'webhooks' )}` w ON w.id = d.webhook"
			. " LEFT JOIN `{$this->schema->table( 'events' )}` e ON e.sequence = d.event"
			. " WHERE $where ORDER BY d.id LIMIT " . self::BATCH,
			$values
		);
		$ids  = array_map( 'intval', array_column( array_filter( $rows, static fn ( array $row ): bool => (bool) (int) $row['possible'] ), 'id' ) );
		$last = (int) ( end( $rows )['id'] ?? 0 );
		if ( ! $ids ) {
			return array( 0, $last, count( $rows ) );
		}
		$this->db->run(
			"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY) SET resends = resends + IF(state = 'pending', 0, 1),"
			. " attempt = IF(state = 'pending', attempt, 0), state = 'pending', lost = 0, lease = NULL, owner = NULL, due_at = UTC_TIMESTAMP(3),"
			. ' updated_at = UTC_TIMESTAMP(3) WHERE id IN (?) AND state IN (?)',
			array( $ids, $states )
		);
		return array( $this->db->affected(), $last, count( $rows ) );
	}

	/** @param int[] $ids */
	private function end( array $ids ): int {
		if ( ! $ids ) {
			return 0;
		}
		$this->db->run(
			"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY) SET state = 'cancelled', due_at = NULL, lease = NULL,"
			. " last_error = ?, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?) AND state IN ('pending', 'held')",
			array( Reasons::CANCELLED, $ids )
		);
		return $this->db->affected();
	}

	private function table(): string {
		return $this->schema->table( 'deliveries' );
	}

	/** A time as people write it, without a zone meant as UTC. '': nonsense. */
	public static function since( string $text ): string {
		try {
			$time = new \DateTimeImmutable( $text, new \DateTimeZone( 'UTC' ) );
		} catch ( \Exception $nonsense ) {
			return '';
		}
		return '' === trim( $text ) ? '' : $time->setTimezone( new \DateTimeZone( 'UTC' ) )->format( 'Y-m-d H:i:s' );
	}

	/**
	 * @param int[] $ids
	 * @return int[]
	 */
	private static function sorted( array $ids ): array {
		$ids = array_values( array_unique( array_map( 'intval', $ids ) ) );
		sort( $ids );
		return $ids;
	}
}
