<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Exception;

/** Bytes before they are sealed: compressed where zlib is there. The first byte says which. */
final class Pack {

	/** A sealed value of ours never holds more; a changed one can't make us unpack a bomb. */
	private const MAX_BYTES = 16_777_216;

	public static function pack( string $bytes ): string {
		return function_exists( 'gzcompress' ) ? 'z' . gzcompress( $bytes, 6 ) : 'p' . $bytes;
	}

	/** @throws Exception */
	public static function unpack( string $packed ): string {
		$bytes = substr( $packed, 1 );
		if ( 'p' === substr( $packed, 0, 1 ) ) {
			return $bytes;
		}
		// phpcs:ignore WordPress.PHP.NoSilencedErrors -- a warning for what becomes an exception.
		$plain = 'z' === substr( $packed, 0, 1 ) && function_exists( 'gzuncompress' )
			? @gzuncompress( $bytes, self::MAX_BYTES )
			: false;
		if ( false === $plain ) {
			throw new Exception( 'A stored value cannot be unpacked: PHP\'s zlib extension is missing, or the value is damaged.' );
		}
		return $plain;
	}
}
