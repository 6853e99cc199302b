<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Operations;

/** The versions of libcurl, json-c and OpenSSL that the extension runs with and was compiled with, as phpinfo() shows them. */
final class Libraries {

	/** @return array{running: string, compiled: string} '' without the extension */
	public static function versions(): array {
		$versions = array( 'running' => '', 'compiled' => '' );
		if ( ! extension_loaded( 'kivihook' ) ) {
			return $versions;
		}
		ob_start();
		( new \ReflectionExtension( 'kivihook' ) )->info();
		$text = wp_strip_all_tags( str_replace( '</td><td', ' =></td><td', (string) ob_get_clean() ) );
		foreach ( array_keys( $versions ) as $which ) {
			if ( 1 === preg_match( "/Libraries, $which\s*=>\s*(.+?)\s*$/m", $text, $found ) ) {
				$versions[ $which ] = trim( $found[1] );
			}
		}
		return $versions;
	}
}
