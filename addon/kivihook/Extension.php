<?php

declare(strict_types=1);

namespace KiviHook\WordPress;

/** Is the native half here, and is it the half that this add-on belongs to? */
final class Extension {

	public const OK       = 'ok';
	public const MISSING  = 'missing';
	public const MISMATCH = 'mismatch';

	/** The extension's version, or null when it is not loaded. */
	public static function version(): ?string {
		$version = phpversion( 'kivihook' );
		return is_string( $version ) ? $version : null;
	}

	/** One of the constants above. Another version counts as missing: its classes may have another shape. */
	public static function state(): string {
		$version = self::version();
		if ( null === $version ) {
			return self::MISSING;
		}
		return Plugin::VERSION === $version ? self::OK : self::MISMATCH;
	}

	public static function usable(): bool {
		return self::OK === self::state();
	}
}
