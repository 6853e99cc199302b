<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** "Did you mean …?" */
final class Nearest {

	/** @param string[] $known */
	public static function to( string $name, array $known ): string {
		$best     = '';
		$distance = PHP_INT_MAX;
		$name     = substr( $name, 0, 64 );
		foreach ( $known as $candidate ) {
			$next = levenshtein( strtolower( $name ), strtolower( substr( $candidate, 0, 64 ) ) );
			if ( $next < $distance ) {
				$best     = $candidate;
				$distance = $next;
			}
		}
		return $best;
	}
}
