<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

use KiviHook\TransactionLost;
use KiviHook\WordPress\Store\BookingTransaction;
use KiviHook\WordPress\Store\EventWriter;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Subscribers;
use KiviHook\WordPress\Store\Subscriptions;

/**
 * Keeps events while the extension is missing or of another version: sealed and unrouted, to be matched and sent when it
 * is back. Same promises as the engine: it throws nothing but TransactionLost, and exit in a snapshot passes through.
 */
final class PlainEmitter implements Emitter {

	public function __construct(
		private EventWriter $writer,
		private Subscriptions $subscriptions,
		private Subscribers $subscribers,
		private BookingTransaction $booking,
		private Problems $problems
	) {
	}

	public function listener( string $type, callable $snapshot ): callable {
		return function ( mixed ...$args ) use ( $type, $snapshot ): mixed {
			if ( $this->subscriptions->has( $type ) ) {
				try {
					$taken = $snapshot( ...$args );
					if ( is_array( $taken ) ) {
						$this->emit( $type, Value::map( $taken ) );
					}
				} catch ( TransactionLost $lost ) {
					$this->problems->caught( 'transaction', "The event $type was not kept.", $lost );
					throw $lost;
				} catch ( \Throwable $error ) {
					$this->problems->caught( 'snapshot', "The snapshot for the event $type failed.", $error );
				}
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
			$this->problems->caught( 'append', "The event $type could not be kept.", $error );
			return null;
		}
	}

	/** @param array<string, mixed> $snapshot */
	public function keep( string $type, array $snapshot ): ?string {
		// What is meant for certain webhooks comes when they want it, and can't wait until somebody routes it.
		if ( ! $this->subscriptions->has( $type ) || isset( $snapshot['webhooks'] ) ) {
			return null;
		}
		$clinics = Value::numbers( $snapshot['clinic_ids'] ?? null );
		$rows    = array_filter(
			$this->subscribers->rows( $type ),
			static fn ( array $row ): bool => Subscribers::inScope( $row, $clinics )
		);
		if ( ! $rows ) {
			return null;
		}
		$data = array_diff_key( Value::map( $snapshot['data'] ?? null ), array_flip( Subscribers::unwanted( $rows ) ) );
		$id   = self::uuid7();
		if ( array_key_exists( 'event_id', $data ) ) {
			$data['event_id'] = $id;
		}
		$this->writer->append(
			array(
				'id'         => $id,
				'type'       => $type,
				'timestamp'  => self::now(),
				'record_id'  => self::id( $snapshot['record_id'] ?? null ),
				'clinic_ids' => $clinics,
				'patient_id' => self::id( $snapshot['patient_id'] ?? null ),
				'doctor_id'  => self::id( $snapshot['doctor_id'] ?? null ),
				'data'       => json_encode(
					(object) $data,
					JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES
						| JSON_PRESERVE_ZERO_FRACTION | JSON_INVALID_UTF8_SUBSTITUTE
				),
			),
			array(),
			false
		);
		return $id;
	}

	private static function id( mixed $id ): ?int {
		return null === $id ? null : Value::number( $id );
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

	/** Now, ISO 8601, UTC, milliseconds: what the engine writes as an event's timestamp. */
	private static function now(): string {
		return ( new \DateTimeImmutable( 'now', new \DateTimeZone( 'UTC' ) ) )->format( 'Y-m-d\TH:i:s.v\Z' );
	}

	/** RFC 9562, version 7: 48 bits of milliseconds, then random bits. */
	private static function uuid7(): string {
		$bytes    = substr( pack( 'J', (int) ( microtime( true ) * 1000 ) ), 2 ) . random_bytes( 10 );
		$bytes[6] = chr( ord( $bytes[6] ) & 0x0f | 0x70 );
		$bytes[8] = chr( ord( $bytes[8] ) & 0x3f | 0x80 );
		return vsprintf( '%s%s-%s-%s-%s-%s%s%s', str_split( bin2hex( $bytes ), 4 ) );
	}
}
