<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/**
 * What this request knows: records as they were, and what hooks hinted at since. In memory only.
 *
 * What was told within a transaction counts only once that is committed: a rollback takes the told events back, and so
 * what is known goes back to what it was before.
 */
final class Ledger {

	/** @var array<string, array<int, array<string, mixed>|null>> Subject, id => the record before, null: there was none. */
	private array $before = array();

	/** @var array<string, int> Subject => the highest id before: what is above it is new. */
	private array $highest = array();

	/** @var array<string, array<int, array<string, mixed>>> Subject, id => hints that nobody has followed yet. */
	private array $hints = array();

	/**
	 * @var array<string, array<int, array<string, mixed>|null|false>> What was before, should the open transaction be rolled back.
	 */
	private array $undo = array();

	private bool $watching = false;

	/** @param array<string, mixed>|null $record */
	public function remember( string $subject, int $id, ?array $record ): void {
		if ( ! $this->knows( $subject, $id ) ) {
			$this->before[ $subject ][ $id ] = $record;
		}
	}

	public function knows( string $subject, int $id ): bool {
		return array_key_exists( $id, $this->before[ $subject ] ?? array() );
	}

	/**
	 * Puts what was completed meanwhile in place of what was known.
	 *
	 * @param array<string, mixed> $record
	 */
	public function completed( string $subject, int $id, array $record ): void {
		$this->before[ $subject ][ $id ] = $record;
	}

	public function mark( string $subject, int $highest ): void {
		$this->highest[ $subject ] ??= $highest;
	}

	public function isMarked( string $subject ): bool {
		return isset( $this->highest[ $subject ] );
	}

	/**
	 * The record as it was; null: there was none; false: nobody looked.
	 *
	 * @return array<string, mixed>|null|false
	 */
	public function before( string $subject, int $id ): array|null|false {
		if ( $this->knows( $subject, $id ) ) {
			return $this->before[ $subject ][ $id ];
		}
		return isset( $this->highest[ $subject ] ) && $id > $this->highest[ $subject ] ? null : false;
	}

	public function note( string $subject, int $id, string $hint, mixed $what = true ): void {
		$this->hints[ $subject ][ $id ][ $hint ] ??= $what;
	}

	/**
	 * The hints to a record. One that was there before can't be created: KiviCare 3 says so when a form of a patient or
	 * an appointment is saved again, and means that it was edited.
	 *
	 * @return array<string, mixed>
	 */
	public function hints( string $subject, int $id ): array {
		$hints = $this->hints[ $subject ][ $id ] ?? array();
		$old   = $this->knows( $subject, $id )
			? null !== $this->before[ $subject ][ $id ]
			: isset( $this->highest[ $subject ] ) && $id <= $this->highest[ $subject ];
		if ( $old && ( isset( $hints[ Sources::CREATED ] ) || isset( $hints[ Sources::BOOKING ] ) ) ) {
			unset( $hints[ Sources::CREATED ], $hints[ Sources::BOOKING ] );
			$hints[ Sources::EDITED ] = true;
		}
		return $hints;
	}

	/**
	 * Forgets the hints to records that were not there before.
	 *
	 * @param int[] $ids
	 * @return int[] the others
	 */
	public function forgetNew( string $subject, array $ids ): array {
		$others = array();
		foreach ( $ids as $id ) {
			$hints = $this->hints( $subject, $id );
			if ( null === $this->before( $subject, $id ) || isset( $hints[ Sources::CREATED ] ) || isset( $hints[ Sources::BOOKING ] ) ) {
				unset( $this->hints[ $subject ][ $id ] );
			} else {
				$others[] = $id;
			}
		}
		return $others;
	}

	/** Does it go with something else? */
	public function isCascaded( string $subject, int $id ): bool {
		return isset( $this->hints[ $subject ][ $id ][ Sources::CAUSE ] );
	}

	/** @return int[] Records with hints that nobody has followed yet, oldest first. */
	public function waiting( string $subject ): array {
		return array_keys( $this->hints[ $subject ] ?? array() );
	}

	public function countWaiting(): int {
		return array_sum( array_map( 'count', $this->hints ) );
	}

	/**
	 * The hints were followed; from now on the record was as it is.
	 *
	 * @param array<string, mixed>|null $record
	 */
	public function settle( string $subject, int $id, ?array $record, bool $inTransaction ): void {
		unset( $this->hints[ $subject ][ $id ] );
		if ( $inTransaction ) {
			if ( ! array_key_exists( $id, $this->undo[ $subject ] ?? array() ) ) {
				$known = $this->knows( $subject, $id );

				$this->undo[ $subject ][ $id ] = $known ? $this->before[ $subject ][ $id ] : false;
			}
			$this->watch();
		} else {
			$this->undo = array();
		}
		$this->before[ $subject ][ $id ] = $record;
	}

	/** @internal Callback of the `query` filter, while something was told in an open transaction. */
	public function watched( mixed $query ): mixed {
		$end = '/\A\s*(commit|start\s+transaction|begin|rollback(?!\s+(work\s+)?to\b))\b/i';
		if ( is_string( $query ) && 1 === preg_match( $end, $query, $found ) ) {
			if ( 'rollback' === strtolower( $found[1] ) ) {
				$this->back();
			}
			$this->undo     = array();
			$this->watching = false;
			remove_filter( 'query', array( $this, 'watched' ), PHP_INT_MAX );
		}
		return $query;
	}

	private function watch(): void {
		if ( ! $this->watching ) {
			$this->watching = true;
			add_filter( 'query', array( $this, 'watched' ), PHP_INT_MAX );
		}
	}

	private function back(): void {
		foreach ( $this->undo as $subject => $records ) {
			foreach ( $records as $id => $record ) {
				if ( false === $record ) {
					unset( $this->before[ $subject ][ $id ] );
				} else {
					$this->before[ $subject ][ $id ] = $record;
					$this->note( $subject, $id, Sources::OBSERVED );
				}
			}
		}
	}
}
