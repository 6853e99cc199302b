<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Value;

/** JWT and OAuth2 in KiviCare's form: what of them is not secret. */
final class TokenForm {

	private const JWT_ALGORITHMS = array( 'HS256', 'HS384', 'HS512', 'RS256', 'ES256', 'EdDSA' );

	private const UNITS = array(
		'seconds' => 1,
		'minutes' => 60,
		'hours'   => 3600,
		'days'    => 86400,
	);

	/**
	 * @param array<string, mixed> $form
	 * @return array<string, mixed>
	 * @throws Refused
	 */
	public static function jwt( array $form ): array {
		$algorithm = Field::line( $form['jwt_algorithm'] ?? 'HS256', __( 'Algorithm', 'kivihook' ), 16 );
		if ( ! in_array( $algorithm, self::JWT_ALGORITHMS, true ) ) {
			/* translators: %s: a list of words */
			throw Refused::value( __( 'The JWT algorithm must be one of these: %s.', 'kivihook' ), implode( ', ', self::JWT_ALGORITHMS ) );
		}
		$unit     = Field::line( $form['jwt_expiry_unit'] ?? 'minutes', __( 'Expiry Unit', 'kivihook' ), 16 );
		$duration = Field::integer( $form['jwt_expiry_duration'] ?? null, __( 'Expiry Duration', 'kivihook' ), 1, 86400, 60 );
		$lifetime = $duration * ( self::UNITS[ $unit ] ?? 0 );
		if ( $lifetime < 10 || $lifetime > 86400 ) {
			throw new Refused( __( 'A JWT is valid for 10 seconds to 24 hours.', 'kivihook' ) );
		}
		$auth = array(
			'method'     => 'jwt',
			'algorithm'  => $algorithm,
			'lifetime_s' => $lifetime,
		);
		foreach ( array( 'issuer' => __( 'Issuer', 'kivihook' ), 'subject' => __( 'Subject', 'kivihook' ), 'audience' => __( 'Audience', 'kivihook' ) ) as $name => $label ) {
			$value = Field::line( $form[ "jwt_$name" ] ?? '', $label, 1024 );
			if ( '' !== $value ) {
				$auth[ $name ] = $value;
			}
		}
		return $auth;
	}

	/**
	 * @param array<string, mixed> $auth
	 * @return array<string, mixed>
	 */
	public static function jwtForm( array $auth ): array {
		$lifetime = Value::number( $auth['lifetime_s'] ?? 300 );
		$minutes  = 0 === $lifetime % 60;
		$audience = $auth['audience'] ?? '';
		return array(
			'jwt_issuer'          => Value::text( $auth['issuer'] ?? '' ),
			'jwt_subject'         => Value::text( $auth['subject'] ?? '' ),
			'jwt_audience'        => is_array( $audience ) ? implode( ' ', Value::texts( $audience ) ) : Value::text( $audience ),
			'jwt_algorithm'       => Value::text( $auth['algorithm'] ?? 'HS256' ),
			'jwt_expiry_duration' => (string) ( $minutes ? intdiv( $lifetime, 60 ) : $lifetime ),
			'jwt_expiry_unit'     => $minutes ? 'minutes' : 'seconds',
		);
	}

	/**
	 * The form's popup gets a code where there is an authorization URL; else the client speaks for itself.
	 *
	 * @param array<string, mixed> $form
	 * @return array<string, mixed>
	 * @throws Refused
	 */
	public static function oauth2( array $form ): array {
		$token_url = self::url( $form['token_url'] ?? '', __( 'Token URL', 'kivihook' ), true );
		$auth_url  = self::url( $form['auth_url'] ?? '', __( 'Authorization URL', 'kivihook' ), false );
		$refresh   = is_scalar( $form['refresh_token'] ?? '' ) ? (string) ( $form['refresh_token'] ?? '' ) : '';
		$grant     = '' === $refresh ? 'client_credentials' : 'refresh_token';
		return array(
			'method'                => 'oauth2',
			'grant'                 => '' === $auth_url ? $grant : 'authorization_code',
			'token_url'             => $token_url,
			'client_id'             => Field::required( $form['client_id'] ?? '', __( 'Client ID', 'kivihook' ), 512 ),
			'client_authentication' => 'post',
			'scope'                 => Field::line( $form['scopes'] ?? '', __( 'Scopes', 'kivihook' ), 1024 ),
		) + ( '' === $auth_url ? array() : array( 'authorization_url' => $auth_url ) );
	}

	/**
	 * @param array<string, mixed> $auth
	 * @param array<string, mixed> $echo
	 * @return array<string, mixed>
	 */
	public static function oauth2Form( array $auth, array $echo ): array {
		return array(
			'client_id'    => Value::text( $auth['client_id'] ?? '' ),
			'auth_url'     => Value::text( $auth['authorization_url'] ?? '' ),
			'token_url'    => Value::text( $auth['token_url'] ?? '' ),
			'redirect_url' => Value::text( $echo['redirect_url'] ?? '' ),
			'scopes'       => Value::text( $auth['scope'] ?? '' ),
		);
	}

	private static function url( mixed $value, string $label, bool $required ): string {
		$url = $required ? Field::required( $value, $label, 2048 ) : Field::line( $value, $label, 2048 );
		if ( '' !== $url ) {
			Origin::of( $url );
		}
		return $url;
	}
}
