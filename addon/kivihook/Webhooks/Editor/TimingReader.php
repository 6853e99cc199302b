<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Field;
use KiviHook\WordPress\Webhooks\Refused;

/** Reads how long, how often and how fast: time limits, retries, limits, reminders. */
final class TimingReader {

	public const ORDERS = array( '', 'record' );

	/**
	 * @param array<string, mixed> $sent
	 * @return array<string, mixed> Those members of the configuration that were sent.
	 */
	public static function read( array $sent, Errors $errors ): array {
		$read = array();
		foreach (
			array(
				'timeout_ms'         => array( __( 'The time limit (ms)', 'kivihook' ), 1000, 300000, 30000 ),
				'connect_timeout_ms' => array( __( 'The time limit to connect (ms)', 'kivihook' ), 100, 300000, 5000 ),
			) as $name => list( $label, $min, $max, $default )
		) {
			if ( array_key_exists( $name, $sent ) ) {
				$read[ $name ] = $errors->read( $name, static fn () => Field::integer( $sent[ $name ], $label, $min, $max, $default ), $default );
			}
		}
		foreach ( array( 'retry', 'limits', 'reminders_min' ) as $name ) {
			if ( array_key_exists( $name, $sent ) ) {
				$read[ $name ] = 'retry' === $name
					? self::retry( $sent[ $name ], $errors )
					: ( 'limits' === $name ? self::limits( $sent[ $name ], $errors ) : self::reminders( $sent[ $name ], $errors ) );
			}
		}
		return $read;
	}

	/** @return array<string, mixed> */
	private static function retry( mixed $sent, Errors $errors ): array {
		if ( ! is_array( $sent ) ) {
			$errors->add( 'retry', __( 'retry must be an object.', 'kivihook' ) );
			return array();
		}
		if ( ! empty( $sent['never'] ) ) {
			return array( 'never' => true );
		}
		if ( ! empty( $sent['schedule_s'] ) ) {
			return array( 'schedule_s' => self::numbers( 'retry.schedule_s', $sent['schedule_s'], __( 'A delay (seconds)', 'kivihook' ), 1, 86400, 25, $errors ) );
		}
		return array(
			'quick_tries'   => $errors->read( 'retry.quick_tries', static fn () => Field::integer( $sent['quick_tries'] ?? null, __( 'Quick retries', 'kivihook' ), 0, 10, 3 ), 3 ),
			'quick_delay_s' => $errors->read( 'retry.quick_delay_s', static fn () => Field::integer( $sent['quick_delay_s'] ?? null, __( 'The delay (seconds)', 'kivihook' ), 1, 60, 5 ), 5 ),
		);
	}

	/** @return array<string, mixed> */
	private static function limits( mixed $sent, Errors $errors ): array {
		$sent = is_array( $sent ) ? $sent : array();
		return array(
			'concurrency' => $errors->read( 'limits.concurrency', static fn () => Field::integer( $sent['concurrency'] ?? null, __( 'Requests at once', 'kivihook' ), 0, 64, 0 ), 0 ),
			'per_minute'  => $errors->read( 'limits.per_minute', static fn () => Field::integer( $sent['per_minute'] ?? null, __( 'Requests per minute', 'kivihook' ), 0, 10000, 0 ), 0 ),
			'order'       => $errors->read(
				'limits.order',
				static function () use ( $sent ): string {
					$order = $sent['order'] ?? '';
					if ( ! in_array( $order, self::ORDERS, true ) ) {
						throw new Refused( __( 'The order is either empty or "record": one after the other for each record.', 'kivihook' ) );
					}
					return $order;
				},
				''
			),
		);
	}

	/** @return int[] */
	private static function reminders( mixed $sent, Errors $errors ): array {
		$minutes = self::numbers( 'reminders_min', $sent, __( 'A reminder (minutes before)', 'kivihook' ), 1, 43200, 5, $errors );
		$minutes = array_values( array_unique( $minutes ) );
		rsort( $minutes );
		return $minutes;
	}

	/** @return int[] */
	private static function numbers( string $field, mixed $sent, string $label, int $min, int $max, int $most, Errors $errors ): array {
		if ( null === $sent || '' === $sent ) {
			return array();
		}
		if ( ! is_array( $sent ) || count( $sent ) > $most ) {
			/* translators: %d: a number */
			$errors->add( $field, sprintf( __( 'A list of at most %d numbers is expected here.', 'kivihook' ), $most ) );
			return array();
		}
		$numbers = array();
		foreach ( array_values( $sent ) as $index => $value ) {
			$numbers[] = $errors->read( "$field.$index", static fn () => Field::integer( $value, $label, $min, $max, $min ), $min );
		}
		return $numbers;
	}
}
