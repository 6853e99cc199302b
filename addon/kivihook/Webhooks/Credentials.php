<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/**
 * Headers and query parameters are stored readable and shown again in the form. A credential has no place there: it
 * belongs to the authentication, which is sealed.
 */
final class Credentials {

	/** The core masks the same names in the log (kh_redact). */
	private const WORDS = '/authorization|cookie|token|secret|passw|(?:api|app|application|access|auth)[-_ ]?key/i';

	/**
	 * @param array<int, array{0: string, 1: string}> $headers
	 * @param array<int, array{0: string, 1: string}> $query
	 * @throws Refused
	 */
	public static function refuseInClear( array $headers, array $query ): void {
		foreach ( array_merge( $headers, $query ) as list( $name, $value ) ) {
			// A value with a variable comes from the event, not from a key ring.
			if ( 1 === preg_match( self::WORDS, $name ) && ! str_contains( $value, '{{' ) ) {
				throw new Refused(
					sprintf(
						/* translators: %s: the name of a header or of a query parameter */
						__(
							'"%s" looks like a credential, and custom headers and query parameters are stored readable. Choose the authentication method "API Key" with this name and its location: there it is sealed and never shown again.',
							'kivihook'
						),
						$name
					)
				);
			}
		}
	}
}
