<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** Reads one value of a form, whatever type JSON, a query string or an older screen gave it. */
final class Field {

	/** RFC 9110 token: what a header may be called. */
	private const TOKEN = '/\A[!#$%&\'*+.^_`|~0-9A-Za-z-]+\z/';

	/** Set by the engine or by libcurl; a second one would contradict the first. */
	private const RESERVED_HEADERS = array(
		'host',
		'content-length',
		'transfer-encoding',
		'connection',
		'expect',
		'te',
		'trailer',
		'upgrade',
		'webhook-id',
		'webhook-timestamp',
		'webhook-signature',
	);

	/** A single line of text without control characters. */
	public static function line( mixed $value, string $label, int $maxLength ): string {
		if ( null !== $value && ! is_scalar( $value ) ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s must be text.', 'kivihook' ), $label );
		}
		$text = trim( (string) $value );
		if ( 1 !== preg_match( '//u', $text ) || 1 === preg_match( '/[\x00-\x1f\x7f]/', $text ) ) {
			throw Refused::value(
				/* translators: %s: a field's label */
				__( '%s holds a line break or another character that can\'t be sent. Remove it.', 'kivihook' ),
				$label
			);
		}
		if ( mb_strlen( $text, 'UTF-8' ) > $maxLength ) {
			throw Refused::value(
				/* translators: 1: a field's label, 2: a number of characters */
				__( '%1$s is too long: at most %2$d characters.', 'kivihook' ),
				$label,
				$maxLength
			);
		}
		return $text;
	}

	public static function required( mixed $value, string $label, int $maxLength ): string {
		$text = self::line( $value, $label, $maxLength );
		if ( '' === $text ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s is missing. Fill it in.', 'kivihook' ), $label );
		}
		return $text;
	}

	/** A whole number within its limits; nothing at all (an emptied number field arrives as null) gives the default. */
	public static function integer( mixed $value, string $label, int $min, int $max, int $default ): int {
		if ( null === $value || '' === $value ) {
			return $default;
		}
		$number = is_bool( $value ) ? false : filter_var( $value, FILTER_VALIDATE_INT );
		if ( false === $number || $number < $min || $number > $max ) {
			throw Refused::value(
				/* translators: 1: a field's label, 2 and 3: numbers */
				__( '%1$s must be a whole number from %2$d to %3$d.', 'kivihook' ),
				$label,
				$min,
				$max
			);
		}
		return $number;
	}

	/** 1, "1", true, "yes", "on" are true; 0, "0", false, "no", "off", nothing are false. */
	public static function boolean( mixed $value, string $label ): bool {
		$boolean = is_bool( $value ) ? $value : null;
		if ( null === $value ) {
			$boolean = false;
		} elseif ( is_scalar( $value ) && ! is_bool( $value ) ) {
			$boolean = filter_var( $value, FILTER_VALIDATE_BOOLEAN, FILTER_NULL_ON_FAILURE );
		}
		if ( null === $boolean ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s must be on or off (1 or 0).', 'kivihook' ), $label );
		}
		return $boolean;
	}

	/** A name that a request header may have and that nobody else sets. */
	public static function headerName( mixed $value ): string {
		$name = self::required( $value, __( 'The header name', 'kivihook' ), 128 );
		if ( 1 !== preg_match( self::TOKEN, $name ) ) {
			throw Refused::value(
				/* translators: %s: what was entered */
				__( '"%s" is no valid header name: use letters, digits and hyphens.', 'kivihook' ),
				$name
			);
		}
		if ( in_array( strtolower( $name ), self::RESERVED_HEADERS, true ) ) {
			throw Refused::value(
				/* translators: %s: a header name */
				__( 'KiviHook sets the header "%s" itself. Take it out of the custom headers.', 'kivihook' ),
				$name
			);
		}
		return $name;
	}

	/**
	 * Rows of {key, value} (or {name, value}) as a list of [name, template]. Empty rows are dropped, half-filled ones
	 * refused.
	 *
	 * @return array<int, array{0: string, 1: string}>
	 */
	public static function pairs( mixed $rows, string $label, bool $areHeaders ): array {
		if ( null === $rows || '' === $rows ) {
			return array();
		}
		if ( ! is_array( $rows ) || count( $rows ) > 50 ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s must be a list of at most 50 names and values.', 'kivihook' ), $label );
		}
		$pairs = array();
		$seen  = array();
		foreach ( $rows as $key => $row ) {
			$row   = is_array( $row ) ? $row : array( 'key' => $key, 'value' => $row );
			$name  = self::line( $row['key'] ?? $row['name'] ?? '', $label, 128 );
			$value = self::line( $row['value'] ?? '', $label, 8192 );
			if ( '' === $name && '' === $value ) {
				continue;
			}
			if ( '' === $name || '' === $value ) {
				throw Refused::value(
					/* translators: 1: a field's label, 2: the half that is there */
					__( '%1$s: the row "%2$s" needs both a name and a value.', 'kivihook' ),
					$label,
					'' === $name ? $value : $name
				);
			}
			if ( $areHeaders ) {
				$name = self::headerName( $name );
				if ( isset( $seen[ strtolower( $name ) ] ) ) {
					/* translators: %s: a header name */
					throw Refused::value( __( 'The header "%s" is there twice. Keep one.', 'kivihook' ), $name );
				}
				$seen[ strtolower( $name ) ] = true;
			}
			$pairs[] = array( $name, $value );
		}
		return $pairs;
	}
}
