<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Docs;

use PHPUnit\Framework\TestCase;

/** docs/architecture.md names the rooms that there are, and classes and sources that exist. */
final class ArchitectureTest extends TestCase {

	private const ROOT = __DIR__ . '/../../..';

	public function testNamesEveryRoomOfTheAddOn(): void {
		$rooms = array_map( 'basename', (array) glob( self::ROOT . '/addon/kivihook/[A-Z]*', GLOB_ONLYDIR ) );
		self::assertContains( 'Store', $rooms );
		preg_match_all( '~^\| `addon/kivihook/(\w+)`~m', $this->text(), $named );
		self::assertEqualsCanonicalizing( $rooms, $named[1] );
	}

	public function testNamesOnlyWhatExists(): void {
		preg_match_all( '~`((?:[A-Z]\w+\\\\)+[A-Z]\w+)`~', $this->text(), $classes );
		self::assertNotEmpty( $classes[1] );
		foreach ( array_unique( $classes[1] ) as $class ) {
			$known = str_starts_with( $class, 'KiviHook\\' )
				? str_contains( (string) file_get_contents( self::ROOT . '/src/kivihook.stub.php' ), substr( $class, 9 ) )
				: is_file( self::ROOT . '/addon/kivihook/' . str_replace( '\\', '/', $class ) . '.php' ) || is_dir( self::ROOT . '/addon/kivihook/' . str_replace( '\\', '/', $class ) );
			self::assertTrue( $known, "$class is named and does not exist" );
		}
		preg_match_all( '~`((?:src|addon|dev|tests|bench|docs|ui|packaging)/[\w./-]+)`~', $this->text(), $paths );
		foreach ( array_unique( $paths[1] ) as $path ) {
			self::assertTrue( file_exists( self::ROOT . "/$path" ) || 'addon/kivihook/ui/build' === $path, "$path is named and does not exist" );
		}
		preg_match_all( '~`(kh_\w+)`~', $this->text(), $sources );
		$core = (string) shell_exec( 'cat ' . escapeshellarg( self::ROOT ) . '/src/core/*.[ch] ' . escapeshellarg( self::ROOT ) . '/src/php/*.[ch]' );
		foreach ( array_unique( $sources[1] ) as $name ) {
			self::assertTrue( is_file( self::ROOT . "/src/core/$name.c" ) || 1 === preg_match( "~\\b$name\\b~", $core ), "$name is named and does not exist" );
		}
	}

	private function text(): string {
		return (string) file_get_contents( self::ROOT . '/docs/architecture.md' );
	}
}
