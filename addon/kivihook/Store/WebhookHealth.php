<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/** How webhooks do: the last day in numbers, the last attempt in words, and where a failure began. */
final class WebhookHealth {

	private const HOURS = 24;
	/** Webhooks in one question: of a longer list some servers make a table first. */
	private const AT_ONCE = 500;

	public function __construct( private Connection $db, private Schema $schema, private Log $log ) {
	}

	/**
	 * @param Webhook[] $webhooks
	 * @return array<int, array<string, mixed>> By id, as docs/rest.md has it.
	 * @throws DatabaseError
	 */
	public function of( array $webhooks ): array {
		$ids  = array_map( static fn ( Webhook $webhook ): int => $webhook->id, $webhooks );
		$sums = $this->sums( $ids );
		$last = $this->last( $ids );
		$all  = array();
		foreach ( $webhooks as $webhook ) {
			$all[ $webhook->id ] = $this->one( $webhook, $sums[ $webhook->id ] ?? array( 0, 0, 0 ), $last[ $webhook->id ] ?? null );
		}
		return $all;
	}

	/**
	 * Those of these active webhooks that are in a state: failing, ok or idle.
	 *
	 * @param int[] $ids
	 * @return int[]
	 * @throws DatabaseError
	 */
	public function inState( string $state, array $ids ): array {
		$last = $this->last( $ids );
		return array_values(
			array_filter(
				$ids,
				static function ( int $id ) use ( $state, $last ): bool {
					$now = isset( $last[ $id ] ) ? ( 'succeeded' === $last[ $id ]['state'] ? 'ok' : 'failing' ) : 'idle';
					return $now === $state;
				}
			)
		);
	}

	/**
	 * Of these webhooks those whose last attempt failed, the ones whose last success is the longest ago first.
	 *
	 * @param int[] $ids
	 * @return int[]
	 * @throws DatabaseError
	 */
	public function longestFailing( array $ids, int $most ): array {
		$failing = array_flip( $this->inState( 'failing', $ids ) );
		$since   = array();
		foreach ( array_chunk( array_keys( $failing ), self::AT_ONCE ) as $some ) {
			foreach ( $this->db->rows(
				'SELECT w.id, (SELECT MAX(s.hour) FROM `' . $this->schema->table( 'statistics' ) . '` s WHERE s.webhook = w.id AND s.succeeded > 0) AS success'
				. ' FROM `' . $this->schema->table( 'webhooks' ) . '` w WHERE w.id IN (?)',
				array( $some )
			) as $row ) {
				$since[ (int) $row['id'] ] = (string) $row['success'];
			}
		}
		ksort( $since );
		asort( $since );
		return array_slice( array_keys( $since ), 0, $most );
	}

	/**
	 * How many of a webhook's deliveries wait or are held.
	 *
	 * @return array{pending: int, held: int}
	 * @throws DatabaseError
	 */
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

	/**
	 * Webhooks of which something failed within the last day, whatever came after.
	 *
	 * @return int[]
	 * @throws DatabaseError
	 */
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

	/**
	 * @param int[] $ids
	 * @return array<int, array{0: int, 1: int, 2: int}> succeeded, failed, retried by webhook
	 */
	private function sums( array $ids ): array {
		$sums = array();
		$sql  = 'SELECT webhook, SUM(succeeded) s, SUM(failed) f, SUM(retried) r FROM `' . $this->schema->table( 'statistics' )
			. '` WHERE webhook IN (?) AND hour >= UTC_TIMESTAMP() - INTERVAL ? HOUR GROUP BY webhook';
		foreach ( $ids ? $this->db->rows( $sql, array( $ids, self::HOURS ) ) : array() as $row ) {
			$sums[ (int) $row['webhook'] ] = array( (int) $row['s'], (int) $row['f'], (int) $row['r'] );
		}
		return $sums;
	}

	/**
	 * @param array{0: int, 1: int, 2: int} $sums
	 * @param array<string, string|null>|null $last
	 * @return array<string, mixed>
	 */
	private function one( Webhook $webhook, array $sums, ?array $last ): array {
		$ended   = $sums[0] + $sums[1];
		$failing = null !== $last && 'succeeded' !== $last['state'];
		$health  = array(
			'state'         => $webhook->active ? ( $failing ? 'failing' : ( null === $last ? 'idle' : 'ok' ) ) : 'off',
			'reason'        => $webhook->active ? '' : Reasons::words( $webhook->offReason ),
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
				'advice'        => Value::text( Value::map( $this->log->find( (int) $last['id'] )['trace'] ?? null )['advice'] ?? '' ),
				'since'         => null === $first ? null : Moment::iso( $first['started_at'] ),
				'first_failure' => null === $first ? null : (int) $first['delivery'],
			)
		);
	}

	/**
	 * The newest attempt of each that was no test.
	 *
	 * @param int[] $ids
	 * @return array<int, array<string, string|null>> by webhook
	 */
	private function last( array $ids ): array {
		$last     = array();
		$attempts = "`{$this->schema->table( 'attempts' )}`";
		foreach ( array_chunk( $ids, self::AT_ONCE ) as $some ) {
			foreach ( $this->db->rows(
				'SELECT a.webhook, a.id, a.state, a.status, a.error, a.started_at FROM'
				. " (SELECT (SELECT n.id FROM $attempts n FORCE INDEX (webhook) WHERE n.webhook = w.id AND n.delivery > 0 ORDER BY n.id DESC LIMIT 1) AS id"
				. " FROM `{$this->schema->table( 'webhooks' )}` w WHERE w.id IN (?)) newest JOIN $attempts a ON a.id = newest.id",
				array( $some )
			) as $row ) {
				$last[ (int) $row['webhook'] ] = $row;
			}
		}
		return $last;
	}

	/**
	 * The first attempt after the last success. The hour of that is known from the statistics, so few rows are looked at.
	 *
	 * @return array<string, string|null>|null
	 */
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
