<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * What a webhook's `limits` allow, over all workers together: so many requests at once, so many in any minute. Asked
 * within a lease's transaction, under the webhook's own row, which each lease of such a webhook changes: of two at once,
 * one goes without (or, on two nodes of a cluster, fails at its COMMIT and begins again).
 */
final class Limits {

	private const MINUTE_US = 60_000_000;

	/** @var int[] webhooks whose row is missing */
	private array $missing = array();
	/** @var array<int, array{0: int, 1: int, 2: int}> webhook => its next turn, interval, now (µs), while a lease asks */
	private array $pace = array();

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/** @return array{concurrency: int, per_minute: int, order: string} */
	public static function of( Webhook $webhook ): array {
		$limits = (array) ( $webhook->config['limits'] ?? array() );
		return array(
			'concurrency' => max( 0, min( 64, Value::number( $limits['concurrency'] ?? 0 ) ) ),
			'per_minute'  => max( 0, min( 10_000, Value::number( $limits['per_minute'] ?? 0 ) ) ),
			'order'       => 'record' === ( $limits['order'] ?? '' ) ? 'record' : '',
		);
	}

	/** How many more may be sent now; null: any number. Within the lease's transaction. @throws DatabaseError */
	public function room( Webhook $webhook ): ?int {
		$limits = self::of( $webhook );
		if ( 0 === $limits['concurrency'] && 0 === $limits['per_minute'] ) {
			return null;
		}
		$skip = $this->db->skipsLocked() ? ' SKIP LOCKED' : '';
		$row  = $this->db->row(
			"SELECT next_us, CAST(UNIX_TIMESTAMP(UTC_TIMESTAMP(6)) * 1000000 AS SIGNED) AS now_us FROM `{$this->table()}`"
			. " WHERE webhook = ? FOR UPDATE$skip",
			array( $webhook->id )
		);
		if ( null === $row ) {
			$this->missing[] = $webhook->id; // Or another worker asks just now.
			return 0;
		}
		$room = PHP_INT_MAX;
		if ( $limits['concurrency'] > 0 ) {
			$room = $limits['concurrency'] - (int) $this->db->value(
				"SELECT COUNT(*) FROM `{$this->schema->table( 'deliveries' )}` FORCE INDEX (webhook)"
				. " WHERE webhook = ? AND state = 'leased' AND due_at > UTC_TIMESTAMP(3)",
				array( $webhook->id )
			);
		}
		list( $burst, $interval )   = self::rate( $limits['per_minute'] );
		$this->pace[ $webhook->id ] = array( (int) $row['next_us'], $interval, (int) $row['now_us'] );
		if ( $interval > 0 ) {
			$begin = max( (int) $row['next_us'], (int) $row['now_us'] );
			$room  = min( $room, intdiv( max( 0, (int) $row['now_us'] + $burst * $interval - $begin ), $interval ) );
		}
		return max( 0, $room );
	}

	/** So many were leased after room(). @throws DatabaseError */
	public function took( int $webhook, int $count ): void {
		if ( ! isset( $this->pace[ $webhook ] ) ) {
			return;
		}
		list( $next, $interval, $now ) = $this->pace[ $webhook ];
		unset( $this->pace[ $webhook ] );
		$this->db->run(
			"UPDATE `{$this->table()}` SET next_us = ?, version = version + 1 WHERE webhook = ?",
			array( max( $next, $now ) + $count * $interval, $webhook )
		);
	}

	/** Outside a transaction: rows that room() has missed. @throws DatabaseError */
	public function prepare(): void {
		foreach ( array_unique( $this->missing ) as $webhook ) {
			$this->db->run( "INSERT IGNORE INTO `{$this->table()}` (webhook, next_us, version) VALUES (?, 0, 0)", array( $webhook ) );
		}
		$this->missing = array();
	}

	/**
	 * A bucket that holds a twentieth of the minute's requests and refills with the rest: no minute, wherever it begins,
	 * sees more than it may.
	 *
	 * @return array{0: int, 1: int} burst, and the interval between requests in µs; 0, 0: no limit
	 */
	public static function rate( int $perMinute ): array {
		if ( $perMinute <= 0 ) {
			return array( 0, 0 );
		}
		$burst = max( 1, intdiv( $perMinute, 20 ) );
		$rest  = $perMinute < 20 ? $perMinute : $perMinute - $burst;
		return array( $burst, intdiv( self::MINUTE_US + $rest - 1, $rest ) );
	}

	private function table(): string {
		return $this->schema->table( 'pace' );
	}
}
