<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Seal;

use KiviHook\WordPress\Extension;

/** Which cipher this PHP has: the extension's, else openssl's, else none. Nothing is ever kept in the clear instead. */
final class Ciphers {

	/** @param array<string, string> $keys id => 32 bytes @throws SealError */
	public static function with( array $keys ): Cipher {
		if ( Extension::usable() ) {
			return new NativeCipher( $keys );
		}
		if ( OpensslCipher::supported() ) {
			return new OpensslCipher( $keys );
		}
		throw new SealError( 'Nothing can be sealed: neither the KiviHook extension nor PHP\'s openssl extension is loaded.' );
	}

	public static function supported(): bool {
		return Extension::usable() || OpensslCipher::supported();
	}
}
