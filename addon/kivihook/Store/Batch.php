<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Demand;

/**
 * What one lease has taken, and what it may still take of each webhook.
 *
 * @phpstan-type Due array{id: string, event: string, webhook: string, state: string, attempt: string, resends: string, lost: string, due_at: string|null, created_at: string}
 * @phpstan-type Ready array{id: string, event: string, webhook: string, state: string, attempt: string, resends: string, lost: string, due_at: string|null, created_at: string, of: Webhook, timeout_ms?: int, probe?: bool}
 * @phpstan-type Taken array{id: string, event: string, webhook: string, state: string, attempt: string, resends: string, lost: string, due_at: string|null, created_at: string, of: Webhook, timeout_ms?: int, probe?: bool, lease: string}
 */
final class Batch {

	/** A fresh one for each lease: whoever comes back with another settles nothing. */
	public string $token;

	/** @var list<Taken> */
	private array $rows = array();
	/** @var list<Due> rows that were given up: three workers died over them */
	public array $died  = array();
	/** @var array<int, int> webhook whose endpoint is left alone => until when, in Unix ms */
	public array $later = array();
	/** @var array<int, true> webhooks whose limits were asked */
	public array $asked = array();
	/** @var array<int, int> webhook => how many more */
	private array $room;
	/** @var array<int, true> */
	private array $out;
	private bool $full = false;

	public function __construct( public Demand $demand, private int $limit ) {
		$this->token = bin2hex( random_bytes( 16 ) );
		$this->room  = array_map( 'intval', $demand->capacity );
		$this->out   = array_fill_keys( array_map( 'intval', $demand->without ), true );
		foreach ( $this->room as $room ) {
			$this->full = $this->full || $room <= 0;
		}
	}

	public function wanted(): int {
		return max( 0, $this->limit - count( $this->rows ) );
	}

	public function room( int $webhook ): int {
		if ( isset( $this->out[ $webhook ] ) ) {
			return 0;
		}
		$room = $this->room[ $webhook ] ?? ( $this->demand->share > 0 ? $this->demand->share : PHP_INT_MAX );
		return max( 0, $room );
	}

	/** @param Ready $row */
	public function add( array $row ): void {
		$webhook                = (int) $row['webhook'];
		$this->room[ $webhook ] = $this->room( $webhook ) - 1;
		$this->full             = $this->full || $this->room[ $webhook ] <= 0;
		$this->rows[]           = $row + array( 'lease' => $this->token );
	}

	/** No (more) deliveries of this webhook in this lease. */
	public function leaveOut( int $webhook ): void {
		$this->out[ $webhook ] = true;
		$this->full            = true;
	}

	/** At most so many more of this webhook. */
	public function limit( int $webhook, int $room ): void {
		$this->room[ $webhook ] = min( $this->room( $webhook ), $room );
		$this->full             = $this->full || $room <= 0;
	}

	/** Some webhook may not have any more, so what is due of it would be in the way. */
	public function full(): bool {
		return $this->full;
	}

	/** @return list<Taken> */
	public function taken(): array {
		return $this->rows;
	}

	/** @return int[] webhooks to leave out */
	public function without(): array {
		$out = $this->out;
		foreach ( $this->room as $webhook => $room ) {
			if ( $room <= 0 ) {
				$out[ $webhook ] = true;
			}
		}
		return array_keys( $out );
	}

	/**
	 * Those that may have more, in turn, whoever comes after $last first.
	 *
	 * @param int[] $webhooks
	 * @return int[]
	 */
	public function open( array $webhooks, int $last ): array {
		$open = array_filter( $webhooks, fn ( int $webhook ): bool => $this->room( $webhook ) > 0 );
		sort( $open );
		$after = array_filter( $open, fn ( int $webhook ): bool => $webhook > $last );
		return array_merge( array_values( $after ), array_values( array_diff( $open, $after ) ) );
	}
}
