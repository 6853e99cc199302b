<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Seal;

/** The extension's vault. */
final class NativeCipher implements Cipher {

	private \KiviHook\Vault $vault;

	/** @param array<string, string> $keys id => 32 bytes; the first one seals */
	public function __construct( array $keys ) {
		try {
			$this->vault = new \KiviHook\Vault( $keys );
		} catch ( \Throwable $error ) {
			throw new SealError( 'The extension does not take the sealing keys.' );
		}
	}

	public function seal( string $plain, string $context ): string {
		try {
			return $this->vault->seal( $plain, $context );
		} catch ( \KiviHook\Exception $error ) {
			throw new SealError( 'The value could not be sealed.' );
		}
	}

	public function open( string $sealed, string $context ): string {
		try {
			return $this->vault->open( $sealed, $context );
		} catch ( \KiviHook\Exception $error ) {
			throw new SealError( 'The sealed value cannot be opened: its key is missing, or it was changed or moved.' );
		}
	}
}
