<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Text for columns on a strict connection: valid UTF-8, and not longer than the column. */
final class Text {

	public static function line( string $text, int $max ): string {
		$text = 1 === preg_match( '//u', $text )
			? $text
			: (string) preg_replace( '/[^\x09\x0a\x20-\x7e]/', '?', $text );
		if ( strlen( $text ) <= $max ) {
			return $text;
		}
		return 1 === preg_match( '/\A.{0,' . $max . '}/us', $text, $found ) ? $found[0] : substr( $text, 0, $max );
	}

	public static function ascii( string $text, int $max ): string {
		return substr( (string) preg_replace( '/[^\x20-\x7e]/', '?', $text ), 0, $max );
	}
}
