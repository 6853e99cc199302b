<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * How long answers took, counted in buckets whose bounds grow by the square root of two: 0 is less than a millisecond,
 * k is from 2^((k-1)/2) to 2^(k/2) milliseconds, the last one everything from 262 s on. A percentile read from them is
 * off by less than a fifth, and sums of histograms are histograms.
 */
final class Histogram {

	public const BUCKETS = 38;

	public static function bucket( int $microseconds ): int {
		if ( $microseconds < 1_000 ) {
			return 0;
		}
		return min( self::BUCKETS - 1, 1 + (int) floor( 2 * log( $microseconds / 1_000, 2 ) ) );
	}

	/** The column of a bucket. */
	public static function column( int $bucket ): string {
		return sprintf( 'h%02d', $bucket );
	}

	/** For CREATE TABLE. */
	public static function columns(): string {
		return implode(
			', ',
			array_map(
				static fn ( int $bucket ): string => self::column( $bucket ) . ' INT UNSIGNED NOT NULL DEFAULT 0',
				range( 0, self::BUCKETS - 1 )
			)
		);
	}

	/** For SELECT: the sums of all buckets. */
	public static function sums(): string {
		return implode(
			', ',
			array_map(
				static fn ( int $bucket ): string => sprintf( 'SUM(%1$s) AS %1$s', self::column( $bucket ) ),
				range( 0, self::BUCKETS - 1 )
			)
		);
	}

	/**
	 * The counts in a row of the table, or of sums().
	 *
	 * @param array<string, int|string|null> $row
	 * @return array<int, int> by bucket
	 */
	public static function counts( array $row ): array {
		$counts = array();
		for ( $bucket = 0; $bucket < self::BUCKETS; $bucket++ ) {
			$counts[] = (int) ( $row[ self::column( $bucket ) ] ?? 0 );
		}
		return $counts;
	}

	/**
	 * In milliseconds; null where nothing was counted.
	 *
	 * @param array<int, int> $counts
	 * @return array{p50_ms: ?float, p95_ms: ?float, p99_ms: ?float}
	 */
	public static function percentiles( array $counts ): array {
		return array(
			'p50_ms' => self::percentile( $counts, 0.5 ),
			'p95_ms' => self::percentile( $counts, 0.95 ),
			'p99_ms' => self::percentile( $counts, 0.99 ),
		);
	}

	/**
	 * Within a bucket as if its counts lay evenly.
	 *
	 * @param array<int, int> $counts
	 */
	public static function percentile( array $counts, float $part ): ?float {
		$rank = $part * array_sum( $counts );
		if ( $rank <= 0 ) {
			return null;
		}
		$before = 0;
		foreach ( $counts as $bucket => $count ) {
			if ( $count > 0 && $before + $count >= $rank ) {
				$low  = 0 === $bucket ? 0.0 : 2 ** ( ( $bucket - 1 ) / 2 );
				$high = 2 ** ( $bucket / 2 );
				return round( $low + ( $high - $low ) * ( $rank - $before ) / $count, 1 );
			}
			$before += $count;
		}
		return null;
	}
}
