<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** How much waits, for screens and Site Health. Counts stop at MOST, so that a long queue costs no more than that. */
final class Queue {

	public const MOST = 10_000;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * pending: waits, for whatever; due: of these and of what dead workers left, those that should be on their way;
	 * oldest_due_s: since when, in seconds, 0 if nothing is due.
	 *
	 * @return array{pending: int, leased: int, held: int, due: int, oldest_due_s: int}
	 * @throws DatabaseError
	 */
	public function depth( ?int $webhook = null ): array {
		$webhooks = null === $webhook ? $this->webhooks() : array( $webhook );
		$depth    = array(
			'pending' => 0,
			'leased'  => 0,
			'held'    => 0,
		);
		foreach ( array_keys( $depth ) as $state ) {
			foreach ( $webhooks as $one ) {
				$depth[ $state ] += $this->count( 'webhook', 'webhook = ? AND state = ?', array( $one, $state ), self::MOST - $depth[ $state ] );
			}
		}
		return $depth + ( null === $webhook
			? array(
				'due'          => $this->count( 'due', 'due_at <= UTC_TIMESTAMP(3)', array(), self::MOST ),
				'oldest_due_s' => $this->oldestDueSeconds(),
			)
			: $this->dueOf( $webhook ) );
	}

	/** How long the oldest due delivery has waited, in seconds; 0: none. @throws DatabaseError */
	public function oldestDueSeconds(): int {
		return (int) $this->db->value(
			"SELECT TIMESTAMPDIFF(SECOND, due_at, UTC_TIMESTAMP(3)) FROM `{$this->table()}`"
			. ' FORCE INDEX (due) WHERE due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT 1'
		);
	}

	private function dueOf( int $webhook ): array {
		$due    = 0;
		$oldest = 0;
		foreach ( array( 'pending', 'leased' ) as $state ) {
			$where   = 'webhook = ? AND state = ? AND due_at <= UTC_TIMESTAMP(3)';
			$values  = array( $webhook, $state );
			$due    += $this->count( 'webhook', $where, $values, self::MOST - $due );
			$oldest  = max(
				$oldest,
				(int) $this->db->value(
					"SELECT TIMESTAMPDIFF(SECOND, due_at, UTC_TIMESTAMP(3)) FROM `{$this->table()}` FORCE INDEX (webhook)"
					. " WHERE $where ORDER BY due_at LIMIT 1",
					$values
				)
			);
		}
		return array(
			'due'          => $due,
			'oldest_due_s' => $oldest,
		);
	}

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
