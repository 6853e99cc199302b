<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Endpoint;

/**
 * Endpoints that do not answer are left alone for a while: the core decides (\KiviHook\Endpoint), this keeps what it
 * decides on. Results are added up per webhook and minute; a breaker's state has a version, and each change is a
 * compare-and-swap, so that of all workers one sends the probe.
 *
 * While a breaker is open, what comes due is due again exactly at its next probe. By that very time those rows are found
 * when it closes.
 *
 * @phpstan-import-type Outcome from \KiviHook\Store
 * @phpstan-import-type Breaker from Endpoint
 * @phpstan-type Kept array{state: int, since_ms: int, probe_at_ms: int, trips: int, version: int|null}
 */
final class Breakers {

	public const KEPT_SECONDS = 600;

	/** Another worker is about to send the probe. */
	private const LOOK_AGAIN_MS = 1_000;

	private const CLOSED = 0;
	private const NAMES  = array( 'closed', 'open', 'half_open' );
	private const BATCH  = 500;
	/** So many batches are freed at once when an endpoint is back; later ones are due soon anyway. */
	private const ROUNDS = 40;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/** For SELECT … LEFT JOIN breakers b: a breaker as from() takes it. */
	public static function columns(): string {
		return 'b.state AS b_state, b.since_ms AS b_since_ms, b.probe_at_ms AS b_probe_at_ms, b.trips AS b_trips, b.version AS b_version';
	}

	/**
	 * A breaker that is not closed, or null.
	 *
	 * @param array<string, string|null> $row
	 * @return Kept|null
	 */
	public static function from( array $row ): ?array {
		if ( null === $row['b_state'] || self::CLOSED === (int) $row['b_state'] ) {
			return null;
		}
		return array(
			'state'       => (int) $row['b_state'],
			'since_ms'    => (int) $row['b_since_ms'],
			'probe_at_ms' => (int) $row['b_probe_at_ms'],
			'trips'       => (int) $row['b_trips'],
			'version'     => (int) $row['b_version'],
		);
	}

	/**
	 * Whether a delivery whose breaker is not closed is the probe; and until when (ms) it, or else all others, have to wait.
	 * Within the lease's transaction. Waits for nobody: whoever holds the breaker now has the probe.
	 *
	 * @param Kept $breaker
	 * @return array{0: bool, 1: int}
	 * @throws DatabaseError
	 */
	public function pass( int $webhook, array $breaker, int $nowMs, int $probingMs ): array {
		$asked = Endpoint::ask( $breaker, $nowMs, $probingMs );
		if ( 'probe' !== $asked['pass'] ) {
			return array( false, $nowMs + $asked['wait_ms'] );
		}
		$skip = $this->db->skipsLocked() ? ' SKIP LOCKED' : '';
		$held = $this->db->value(
			"SELECT version FROM `{$this->table()}` WHERE webhook = ? AND version = ? FOR UPDATE$skip",
			array( $webhook, $breaker['version'] )
		);
		return null !== $held && $this->swap( $webhook, $asked['breaker'], $breaker['version'] )
			? array( true, $asked['breaker']['probe_at_ms'] )
			: array( false, $nowMs + self::LOOK_AGAIN_MS );
	}

	/**
	 * After attempts: outcomes as Store::settle() gets them, and which of them were probes (delivery => true). In a fixed
	 * order of rows, each change on its own.
	 *
	 * @param list<Outcome> $outcomes
	 * @param array<int, int> $probes
	 * @throws DatabaseError
	 */
	public function record( array $outcomes, array $probes ): void {
		$sums   = array();
		$probed = array();
		foreach ( $outcomes as $outcome ) {
			$webhook = (int) $outcome['webhook'];
			$health  = (int) ( $outcome['health'] ?? 0 );
			if ( isset( $probes[ (int) $outcome['id'] ] ) ) {
				$probed[ $webhook ] = $health;
			}
			if ( 0 !== $health ) {
				$sums[ $webhook ] ??= array( 0, 0 );
				++$sums[ $webhook ][0];
				$sums[ $webhook ][1] += $health < 0 ? 1 : 0;
			}
		}
		$this->count( $sums );
		ksort( $probed );
		foreach ( $probed as $webhook => $health ) {
			$this->probed( $webhook, $health );
		}
		$this->watch( array_keys( array_filter( $sums, static fn ( array $sum ): bool => $sum[1] > 0 ) ) );
	}

	/** The probe was not sent after all: the next delivery is it. @throws DatabaseError */
	public function giveBack( int $webhook ): void {
		$this->probed( $webhook, 0 );
	}

	/**
	 * Closed by hand, or because the webhook was changed: what waited for the probe is due now.
	 *
	 * @param int[] $webhooks
	 * @throws DatabaseError
	 */
	public function close( array $webhooks ): void {
		sort( $webhooks );
		foreach ( $webhooks as $webhook ) {
			$row = $this->db->row( "SELECT probe_at_ms FROM `{$this->table()}` WHERE webhook = ? AND state <> 0", array( $webhook ) );
			if ( null !== $row ) {
				$this->db->run(
					"UPDATE `{$this->table()}` SET state = 0, since_ms = " . Clock::NOW_MS . ', probe_at_ms = 0, trips = 0,'
					. ' version = version + 1 WHERE webhook = ?',
					array( $webhook )
				);
				$this->free( $webhook, (int) $row['probe_at_ms'] );
			}
		}
	}

	/** @param int[] $webhooks @throws DatabaseError */
	public function forget( array $webhooks ): void {
		$this->db->run( "DELETE FROM `{$this->table()}` WHERE webhook IN (?)", array( $webhooks ) );
	}

	/**
	 * Those that are not closed. since and probe_at: UTC, 'Y-m-d H:i:s.v'.
	 *
	 * @return array<int, array{state: string, since: string, probe_at: string, trips: int}> by webhook
	 * @throws DatabaseError
	 */
	public function all(): array {
		$all = array();
		foreach ( $this->db->rows( "SELECT * FROM `{$this->table()}` WHERE state <> 0 ORDER BY webhook" ) as $row ) {
			$all[ (int) $row['webhook'] ] = array(
				'state'    => self::NAMES[ (int) $row['state'] ] ?? 'open',
				'since'    => Clock::text( (int) $row['since_ms'] ),
				'probe_at' => Clock::text( (int) $row['probe_at_ms'] ),
				'trips'    => (int) $row['trips'],
			);
		}
		return $all;
	}

	/** @param array<int, array{0: int, 1: int}> $sums webhook => results, failures */
	private function count( array $sums ): void {
		if ( ! $sums ) {
			return;
		}
		ksort( $sums );
		$rows = array();
		foreach ( $sums as $webhook => list( $total, $failures ) ) {
			$rows[] = "($webhook, DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%d %H:%i:00'), $total, $failures)";
		}
		$this->db->run(
			"INSERT INTO `{$this->schema->table( 'health' )}` (webhook, minute, total, failures) VALUES " . implode( ', ', $rows )
			. ' ON DUPLICATE KEY UPDATE total = total + VALUES(total), failures = failures + VALUES(failures)'
		);
	}

	/**
	 * Opens those whose results ask for it.
	 *
	 * @param int[] $webhooks
	 */
	private function watch( array $webhooks ): void {
		if ( ! $webhooks ) {
			return;
		}
		$minutes  = array();
		$breakers = array();
		$now      = 0;
		foreach ( $this->db->rows(
			'SELECT h.webhook, CAST(UNIX_TIMESTAMP(h.minute) * 1000 AS SIGNED) AS begin_ms, h.total, h.failures, ' . self::columns()
			. ', ' . Clock::NOW_MS . " AS now_ms FROM `{$this->schema->table( 'health' )}` h LEFT JOIN `{$this->table()}` b ON b.webhook = h.webhook"
			. ' WHERE h.webhook IN (?) AND h.minute >= UTC_TIMESTAMP() - INTERVAL 6 MINUTE',
			array( $webhooks )
		) as $row ) {
			$webhook               = (int) $row['webhook'];
			$now                   = (int) $row['now_ms'];
			$breakers[ $webhook ]  = array(
				'state'    => (int) $row['b_state'],
				'since_ms' => (int) $row['b_since_ms'],
				'version'  => null === $row['b_version'] ? null : (int) $row['b_version'],
			);
			$minutes[ $webhook ][] = array(
				'begin_ms' => (int) $row['begin_ms'],
				'total'    => (int) $row['total'],
				'failures' => (int) $row['failures'],
			);
		}
		ksort( $breakers );
		foreach ( $breakers as $webhook => $breaker ) {
			$opened = Endpoint::watch( $breaker, $minutes[ $webhook ], $now );
			if ( null !== $opened ) {
				$this->swap( $webhook, $opened, $breaker['version'] );
			}
		}
	}

	private function probed( int $webhook, int $health ): void {
		$row = $this->db->row( 'SELECT ' . self::columns() . ', ' . Clock::NOW_MS . " AS now_ms FROM `{$this->table()}` b WHERE b.webhook = ?", array( $webhook ) );
		$old = null === $row ? null : self::from( $row );
		$new = null === $old ? null : Endpoint::probed( $old, $health, (int) $row['now_ms'] );
		if ( null !== $new && $this->swap( $webhook, $new, $old['version'] ) && self::CLOSED === $new['state'] ) {
			$this->free( $webhook, $old['probe_at_ms'] );
		}
	}

	/**
	 * Whether it was still the version that the change was decided on. $version null: there was none.
	 *
	 * @param Breaker $breaker
	 */
	private function swap( int $webhook, array $breaker, ?int $version ): bool {
		$values = array( $breaker['state'], $breaker['since_ms'], $breaker['probe_at_ms'], $breaker['trips'], $webhook );
		if ( null === $version ) {
			$this->db->run(
				"INSERT IGNORE INTO `{$this->table()}` (state, since_ms, probe_at_ms, trips, webhook, version) VALUES (?, 1)",
				array( $values )
			);
		} else {
			$this->db->run(
				"UPDATE `{$this->table()}` SET state = ?, since_ms = ?, probe_at_ms = ?, trips = ?, version = version + 1"
				. ' WHERE webhook = ? AND version = ?',
				array( ...$values, $version )
			);
		}
		return 1 === $this->db->affected();
	}

	/** What waited for exactly this time is due now. */
	private function free( int $webhook, int $probeAtMs ): void {
		$table = $this->schema->table( 'deliveries' );
		for ( $round = 0; $round < self::ROUNDS; $round++ ) {
			$ids = array_map(
				'intval',
				$this->db->column(
					"SELECT id FROM `$table` FORCE INDEX (webhook) WHERE webhook = ? AND state = 'pending' AND due_at = ?"
					. ' ORDER BY id LIMIT ' . self::BATCH,
					array( $webhook, Clock::text( $probeAtMs ) )
				)
			);
			if ( $ids ) {
				$this->db->run(
					"UPDATE `$table` FORCE INDEX (PRIMARY) SET due_at = UTC_TIMESTAMP(3), updated_at = UTC_TIMESTAMP(3)"
					. " WHERE id IN (?) AND state = 'pending' AND due_at = ?",
					array( $ids, Clock::text( $probeAtMs ) )
				);
			}
			if ( count( $ids ) < self::BATCH ) {
				return;
			}
		}
	}

	private function table(): string {
		return $this->schema->table( 'breakers' );
	}
}
