<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Value;

/**
 * The Authentication card of KiviCare's form. Credentials go one way: what is stored comes back as PLACEHOLDER, and
 * PLACEHOLDER sent unchanged keeps what is stored, as long as the webhook still leads to the same origin.
 */
final class AuthForm {

	public const PLACEHOLDER = Secret::PLACEHOLDER;

	/** Method => members of auth_config that are secret; but for STORED they are called the same in our secrets. */
	private const SECRETS = array(
		'none'   => array(),
		'apikey' => array( 'api_key' ),
		'basic'  => array( 'username', 'password' ),
		'bearer' => array( 'bearer_token' ),
		'hmac'   => array( 'hmac_secret_key', 'hmac_access_key' ),
		'jwt'    => array( 'jwt_private_key' ),
		'oauth2' => array( 'client_secret', 'access_token', 'refresh_token' ),
	);

	private const STORED = array( 'jwt_private_key' => 'jwt_key' );

	/** May be left empty. */
	private const OPTIONAL = array( 'hmac_access_key', 'client_secret', 'access_token', 'refresh_token' );

	/** PEM has lines. */
	private const MULTILINE = array( 'jwt_private_key' );

	private const HMAC_ALGORITHMS = array( 'HMAC-SHA256', 'HMAC-SHA512', 'HMAC-SHA1', 'HMAC-MD5' );

	/**
	 * Checks the method and everything about it that is not secret.
	 *
	 * @param array<string, mixed> $form
	 * @return array{auth: array<string, mixed>, echo: array<string, mixed>} The configuration's `auth`, and what only the form cares about.
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
			case 'jwt':
				return array(
					'auth' => TokenForm::jwt( $form ),
					'echo' => array(),
				);
			case 'oauth2':
				return array(
					'auth' => TokenForm::oauth2( $form ),
					'echo' => array( 'redirect_url' => Field::line( $form['redirect_url'] ?? '', __( 'Redirect URL', 'kivihook' ), 2048 ) ),
				);
			default:
				return array(
					'auth' => array( 'method' => 'none' ),
					'echo' => array(),
				);
		}
	}

	/**
	 * The signature in hexadecimal over the body as it is sent; the access key, if there is one, beside it.
	 *
	 * @param array<string, mixed> $form
	 * @return array<string, mixed>
	 */
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
		if ( '' !== trim( Value::text( $form['hmac_access_key'] ?? '' ) ) ) {
			$auth['access_key_name'] = 'header' === $location ? 'X-Access-Key' : 'access_key';
		}
		return $auth;
	}

	/**
	 * The credentials to store.
	 *
	 * @param array<string, mixed> $form
	 * @param array<string, mixed> $stored     What is stored now, only if it belongs to the same method.
	 * @param string $movedFrom  The origin that $stored belongs to, if the webhook leads elsewhere now; else ''.
	 * @return array<string, mixed>
	 */
	public static function secrets( string $method, array $form, array $stored, string $movedFrom ): array {
		$secrets = array();
		foreach ( self::SECRETS[ $method ] as $member ) {
			$label = self::label( $member );
			// Not at all in the request (a client of the API that changes something else) means: as it is.
			$sent = $form[ $member ] ?? ( array_key_exists( $member, $stored ) ? self::PLACEHOLDER : '' );
			$sent = is_scalar( $sent ) ? (string) $sent : '';
			if ( Secret::isPlaceholder( $sent ) ) {
				$secrets[ $member ] = self::kept( $member, $stored, $movedFrom );
				continue;
			}
			if ( Secret::isHalfPlaceholder( $sent ) ) {
				throw Refused::value(
					/* translators: %s: a field's label */
					__( '%s still holds dots that stand for the stored value. Empty the field, then enter the new value.', 'kivihook' ),
					$label
				);
			}
			$value = 'password' === $member ? $sent : trim( $sent );
			$shape = in_array( $member, self::MULTILINE, true ) ? '/\A[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\z/u' : '/\A[^\x00-\x1f\x7f]*\z/u';
			if ( 1 !== preg_match( $shape, $value ) || strlen( $value ) > 16384 ) {
				throw Refused::value(
					/* translators: %s: a field's label */
					__( '%s holds a line break or is longer than 16 kB. Copy it again, without anything around it.', 'kivihook' ),
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
		$named = array();
		foreach ( $secrets as $member => $value ) {
			$named[ self::STORED[ $member ] ?? $member ] = $value;
		}
		return $named;
	}

	/**
	 * auth_method and auth_config as the form wants them, credentials replaced by the placeholder.
	 *
	 * @param array<string, mixed> $auth
	 * @param array<string, mixed> $echo
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 */
	public static function form( array $auth, array $echo, array $secrets ): array {
		$method = Value::text( $auth['method'] ?? 'none' );
		$form   = array();
		foreach ( self::SECRETS[ $method ] ?? array() as $member ) {
			$form[ $member ] = '' === Value::text( $secrets[ self::STORED[ $member ] ?? $member ] ?? '' ) ? '' : self::PLACEHOLDER;
		}
		if ( 'apikey' === $method ) {
			$form['key_location'] = Value::text( $auth['location'] ?? 'header' );
			$form['header_name']  = Value::text( $auth['name'] ?? 'Authorization' );
		} elseif ( 'basic' === $method ) {
			$form['encoding'] = 'Base64';
		} elseif ( 'bearer' === $method ) {
			$form['token_type']   = Value::text( $auth['scheme'] ?? 'Bearer' );
			$form['token_expiry'] = Value::text( $echo['token_expiry'] ?? '' );
		} elseif ( 'hmac' === $method ) {
			$form['hmac_algorithm']          = Value::text( $auth['algorithm'] ?? 'HMAC-SHA256' );
			$form['hmac_signature_location'] = Value::text( $auth['location'] ?? 'header' );
			$form['hmac_header_param_name']  = Value::text( $auth['name'] ?? 'X-Signature' );
		} elseif ( 'jwt' === $method ) {
			$form += TokenForm::jwtForm( $auth );
		} elseif ( 'oauth2' === $method ) {
			$form += TokenForm::oauth2Form( $auth, $echo );
		}
		return array(
			'auth_method' => $method,
			'auth_config' => $form,
		);
	}

	/**
	 * Only those of the stored secrets that a method uses, as the form calls them.
	 *
	 * @param array<string, mixed> $secrets
	 * @return array<string, mixed>
	 */
	public static function secretsOf( string $method, array $secrets ): array {
		$kept = array();
		foreach ( self::SECRETS[ $method ] ?? array() as $member ) {
			if ( isset( $secrets[ self::STORED[ $member ] ?? $member ] ) ) {
				$kept[ $member ] = $secrets[ self::STORED[ $member ] ?? $member ];
			}
		}
		return $kept;
	}

	/** @return array<string, string> Member of auth_config => our secret. */
	public static function members( string $method ): array {
		$members = array();
		foreach ( self::SECRETS[ $method ] ?? array() as $member ) {
			$members[ $member ] = self::STORED[ $member ] ?? $member;
		}
		return $members;
	}

	/** Whether the form can show a method at all. */
	public static function knows( string $method ): bool {
		return isset( self::SECRETS[ $method ] );
	}

	public static function method( string $method ): string {
		$method = '' === $method ? 'none' : $method;
		if ( ! isset( self::SECRETS[ $method ] ) ) {
			throw new Refused(
				__( 'This authentication method is not known. Choose none, API key, Basic, Bearer, OAuth2, JWT or HMAC.', 'kivihook' )
			);
		}
		return $method;
	}

	/** @param array<string, mixed> $stored */
	private static function kept( string $member, array $stored, string $movedFrom ): string {
		$label = self::label( $member );
		if ( '' === Value::text( $stored[ $member ] ?? '' ) ) {
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
		return Value::text( $stored[ $member ] );
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
			case 'jwt_private_key':
				return __( 'The private key', 'kivihook' );
			case 'client_secret':
				return __( 'The client secret', 'kivihook' );
			case 'access_token':
				return __( 'The access token', 'kivihook' );
			case 'refresh_token':
				return __( 'The refresh token', 'kivihook' );
			default:
				return __( 'The bearer token', 'kivihook' );
		}
	}
}
