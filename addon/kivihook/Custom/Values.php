<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Custom;

/** What other plugins hand over, brought to the type that they declared. What does not fit is no value. */
final class Values {

	private const MAX_DEPTH = 16;

	/** Null where the value is not of the type. */
	public static function typed( string $type, mixed $value ): mixed {
		switch ( $type ) {
			case 'integer':
				$digits = is_string( $value ) && 1 === preg_match( '/\A-?(0|[1-9][0-9]{0,17})\z/', $value );
				return is_int( $value ) || $digits ? (int) $value : null;
			case 'string':
				return self::text( $value );
			default:
				return is_array( $value ) ? self::plain( $value, self::MAX_DEPTH ) : null;
		}
	}

	private static function text( mixed $value ): ?string {
		if ( is_bool( $value ) ) {
			return $value ? 'yes' : 'no';
		}
		return is_scalar( $value ) ? self::utf8( (string) $value ) : null;
	}

	/**
	 * Arrays of scalars: objects would bring along what nobody declared.
	 *
	 * @param mixed[] $values
	 * @return mixed[]|null
	 */
	private static function plain( array $values, int $depth ): ?array {
		if ( 0 === $depth ) {
			return null;
		}
		$plain = array();
		foreach ( $values as $key => $value ) {
			$key = is_string( $key ) ? self::utf8( $key ) : $key;
			if ( is_array( $value ) ) {
				$plain[ $key ] = self::plain( $value, $depth - 1 );
			} elseif ( is_string( $value ) ) {
				$plain[ $key ] = self::utf8( $value );
			} elseif ( is_float( $value ) ) {
				$plain[ $key ] = is_finite( $value ) ? $value : null;
			} else {
				$plain[ $key ] = is_int( $value ) || is_bool( $value ) ? $value : null;
			}
		}
		return $plain;
	}

	/** What is no UTF-8 could not be sent as JSON. */
	private static function utf8( string $text ): string {
		return 1 === preg_match( '//u', $text ) ? $text : (string) iconv( 'UTF-8', 'UTF-8//IGNORE', $text );
	}
}
