<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Transfer;

use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Refused;

/**
 * Secrets in an exported file, under a passphrase: AES-256-GCM, the key by PBKDF2-HMAC-SHA256 (600,000 rounds, as OWASP's
 * Password Storage Cheat Sheet has it). What the file says beside them is bound to them: they open only in the place where they were.
 */
final class SealedSecrets {

	public const MIN_PASSPHRASE = 12;

	private const CIPHER     = 'aes-256-gcm';
	private const ITERATIONS = 600_000;
	/** Of a file that asks for more, somebody wants to keep this server busy. */
	private const MOST_ITERATIONS = 2_000_000;
	private const KEY_BYTES       = 32;

	/**
	 * @param list<array<string, mixed>> $secrets
	 * @return array<string, mixed>
	 * @throws Refused
	 */
	public static function seal( array $secrets, string $passphrase, string $context ): array {
		self::usable();
		if ( mb_strlen( $passphrase ) < self::MIN_PASSPHRASE ) {
			/* translators: %d: a number of characters */
			throw Refused::field( 'passphrase', sprintf( __( 'The passphrase needs at least %d characters.', 'kivihook' ), self::MIN_PASSPHRASE ) );
		}
		$salt  = random_bytes( 16 );
		$nonce = random_bytes( 12 );
		$tag   = '';
		$text  = openssl_encrypt(
			(string) wp_json_encode( $secrets, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ),
			self::CIPHER,
			self::key( $passphrase, $salt, self::ITERATIONS ),
			OPENSSL_RAW_DATA,
			$nonce,
			$tag,
			$context
		);
		return array(
			'cipher'     => self::CIPHER,
			'kdf'        => 'pbkdf2-hmac-sha256',
			'iterations' => self::ITERATIONS,
			'salt'       => base64_encode( $salt ),
			'nonce'      => base64_encode( $nonce ),
			'tag'        => base64_encode( $tag ),
			'text'       => base64_encode( (string) $text ),
		);
	}

	/**
	 * @param array<string, mixed> $sealed
	 * @return mixed[]
	 * @throws Refused
	 */
	public static function open( array $sealed, string $passphrase, string $context ): array {
		self::usable();
		$bytes = array();
		foreach ( array( 'salt' => 16, 'nonce' => 12, 'tag' => 16, 'text' => 0 ) as $name => $length ) {
			$bytes[ $name ] = base64_decode( is_string( $sealed[ $name ] ?? null ) ? $sealed[ $name ] : '', true );
			if ( false === $bytes[ $name ] || ( $length > 0 && strlen( $bytes[ $name ] ) !== $length ) ) {
				throw Refused::field( 'content', __( 'The sealed secrets of this file are damaged.', 'kivihook' ) );
			}
		}
		$rounds = Value::number( $sealed['iterations'] ?? 0 );
		if ( self::CIPHER !== ( $sealed['cipher'] ?? '' ) || $rounds < 1 || $rounds > self::MOST_ITERATIONS ) {
			throw Refused::field( 'content', __( 'The secrets of this file are sealed in a way that this version does not know.', 'kivihook' ) );
		}
		$text    = openssl_decrypt( $bytes['text'], self::CIPHER, self::key( $passphrase, $bytes['salt'], $rounds ), OPENSSL_RAW_DATA, $bytes['nonce'], $bytes['tag'], $context );
		$secrets = false === $text ? null : json_decode( $text, true );
		if ( ! is_array( $secrets ) ) {
			throw Refused::field( 'passphrase', __( 'The passphrase is wrong, or the file was changed.', 'kivihook' ) );
		}
		return $secrets;
	}

	private static function key( string $passphrase, string $salt, int $rounds ): string {
		return hash_pbkdf2( 'sha256', $passphrase, $salt, max( 1, $rounds ), self::KEY_BYTES, true );
	}

	private static function usable(): void {
		if ( ! function_exists( 'openssl_encrypt' ) ) {
			throw new Refused( __( 'Secrets can be sealed in a file only where PHP has its openssl extension. Export without them.', 'kivihook' ), 503 );
		}
	}
}
