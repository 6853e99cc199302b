<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/**
 * Where a URL template leads: scheme, host and port. Credentials belong to an origin; when it changes, they must be
 * entered again, or whoever may edit a webhook could have them sent to a server of their own.
 */
final class Origin {

	/**
	 * In lower case, with the port written out.
	 *
	 * @throws Refused
	 */
	public static function of( string $url ): string {
		if ( ! preg_match( '~\A(https?)://([^/?\#\\\\]*)~i', $url, $match ) ) {
			throw new Refused( __( 'The webhook URL must begin with https:// (or http://).', 'kivihook' ) );
		}
		$scheme    = strtolower( $match[1] );
		$authority = $match[2];
		if ( str_contains( $authority, '@' ) ) {
			throw new Refused(
				__(
					'Take the user name and password out of the webhook URL, and enter them under Basic Authentication, where they are kept sealed.',
					'kivihook'
				)
			);
		}
		if ( str_contains( $authority, '{' ) || str_contains( $authority, '}' ) ) {
			throw new Refused(
				__(
					'Write the host of the webhook URL out: a variable there could send patient data to the wrong place.',
					'kivihook'
				)
			);
		}
		if ( ! preg_match( '~\A(\[[0-9a-f:.]+\]|[^\s:\[\]]+?)\.?(?::([0-9]{1,5}))?\z~i', $authority, $match ) ) {
			throw new Refused( __( 'The webhook URL has no valid host name.', 'kivihook' ) );
		}
		$port = isset( $match[2] ) ? (int) $match[2] : ( 'https' === $scheme ? 443 : 80 );
		if ( $port < 1 || $port > 65535 ) {
			throw new Refused( __( 'The port in the webhook URL must be between 1 and 65535.', 'kivihook' ) );
		}
		return $scheme . '://' . strtolower( $match[1] ) . ':' . $port;
	}
}
