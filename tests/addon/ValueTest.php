<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon;

use KiviHook\WordPress\Value;
use PHPUnit\Framework\TestCase;

/** What no cast may be asked for is read without a warning, and gives what the cast gave. */
final class ValueTest extends TestCase {

	/** @return array<string, array{mixed, string, int}> */
	public function values(): array {
		return array(
			'text'      => array( ' 7 days', ' 7 days', 7 ),
			'number'    => array( 12, '12', 12 ),
			'fraction'  => array( 2.5, '2.5', 2 ),
			'yes'       => array( true, '1', 1 ),
			'no'        => array( false, '', 0 ),
			'nothing'   => array( null, '', 0 ),
			'empty'     => array( array(), 'Array', 0 ),
			'list'      => array( array( 5 ), 'Array', 1 ),
			'object'    => array( new \stdClass(), '', 1 ),
			'speaks'    => array( new \Exception( 'x' ), (string) new \Exception( 'x' ), 1 ),
		);
	}

	/** @dataProvider values */
	public function testReadsAnythingAsTextAndNumber( mixed $value, string $text, int $number ): void {
		if ( ! $value instanceof \Stringable ) {
			self::assertSame( $text, Value::text( $value ) );
		} else {
			self::assertStringContainsString( 'Exception: x', Value::text( $value ) );
		}
		self::assertSame( $number, Value::number( $value ) );
	}

	public function testReadsListsAndMembers(): void {
		self::assertSame( array( 'a' => 1 ), Value::map( array( 'a' => 1 ) ) );
		self::assertSame( array(), Value::map( 'a' ) );
		self::assertSame( array( 1, 0, 3 ), Value::numbers( array( 'x' => '1', 'b', 3.9 ) ) );
		self::assertSame( array( 4 ), Value::numbers( '4' ) );
		self::assertSame( array(), Value::numbers( null ) );
		self::assertSame( array( 'a', '1', 'Array' ), Value::texts( array( 'a', true, array() ) ) );
		self::assertSame( array( array( 'a' => 1 ), array() ), Value::maps( array( 'x' => array( 'a' => 1 ), 'b', array() ) ) );
	}
}
