<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/**
 * The Authentication card of KiviCare's form. Credentials go one way: what is stored comes back as PLACEHOLDER, and
 * PLACEHOLDER sent unchanged keeps what is stored, as long as the webhook still leads to the same origin.
 */
final class AuthForm {

	public const PLACEHOLDER = '••••••••';

	/** Method => [member of auth_config => its label]; members are called the same in our secrets. */
	private const SECRETS = array(
		'none'   => array(),
		'apikey' => array( 'api_key' ),
		'basic'  => array( 'username', 'password' ),
		'bearer' => array( 'bearer_token' ),
		'hmac'   => array( 'hmac_secret_key', 'hmac_access_key' ),
	);

	/** May be left empty. */
	private const OPTIONAL = array( 'hmac_access_key' );

	private const HMAC_ALGORITHMS = array( 'HMAC-SHA256', 'HMAC-SHA512', 'HMAC-SHA1', 'HMAC-MD5' );

	/** What KiviCare's form offers and this version can't do yet. */
	private const LATER = array( 'oauth2', 'jwt' );

	/**
	 * Checks the method and everything about it that is not secret.
	 *
	 * @return array{auth: array, echo: array} The configuration's `auth`, and what only the form cares about.
	 */
	public static function config( string $method, array $form ): array {
		switch ( self::method( $method ) ) {
			case 'apikey':
				$location = Field::line( $form['key_location'] ?? 'header', __( 'Location', 'kivihook' ), 16 );
				if ( ! in_array( $location, array( 'header', 'query' ), true ) ) {
					throw new Refused( __( 'The API key goes into a header or a query parameter. Choose one.', 'kivihook' ) );
				}
				$name = $form['header_name'] ?? 'Authorization';
				return array(
					'auth' => array(
						'method'   => 'apikey',
						'location' => $location,
						'name'     => 'header' === $location
							? Field::headerName( $name )
							: Field::required( $name, __( 'Header/Param Name', 'kivihook' ), 128 ),
					),
					'echo' => array(),
				);
			case 'basic':
				return array(
					'auth' => array( 'method' => 'basic' ),
					'echo' => array( 'encoding' => 'Base64' ),
				);
			case 'bearer':
				$scheme = Field::line( $form['token_type'] ?? 'Bearer', __( 'Token Type', 'kivihook' ), 32 );
				if ( 1 !== preg_match( '/\A[A-Za-z][A-Za-z0-9-]*\z/', $scheme ) ) {
					throw new Refused( __( 'The token type must be one word: Bearer, Token, JWT.', 'kivihook' ) );
				}
				$expiry = Field::line( $form['token_expiry'] ?? '', __( 'Token Expiry', 'kivihook' ), 64 );
				return array(
					'auth' => array(
						'method' => 'bearer',
						'scheme' => $scheme,
					),
					'echo' => array( 'token_expiry' => $expiry ),
				);
			case 'hmac':
				return array(
					'auth' => self::hmac( $form ),
					'echo' => array(),
				);
			default:
				return array(
					'auth' => array( 'method' => 'none' ),
					'echo' => array(),
				);
		}
	}

	/** The signature in hexadecimal over the body as it is sent; the access key, if there is one, beside it. */
	private static function hmac( array $form ): array {
		$algorithm = Field::line( $form['hmac_algorithm'] ?? 'HMAC-SHA256', __( 'Algorithm', 'kivihook' ), 16 );
		if ( ! in_array( $algorithm, self::HMAC_ALGORITHMS, true ) ) {
			throw new Refused( __( 'The algorithm must be HMAC-SHA256, HMAC-SHA512, HMAC-SHA1 or HMAC-MD5.', 'kivihook' ) );
		}
		$location = Field::line( $form['hmac_signature_location'] ?? 'header', __( 'Signature Location', 'kivihook' ), 16 );
		if ( ! in_array( $location, array( 'header', 'query' ), true ) ) {
			throw new Refused( __( 'The signature goes into a header or a query parameter. Choose one.', 'kivihook' ) );
		}
		$name = $form['hmac_header_param_name'] ?? 'X-Signature';
		$auth = array(
			'method'    => 'hmac',
			'algorithm' => $algorithm,
			'location'  => $location,
			'name'      => 'header' === $location
				? Field::headerName( $name )
				: Field::required( $name, __( 'Header/Param Name', 'kivihook' ), 128 ),
		);
		if ( '' !== trim( (string) ( $form['hmac_access_key'] ?? '' ) ) ) {
			$auth['access_key_name'] = 'header' === $location ? 'X-Access-Key' : 'access_key';
		}
		return $auth;
	}

	/**
	 * The credentials to store.
	 *
	 * @param array  $stored     What is stored now, only if it belongs to the same method.
	 * @param string $movedFrom  The origin that $stored belongs to, if the webhook leads elsewhere now; else ''.
	 */
	public static function secrets( string $method, array $form, array $stored, string $movedFrom ): array {
		$secrets = array();
		foreach ( self::SECRETS[ $method ] as $member ) {
			$label = self::label( $member );
			// Not at all in the request (a client of the API that changes something else) means: as it is.
			$sent = $form[ $member ] ?? ( array_key_exists( $member, $stored ) ? self::PLACEHOLDER : '' );
			$sent = is_scalar( $sent ) ? (string) $sent : '';
			if ( self::isPlaceholder( $sent ) ) {
				$secrets[ $member ] = self::kept( $member, $stored, $movedFrom );
				continue;
			}
			if ( str_contains( $sent, '••' ) ) {
				throw Refused::value(
					/* translators: %s: a field's label */
					__( '%s still holds dots that stand for the stored value. Empty the field, then enter the new value.', 'kivihook' ),
					$label
				);
			}
			$value = 'password' === $member ? $sent : trim( $sent );
			if ( 1 !== preg_match( '/\A[^\x00-\x1f\x7f]*\z/u', $value ) || strlen( $value ) > 4096 ) {
				throw Refused::value(
					/* translators: %s: a field's label */
					__( '%s holds a line break or is longer than 4096 bytes. Copy it again, without anything around it.', 'kivihook' ),
					$label
				);
			}
			if ( '' === $value && in_array( $member, self::OPTIONAL, true ) ) {
				continue;
			}
			if ( '' === $value ) {
				/* translators: %s: a field's label */
				throw Refused::value( __( '%s is missing. Fill it in.', 'kivihook' ), $label );
			}
			if ( 'username' === $member && str_contains( $value, ':' ) ) {
				throw new Refused( __( 'A user name for Basic Authentication can\'t contain a colon.', 'kivihook' ) );
			}
			$secrets[ $member ] = $value;
		}
		return $secrets;
	}

	/** auth_method and auth_config as the form wants them, credentials replaced by the placeholder. */
	public static function form( array $auth, array $echo, array $secrets ): array {
		$method = (string) ( $auth['method'] ?? 'none' );
		$form   = array();
		foreach ( self::SECRETS[ $method ] ?? array() as $member ) {
			$form[ $member ] = '' === (string) ( $secrets[ $member ] ?? '' ) ? '' : self::PLACEHOLDER;
		}
		if ( 'apikey' === $method ) {
			$form['key_location'] = (string) ( $auth['location'] ?? 'header' );
			$form['header_name']  = (string) ( $auth['name'] ?? 'Authorization' );
		} elseif ( 'basic' === $method ) {
			$form['encoding'] = 'Base64';
		} elseif ( 'bearer' === $method ) {
			$form['token_type']   = (string) ( $auth['scheme'] ?? 'Bearer' );
			$form['token_expiry'] = (string) ( $echo['token_expiry'] ?? '' );
		} elseif ( 'hmac' === $method ) {
			$form['hmac_algorithm']          = (string) ( $auth['algorithm'] ?? 'HMAC-SHA256' );
			$form['hmac_signature_location'] = (string) ( $auth['location'] ?? 'header' );
			$form['hmac_header_param_name']  = (string) ( $auth['name'] ?? 'X-Signature' );
		}
		return array(
			'auth_method' => $method,
			'auth_config' => $form,
		);
	}

	/** Only those of the stored secrets that a method uses. */
	public static function secretsOf( string $method, array $secrets ): array {
		return array_intersect_key( $secrets, array_flip( self::SECRETS[ $method ] ?? array() ) );
	}

	public static function method( string $method ): string {
		$method = '' === $method ? 'none' : $method;
		if ( in_array( $method, self::LATER, true ) ) {
			throw Refused::value(
				/* translators: %s: OAUTH2 or JWT */
				__(
					'%s authentication is not supported by this version of KiviHook; nothing was stored. Choose API key, Basic, Bearer or HMAC. (Every request is signed in any case: see the header webhook-signature.)',
					'kivihook'
				),
				strtoupper( $method )
			);
		}
		if ( ! isset( self::SECRETS[ $method ] ) ) {
			throw new Refused(
				__( 'This authentication method is not known. Choose none, API key, Basic, Bearer or HMAC.', 'kivihook' )
			);
		}
		return $method;
	}

	private static function isPlaceholder( string $value ): bool {
		return 1 === preg_match( '/\A•+\z/u', trim( $value ) );
	}

	private static function kept( string $member, array $stored, string $movedFrom ): string {
		$label = self::label( $member );
		if ( '' === (string) ( $stored[ $member ] ?? '' ) ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s is missing: nothing is stored for it. Enter it.', 'kivihook' ), $label );
		}
		if ( '' !== $movedFrom ) {
			throw Refused::value(
				/* translators: 1: a field's label, 2: an address such as https://example.com:443 */
				__(
					'%1$s was stored for %2$s, and the webhook URL now leads elsewhere. Enter it again: a stored credential is never sent to another server.',
					'kivihook'
				),
				$label,
				$movedFrom
			);
		}
		return (string) $stored[ $member ];
	}

	private static function label( string $member ): string {
		switch ( $member ) {
			case 'api_key':
				return __( 'The API key', 'kivihook' );
			case 'username':
				return __( 'The user name', 'kivihook' );
			case 'password':
				return __( 'The password', 'kivihook' );
			case 'hmac_secret_key':
				return __( 'The secret key', 'kivihook' );
			case 'hmac_access_key':
				return __( 'The access key', 'kivihook' );
			default:
				return __( 'The bearer token', 'kivihook' );
		}
	}
}
