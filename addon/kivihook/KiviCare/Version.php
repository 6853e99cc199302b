<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/** Which KiviCare runs here. */
final class Version {

	/** Its number, or '' where it is not active. */
	public static function number(): string {
		return defined( 'KIVI_CARE_VERSION' ) ? Value::text( constant( 'KIVI_CARE_VERSION' ) ) : '';
	}

	/** 3 or 4; 0 where it is not active. */
	public static function generation(): int {
		return '' === self::number() ? 0 : ( version_compare( self::number(), '4.0.0', '<' ) ? 3 : 4 );
	}
}
