<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * A small file beside the database: the highest event number that was seen, and how often an administrator has confirmed
 * the place. A database that knows less was restored from a backup. Where the file can't be written, nothing is known.
 */
final class Marker {

	/** @param \Closure():string $path */
	public function __construct( private \Closure $path ) {
	}

	/** For a site. KIVIHOOK_MARKER_DIR names another folder than that of the uploads. */
	public static function of( string $site ): self {
		return new self(
			static function () use ( $site ): string {
				$folder = defined( 'KIVIHOOK_MARKER_DIR' )
					? Value::text( constant( 'KIVIHOOK_MARKER_DIR' ) )
					: wp_upload_dir( null, false )['basedir'];
				return rtrim( $folder, '/' ) . '/.kivihook-' . substr( hash( 'sha256', $site ), 0, 16 );
			}
		);
	}

	/** @return array{epoch: int, sequence: int} zeros where there is none */
	public function read(): array {
		// phpcs:ignore WordPress.PHP.NoSilencedErrors -- a file that is not there is nothing special.
		$text = @file_get_contents( ( $this->path )(), false, null, 0, 64 );
		return 1 === preg_match( '/\A(\d{1,9}) (\d{1,18})\n\z/', (string) $text, $found )
			? array( 'epoch' => (int) $found[1], 'sequence' => (int) $found[2] )
			: array( 'epoch' => 0, 'sequence' => 0 );
	}

	/** In one step: nobody reads half of it. False: it can't be written. */
	public function write( int $epoch, int $sequence ): bool {
		$path = ( $this->path )();
		$new  = $path . '.' . bin2hex( random_bytes( 4 ) );
		// phpcs:disable WordPress.PHP.NoSilencedErrors -- the answer says it.
		if ( false === @file_put_contents( $new, "$epoch $sequence\n" ) || ! @rename( $new, $path ) ) {
			@unlink( $new );
			return false;
		}
		// phpcs:enable
		return true;
	}

	public function remove(): void {
		// phpcs:ignore WordPress.PHP.NoSilencedErrors
		@unlink( ( $this->path )() );
	}
}
