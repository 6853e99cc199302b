<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/**
 * Takes ids out of what KiviCare hands to its hooks: the same hook gives an int in one version and an array with an
 * `id` in the next, and a cast of that array would be 1, another record. Nothing but ids is taken: the arrays also
 * carry passwords in clear.
 */
final class Argument {

	private const NAMES   = array( 'id', 'ID' );
	private const GETTERS = array( 'get_id', 'getId' );

	/** From an int, a numeric string, an array with an id, or an object with an id or a getter. */
	public static function id( mixed $argument ): ?int {
		if ( is_array( $argument ) ) {
			foreach ( self::NAMES as $name ) {
				if ( isset( $argument[ $name ] ) ) {
					return self::number( $argument[ $name ] );
				}
			}
			return null;
		}
		if ( ! is_object( $argument ) ) {
			return self::number( $argument );
		}
		foreach ( self::NAMES as $name ) {
			$id = self::number( self::member( $argument, $name ) );
			if ( null !== $id ) {
				return $id;
			}
		}
		foreach ( self::GETTERS as $getter ) {
			if ( is_callable( array( $argument, $getter ) ) && method_exists( $argument, $getter ) ) {
				return self::number( $argument->$getter() );
			}
		}
		return null;
	}

	/**
	 * From one of the above, a list of them, or a comma list.
	 *
	 * @return int[] Each once.
	 */
	public static function ids( mixed $argument ): array {
		if ( is_string( $argument ) && str_contains( $argument, ',' ) ) {
			$argument = array_map( 'trim', explode( ',', $argument ) );
		}
		$list = is_array( $argument ) && null === self::id( $argument ) ? $argument : array( $argument );
		$ids  = array();
		foreach ( $list as $one ) {
			$id = self::id( $one );
			if ( null !== $id ) {
				$ids[ $id ] = $id;
			}
		}
		return array_values( $ids );
	}

	/** A member of an array or an object, by its magic getter too, or null. Never a warning. */
	public static function member( mixed $argument, string $name ): mixed {
		if ( is_array( $argument ) ) {
			return $argument[ $name ] ?? null;
		}
		if ( ! is_object( $argument ) ) {
			return null;
		}
		try {
			return $argument->$name ?? ( method_exists( $argument, '__get' ) ? $argument->$name : null );
		} catch ( \Throwable $refused ) {
			return null;
		}
	}

	/** What lies at a path such as `patientEncounter.appointmentId` or `data.selectedRows.*.ID`. */
	public static function path( mixed $argument, string $path ): mixed {
		foreach ( explode( '.', $path ) as $place => $name ) {
			if ( '*' === $name ) {
				$rest = implode( '.', array_slice( explode( '.', $path ), $place + 1 ) );
				$each = static fn ( mixed $one ): mixed => self::path( $one, $rest );
				return is_array( $argument ) ? array_map( $each, array_values( $argument ) ) : null;
			}
			$argument = self::member( $argument, $name );
		}
		return $argument;
	}

	/** KiviCare's statuses of an appointment: a digit, or null. */
	public static function status( mixed $argument ): ?int {
		$scalar = is_int( $argument ) || is_string( $argument );
		return $scalar && 1 === preg_match( '/\A[0-4]\z/', (string) $argument ) ? (int) $argument : null;
	}

	private static function number( mixed $value ): ?int {
		if ( is_string( $value ) && ctype_digit( $value ) && strlen( $value ) < 19 ) {
			$value = (int) $value;
		}
		return is_int( $value ) && $value > 0 ? $value : null;
	}
}
