<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Seal;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Seal\SealError;
use KiviHook\WordPress\Store\Connection;

final class KeyringTest extends DatabaseTestCase {

	private const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

	public function testSealsBodiesAndCredentialsWithKeysOfTheirOwn(): void {
		self::assertSame( Keyring::OK, $this->keyring->state() );
		$body = $this->keyring->sealBody( 'body', 'b' );
		$cred = $this->keyring->sealCredentials( 'cred', 'c' );
		self::assertStringStartsWith( 'kh1:b' . gmdate( 'Ymd' ) . '-m', $body );
		self::assertStringStartsWith( 'kh1:c-m', $cred );
		$this->build( self::KEY );
		self::assertSame( 'body', $this->keyring->open( $body, 'b' ) );
		self::assertSame( 'cred', $this->keyring->open( $cred, 'c' ) );
		self::assertSame( 0, $this->committed( 'keys', "wrapped NOT LIKE 'kh1:m%'" ) );
	}

	public function testABookingNeedsNoQueryForKeys(): void {
		$this->build( self::KEY );
		$before = $this->wpdb->num_queries;
		$this->keyring->sealBody( 'x', $this->keyring->context( 'events', '1', 'snapshot' ) );
		self::assertSame( $before, $this->wpdb->num_queries );
		$handle = new \ReflectionProperty( Connection::class, 'handle' );
		$handle->setAccessible( true );
		self::assertNull( $handle->getValue( $this->own ), 'Our own connection was opened.' );
	}

	public function testTwoProcessesMakeOneKeyOfTheDay(): void {
		$this->own->run( 'DELETE FROM wp_kivihook_keys' );
		$this->options->delete( Keyring::OPTION_CACHE );
		$this->build( self::KEY );
		$second = new Keyring( new Connection( $this->wpdb ), $this->schema, $this->options, self::KEY, fn () => 'salt' );
		$second->credentials(); // Both have looked, and neither has found one.
		$this->keyring->credentials();
		$one = $this->keyring->sealBody( '1', 'x' );
		$two = $second->sealBody( '2', 'x' );
		self::assertSame( '2', $this->keyring->open( $two, 'x' ) );
		self::assertSame( '1', $second->open( $one, 'x' ) );
		self::assertSame( 1, $this->committed( 'keys', "purpose = 'bodies'" ) );
	}

	public function testAChangedKeyIsToldAndNewThingsAreSealedWithIt(): void {
		$old = $this->keyring->sealCredentials( 'x', 'c' );
		$this->build( base64_encode( str_repeat( 'n', 32 ) ) );
		self::assertSame( Keyring::CHANGED, $this->keyring->state() );
		self::assertFalse( $this->keyring->holds( $old ) );
		try {
			$this->keyring->open( $old, 'c' );
			self::fail();
		} catch ( SealError $error ) {
			self::assertStringContainsString( 'missing or has changed', $error->getMessage() );
		}
		self::assertSame( 'y', $this->keyring->open( $this->keyring->sealBody( 'y', 'b' ), 'b' ) );
		self::assertSame( 'z', $this->keyring->open( $this->keyring->sealCredentials( 'z', 'c' ), 'c' ) );
		$this->build( self::KEY );
		self::assertSame( 'x', $this->keyring->open( $old, 'c' ) );
	}

	public function testAChangedKeyIsForgottenWhenItsCredentialsWereEnteredAnew(): void {
		$webhook = $this->webhook();
		$this->build( base64_encode( str_repeat( 'n', 32 ) ) );
		$this->keyring->prepare();
		self::assertSame( Keyring::CHANGED, $this->keyring->state() );
		$this->webhooks->update( $this->webhooks->find( $webhook->id )->withSecrets( array( 'api_key' => 'new' ) ) );
		$this->keyring->prepare();
		self::assertSame( Keyring::OK, $this->keyring->state() );
	}

	public function testWithoutAConstantTheSaltsProtectAKeyUntilItIsPasted(): void {
		$this->own->run( 'DELETE FROM wp_kivihook_keys' );
		$this->options->delete( Keyring::OPTION_CACHE );
		$this->build( null );
		self::assertSame( Keyring::MISSING, $this->keyring->state() );
		self::assertNull( $this->keyring->proposal() );
		$this->keyring->prepare();
		self::assertSame( Keyring::FALLBACK, $this->keyring->state() );
		$sealed   = $this->keyring->sealCredentials( 'x', 'c' );
		$proposal = (string) $this->keyring->proposal();
		self::assertSame( 32, strlen( (string) base64_decode( $proposal, true ) ) );
		self::assertStringNotContainsString( $proposal, (string) get_option( Keyring::OPTION_FALLBACK ) );
		// Pasted: the same key, and its copy goes.
		$this->build( $proposal );
		self::assertSame( Keyring::OK, $this->keyring->state() );
		self::assertNull( $this->keyring->proposal() );
		self::assertSame( 'x', $this->keyring->open( $sealed, 'c' ) );
		$this->keyring->prepare();
		self::assertFalse( get_option( Keyring::OPTION_FALLBACK ) );
		self::assertSame( 'x', $this->keyring->open( $sealed, 'c' ) );
	}

	public function testChangedSaltsLoseTheFallbackButNeverANewEvent(): void {
		$this->own->run( 'DELETE FROM wp_kivihook_keys' );
		$this->options->delete( Keyring::OPTION_CACHE );
		$this->build( null );
		$this->keyring->prepare();
		$this->build( null, 'other salts' );
		self::assertSame( Keyring::MISSING, $this->keyring->state() );
		self::assertSame( 'y', $this->keyring->open( $this->keyring->sealBody( 'y', 'b' ), 'b' ) );
		self::assertSame( Keyring::CHANGED, $this->keyring->state() );
	}

	public function testALostConstantNeverCostsAnEvent(): void {
		$this->build( null );
		$this->writer->append( $this->event(), array( 1 ) );
		self::assertSame( 1, $this->committed( 'events' ) );
		self::assertSame( Keyring::CHANGED, $this->keyring->state() );
	}

	public function testAnInvalidConstantIsTold(): void {
		foreach ( array( '', 'short', base64_encode( 'x' ), '!!' ) as $key ) {
			$this->build( $key );
			self::assertContains( $this->keyring->state(), array( Keyring::INVALID ), $key );
		}
	}

	public function testAnotherSiteCannotOpen(): void {
		$sealed = $this->keyring->sealCredentials( 'x', $this->keyring->context( 'webhooks', '1', 'secrets' ) );
		$this->options->put( Keyring::OPTION_SITE, str_repeat( '0', 32 ) );
		$this->expectException( SealError::class );
		$this->keyring->open( $sealed, $this->keyring->context( 'webhooks', '1', 'secrets' ) );
	}

	public function testWithoutOurConnectionARecentKeyStandsIn(): void {
		$yesterday = 'b' . gmdate( 'Ymd', time() - 86_400 );
		$cached    = get_option( Keyring::OPTION_CACHE );
		$today     = current( array_filter( array_keys( $cached ), fn ( $id ) => str_starts_with( $id, 'b' . gmdate( 'Ymd' ) ) ) );
		// As on the day after the schedule ran last: yesterday's key is the newest that is cached.
		$id      = str_replace( 'b' . gmdate( 'Ymd' ), $yesterday, $today );
		$master  = base64_decode( self::KEY );
		$wrapped = ( new \KiviHook\WordPress\Seal\OpensslCipher( array( Keyring::check( $master ) => $master ) ) )
			->seal( str_repeat( 'y', 32 ), $this->keyring->context( 'keys', $id, 'wrapped' ) );
		$this->options->put( Keyring::OPTION_CACHE, array( $id => $wrapped ) );
		$wpdb         = clone $this->wpdb;
		$wpdb->dbhost = 'localhost:/nonexistent/socket';
		$keyring      = new Keyring( new Connection( $wpdb ), $this->schema, $this->options, self::KEY, fn () => 'salt' );
		self::assertStringStartsWith( "kh1:$id:", $keyring->sealBody( 'x', 'y' ) );
	}
}
