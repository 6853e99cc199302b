<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Seal;

use KiviHook\WordPress\Seal\Cipher;
use KiviHook\WordPress\Seal\NativeCipher;
use KiviHook\WordPress\Seal\OpensslCipher;
use KiviHook\WordPress\Seal\SealError;
use PHPUnit\Framework\TestCase;

/** PHP's openssl and the extension write and read the very same. */
final class CipherTest extends TestCase {

	/** @dataProvider ciphers */
	public function testOpensThePublishedVectors( string $class ): void {
		$vectors = json_decode( (string) file_get_contents( dirname( __DIR__, 2 ) . '/vectors/vault.json' ), true );
		self::assertNotEmpty( $vectors['open'] );
		foreach ( $vectors['open'] as $vector ) {
			$cipher = $this->cipher( $class, array( $vector['key_id'] => base64_decode( $vector['key_base64'] ) ) );
			self::assertSame( base64_decode( $vector['plain_base64'] ), $cipher->open( $vector['sealed'], $vector['context'] ), $vector['name'] );
		}
		foreach ( $vectors['refuse'] ?? array() as $vector ) {
			if ( ! isset( $vector['key_base64'] ) ) {
				continue;
			}
			$cipher = $this->cipher( $class, array( $vector['key_id'] ?? 'k1' => base64_decode( $vector['key_base64'] ) ) );
			try {
				$cipher->open( $vector['sealed'], $vector['context'] );
				self::fail( "$class opened: {$vector['name']}" );
			} catch ( SealError $refused ) {
				self::assertNotSame( '', $refused->getMessage() );
			}
		}
	}

	/** @dataProvider ciphers */
	public function testRefusesWhatIsNotItsOwn( string $class ): void {
		$cipher = $this->cipher( $class, array( 'k1' => str_repeat( 'a', 32 ) ) );
		$sealed = $cipher->seal( 'secret', 'here' );
		self::assertSame( 'secret', $cipher->open( $sealed, 'here' ) );
		self::assertNotSame( $sealed, $cipher->seal( 'secret', 'here' ) );
		$wrong = array( 'elsewhere' => $sealed, 'here' => '' );
		foreach ( array( substr( $sealed, 0, -1 ), $sealed . 'A', $sealed . '=', 'kh1:k2:' . substr( $sealed, 7 ), 'kh1:k1:', 'secret', '' ) as $i => $text ) {
			$wrong[ "here$i" ] = $text;
		}
		foreach ( $wrong as $context => $text ) {
			try {
				$cipher->open( $text, str_starts_with( (string) $context, 'here' ) ? 'here' : $context );
				self::fail( "opened: $text" );
			} catch ( SealError $refused ) {
				self::assertStringNotContainsString( 'secret', $refused->getMessage() );
			}
		}
	}

	public function testEachOpensTheOthers(): void {
		$keys   = array( 'one' => random_bytes( 32 ), 'two' => random_bytes( 32 ) );
		$native = $this->cipher( NativeCipher::class, $keys );
		$plain  = new OpensslCipher( $keys );
		foreach ( array( '', 'x', random_bytes( 70_000 ) ) as $text ) {
			self::assertSame( $text, $native->open( $plain->seal( $text, 'c/ü' ), 'c/ü' ) );
			self::assertSame( $text, $plain->open( $native->seal( $text, 'c/ü' ), 'c/ü' ) );
		}
		self::assertStringStartsWith( 'kh1:one:', $native->seal( '', '' ) );
		self::assertStringStartsWith( 'kh1:one:', $plain->seal( '', '' ) );
	}

	/** @dataProvider ciphers */
	public function testBadKeysAreRefused( string $class ): void {
		foreach ( array( array(), array( 'k' => 'short' ), array( 'bad id' => str_repeat( 'a', 32 ) ), array( str_repeat( 'x', 33 ) => str_repeat( 'a', 32 ) ) ) as $keys ) {
			try {
				$this->cipher( $class, $keys )->seal( 'x', 'y' );
				self::fail();
			} catch ( SealError $refused ) {
				self::assertNotSame( '', $refused->getMessage() );
			}
		}
	}

	public static function ciphers(): array {
		return array( 'openssl' => array( OpensslCipher::class ), 'native' => array( NativeCipher::class ) );
	}

	private function cipher( string $class, array $keys ): Cipher {
		if ( NativeCipher::class === $class && ! extension_loaded( 'kivihook' ) ) {
			self::markTestSkipped( 'The kivihook extension is not loaded.' );
		}
		return new $class( $keys );
	}
}
