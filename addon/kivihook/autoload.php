<?php

declare(strict_types=1);

/**
 * PSR-4 for KiviHook\WordPress, rooted here; and the two exceptions that listeners and PHP code need while the
 * extension, which brings them otherwise, is not loaded.
 */
spl_autoload_register(
	static function ( string $class ): void {
		$prefix = 'KiviHook\\WordPress\\';
		if ( str_starts_with( $class, $prefix ) ) {
			$file = __DIR__ . '/' . str_replace( '\\', '/', substr( $class, strlen( $prefix ) ) ) . '.php';
			if ( is_file( $file ) ) {
				require $file;
			}
			return;
		}
		if ( 'KiviHook\\Exception' === $class || 'KiviHook\\TransactionLost' === $class ) {
			require_once __DIR__ . '/polyfill/exceptions.php';
		}
	}
);
