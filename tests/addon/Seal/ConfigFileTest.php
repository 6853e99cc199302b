<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Seal;

use KiviHook\WordPress\Seal\ConfigFile;
use PHPUnit\Framework\TestCase;

final class ConfigFileTest extends TestCase {

	private const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

	private string $folder;

	protected function setUp(): void {
		$this->folder = sys_get_temp_dir() . '/kivihook-config-' . bin2hex( random_bytes( 6 ) );
		mkdir( $this->folder );
	}

	protected function tearDown(): void {
		chmod( $this->folder, 0700 );
		foreach ( array_diff( (array) scandir( $this->folder ), array( '.', '..' ) ) as $name ) {
			unlink( "{$this->folder}/$name" );
		}
		rmdir( $this->folder );
	}

	public function testWritesBeforeWordPressIsLoadedAndKeepsTheMode(): void {
		$path = $this->file( (string) file_get_contents( ABSPATH . 'wp-config-sample.php' ) );
		chmod( $path, 0640 );
		self::assertTrue( ( new ConfigFile( $path ) )->write( self::KEY ) );
		clearstatcache();
		self::assertSame( 0640, fileperms( $path ) & 07777 );
		$new = (string) file_get_contents( $path );
		self::assertSame( 1, substr_count( $new, 'KIVIHOOK_KEY' ) );
		self::assertLessThan( strpos( $new, "wp-settings.php'" ), strpos( $new, ConfigFile::line( self::KEY ) ) );
		self::assertSame( array( '.', '..', 'wp-config.php' ), scandir( $this->folder ) );
		self::assertSame( self::KEY, $this->evaluate( $path ) );
		self::assertFalse( ( new ConfigFile( $path ) )->write( self::KEY ), 'A second time' );
	}

	/** @dataProvider good */
	public function testFindsThePlace( string $source ): void {
		$path = $this->file( $source );
		self::assertTrue( ( new ConfigFile( $path ) )->write( self::KEY ) );
		self::assertSame( self::KEY, $this->evaluate( $path ) );
		$without = (string) preg_replace( "/define\\( 'KIVIHOOK_KEY'.*\n/", '', (string) file_get_contents( $path ) );
		self::assertSame( $source, $without );
	}

	public static function good(): array {
		return array(
			'strict types first'  => array( "<?php\ndeclare(strict_types=1);\nnamespace Site;\nrequire_once(\\ABSPATH . 'wp-settings.php');\n" ),
			'a block before'      => array( "<?php if (!defined('A')) { define('A', 1); }\n\trequire ABSPATH . \"wp-settings.php\";" ),
			'words in a comment'  => array( "<?php // wp-settings.php\n/* require 'wp-settings.php'; */ \$x = 'wp-settings.php';\nrequire_once ABSPATH . 'wp-settings.php';" ),
			'another file before' => array( "<?php require_once __DIR__ . '/empty.php'; require_once ABSPATH . 'wp-settings.php';" ),
			'curly in a string'   => array( "<?php \$y = 1; \$x = \"a{\$y}b\"; require_once ABSPATH . 'wp-settings.php';" ),
		);
	}

	/** @dataProvider bad */
	public function testLeavesWhatItDoesNotUnderstand( string $source ): void {
		$path = $this->file( $source );
		self::assertFalse( ( new ConfigFile( $path ) )->write( self::KEY ) );
		self::assertSame( $source, file_get_contents( $path ) );
		self::assertSame( array( '.', '..', 'wp-config.php' ), scandir( $this->folder ) );
	}

	public static function bad(): array {
		return array(
			'no WordPress'       => array( "<?php define('DB_NAME', 'x');" ),
			'within a condition' => array( "<?php if (true) { require_once ABSPATH . 'wp-settings.php'; }" ),
			'without braces'     => array( "<?php if (false) require_once ABSPATH . 'wp-settings.php';" ),
			'does not parse'     => array( "<?php \$x = ;\nrequire_once ABSPATH . 'wp-settings.php';" ),
			'defined already'    => array( "<?php define('KIVIHOOK_KEY', getenv('K'));\nrequire_once ABSPATH . 'wp-settings.php';" ),
			'empty'              => array( '' ),
		);
	}

	public function testAKeyThatIsNoKeyIsNotWritten(): void {
		$path = $this->file( "<?php require_once ABSPATH . 'wp-settings.php';" );
		foreach ( array( '', "x'); system('id'); //", str_repeat( 'A', 44 ) ) as $key ) {
			self::assertFalse( ( new ConfigFile( $path ) )->write( $key ) );
		}
	}

	public function testAFileThatIsNotThere(): void {
		self::assertFalse( ( new ConfigFile( "{$this->folder}/none.php" ) )->write( self::KEY ) );
	}

	private function file( string $source ): string {
		file_put_contents( "{$this->folder}/wp-config.php", $source );
		return "{$this->folder}/wp-config.php";
	}

	/** Runs it in a process of its own, with a WordPress that prints the key. */
	private function evaluate( string $path ): string {
		file_put_contents( "{$this->folder}/wp-settings.php", '<?php echo constant("KIVIHOOK_KEY");' );
		file_put_contents( "{$this->folder}/empty.php", '' );
		$code = 'define("ABSPATH", $argv[1] . "/"); require $argv[2];';
		$out  = shell_exec( implode( ' ', array_map( 'escapeshellarg', array( PHP_BINARY, '-n', '-r', $code, '--', $this->folder, $path ) ) ) );
		unlink( "{$this->folder}/wp-settings.php" );
		unlink( "{$this->folder}/empty.php" );
		return trim( (string) $out );
	}
}
