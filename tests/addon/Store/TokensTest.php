<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Tokens;

/** What workers share under a name changes only for whoever saw what is there. */
final class TokensTest extends DatabaseTestCase {

	private const KEY = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

	private Tokens $tokens;

	protected function setUp(): void {
		parent::setUp();
		$this->own->run( "DELETE FROM `{$this->schema->table( 'tokens' )}`" );
		$this->tokens = new Tokens( $this->own, $this->schema );
	}

	public function testTheFirstWins(): void {
		self::assertNull( $this->tokens->swap( self::KEY, null, null ) );
		self::assertSame( 'one', $this->tokens->swap( self::KEY, array( 'value' => 'one' ), null )['value'] );
		self::assertSame( 'one', $this->tokens->swap( self::KEY, array( 'value' => 'two' ), null )['value'] );
	}

	public function testOnlyWhoSawTheValueReplacesIt(): void {
		$other = new Tokens( new Connection( $GLOBALS['wpdb'] ), $this->schema );
		$this->tokens->swap( self::KEY, array( 'value' => 'one' ), null );
		$seen = hash( 'sha256', 'one' );
		self::assertSame( 'two', $other->swap( self::KEY, array( 'value' => 'two' ), $seen )['value'] );
		self::assertSame( 'two', $this->tokens->swap( self::KEY, array( 'value' => 'three' ), $seen )['value'] );
		self::assertSame( 'two', $this->tokens->swap( self::KEY, null, null )['value'] );
	}

	public function testTellsItsAgeByTheDatabasesClock(): void {
		$this->tokens->swap( self::KEY, array( 'value' => 'one' ), null );
		$this->own->run( "UPDATE `{$this->schema->table( 'tokens' )}` SET written_at = UTC_TIMESTAMP(3) - INTERVAL 5 SECOND" );
		$age = $this->tokens->swap( self::KEY, null, null )['age_ms'];
		self::assertGreaterThanOrEqual( 5_000, $age );
		self::assertLessThan( 60_000, $age );
	}

	public function testRefusesWhatIsNoName(): void {
		$this->expectException( DatabaseError::class );
		$this->tokens->swap( "x' OR 1=1 -- ", null, null );
	}

	public function testRefusesWhatIsNotSealedText(): void {
		$this->expectException( DatabaseError::class );
		$this->tokens->swap( self::KEY, array( 'value' => "caf\u{e9}" ), null );
	}
}
