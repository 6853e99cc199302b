<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

use KiviHook\TransactionLost;
use KiviHook\WordPress\Delivery\EngineFactory;
use KiviHook\WordPress\Store\BookingTransaction;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Subscriptions;

/** Emits through the extension's engine, which is built at the first event that somebody wants, not for every page. */
final class NativeEmitter implements Emitter {

	public function __construct(
		private EngineFactory $engines,
		private Subscriptions $subscriptions,
		private BookingTransaction $booking,
		private Problems $problems
	) {
	}

	public function listener( string $type, callable $snapshot ): callable {
		$engine   = null;
		$listener = null;
		return function ( mixed ...$args ) use ( $type, $snapshot, &$engine, &$listener ): mixed {
			if ( ! $this->subscriptions->has( $type ) ) {
				return $args[0] ?? null;
			}
			try {
				$current = $this->engines->engine();
				if ( null !== $current ) {
					if ( $engine !== $current ) {
						$engine   = $current;
						$listener = $current->listener( $type, $snapshot );
					}
					null === $listener || $listener( ...$args );
				}
			} catch ( TransactionLost $lost ) {
				$this->problems->caught( 'transaction', "The event $type was not kept.", $lost );
				throw $lost;
			} catch ( \Throwable $error ) {
				$this->problems->caught( 'emit', "The event $type could not be kept.", $error );
			}
			return $args[0] ?? null;
		};
	}

	/** @param array<string, mixed> $snapshot */
	public function emit( string $type, array $snapshot ): ?string {
		try {
			return $this->keep( $type, $snapshot );
		} catch ( TransactionLost $lost ) {
			$this->problems->caught( 'transaction', "The event $type was not kept.", $lost );
			throw $lost;
		} catch ( \Throwable $error ) {
			$this->problems->caught( 'emit', "The event $type could not be kept.", $error );
			return null;
		}
	}

	/** @param array<string, mixed> $snapshot */
	public function keep( string $type, array $snapshot ): ?string {
		if ( ! $this->subscriptions->has( $type ) ) {
			return null;
		}
		$data = Value::map( $snapshot['data'] ?? null );
		$only = isset( $snapshot['webhooks'] ) ? Value::numbers( $snapshot['webhooks'] ) : null;
		unset( $snapshot['data'], $snapshot['webhooks'] );
		$emit = fn (): ?string => $this->engines->engine()?->emit( $type, $data, $snapshot );
		return null === $only ? $emit() : $this->engines->store()?->amongThese( $only, $emit );
	}

	public function listens( string $type ): bool {
		return $this->subscriptions->has( $type );
	}

	public function inTransaction(): bool {
		return $this->booking->inTransaction();
	}

	public function lostTransaction(): bool {
		return $this->booking->moved();
	}

	public function transactionWasLost(): bool {
		return $this->booking->wasLost();
	}
}
