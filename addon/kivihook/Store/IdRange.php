<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * From a time to a place in a table whose ids grow with time: a few looks at the primary key, however large the table is,
 * and no index on the time, which every append would pay for. Rows may get their id up to an hour later than others of the
 * same time (a booking that stays open, a worker's clock): the range is that much wider, so the time itself has to be
 * compared as well.
 */
final class IdRange {

	private const MARGIN_SECONDS = 3_600;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * The ids between which all rows of a time lie, both included.
	 *
	 * @param string|null $from UTC, 'Y-m-d H:i:s'; null: since ever
	 * @return array{0: int, 1: int} an empty table: 1, 0
	 * @throws DatabaseError
	 */
	public function between( string $table, string $key, string $time, ?string $from, ?string $to ): array {
		$name  = $this->schema->table( $table );
		$first = $this->row( "SELECT $key AS id, $time AS at FROM `$name` ORDER BY $key LIMIT 1" );
		$last  = $this->row( "SELECT $key AS id, $time AS at FROM `$name` ORDER BY $key DESC LIMIT 1" );
		if ( null === $first || null === $last ) {
			return array( 1, 0 );
		}
		$after = fn ( int $id ): ?array => $this->row( "SELECT $key AS id, $time AS at FROM `$name` WHERE $key >= ? ORDER BY $key LIMIT 1", array( $id ) );
		return array(
			null === $from ? $first[0] : self::firstNotBefore( $after, $first, $last, self::seconds( $from ) - self::MARGIN_SECONDS ),
			null === $to ? $last[0] : self::firstNotBefore( $after, $first, $last, self::seconds( $to ) + self::MARGIN_SECONDS ) - 1,
		);
	}

	/**
	 * The smallest id from which on no row is older; above the last one: all are. Interpolates, as rows come at a steady pace
	 * on the whole, and halves in between, as nights and holidays have none.
	 *
	 * @param callable(int): (array{0: int, 1: float}|null) $after the first row from an id on
	 * @param array{0: int, 1: float}                       $low   the table's first row: its id and time
	 * @param array{0: int, 1: float}                       $high  its last one
	 */
	private static function firstNotBefore( callable $after, array $low, array $high, float $at ): int {
		if ( $high[1] < $at ) {
			return $high[0] + 1;
		}
		if ( $low[1] >= $at ) {
			return $low[0];
		}
		// Low is older, high is not.
		for ( $halve = false; $high[0] - $low[0] > 1; $halve = ! $halve ) {
			$share  = $halve || $high[1] <= $low[1] ? 0.5 : ( $at - $low[1] ) / ( $high[1] - $low[1] );
			$middle = $low[0] + max( 1, min( $high[0] - $low[0] - 1, (int) ( $share * ( $high[0] - $low[0] ) ) ) );
			$row    = $after( $middle );
			if ( null !== $row && $row[1] < $at ) {
				$low = $row;
			} else {
				$high = array( $middle, $row[1] ?? $high[1] );
			}
		}
		return $high[0];
	}

	/**
	 * @param list<mixed> $values
	 * @return array{0: int, 1: float}|null its id, and its time in seconds
	 */
	private function row( string $sql, array $values = array() ): ?array {
		$row = $this->db->row( $sql, $values );
		return null === $row ? null : array( (int) $row['id'], self::seconds( (string) $row['at'] ) );
	}

	private static function seconds( string $time ): float {
		return (float) ( new \DateTimeImmutable( $time, new \DateTimeZone( 'UTC' ) ) )->format( 'U.u' );
	}
}
