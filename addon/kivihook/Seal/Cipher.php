<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Seal;

/**
 * AES-256-GCM with the context bound to the value, as the extension's Vault writes it:
 * kh1:<key id>:<base64url without padding (nonce of 12 bytes, ciphertext, tag of 16 bytes)>,
 * associated data "kh1:<key id>:<context>".
 */
interface Cipher {

	/** Seals with the first of the cipher's keys. @throws SealError */
	public function seal( string $plain, string $context ): string;

	/** @throws SealError The key is missing, the value belongs elsewhere, or it was changed. */
	public function open( string $sealed, string $context ): string;
}
