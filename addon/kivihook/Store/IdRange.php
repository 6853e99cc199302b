<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * From a time to a place in a table whose ids grow with time: about thirty looks at the primary key, however large the
 * table is, and no index on the time, which every append would pay for. Rows may get their id up to an hour later than
 * others of the same time (a booking that stays open, a worker's clock): the range is that much wider, so the time itself
 * has to be compared as well.
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
		$row   = (array) $this->db->row( "SELECT MIN($key) AS first, MAX($key) AS last FROM `$name`" );
		$first = (int) ( $row['first'] ?? 1 );
		$last  = (int) ( $row['last'] ?? 0 );
		if ( null !== $from ) {
			$first = $this->firstNotBefore( $name, $key, $time, self::shift( $from, - self::MARGIN_SECONDS ), $first, $last );
		}
		if ( null !== $to ) {
			$last = $this->firstNotBefore( $name, $key, $time, self::shift( $to, self::MARGIN_SECONDS ), $first, $last ) - 1;
		}
		return array( $first, $last );
	}

	/** $last + 1: all are older. */
	private function firstNotBefore( string $name, string $key, string $time, string $at, int $first, int $last ): int {
		$end = $last + 1;
		while ( $first < $end ) {
			$middle = intdiv( $first + $end, 2 );
			$row    = $this->db->row( "SELECT $key AS id, $time AS at FROM `$name` WHERE $key >= ? ORDER BY $key LIMIT 1", array( $middle ) );
			if ( null !== $row && strcmp( (string) $row['at'], $at ) < 0 ) {
				$first = (int) $row['id'] + 1;
			} else {
				$end = $middle;
			}
		}
		return $first;
	}

	private static function shift( string $time, int $seconds ): string {
		$at = new \DateTimeImmutable( $time, new \DateTimeZone( 'UTC' ) );
		return $at->modify( sprintf( '%+d seconds', $seconds ) )->format( 'Y-m-d H:i:s' );
	}
}
