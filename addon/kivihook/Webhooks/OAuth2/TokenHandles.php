<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\OAuth2;

use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Refused;

/**
 * KiviCare's form gets OAuth2's tokens into its fields and sends them back when it is saved. So that they never reach the browser, it
 * gets handles instead: each good for an hour, for the person who got it, and for the server that the token came from.
 */
final class TokenHandles {

	private const PREFIX = 'kivihook-token:';

	public function __construct( private Keyring $keyring ) {
	}

	public function make( string $token, string $tokenUrl, int $user ): string {
		if ( '' === $token ) {
			return '';
		}
		$id = bin2hex( random_bytes( 16 ) );
		set_transient(
			"kivihook_handle_$id",
			$this->keyring->sealCredentials( (string) wp_json_encode( array( $token, $tokenUrl ) ), $this->context( $id, $user ) ),
			HOUR_IN_SECONDS
		);
		return self::PREFIX . $id;
	}

	public static function is( mixed $value ): bool {
		return is_string( $value ) && str_starts_with( $value, self::PREFIX );
	}

	/** @throws Refused */
	public function open( string $handle, string $tokenUrl, int $user ): string {
		$id     = substr( $handle, strlen( self::PREFIX ) );
		$sealed = 1 === preg_match( '/\A[0-9a-f]{32}\z/', $id ) ? get_transient( "kivihook_handle_$id" ) : false;
		try {
			$kept = is_string( $sealed ) ? json_decode( $this->keyring->open( $sealed, $this->context( $id, $user ) ), true ) : null;
		} catch ( \KiviHook\Exception $error ) {
			$kept = null;
		}
		if ( ! is_array( $kept ) || $kept[1] !== $tokenUrl ) {
			throw new Refused( __( 'The log-in at the provider is too long ago, or was for another token URL. Authorize again.', 'kivihook' ) );
		}
		return Value::text( $kept[0] );
	}

	/**
	 * A form of KiviCare's, with tokens in the place of their handles.
	 *
	 * @param array<string, mixed> $form
	 * @return array<string, mixed>
	 * @throws Refused
	 */
	public function resolve( array $form, int $user ): array {
		$data   = Value::map( $form['webhook_data'] ?? null );
		$config = $data['auth_config'] ?? null;
		if ( ! is_array( $config ) ) {
			return $form;
		}
		foreach ( array( 'access_token', 'refresh_token' ) as $name ) {
			if ( self::is( $config[ $name ] ?? null ) ) {
				$config[ $name ] = $this->open( Value::text( $config[ $name ] ), Value::text( $config['token_url'] ?? '' ), $user );
			}
		}
		return array_replace( $form, array( 'webhook_data' => array_replace( $data, array( 'auth_config' => $config ) ) ) );
	}

	private function context( string $id, int $user ): string {
		return $this->keyring->context( 'handles', $id, "user $user" );
	}
}
