<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** How webhooks do: the last day in numbers, the last attempt in words, and where a failure began. */
final class WebhookHealth {

	private const HOURS = 24;

	public function __construct( private Connection $db, private Schema $schema, private Log $log ) {
	}

	/**
	 * @param Webhook[] $webhooks
	 * @return array<int, array> By id, as docs/rest.md has it.
	 * @throws DatabaseError
	 */
	public function of( array $webhooks ): array {
		$ids  = array_map( static fn ( Webhook $webhook ): int => $webhook->id, $webhooks );
		$sums = $this->sums( $ids );
		$all  = array();
		foreach ( $webhooks as $webhook ) {
			$all[ $webhook->id ] = $this->one( $webhook, $sums[ $webhook->id ] ?? array( 0, 0, 0 ) );
		}
		return $all;
	}

	/** How many of a webhook's deliveries wait or are held. @return array{pending: int, held: int} @throws DatabaseError */
	public function waiting( int $webhook ): array {
		$counts = array( 'pending' => 0, 'held' => 0 );
		foreach ( array_keys( $counts ) as $state ) {
			$counts[ $state ] = (int) $this->db->value(
				"SELECT COUNT(*) FROM `{$this->schema->table( 'deliveries' )}` WHERE webhook = ? AND state = ?",
				array( $webhook, $state )
			);
		}
		return $counts;
	}

	/** Webhooks of which something failed within the last day, whatever came after. @return int[] @throws DatabaseError */
	public function suspects(): array {
		return array_map(
			'intval',
			$this->db->column(
				"SELECT webhook FROM `{$this->schema->table( 'statistics' )}` WHERE hour >= UTC_TIMESTAMP() - INTERVAL ? HOUR"
				. ' GROUP BY webhook HAVING SUM(failed + retried) > 0 ORDER BY webhook',
				array( self::HOURS )
			)
		);
	}

	/** @return array<int, array{0: int, 1: int, 2: int}> succeeded, failed, retried by webhook */
	private function sums( array $ids ): array {
		$sums = array();
		$sql  = 'SELECT webhook, SUM(succeeded) s, SUM(failed) f, SUM(retried) r FROM `' . $this->schema->table( 'statistics' )
			. '` WHERE webhook IN (?) AND hour >= UTC_TIMESTAMP() - INTERVAL ? HOUR GROUP BY webhook';
		foreach ( $ids ? $this->db->rows( $sql, array( $ids, self::HOURS ) ) : array() as $row ) {
			$sums[ (int) $row['webhook'] ] = array( (int) $row['s'], (int) $row['f'], (int) $row['r'] );
		}
		return $sums;
	}

	/** @param array{0: int, 1: int, 2: int} $sums */
	private function one( Webhook $webhook, array $sums ): array {
		$last    = $this->last( $webhook->id );
		$ended   = $sums[0] + $sums[1];
		$failing = null !== $last && 'succeeded' !== $last['state'];
		$health  = array(
			'state'         => $webhook->active ? ( $failing ? 'failing' : ( null === $last ? 'idle' : 'ok' ) ) : 'off',
			'reason'        => $webhook->active ? '' : $webhook->offReason,
			'advice'        => '',
			'since'         => null,
			'succeeded'     => $sums[0],
			'failed'        => $sums[1],
			'retried'       => $sums[2],
			'success_rate'  => $ended > 0 ? round( 100 * $sums[0] / $ended, 1 ) : null,
			'last_status'   => null === $last || null === $last['status'] ? null : (int) $last['status'],
			'last_at'       => null === $last ? null : Moment::iso( $last['started_at'] ),
			'first_failure' => null,
		);
		if ( ! $failing ) {
			return $health;
		}
		$first = $this->firstFailure( $webhook->id );
		return array_replace(
			$health,
			array(
				'reason'        => trim( $health['reason'] . ' ' . $last['error'] ),
				'advice'        => (string) ( $this->log->find( (int) $last['id'] )['trace']['advice'] ?? '' ),
				'since'         => null === $first ? null : Moment::iso( $first['started_at'] ),
				'first_failure' => null === $first ? null : (int) $first['delivery'],
			)
		);
	}

	/** Its newest attempt that was no test. */
	private function last( int $webhook ): ?array {
		return $this->db->row(
			"SELECT id, state, status, error, started_at FROM `{$this->schema->table( 'attempts' )}`"
			. ' WHERE webhook = ? AND delivery > 0 ORDER BY id DESC LIMIT 1',
			array( $webhook )
		);
	}

	/** The first attempt after the last success. The hour of that is known from the statistics, so few rows are looked at. */
	private function firstFailure( int $webhook ): ?array {
		$hour     = $this->db->value( "SELECT MAX(hour) FROM `{$this->schema->table( 'statistics' )}` WHERE webhook = ? AND succeeded > 0", array( $webhook ) );
		$attempts = $this->schema->table( 'attempts' );
		$success  = null === $hour ? 0 : (int) $this->db->value(
			"SELECT MAX(id) FROM `$attempts` WHERE webhook = ? AND delivery > 0 AND state = 'succeeded' AND started_at >= ? - INTERVAL 10 MINUTE",
			array( $webhook, $hour )
		);
		return $this->db->row(
			"SELECT delivery, started_at FROM `$attempts` WHERE webhook = ? AND id > ? AND delivery > 0 AND state <> 'succeeded' ORDER BY id LIMIT 1",
			array( $webhook, $success )
		);
	}
}
