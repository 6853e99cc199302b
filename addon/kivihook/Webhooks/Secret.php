<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** What stands for a stored secret: sent back unchanged it keeps what is stored. */
final class Secret {

	public const PLACEHOLDER = '••••••••';

	public static function isPlaceholder( string $value ): bool {
		return 1 === preg_match( '/\A•+\z/u', trim( $value ) );
	}

	/** Somebody typed into the dots. */
	public static function isHalfPlaceholder( string $value ): bool {
		return str_contains( $value, '••' );
	}
}
