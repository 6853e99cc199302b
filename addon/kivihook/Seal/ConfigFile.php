<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Seal;

use KiviHook\WordPress\Value;

/**
 * Writes `define( 'KIVIHOOK_KEY', … )` into wp-config.php: all or nothing, with the file's mode and owner, and only if
 * the result is the old program plus this one statement, which stands at the top level before wp-settings.php is loaded.
 */
final class ConfigFile {

	public function __construct( private string $path ) {
	}

	/** The file that this WordPress was configured by, for messages; on Debian the one in /etc. */
	public static function current(): self {
		if ( defined( 'DEBIAN_FILE' ) ) {
			return new self( Value::text( DEBIAN_FILE ) );
		}
		$inside = ABSPATH . 'wp-config.php';
		return new self( is_file( $inside ) ? $inside : dirname( ABSPATH ) . '/wp-config.php' );
	}

	public function path(): string {
		return $this->path;
	}

	public static function line( string $key ): string {
		return "define( 'KIVIHOOK_KEY', '$key' );";
	}

	/** False: nothing was changed; show the line to be pasted. */
	public function write( string $key ): bool {
		$path = realpath( $this->path );
		if ( 1 !== preg_match( '#\A[A-Za-z0-9+/]{43}=\z#', $key ) || false === $path || ! is_writable( $path )
			|| ! is_writable( dirname( $path ) ) || ! function_exists( 'token_get_all' ) ) {
			return false;
		}
		$old = file_get_contents( $path );
		$new = is_string( $old ) ? $this->insert( $old, $key ) : null;
		return null !== $new && $this->replace( $path, $old, $new );
	}

	/** The new source, or null when there is no place that is certain to be right. */
	private function insert( string $source, string $key ): ?string {
		if ( str_contains( $source, 'KIVIHOOK_KEY' ) ) {
			return null; // Defined already, in whatever way.
		}
		$statement = self::line( $key ) . " // Seals the credentials of KiviHook: keep it like the salts.\n";
		try {
			$at = $this->place( token_get_all( $source, TOKEN_PARSE ) );
			if ( null === $at ) {
				return null;
			}
			$new = substr( $source, 0, $at ) . $statement . substr( $source, $at );
			token_get_all( $new, TOKEN_PARSE );
			return $new;
		} catch ( \ParseError $error ) {
			return null;
		}
	}

	/**
	 * Where the top-level statement begins that loads wp-settings.php, in bytes.
	 *
	 * @param array<int, array{int, string, int}|string> $tokens
	 */
	private function place( array $tokens ): ?int {
		$at    = 0;
		$depth = 0;
		$start = null;
		$load  = null;
		foreach ( $tokens as $token ) {
			list( $kind, $text ) = is_array( $token ) ? $token : array( null, $token );
			if ( in_array( $kind, array( T_REQUIRE_ONCE, T_REQUIRE, T_INCLUDE, T_INCLUDE_ONCE ), true ) ) {
				$load = null === $start ? $at : null;
			}
			if ( T_CONSTANT_ENCAPSED_STRING === $kind && null !== $load && str_contains( $text, 'wp-settings.php' ) ) {
				return 0 === $depth ? $load : null;
			}
			$depth += in_array( $kind, array( T_CURLY_OPEN, T_DOLLAR_OPEN_CURLY_BRACES ), true ) || '{' === $text ? 1 : 0;
			$depth -= '}' === $text ? 1 : 0;
			if ( ';' === $text || '}' === $text || '{' === $text || T_OPEN_TAG === $kind ) {
				$start = null;
				$load  = null;
			} elseif ( ! in_array( $kind, array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ), true ) && null === $start ) {
				$start = $at;
			}
			$at += strlen( $text );
		}
		return null;
	}

	private function replace( string $path, string $old, string $new ): bool {
		$stat = stat( $path );
		$temp = tempnam( dirname( $path ), '.kivihook-' );
		if ( false === $stat || false === $temp || dirname( $temp ) !== dirname( $path ) ) {
			return false;
		}
		$done = false;
		$file = fopen( $temp, 'wb' );
		// The mode first: never wider than the original, not even for a moment.
		if ( false !== $file && chmod( $temp, $stat['mode'] & 07777 ) && $this->own( $temp, $stat )
			&& fwrite( $file, $new ) === strlen( $new ) && fflush( $file )
			&& ( ! function_exists( 'fsync' ) || fsync( $file ) ) ) {
			clearstatcache( true, $path );
			$done = file_get_contents( $temp ) === $new && file_get_contents( $path ) === $old && rename( $temp, $path );
		}
		if ( false !== $file ) {
			fclose( $file );
		}
		if ( ! $done ) {
			unlink( $temp );
			return false;
		}
		if ( function_exists( 'opcache_invalidate' ) ) {
			opcache_invalidate( $path, true );
		}
		return true;
	}

	/**
	 * Owner and group stay as they were, else wp-config.php might no longer be readable for those who need it.
	 *
	 * @param array<int|string, int> $stat
	 */
	private function own( string $temp, array $stat ): bool {
		clearstatcache( true, $temp );
		return ( fileowner( $temp ) === $stat['uid'] || @chown( $temp, $stat['uid'] ) )
			&& ( filegroup( $temp ) === $stat['gid'] || @chgrp( $temp, $stat['gid'] ) );
	}
}
