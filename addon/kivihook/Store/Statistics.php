<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * Counters per webhook and hour, and how long answers took, so that an overview costs the same at any number of attempts.
 * Times are UTC; the hour is that of the settle, by the database's clock.
 *
 * @phpstan-import-type Outcome from \KiviHook\Store
 */
final class Statistics {

	/** The longest time that one question is about. */
	public const MAX_DAYS = 400;

	private const COUNTERS = array( 'succeeded', 'failed', 'retried', 'expired', 'total_us' );

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * Adds the outcomes of attempts (as Store::settle() gets them): one statement, rows in order.
	 *
	 * @param list<Outcome> $outcomes
	 * @throws DatabaseError
	 */
	public function add( array $outcomes ): void {
		$sums = array();
		foreach ( $outcomes as $outcome ) {
			$webhook = (int) $outcome['webhook'];
			$counter = array( 'succeeded' => 'succeeded', 'pending' => 'retried' )[ $outcome['state'] ] ?? 'failed';
			$us      = max( 0, Value::number( $outcome['trace']['total_us'] ?? 0 ) );

			$sums[ $webhook ][ $counter ] = ( $sums[ $webhook ][ $counter ] ?? 0 ) + 1;
			if ( $us > 0 ) { // Else there was no request.
				$bucket = Histogram::column( Histogram::bucket( $us ) );

				$sums[ $webhook ]['total_us'] = ( $sums[ $webhook ]['total_us'] ?? 0 ) + $us;
				$sums[ $webhook ][ $bucket ]  = ( $sums[ $webhook ][ $bucket ] ?? 0 ) + 1;
			}
		}
		$this->raise( $sums );
	}

	/**
	 * Deliveries that were given up unsent.
	 *
	 * @param array<int, int> $counts webhook => how many
	 * @throws DatabaseError
	 */
	public function addExpired( array $counts ): void {
		$this->raise( array_map( static fn ( int $count ): array => array( 'expired' => $count ), $counts ) );
	}

	/** @param array<int, array<string, int>> $sums webhook => column => how much more */
	private function raise( array $sums ): void {
		if ( ! $sums ) {
			return;
		}
		ksort( $sums );
		$columns = array_keys( array_merge( ...array_values( $sums ) ) );
		$rows    = array();
		foreach ( $sums as $webhook => $sum ) {
			$rows[] = (int) $webhook . ", DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%d %H:00:00'), "
				. implode( ', ', array_map( static fn ( string $column ): int => $sum[ $column ] ?? 0, $columns ) );
		}
		$this->db->run(
			"INSERT INTO `{$this->schema->table( 'statistics' )}` (webhook, hour, " . implode( ', ', $columns ) . ') VALUES ('
			. implode( '), (', $rows ) . ') ON DUPLICATE KEY UPDATE '
			. implode( ', ', array_map( static fn ( string $column ): string => "$column = $column + VALUES($column)", $columns ) )
		);
	}

	/**
	 * $from, $to: UTC, 'Y-m-d' or 'Y-m-d H:i:s', whole hours, both included.
	 *
	 * @param int|int[]|null $webhook Null: all.
	 * @return array{succeeded: int, failed: int, retried: int, expired: int, total_us: int}
	 * @throws DatabaseError
	 */
	public function sums( ?string $from, ?string $to, int|array|null $webhook ): array {
		list( $where, $values ) = self::where( $from, $to, $webhook );
		$row                    = $this->db->row( "SELECT {$this->counters()} FROM `{$this->table()}` WHERE $where", $values );
		return array(
			'succeeded' => (int) ( $row['succeeded'] ?? 0 ),
			'failed'    => (int) ( $row['failed'] ?? 0 ),
			'retried'   => (int) ( $row['retried'] ?? 0 ),
			'expired'   => (int) ( $row['expired'] ?? 0 ),
			'total_us'  => (int) ( $row['total_us'] ?? 0 ),
		);
	}

	/**
	 * One point per hour or day of $zone, also where nothing happened, the oldest first: at (UTC, 'Y-m-d H:i:s', its
	 * begin), succeeded, failed, retried, expired (int), mean_ms, p50_ms, p95_ms, p99_ms (?float). 'retried' are attempts
	 * that failed and are tried again; 'failed' ended their delivery. Days are cut to whole hours.
	 *
	 * @param string $from UTC, 'Y-m-d' or 'Y-m-d H:i:s', included
	 * @param string $to   as $from; a date alone means its whole day
	 * @param int|int[]|null $webhook
	 * @param string $step 'hour' or 'day'
	 * @return list<array<string, mixed>>
	 * @throws DatabaseError
	 */
	public function series( string $from, string $to, int|array|null $webhook = null, string $step = 'hour', ?\DateTimeZone $zone = null ): array {
		$zone                 ??= new \DateTimeZone( 'UTC' );
		list( $first, $last )   = self::hours( $from, $to );
		list( $where, $values ) = self::where( $first->format( 'Y-m-d H:i:s' ), $last->format( 'Y-m-d H:i:s' ), $webhook );
		$points                 = array();
		for ( $hour = $first; $hour <= $last; $hour = $hour->modify( '+1 hour' ) ) {
			$points[ self::begin( $hour, $step, $zone ) ] ??= array();
		}
		foreach ( $this->db->rows(
			"SELECT hour, {$this->counters()}, " . Histogram::sums() . " FROM `{$this->table()}` WHERE $where GROUP BY hour",
			$values
		) as $row ) {
			$at    = self::begin( new \DateTimeImmutable( (string) $row['hour'], new \DateTimeZone( 'UTC' ) ), $step, $zone );
			$point = &$points[ $at ];
			unset( $row['hour'] );
			foreach ( $row as $column => $value ) {
				$point[ $column ] = ( $point[ $column ] ?? 0 ) + (int) $value;
			}
			unset( $point );
		}
		ksort( $points );
		$series = array();
		foreach ( $points as $at => $point ) {
			$series[] = array( 'at' => (string) $at ) + self::summary( $point );
		}
		return $series;
	}

	/**
	 * Of all answers in that time, in milliseconds, null where there was none; and how many they were.
	 *
	 * @param int|int[]|null $webhook
	 * @return array{p50_ms: ?float, p95_ms: ?float, p99_ms: ?float, count: int}
	 * @throws DatabaseError
	 */
	public function percentiles( ?string $from, ?string $to, int|array|null $webhook = null ): array {
		list( $where, $values ) = self::where( $from, $to, $webhook );
		$row                    = $this->db->row( 'SELECT ' . Histogram::sums() . " FROM `{$this->table()}` WHERE $where", $values );
		$counts                 = Histogram::counts( (array) $row );
		return Histogram::percentiles( $counts ) + array( 'count' => array_sum( $counts ) );
	}

	/**
	 * Each webhook that sent something in that time, by id: as a point of series() without 'at', and success_rate (?float,
	 * percent, of what ended).
	 *
	 * @return array<int, array<string, mixed>>
	 * @throws DatabaseError
	 */
	public function perWebhook( ?string $from, ?string $to ): array {
		list( $where, $values ) = self::where( $from, $to, null );
		$each                   = array();
		foreach ( $this->db->rows(
			"SELECT webhook, {$this->counters()}, " . Histogram::sums() . " FROM `{$this->table()}` WHERE $where GROUP BY webhook ORDER BY webhook",
			$values
		) as $row ) {
			$each[ (int) $row['webhook'] ] = self::summary( $row );
		}
		return $each;
	}

	/** A date alone means its whole day. */
	public static function end( ?string $to ): ?string {
		return null !== $to && 10 === strlen( $to ) ? "$to 23:59:59.999" : $to;
	}

	/**
	 * Counters and buckets as people read them.
	 *
	 * @param array<string, int|string|null> $row
	 * @return array<string, mixed>
	 */
	private static function summary( array $row ): array {
		$counts    = Histogram::counts( $row );
		$timed     = array_sum( $counts );
		$succeeded = (int) ( $row['succeeded'] ?? 0 );
		$failed    = (int) ( $row['failed'] ?? 0 );
		return array(
			'succeeded'    => $succeeded,
			'failed'       => $failed,
			'retried'      => (int) ( $row['retried'] ?? 0 ),
			'expired'      => (int) ( $row['expired'] ?? 0 ),
			'success_rate' => self::rate( $succeeded, $failed ),
			'mean_ms'      => $timed > 0 ? round( (int) $row['total_us'] / $timed / 1_000, 1 ) : null,
		) + Histogram::percentiles( $counts );
	}

	/** Percent of what ended; null where nothing did. */
	public static function rate( int $succeeded, int $failed ): ?float {
		return $succeeded + $failed > 0 ? round( 100 * $succeeded / ( $succeeded + $failed ), 1 ) : null;
	}

	/** The begin of the hour or day that an hour belongs to, in UTC. */
	private static function begin( \DateTimeImmutable $hour, string $step, \DateTimeZone $zone ): string {
		$begin = 'day' === $step ? $hour->setTimezone( $zone )->setTime( 0, 0 ) : $hour;
		return $begin->setTimezone( new \DateTimeZone( 'UTC' ) )->format( 'Y-m-d H:i:s' );
	}

	/** @return array{0: \DateTimeImmutable, 1: \DateTimeImmutable} whole hours, at most MAX_DAYS apart */
	private static function hours( string $from, string $to ): array {
		$utc   = new \DateTimeZone( 'UTC' );
		$last  = new \DateTimeImmutable( (string) self::end( $to ), $utc );
		$first = new \DateTimeImmutable( $from, $utc );
		$last  = $last->setTime( (int) $last->format( 'G' ), 0 );
		$first = $first->setTime( (int) $first->format( 'G' ), 0 );
		return array( max( $first, $last->modify( '-' . self::MAX_DAYS . ' days' ) ), $last );
	}

	/**
	 * @param int|int[]|null $webhook
	 * @return array{string, list<mixed>}
	 */
	private static function where( ?string $from, ?string $to, int|array|null $webhook ): array {
		$where  = array( '1 = 1' );
		$values = array();
		foreach ( array( 'hour >= ?' => $from, 'hour <= ?' => self::end( $to ), 'webhook IN (?)' => null === $webhook ? null : ( (array) $webhook ?: array( 0 ) ) ) as $term => $value ) {
			if ( null !== $value ) {
				$where[]  = $term;
				$values[] = $value;
			}
		}
		return array( implode( ' AND ', $where ), $values );
	}

	private function counters(): string {
		return implode( ', ', array_map( static fn ( string $name ): string => "SUM($name) AS $name", self::COUNTERS ) );
	}

	private function table(): string {
		return $this->schema->table( 'statistics' );
	}
}
