<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** The numbers on the cards of KiviCare's dashboard. */
final class Cards {

	public function __construct( private Connection $db, private Schema $schema, private Statistics $statistics ) {
	}

	/**
	 * Dates in UTC. The rate counts attempts that ended a delivery.
	 *
	 * @param int|int[]|null $webhooks One, some, or all. Only some of them narrow what active_webhooks counts.
	 * @return array{active_webhooks: int, success_rate: float, failed_deliveries: int, events_today: int}
	 * @throws DatabaseError
	 */
	public function numbers( ?string $from = null, ?string $to = null, int|array|null $webhooks = null ): array {
		$sums  = $this->statistics->sums( $from, $to, $webhooks );
		$ended = $sums['succeeded'] + $sums['failed'];
		return array(
			'active_webhooks'   => $this->active( is_array( $webhooks ) ? $webhooks : null ),
			'success_rate'      => $ended > 0 ? round( 100 * $sums['succeeded'] / $ended, 1 ) : 0.0,
			'failed_deliveries' => $sums['failed'],
			'events_today'      => null === $webhooks
				? (int) $this->db->value( "SELECT COUNT(*) FROM `{$this->schema->table( 'events' )}` WHERE created_at >= UTC_DATE()" )
				: $this->eventsToday( (array) $webhooks ),
		);
	}

	/** @param int[]|null $webhooks Among these. */
	private function active( ?array $webhooks ): int {
		$sql = "SELECT COUNT(*) FROM `{$this->schema->table( 'webhooks' )}` WHERE active = 1";
		return (int) ( null === $webhooks ? $this->db->value( $sql ) : $this->db->value( "$sql AND id IN (?)", array( $webhooks ?: array( 0 ) ) ) );
	}

	/**
	 * Counted in an index: the deliveries of webhooks from that of the day's first event on.
	 *
	 * @param int[] $webhooks
	 */
	private function eventsToday( array $webhooks ): int {
		$table = $this->schema->table( 'deliveries' );
		// Two questions: within one, the second would not use its index.
		$event = $this->db->value(
			"SELECT sequence FROM `{$this->schema->table( 'events' )}` FORCE INDEX (created) WHERE created_at >= UTC_DATE() ORDER BY created_at, sequence LIMIT 1"
		);
		$first = null === $event ? null : $this->db->value(
			"SELECT id FROM `$table` FORCE INDEX (event) WHERE event >= ? ORDER BY event, id LIMIT 1",
			array( (int) $event )
		);
		if ( null === $first || ! $webhooks ) {
			return 0;
		}
		$counts = array();
		foreach ( DeliveryList::STATES as $state ) {
			$ended    = in_array( $state, DeliveryList::ENDED, true ) ? 'due_at IS NULL AND ' : '';
			$counts[] = "(SELECT COUNT(*) FROM `$table` FORCE INDEX (webhook) WHERE webhook IN (?) AND state = '$state' AND {$ended}id >= ?)";
		}
		return (int) $this->db->value(
			'SELECT ' . implode( ' + ', $counts ),
			array_merge( ...array_fill( 0, count( $counts ), array( $webhooks, (int) $first ) ) )
		);
	}
}
