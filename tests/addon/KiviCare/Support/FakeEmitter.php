<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Support;

use KiviHook\TransactionLost;
use KiviHook\WordPress\Emitter;
use KiviHook\WordPress\Store\BookingTransaction;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Handle;

/** Records what it is told, swallows what a snapshot throws, and asks the server whether a transaction is open. */
final class FakeEmitter implements Emitter {

	/** @var array<int, array{type: string, snapshot: array, inside: bool}> */
	public array $events = array();

	/** @var \Throwable[] */
	public array $problems = array();

	public bool $lost = false;

	/** What was written in an earlier transaction of this request is gone. */
	public bool $wasLost = false;

	/** Nothing can be kept. */
	public bool $refuses = false;

	/** Its tables take nothing, and the transaction goes on. */
	public bool $full = false;

	/** @param string[]|null $wanted Types; null: all. */
	public function __construct( private \wpdb $wpdb, public ?array $wanted = null ) {
	}

	public function listener( string $type, callable $snapshot ): callable {
		return function ( mixed ...$arguments ) use ( $type, $snapshot ): mixed {
			if ( $this->listens( $type ) ) {
				try {
					$taken = $snapshot( ...$arguments );
					if ( is_array( $taken ) ) {
						$this->emit( $type, $taken );
					}
				} catch ( TransactionLost $lost ) {
					throw $lost;
				} catch ( \Throwable $error ) {
					$this->problems[] = $error;
				}
			}
			return $arguments[0] ?? null;
		};
	}

	public function emit( string $type, array $snapshot ): ?string {
		if ( $this->lost ) {
			throw new TransactionLost( 'lost' );
		}
		if ( ! $this->listens( $type ) || $this->refuses ) {
			return null;
		}
		$this->events[] = array(
			'type'     => $type,
			'snapshot' => $snapshot,
			'inside'   => $this->inTransaction(),
		);
		return 'id';
	}

	public function keep( string $type, array $snapshot ): ?string {
		if ( $this->full ) {
			throw new DatabaseError( 'The table is full.' );
		}
		return $this->emit( $type, $snapshot );
	}

	public function listens( string $type ): bool {
		return null === $this->wanted || in_array( $type, $this->wanted, true );
	}

	public function inTransaction(): bool {
		return BookingTransaction::isOpen( new Handle( $this->wpdb->dbh ) );
	}

	public function lostTransaction(): bool {
		return false;
	}

	public function transactionWasLost(): bool {
		return $this->wasLost;
	}

	/** @return string[] */
	public function types(): array {
		return array_column( $this->events, 'type' );
	}

	/** The only event of a type: its data. */
	public function data( string $type ): array {
		$found = array_values(
			array_filter( $this->events, static fn ( array $event ): bool => $type === $event['type'] ),
		);
		if ( 1 !== count( $found ) ) {
			throw new \LogicException( count( $found ) . " events $type, not one: " . implode( ', ', $this->types() ) );
		}
		return $found[0]['snapshot']['data'];
	}
}
