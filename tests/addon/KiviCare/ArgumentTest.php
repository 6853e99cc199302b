<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\WordPress\KiviCare\Argument;
use PHPUnit\Framework\TestCase;

final class ArgumentTest extends TestCase {

	/** @dataProvider shapes */
	public function testTakesAnIdOutOfEveryShape( ?int $id, mixed $argument ): void {
		self::assertSame( $id, Argument::id( $argument ) );
	}

	public static function shapes(): array {
		$getter  = new class() {
			public function getId(): string {
				return '12';
			}
		};
		$magic   = new class() {
			public function __get( string $name ): mixed {
				return 'id' === $name ? 12 : null;
			}
		};
		$refuses = new class() {
			public function __get( string $name ): mixed {
				throw new \LogicException( "no $name" );
			}
		};
		return array(
			'an int'                       => array( 12, 12 ),
			'a numeric string'             => array( 12, '12' ),
			'an array with an int'         => array( 12, array( 'name' => 'x', 'id' => 12 ) ),
			'an array with a string'       => array( 12, array( 'id' => '12' ) ),
			'an array as WordPress has it' => array( 12, array( 'ID' => 12 ) ),
			'an object'                    => array( 12, (object) array( 'id' => 12 ) ),
			'an object of WordPress'       => array( 12, (object) array( 'ID' => '12' ) ),
			'an object with a getter'      => array( 12, $getter ),
			'an object with magic'         => array( 12, $magic ),
			'an object that refuses'       => array( null, $refuses ),
			'an array without'             => array( null, array( 'name' => 'x' ) ),
			'a list'                       => array( null, array( 12, 13 ) ),
			'an array within'              => array( null, array( 'id' => array( 'id' => 12 ) ) ),
			'nothing'                      => array( null, null ),
			'true'                         => array( null, true ),
			'zero'                         => array( null, 0 ),
			'a negative one'               => array( null, -12 ),
			'a fraction'                   => array( null, 12.5 ),
			'a word'                       => array( null, '12abc' ),
			'too long'                     => array( null, '99999999999999999999' ),
		);
	}

	public function testTakesListsAndCommaLists(): void {
		self::assertSame( array( 3, 1 ), Argument::ids( array( 3, '1', 'x', 3 ) ) );
		self::assertSame( array( 3, 1 ), Argument::ids( '3, 1' ) );
		self::assertSame( array( 3 ), Argument::ids( 3 ) );
		self::assertSame( array( 3, 1 ), Argument::ids( array( array( 'id' => 3 ), array( 'id' => '1' ) ) ) );
		self::assertSame( array( 3 ), Argument::ids( array( 'id' => 3 ) ) );
		self::assertSame( array(), Argument::ids( null ) );
	}

	public function testFollowsPaths(): void {
		$request = array(
			'bill' => array( 'appointment' => array( 'id' => 7 ) ),
			'rows' => array( array( 'ID' => 1 ), array( 'ID' => 2 ), array() ),
		);
		self::assertSame( 7, Argument::path( $request, 'bill.appointment.id' ) );
		self::assertSame( array( 1, 2, null ), Argument::path( $request, 'rows.*.ID' ) );
		self::assertNull( Argument::path( $request, 'bill.patient.id' ) );
		self::assertNull( Argument::path( 'text', 'bill.*.id' ) );
	}

	public function testTakesOnlyKiviCaresStatuses(): void {
		self::assertSame( array( 0, 4 ), array( Argument::status( 0 ), Argument::status( '4' ) ) );
		foreach ( array( 5, '05', 'x', '', null, true, array( 1 ) ) as $other ) {
			self::assertNull( Argument::status( $other ) );
		}
	}
}
