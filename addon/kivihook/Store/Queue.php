<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** How much waits, for screens and Site Health. Counts stop at MOST, so that a long queue costs no more than that. */
final class Queue {

	public const MOST = 10_000;

	/** Webhooks in one question: of a longer list some servers make a table first. */
	private const AT_ONCE = 500;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * pending: waits, for whatever; due: of these and of what dead workers left, those that should be on their way;
	 * oldest_due_s: since when, in seconds, 0 if nothing is due.
	 *
	 * @param int|int[]|null $webhook Null: all.
	 * @return array{pending: int, leased: int, held: int, due: int, oldest_due_s: int}
	 * @throws DatabaseError
	 */
	public function depth( int|array|null $webhook = null ): array {
		$webhooks = null === $webhook ? $this->webhooks() : (array) $webhook;
		$depth    = array();
		foreach ( array( 'pending', 'leased', 'held' ) as $state ) {
			$depth[ $state ] = $this->among( $webhooks, $state, '' );
		}
		return $depth + ( null === $webhook
			? array(
				'due'          => $this->count( 'due', 'due_at <= UTC_TIMESTAMP(3)', array(), self::MOST ),
				'oldest_due_s' => $this->oldestDueSeconds(),
			)
			: $this->dueOf( $webhooks ) );
	}

	/** How long the oldest due delivery has waited, in seconds; 0: none. @throws DatabaseError */
	public function oldestDueSeconds(): int {
		return (int) $this->db->value(
			"SELECT TIMESTAMPDIFF(SECOND, due_at, UTC_TIMESTAMP(3)) FROM `{$this->table()}`"
			. ' FORCE INDEX (due) WHERE due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT 1'
		);
	}

	/**
	 * @param int[] $webhooks
	 * @return array{due: int, oldest_due_s: int}
	 */
	private function dueOf( array $webhooks ): array {
		$due    = 0;
		$oldest = 0;
		foreach ( array( 'pending', 'leased' ) as $state ) {
			$due += $this->among( $webhooks, $state, ' AND due_at <= UTC_TIMESTAMP(3)' );
			foreach ( array_chunk( $webhooks, self::AT_ONCE ) as $some ) {
				$oldest = max(
					$oldest,
					(int) $this->db->value(
						"SELECT MAX(TIMESTAMPDIFF(SECOND, (SELECT d.due_at FROM `{$this->table()}` d FORCE INDEX (webhook)"
						. ' WHERE d.webhook = w.id AND d.state = ? AND d.due_at IS NOT NULL ORDER BY d.due_at LIMIT 1), UTC_TIMESTAMP(3)))'
						. " FROM `{$this->schema->table( 'webhooks' )}` w WHERE w.id IN (?)",
						array( $state, $some )
					)
				);
			}
		}
		return array(
			'due'          => min( $due, self::MOST ),
			'oldest_due_s' => $oldest,
		);
	}

	/** @param int[] $webhooks */
	private function among( array $webhooks, string $state, string $and ): int {
		$count = 0;
		foreach ( array_chunk( $webhooks, self::AT_ONCE ) as $some ) {
			$count += $this->count( 'webhook', "webhook IN (?) AND state = ?$and", array( $some, $state ), self::MOST - $count );
		}
		return $count;
	}

	/** @param mixed[] $values */
	private function count( string $index, string $where, array $values, int $most ): int {
		return $most <= 0 ? 0 : (int) $this->db->value(
			"SELECT COUNT(*) FROM (SELECT 1 FROM `{$this->table()}` FORCE INDEX (`$index`) WHERE $where LIMIT $most) AS some",
			$values
		);
	}

	/** @return int[] also of webhooks that were deleted while something was on its way */
	private function webhooks(): array {
		return Present::webhooks( $this->db, $this->schema );
	}

	private function table(): string {
		return $this->schema->table( 'deliveries' );
	}
}
