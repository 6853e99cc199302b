<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\DatabaseError;

/** A statement whose end is not waited for is done all the same, and whoever began it hears when it was not. */
final class LaterStatementTest extends DatabaseTestCase {

	/** @var DatabaseError[] */
	private array $failures = array();

	private function begin( string $sql, array $values = array() ): void {
		$this->own->begin( $sql, $values, function ( DatabaseError $error ): void {
			$this->failures[] = $error;
		} );
	}

	public function testItIsDoneBeforeTheNextStatement(): void {
		$this->begin( "INSERT INTO wp_kivihook_told (name, told_at) SELECT CONCAT('a', SLEEP(0.2)), UTC_TIMESTAMP(3)" );
		self::assertSame( '1', $this->own->value( 'SELECT COUNT(*) FROM wp_kivihook_told' ) );
		self::assertSame( array(), $this->failures );
	}

	public function testItIsDoneBeforeTheConnectionIsClosed(): void {
		$this->begin( "INSERT INTO wp_kivihook_told (name, told_at) SELECT CONCAT('a', SLEEP(0.2)), UTC_TIMESTAMP(3)" );
		$this->own->close();
		self::assertSame( 1, $this->committed( 'told' ) );
	}

	public function testAFailureIsToldAndTheNextStatementRuns(): void {
		$this->begin( "INSERT INTO wp_kivihook_told (name, told_at) VALUES (?, NULL)", array( 'a' ) );
		self::assertSame( array(), $this->failures );
		self::assertSame( '1', $this->own->value( 'SELECT 1' ) );
		self::assertCount( 1, $this->failures );
		self::assertStringContainsString( 'told_at', $this->failures[0]->getMessage() );
	}

	public function testALostConnectionIsToldAndTheNextStatementHasAFreshOne(): void {
		$thread = $this->own->thread();
		$this->begin( 'DO SLEEP(20)' );
		$this->clinic( "KILL $thread" );
		self::assertSame( '1', $this->own->value( 'SELECT 1' ) );
		self::assertCount( 1, $this->failures );
		self::assertNotSame( $thread, $this->own->thread() );
	}

	public function testWithinATransactionItIsWaitedFor(): void {
		try {
			$this->own->transaction( fn () => $this->begin( "INSERT INTO wp_kivihook_told (name, told_at) VALUES ('a', NULL)" ) );
			self::fail( 'It has to fail at once.' );
		} catch ( DatabaseError $error ) {
			self::assertSame( array(), $this->failures );
		}
	}
}
