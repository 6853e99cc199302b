<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Origin;
use KiviHook\WordPress\Webhooks\Refused;
use KiviHook\WordPress\Webhooks\Secret;

/**
 * Credentials go one way. What is stored stays where nothing, or the placeholder, was sent; but never for another origin:
 * whoever may edit a webhook could have them sent to a server of their own.
 *
 * @phpstan-import-type FormField from AuthMethods
 */
final class SecretsReader {

	private const MAX_LINE = 16384;
	private const MAX_TEXT = 65536;
	/** What is opened once and stored as PEM. */
	private const OPENED = array( 'client_certificate_p12', 'client_certificate_password' );
	/** Neither shown nor sent by a form. */
	public const SIGNING = 'signing_secrets';

	/**
	 * @param array<string, mixed> $config    As it will be: auth and tls read already.
	 * @param array<string, mixed> $before    The stored configuration; empty for a new webhook.
	 * @param array<string, mixed> $stored    Its secrets, opened.
	 * @param bool  $complete  False: what is required may be missing for now (an import, switched off).
	 * @return array<string, mixed>
	 */
	public static function read( mixed $sent, array $config, array $before, array $stored, Errors $errors, bool $complete = true ): array {
		if ( null !== $sent && ! is_array( $sent ) ) {
			$errors->add( 'secrets', __( 'secrets must be an object.', 'kivihook' ) );
			$sent = array();
		}
		$sent   = Value::map( $sent );
		$moved  = self::movedFrom( $before, $config );
		$groups = array(
			array( self::secretFields( Value::map( $config['auth'] ?? null ) ), ( Value::map( $before['auth'] ?? null )['method'] ?? 'none' ) === ( Value::map( $config['auth'] ?? null )['method'] ?? 'none' ) ),
			array( self::tlsFields( $config ), true ),
		);
		$sent   = self::openPkcs12( $sent, $config, $errors );
		$kept   = array();
		foreach ( $groups as list( $fields, $same ) ) {
			foreach ( $fields as $field ) {
				$name  = $field['name'];
				$field = array( 'required' => $complete && $field['required'] ) + $field;
				$value = $errors->read( "secrets.$name", static fn () => self::value( $field, $sent, $same ? Value::text( $stored[ $name ] ?? '' ) : '', $moved ) );
				if ( null !== $value && '' !== $value ) {
					$kept[ $name ] = $value;
				}
			}
		}
		if ( isset( $stored[ self::SIGNING ] ) ) {
			$kept[ self::SIGNING ] = $stored[ self::SIGNING ];
		}
		return $kept;
	}

	/**
	 * The names that a configuration's secrets may have.
	 *
	 * @param array<string, mixed> $config
	 * @return string[]
	 */
	public static function names( array $config ): array {
		return array_merge(
			array_column( self::secretFields( Value::map( $config['auth'] ?? null ) ), 'name' ),
			array_column( self::tlsFields( $config ), 'name' )
		);
	}

	/**
	 * Where stored credentials belong to, if the webhook leads elsewhere now; else ''.
	 *
	 * @param array<string, mixed> $before
	 * @param array<string, mixed> $after
	 */
	public static function movedFrom( array $before, array $after ): string {
		$pairs = array( array( $before['url'] ?? '', $after['url'] ?? '' ) );
		$old   = Value::map( $before['auth'] ?? null )['token_url'] ?? null;
		if ( null !== $old ) {
			$pairs[] = array( $old, Value::map( $after['auth'] ?? null )['token_url'] ?? $old );
		}
		foreach ( $pairs as list( $old, $new ) ) {
			if ( '' === Value::text( $old ) ) {
				continue;
			}
			try {
				$from = Origin::of( Value::text( $old ) );
				if ( $from !== Origin::of( Value::text( $new ) ) ) {
					return $from;
				}
			} catch ( Refused $unreadable ) {
				return Value::text( $old );
			}
		}
		return '';
	}

	/**
	 * @param FormField $field
	 * @param array<string, mixed> $sent
	 */
	private static function value( array $field, array $sent, string $stored, string $moved ): ?string {
		$name  = $field['name'];
		$given = array_key_exists( $name, $sent );
		$value = $sent[ $name ] ?? '';
		if ( ! is_scalar( $value ) ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s must be text.', 'kivihook' ), $field['label'] );
		}
		$value = (string) $value;
		if ( ! $given || Secret::isPlaceholder( $value ) ) {
			return self::kept( $field, $given, $stored, $moved );
		}
		if ( Secret::isHalfPlaceholder( $value ) ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s still holds dots that stand for the stored value. Empty the field, then enter the new value.', 'kivihook' ), $field['label'] );
		}
		$value = str_contains( $name, 'password' ) ? $value : trim( $value );
		if ( '' === $value && $field['required'] ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s is missing. Fill it in.', 'kivihook' ), $field['label'] );
		}
		$lines = 'secret_text' === $field['type'];
		if ( strlen( $value ) > ( $lines ? self::MAX_TEXT : self::MAX_LINE )
			|| 1 !== preg_match( $lines ? '/\A[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\z/u' : '/\A[^\x00-\x1f\x7f]*\z/u', $value ) ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s holds a line break or another character that can\'t be sent, or is too long. Copy it again, without anything around it.', 'kivihook' ), $field['label'] );
		}
		return $value;
	}

	/** @param FormField $field */
	private static function kept( array $field, bool $given, string $stored, string $moved ): ?string {
		if ( '' === $stored ) {
			if ( $field['required'] ) {
				/* translators: %s: a field's label */
				throw Refused::value( __( '%s is missing. Fill it in.', 'kivihook' ), $field['label'] );
			}
			return null;
		}
		if ( '' === $moved ) {
			return $stored;
		}
		if ( ! $given && ! $field['required'] ) {
			return null;
		}
		throw Refused::value(
			/* translators: 1: a field's label, 2: an address such as https://example.com:443 */
			__( '%1$s was stored for %2$s, and the webhook now leads elsewhere. Enter it again: a stored credential is never sent to another server.', 'kivihook' ),
			$field['label'],
			$moved
		);
	}

	/**
	 * @param array<string, mixed> $auth
	 * @return list<FormField>
	 */
	private static function secretFields( array $auth ): array {
		return self::onlySecrets( AuthReader::visible( AuthMethods::fields( Value::text( $auth['method'] ?? 'none' ) ), $auth ) );
	}

	/**
	 * @param array<string, mixed> $config
	 * @return list<FormField>
	 */
	private static function tlsFields( array $config ): array {
		$fields = AuthReader::visible( AuthMethods::tls(), array( 'client_certificate' => ! empty( Value::map( $config['tls'] ?? null )['client_certificate'] ) ) );
		return array_values( array_filter( self::onlySecrets( $fields ), static fn ( array $field ): bool => ! in_array( $field['name'], self::OPENED, true ) ) );
	}

	/**
	 * @param list<FormField> $fields
	 * @return list<FormField>
	 */
	private static function onlySecrets( array $fields ): array {
		return array_values( array_filter( $fields, static fn ( array $field ): bool => 'secrets' === $field['in'] ) );
	}

	/**
	 * A PKCS#12 file that was sent becomes the PEM of certificate and key.
	 *
	 * @param array<string, mixed> $sent
	 * @param array<string, mixed> $config
	 * @return array<string, mixed>
	 */
	private static function openPkcs12( array $sent, array $config, Errors $errors ): array {
		$file     = $sent['client_certificate_p12'] ?? '';
		$password = $sent['client_certificate_password'] ?? '';
		if ( empty( Value::map( $config['tls'] ?? null )['client_certificate'] ) || ! is_string( $file ) || '' === $file || Secret::isPlaceholder( $file ) ) {
			return $sent;
		}
		$bytes = base64_decode( preg_replace( '/\A(?:data:[^,]*,)?\s*/', '', $file ) ?? '', true );
		if ( false === $bytes || strlen( $bytes ) > self::MAX_TEXT ) {
			$errors->add( 'secrets.client_certificate_p12', __( 'This is no PKCS#12 file in Base64, or it is larger than 64 kB.', 'kivihook' ) );
			return $sent;
		}
		if ( ! Extension::usable() ) {
			$errors->add( 'secrets.client_certificate_p12', __( 'A PKCS#12 file can be opened only by the kivihook extension, which PHP has not loaded. Enter certificate and key as PEM.', 'kivihook' ) );
			return $sent;
		}
		try {
			$opened = \KiviHook\Engine::openPkcs12( $bytes, is_string( $password ) && ! Secret::isPlaceholder( $password ) ? $password : '' );
		} catch ( \KiviHook\Exception $error ) {
			$errors->add( 'secrets.client_certificate_p12', $error->getMessage() );
			return $sent;
		}
		return array(
			'client_certificate_pem' => $opened['certificate'] . $opened['chain'],
			'client_key_pem'         => $opened['key'],
			'client_key_password'    => '',
		) + $sent;
	}
}
