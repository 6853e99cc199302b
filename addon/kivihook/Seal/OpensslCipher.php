<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Seal;

/** The vault's format by PHP's own openssl functions, for as long as the extension is missing. */
final class OpensslCipher implements Cipher {

	private const PREFIX      = 'kh1:';
	private const METHOD      = 'aes-256-gcm';
	private const NONCE_BYTES = 12;
	private const TAG_BYTES   = 16;

	/** @param array<string, string> $keys id => 32 bytes; the first one seals */
	public function __construct( private array $keys ) {
		foreach ( $keys as $id => $key ) {
			if ( 1 !== preg_match( '/\A[A-Za-z0-9_-]{1,32}\z/', (string) $id ) || 32 !== strlen( $key ) ) {
				throw new SealError( 'A sealing key needs an id of 1 to 32 letters, digits, _ or -, and 32 bytes.' );
			}
		}
		if ( ! $keys ) {
			throw new SealError( 'There is no sealing key.' );
		}
	}

	public static function supported(): bool {
		return function_exists( 'openssl_encrypt' ) && in_array( self::METHOD, openssl_get_cipher_methods(), true );
	}

	public function seal( string $plain, string $context ): string {
		$id    = (string) array_key_first( $this->keys );
		$nonce = random_bytes( self::NONCE_BYTES );
		$tag   = '';
		$text  = openssl_encrypt(
			$plain,
			self::METHOD,
			$this->keys[ $id ],
			OPENSSL_RAW_DATA,
			$nonce,
			$tag,
			self::PREFIX . "$id:$context",
			self::TAG_BYTES
		);
		if ( false === $text || self::TAG_BYTES !== strlen( (string) $tag ) ) {
			throw new SealError( 'The value could not be sealed.' );
		}
		return self::PREFIX . "$id:" . rtrim( strtr( base64_encode( $nonce . $text . $tag ), '+/', '-_' ), '=' );
	}

	public function open( string $sealed, string $context ): string {
		if ( 1 !== preg_match( '/\Akh1:([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]*)\z/', $sealed, $found ) ) {
			throw new SealError( 'This is not a sealed value.' );
		}
		list( , $id, $text ) = $found;
		$bytes               = base64_decode( strtr( $text, '-_', '+/' ), true );
		$strict              = is_string( $bytes ) && rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' ) === $text;
		if ( ! isset( $this->keys[ $id ] ) || ! $strict || strlen( $bytes ) < self::NONCE_BYTES + self::TAG_BYTES ) {
			throw new SealError( 'The sealed value cannot be opened: its key is missing, or it was changed.' );
		}
		$plain = openssl_decrypt(
			substr( $bytes, self::NONCE_BYTES, -self::TAG_BYTES ),
			self::METHOD,
			$this->keys[ $id ],
			OPENSSL_RAW_DATA,
			substr( $bytes, 0, self::NONCE_BYTES ),
			substr( $bytes, -self::TAG_BYTES ),
			self::PREFIX . "$id:$context"
		);
		if ( false === $plain ) {
			throw new SealError( 'The sealed value cannot be opened: it was changed, or belongs elsewhere.' );
		}
		return $plain;
	}
}
