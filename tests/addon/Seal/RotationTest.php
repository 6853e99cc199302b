<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Seal;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Seal\SealError;
use KiviHook\WordPress\Store\SealRotation;
use KiviHook\WordPress\Store\Webhook;

/** A replaced KIVIHOOK_KEY: nothing is lost on the way, wherever it stops. */
final class RotationTest extends DatabaseTestCase {

	private const OLD   = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
	private const NEW   = 'bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=';
	private const TOKEN = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

	/** @var int[] */
	private array $ids = array();
	private string $body;

	protected function setUp(): void {
		parent::setUp();
		$this->build( self::OLD );
		$this->keyring->prepare();
		for ( $i = 1; $i <= 5; $i++ ) {
			$config      = array( 'url' => 'https://example.org/', 'events' => array( 'appointment.booked' ) );
			$this->ids[] = $this->webhooks->insert(
				( new Webhook( name: "Webhook $i", config: $config ) )->withSecrets( array( 'bearer_token' => "token $i", 'signing_secrets' => array( 'whsec_AAAA' ) ) )
			);
		}
		$this->body = $this->keyring->sealBody( 'a body', 'b' );
		$token      = $this->keyring->sealCredentials( 'an access token', 'kivihook:token:' . self::TOKEN );
		$this->own->run( 'INSERT INTO wp_kivihook_tokens (name, value, written_at) VALUES (?, ?, UTC_TIMESTAMP(3) - INTERVAL 1 HOUR)', array( self::TOKEN, $token ) );
	}

	public function testEverythingOpensBeforeAndAfterAndWithoutTheFormerKey(): void {
		$this->replaced();
		self::assertSame( Keyring::OK, $this->keyring->state() );
		$this->assertAllOpens();
		$told = array();
		self::assertSame( array( 'done' => 9, 'locked' => 0, 'left' => 0 ), $this->rotate( 0, $told ) );
		self::assertSame( array( 'keys: 3 of 3', 'webhooks: 5 of 5', 'tokens: 1 of 1' ), $told );
		$this->assertAllOpens();
		$this->assertNothingIsOld();
		self::assertSame( array( 'done' => 0, 'locked' => 0, 'left' => 0 ), $this->rotate() );

		$this->build( self::NEW ); // KIVIHOOK_KEY_PREVIOUS was removed.
		self::assertSame( Keyring::OK, $this->keyring->state() );
		$this->keyring->prepare();
		self::assertSame( Keyring::OK, $this->keyring->state() );
		$this->assertAllOpens();
	}

	/** @dataProvider steps */
	public function testItMayStopAnywhereAndGoesOn( int $rows ): void {
		$this->replaced();
		$result = $this->rotate( $rows );
		self::assertSame( array( $rows, 9 - $rows ), array( $result['done'], $result['left'] ) );
		$this->assertAllOpens();
		$this->replaced(); // Another process.
		$this->assertAllOpens();
		self::assertSame( array( 'done' => 9 - $rows, 'locked' => 0, 'left' => 0 ), $this->rotate() );
		$this->assertNothingIsOld();
		$this->build( self::NEW );
		$this->assertAllOpens();
	}

	/** @return array<int, array{int}> */
	public static function steps(): array {
		return array_map( static fn ( int $rows ): array => array( $rows ), range( 1, 8 ) );
	}

	public function testACrashBeforeTheOptionIsRefreshedHarmsNothing(): void {
		$this->replaced();
		$this->keyring->prepare();
		$before = $this->options->get( Keyring::OPTION_CACHE );
		$this->rotate();
		$this->options->put( Keyring::OPTION_CACHE, $before );
		$this->build( self::NEW ); // And somebody has removed the former key already.
		$this->assertAllOpens();
		$this->keyring->prepare();
		self::assertSame( Keyring::OK, $this->keyring->state() );
	}

	public function testWhatSomebodySavesMeanwhileStays(): void {
		$this->replaced();
		$told = array();
		( new SealRotation( $this->own, $this->schema, $this->keyring ) )->run(
			0,
			function ( string $table ) use ( &$told ): void {
				if ( 'keys' === $table ) {
					$this->webhooks->update( $this->webhooks->find( $this->ids[2] )->withSecrets( array( 'bearer_token' => 'entered meanwhile' ) ) );
				}
				$told[] = $table;
			}
		);
		self::assertContains( 'webhooks', $told );
		$this->build( self::NEW );
		self::assertSame( 'entered meanwhile', $this->webhooks->secrets( $this->webhooks->find( $this->ids[2] ) )['bearer_token'] );
	}

	public function testWhatNobodyCanOpenStaysAsItIsAndIsCounted(): void {
		$this->build( self::NEW ); // Without the former key.
		self::assertSame( array( 'done' => 0, 'locked' => 9, 'left' => 0 ), $this->rotate() );
		$this->replaced();
		$this->assertAllOpens();
		self::assertSame( 9, $this->rotate()['done'] );
	}

	public function testAKeyThatIsNoneIsRefusedBeforeAnythingIsDone(): void {
		foreach ( array( array( 'no key', self::OLD, 'KIVIHOOK_KEY is missing' ), array( self::NEW, 'no key', 'KIVIHOOK_KEY_PREVIOUS is not' ) ) as list( $key, $previous, $words ) ) {
			$this->replaced( $key, $previous );
			try {
				$this->rotate();
				self::fail( $words );
			} catch ( SealError $error ) {
				self::assertStringContainsString( $words, $error->getMessage() );
			}
		}
		$this->build( self::OLD );
		$this->assertAllOpens();
	}

	/** Tokens are found by names that the former credentials key makes: it stays for as long as there is one. */
	public function testTheFormerCredentialsKeyGoesWhenNoTokenIsAsOld(): void {
		$this->replaced();
		$this->rotate();
		$this->build( self::NEW );
		$this->keyring->prepare();
		self::assertCount( 2, $this->keyring->credentials() );
		self::assertStringStartsWith( 'c-' . Keyring::check( (string) base64_decode( self::NEW, true ) ), (string) array_key_first( $this->keyring->credentials() ) );
		$this->own->run( 'UPDATE wp_kivihook_tokens SET written_at = UTC_TIMESTAMP(3) + INTERVAL 2 DAY' );
		$this->keyring->prepare();
		self::assertCount( 1, $this->keyring->credentials() );
		$this->assertAllOpens();
	}

	private function replaced( string $key = self::NEW, string $previous = self::OLD ): void {
		$this->build( $key, 'salt', $previous );
	}

	/** @param string[] $told @return array{done: int, locked: int, left: int} */
	private function rotate( int $limit = 0, array &$told = array() ): array {
		return ( new SealRotation( $this->own, $this->schema, $this->keyring ) )->run(
			$limit,
			static function ( string $table, int $done, int $all ) use ( &$told ): void {
				$told[] = "$table: $done of $all";
			}
		);
	}

	private function assertAllOpens(): void {
		foreach ( $this->ids as $i => $id ) {
			self::assertSame( 'token ' . ( $i + 1 ), $this->webhooks->secrets( $this->webhooks->find( $id ) )['bearer_token'] );
		}
		self::assertSame( 'a body', $this->keyring->open( $this->body, 'b' ) );
		$token = (string) $this->own->value( 'SELECT value FROM wp_kivihook_tokens' );
		self::assertSame( 'an access token', $this->keyring->open( $token, 'kivihook:token:' . self::TOKEN ) );
		if ( extension_loaded( 'kivihook' ) ) {
			self::assertSame( 'an access token', ( new \KiviHook\Vault( $this->keyring->credentials() ) )->open( $token, 'kivihook:token:' . self::TOKEN ) );
		}
	}

	private function assertNothingIsOld(): void {
		$old = Keyring::check( (string) base64_decode( self::OLD, true ) );
		self::assertSame( 0, $this->committed( 'keys', "wrapped LIKE 'kh1:$old:%'" ) );
		self::assertSame( 0, $this->committed( 'webhooks', "secrets LIKE 'kh1:c-$old:%'" ) );
		self::assertSame( 0, $this->committed( 'tokens', "value LIKE 'kh1:c-$old:%'" ) );
	}
}
