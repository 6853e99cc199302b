<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Operations;

use KiviHook\WordPress\Operations\Journal;
use PHPUnit\Framework\TestCase;

/** Lines in PHP's error log: as many as were asked for, and nobody's data. */
final class JournalTest extends TestCase {

	/** @dataProvider levels */
	public function testEachLevelWritesWhatItPromises( string $level, array $expected ): void {
		$lines   = array();
		$journal = new Journal(
			Journal::LEVELS[ $level ],
			static function ( string $line ) use ( &$lines ): void {
				$lines[] = $line;
			}
		);
		$journal->problem( 'emit', "Not kept.\nReally" );
		foreach ( array( 'failed', 'expired', 'pending', 'succeeded' ) as $state ) {
			$journal->attempt( self::attempt( $state ) );
		}
		$journal->attempt( array( 'driver' => 'test' ) + self::attempt( 'failed' ) );
		$read = array_map( static fn ( string $line ): array => json_decode( substr( $line, strlen( 'KiviHook ' ) ), true ), $lines );
		self::assertSame( $expected, array_map( static fn ( array $one ): string => $one['level'] . ' ' . ( $one['state'] ?? $one['code'] ), $read ) );
		foreach ( $lines as $line ) {
			self::assertStringStartsWith( 'KiviHook {"level":"', $line );
			self::assertStringNotContainsString( "\n", $line );
			self::assertStringNotContainsString( 'Wilma', $line );
			self::assertStringNotContainsString( 'clinic.example', $line );
			self::assertStringNotContainsString( '4711', $line );
		}
	}

	/** @return array<string, array{0: string, 1: string[]}> */
	public static function levels(): array {
		$errors = array( 'error emit', 'error failed', 'error expired' );
		return array(
			'off'     => array( 'off', array() ),
			'error'   => array( 'error', $errors ),
			'warning' => array( 'warning', array( ...$errors, 'warning pending', 'warning failed' ) ),
			'info'    => array( 'info', array( ...$errors, 'warning pending', 'info succeeded', 'warning failed' ) ),
		);
	}

	public function testALineTellsWhatBecameOfAnAttempt(): void {
		$said = '';
		( new Journal(
			Journal::LEVELS['info'],
			static function ( string $line ) use ( &$said ): void {
				$said = $line;
			}
		) )->attempt( self::attempt( 'pending' ) );
		self::assertSame(
			'KiviHook {"level":"warning","event":"attempt","state":"pending","delivery":17,"webhook":3,"sequence":9,"type":"appointment.booked",'
			. '"number":2,"driver":"worker","status":503,"code":"http","ms":12}',
			$said
		);
	}

	private static function attempt( string $state ): array {
		return array(
			'delivery'  => 17,
			'webhook'   => 3,
			'event'     => 9,
			'type'      => 'appointment.booked',
			'record_id' => 4711,
			'number'    => 2,
			'driver'    => 'worker',
			'state'     => $state,
			'trace'     => array(
				'status'     => 503,
				'error_code' => 'http',
				'error'      => 'clinic.example answered 503 for Wilma',
				'total_us'   => 12_345,
				'request'    => array( 'body' => 'Wilma' ),
			),
		);
	}
}
