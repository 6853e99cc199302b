<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Docs;

use KiviHook\Tests\Addon\Support\RestTestCase;
use KiviHook\WordPress\Webhooks\Secret;

/** Each webhook of docs/authentication.md can be made as it stands there. */
final class AuthenticationTest extends RestTestCase {

	/** @dataProvider examples */
	public function testItCanBeMade( string $json ): void {
		$draft = json_decode( $json, true );
		self::assertIsArray( $draft, json_last_error_msg() . ": $json" );
		// What is only hinted at with "…": that is refused where the engine looks at it, and nothing else is wrong.
		if ( 'Hospital' === $draft['name'] && extension_loaded( 'kivihook' ) ) {
			foreach ( array_keys( $this->refused( 'POST', 'webhooks', $draft ) ) as $field ) {
				self::assertStringStartsWith( 'secrets.client_', $field );
			}
			$draft['secrets'] = self::made();
		}
		$made = $this->good( 'POST', 'webhooks', $draft, 201 )['webhook'];
		self::assertSame( $draft['auth']['method'], $made['auth']['method'] );
		self::assertSame( array_fill_keys( array_keys( $draft['secrets'] ), Secret::PLACEHOLDER ), $made['secrets'] );
	}

	/** @return array<string, array{string}> */
	public static function examples(): array {
		preg_match_all( '/^```json\n(.*?)^```$/ms', (string) file_get_contents( dirname( __DIR__, 3 ) . '/docs/authentication.md' ), $found );
		$examples = array();
		foreach ( $found[1] as $json ) {
			$examples[ json_decode( $json, true )['name'] ?? $json ] = array( $json );
		}
		return $examples;
	}

	public function testThereIsOneForEachMethod(): void {
		$methods = array();
		foreach ( self::examples() as list( $json ) ) {
			$methods[] = json_decode( $json, true )['auth']['method'];
		}
		self::assertSame( array(), array_diff( array_column( $this->good( 'GET', 'catalogue' )['auth'], 'method' ), $methods ) );
	}

	/** @return array<string, string> a key and a certificate for it */
	private static function made(): array {
		$key     = openssl_pkey_new( array( 'private_key_type' => OPENSSL_KEYTYPE_RSA, 'private_key_bits' => 2048 ) );
		$request = openssl_csr_new( array( 'commonName' => 'clinic' ), $key );
		openssl_x509_export( openssl_csr_sign( $request, null, $key, 30 ), $certificate );
		openssl_pkey_export( $key, $pem );
		return array( 'client_certificate_pem' => $certificate, 'client_key_pem' => $pem );
	}
}
