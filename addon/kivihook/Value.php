<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

/**
 * Reads what a configuration, a request or a foreign row may hold: anything. Whatever does not fit gives what PHP's own
 * casts give, without their warnings and errors; what has to be refused is refused by whoever knows its name.
 */
final class Value {

	public static function text( mixed $value ): string {
		if ( is_array( $value ) ) {
			return 'Array';
		}
		return is_scalar( $value ) || null === $value || $value instanceof \Stringable ? (string) $value : '';
	}

	public static function number( mixed $value ): int {
		return is_scalar( $value ) || is_array( $value ) || null === $value ? (int) $value : 1;
	}

	/** @return array<string, mixed> What is no array has no members. */
	public static function map( mixed $value ): array {
		/** @var array<string, mixed> $members Whoever looks one up does so by its name: what stands under a number is never found. */
		$members = is_array( $value ) ? $value : array();
		return $members;
	}

	/** @return list<mixed> One value is a list of one, nothing is an empty one. */
	public static function items( mixed $value ): array {
		return array_values( (array) $value );
	}

	/** @return list<array<string, mixed>> Those of its items that are arrays. */
	public static function maps( mixed $value ): array {
		return array_map( array( self::class, 'map' ), array_values( array_filter( self::items( $value ), 'is_array' ) ) );
	}

	/** @return list<int> */
	public static function numbers( mixed $value ): array {
		return array_map( array( self::class, 'number' ), self::items( $value ) );
	}

	/** @return list<string> */
	public static function texts( mixed $value ): array {
		return array_map( array( self::class, 'text' ), self::items( $value ) );
	}
}
