<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Counters per webhook and hour, so that the dashboard costs the same at any number of attempts. */
final class Statistics {

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * Adds the outcomes of attempts (as Store::settle() gets them): one statement, rows in order.
	 *
	 * @throws DatabaseError
	 */
	public function add( array $outcomes ): void {
		$sums = array();
		foreach ( $outcomes as $outcome ) {
			$sum   = &$sums[ (int) $outcome['webhook'] ];
			$sum ??= array( 0, 0, 0, 0 );
			$sum[ array( 'succeeded' => 0, 'pending' => 2 )[ $outcome['state'] ] ?? 1 ]++;
			$sum[3] += max( 0, (int) ( $outcome['trace']['total_us'] ?? 0 ) );
			unset( $sum );
		}
		if ( ! $sums ) {
			return;
		}
		ksort( $sums );
		$places = array();
		$values = array();
		foreach ( $sums as $webhook => $sum ) {
			$places[] = "(?, DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%d %H:00:00'), ?, ?, ?, ?)";
			array_push( $values, $webhook, ...$sum );
		}
		$this->db->run(
			"INSERT INTO `{$this->schema->table( 'statistics' )}` (webhook, hour, succeeded, failed, retried, total_us) VALUES "
			. implode( ', ', $places )
			. ' ON DUPLICATE KEY UPDATE succeeded = succeeded + VALUES(succeeded), failed = failed + VALUES(failed),'
			. ' retried = retried + VALUES(retried), total_us = total_us + VALUES(total_us)',
			$values
		);
	}

	/**
	 * $from, $to: UTC, 'Y-m-d' or 'Y-m-d H:i:s', whole hours, both included.
	 *
	 * @return array{succeeded: int, failed: int, retried: int, total_us: int}
	 * @throws DatabaseError
	 */
	public function sums( ?string $from, ?string $to, ?int $webhook ): array {
		$where  = array( '1 = 1' );
		$values = array();
		foreach ( array( 'hour >= ?' => $from, 'hour <= ?' => self::end( $to ), 'webhook = ?' => $webhook ) as $term => $value ) {
			if ( null !== $value ) {
				$where[]  = $term;
				$values[] = $value;
			}
		}
		$row = $this->db->row(
			'SELECT SUM(succeeded) succeeded, SUM(failed) failed, SUM(retried) retried, SUM(total_us) total_us'
			. " FROM `{$this->schema->table( 'statistics' )}` WHERE " . implode( ' AND ', $where ),
			$values
		);
		return array_map( 'intval', (array) $row );
	}

	/** A date alone means its whole day. */
	public static function end( ?string $to ): ?string {
		return null !== $to && 10 === strlen( $to ) ? "$to 23:59:59.999" : $to;
	}
}
