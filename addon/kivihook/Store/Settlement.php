<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * What leased deliveries become. Rows by primary key, in order; a row changes only under the token of its lease, except
 * that a late success is still a success.
 *
 * @phpstan-import-type Outcome from \KiviHook\Store
 */
final class Settlement {

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * All states in one transaction.
	 *
	 * @param list<Outcome> $outcomes as Store::settle() gets them, in the order of their ids
	 * @return int[] ids whose lease was lost
	 * @throws DatabaseError
	 */
	public function settle( array $outcomes ): array {
		return $this->db->transaction( fn (): array => $this->states( $outcomes ) );
	}

	/**
	 * Due at once, the attempt not counted.
	 *
	 * @param int[] $ids sorted
	 * @throws DatabaseError
	 */
	public function release( string $owner, array $ids ): void {
		if ( ! $ids ) {
			return;
		}
		$this->db->transaction(
			fn () => $this->db->run(
				"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY) SET state = 'pending',"
				. ' due_at = UTC_TIMESTAMP(3), attempt = GREATEST(attempt, 1) - 1,'
				. ' lost = 0, lease = NULL, owner = NULL, updated_at = UTC_TIMESTAMP(3)'
				. " WHERE id IN (?) AND owner = ? AND state = 'leased'",
				array( $ids, $owner )
			)
		);
	}

	/**
	 * Leased, and not to be sent; the attempt not counted.
	 *
	 * @param int[] $ids sorted
	 * @throws DatabaseError
	 */
	public function stop( array $ids, string $lease, string $state, string $why ): void {
		$this->db->run(
			"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY)"
			. " SET state = ?, due_at = NULL, lease = NULL, attempt = GREATEST(attempt, 1) - 1,"
			. ' lost = 0, last_error = ?, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?) AND lease = ?',
			array( $state, $why, $ids, $lease )
		);
	}

	/**
	 * Within a transaction.
	 *
	 * @param list<Outcome> $outcomes
	 * @return int[] ids whose lease was lost
	 */
	private function states( array $outcomes ): array {
		$groups = array();
		foreach ( $outcomes as $outcome ) {
			$groups[ self::target( $outcome ) ][ (string) $outcome['lease'] ][] = $outcome;
		}
		ksort( $groups );
		$leases = array_merge( ...array_map( 'array_values', array_values( $groups ) ) );
		if ( count( $leases ) > 1 ) {
			// Several statements: their rows are locked in order first. One locks in order by itself.
			$this->locked( array_merge( ...$leases ) );
		}
		$doubtful = array();
		foreach ( $groups as $target => $of ) {
			foreach ( $of as $lease => $those ) {
				if ( $this->become( $target, self::delays( $those ), (string) $lease ) < count( $those ) ) {
					array_push( $doubtful, ...$those );
				}
			}
		}
		return $doubtful ? $this->lost( $doubtful ) : array();
	}

	/**
	 * Not all of these were still leased under their token: which are not, and what late successes are worth.
	 *
	 * @param list<Outcome> $outcomes
	 * @return int[] ids whose lease was lost
	 */
	private function lost( array $outcomes ): array {
		$rows = $this->locked( $outcomes );
		$lost = array();
		$late = array();
		foreach ( $outcomes as $outcome ) {
			$id  = (int) $outcome['id'];
			$row = $rows[ $id ] ?? null;
			// With its token it is settled: just now, or an earlier COMMIT went through and its answer was lost.
			if ( null === $row || $row['lease'] !== $outcome['lease'] ) {
				$lost[] = $id;
				if ( null !== $row && 'succeeded' === $outcome['state']
					&& in_array( $row['state'], array( 'pending', 'leased', 'held', 'failed' ), true ) ) {
					$late[ self::target( $outcome ) ][] = $outcome;
				}
			}
		}
		foreach ( $late as $target => $those ) {
			$this->become( $target, self::delays( $those ) );
		}
		sort( $lost );
		return $lost;
	}

	/**
	 * @param list<Outcome> $outcomes
	 * @return array<int, array{id: string, state: string, lease: ?string}> by id
	 */
	private function locked( array $outcomes ): array {
		/** @var array<int, array{id: string, state: string, lease: string|null}> $rows The columns that are selected here. */
		$rows = array_column(
			$this->db->rows(
				"SELECT id, state, lease FROM `{$this->table()}` FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE",
				array( array_map( 'intval', array_column( $outcomes, 'id' ) ) )
			),
			null,
			'id'
		);
		return $rows;
	}

	/**
	 * @param list<Outcome> $outcomes
	 * @return array<int, int> id => ms
	 */
	private static function delays( array $outcomes ): array {
		$delays = array();
		foreach ( $outcomes as $outcome ) {
			$delays[ (int) $outcome['id'] ] = max( 0, (int) ( $outcome['delay_ms'] ?? 0 ) );
		}
		return $delays;
	}

	/**
	 * @param string          $target as target() makes it
	 * @param array<int, int> $delays id => ms; only what is pending is due again
	 * @param string|null     $lease  only what is leased under this token; null: whatever it is
	 * @return int how many rows that were
	 */
	private function become( string $target, array $delays, ?string $lease = null ): int {
		/** @var array{string, int|null, string|null} $parts */
		$parts                          = unserialize( $target, array( 'allowed_classes' => false ) );
		list( $state, $status, $error ) = $parts;
		$due = 'NULL';
		if ( 'pending' === $state ) {
			$due = 'UTC_TIMESTAMP(3) + INTERVAL CASE id';
			foreach ( $delays as $id => $ms ) {
				$due .= " WHEN $id THEN " . $ms * 1_000;
			}
			$due .= ' END MICROSECOND';
		}
		$this->db->run(
			"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY) SET state = ?, due_at = $due"
			. ', lost = 0, last_status = ?, last_error = ?, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?)'
			. ( null === $lease ? '' : " AND lease = ? AND state = 'leased'" ),
			array( $state, $status, $error, array_keys( $delays ), ...( null === $lease ? array() : array( $lease ) ) )
		);
		return $this->db->affected();
	}

	/**
	 * What a row becomes: state, status, error; as a key of an array.
	 *
	 * @param Outcome $outcome
	 */
	private static function target( array $outcome ): string {
		$state  = self::state( $outcome );
		$trace  = (array) ( $outcome['trace'] ?? array() );
		$status = Value::number( $trace['status'] ?? 0 );
		$error  = 'succeeded' === $state ? null : Text::line( Value::text( $trace['error'] ?? '' ), 255 );
		if ( 'held' === $state && 'sealed' === ( $trace['error_code'] ?? '' ) ) {
			$error = Reasons::KEY;
		}
		return serialize( array( $state, $status > 0 ? min( 65_535, $status ) : null, $error ) );
	}

	/** @param Outcome $outcome */
	private static function state( array $outcome ): string {
		return in_array( $outcome['state'], array( 'succeeded', 'pending', 'failed' ), true ) ? $outcome['state'] : 'held';
	}

	private function table(): string {
		return $this->schema->table( 'deliveries' );
	}
}
