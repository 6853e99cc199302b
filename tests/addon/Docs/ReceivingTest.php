<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Docs;

use KiviHook\Engine;
use KiviHook\Signature;
use PHPUnit\Framework\TestCase;

/** The receivers of docs/receiving.md, as they stand there, asked by the engine. */
final class ReceivingTest extends TestCase {

	/** @var resource|null */
	private $process = null;
	private string $folder;

	protected function setUp(): void {
		if ( ! extension_loaded( 'kivihook' ) ) {
			self::markTestSkipped( 'the extension signs the requests' );
		}
		$this->folder = sys_get_temp_dir() . '/kivihook-receiving-' . bin2hex( random_bytes( 6 ) );
		mkdir( "$this->folder/inbox", 0700, true );
	}

	protected function tearDown(): void {
		if ( is_resource( $this->process ) ) {
			proc_terminate( $this->process );
			proc_close( $this->process );
		}
		if ( isset( $this->folder ) ) {
			array_map( 'unlink', array_merge( glob( "$this->folder/inbox/*" ) ?: array(), glob( "$this->folder/*.*" ) ?: array() ) );
			rmdir( "$this->folder/inbox" );
			rmdir( $this->folder );
		}
	}

	/** @dataProvider receivers */
	public function testItTakesWhatWasSignedOnceAndRefusesTheRest( string $file, string $program, array $options ): void {
		$program = $this->program( $program );
		$secret  = Signature::secret();
		$url     = $this->start( $file, $program, $options, $secret );

		self::assertSame( 204, $this->send( $url, array( $secret ) ), 'signed with its secret' );
		$stored = glob( "$this->folder/inbox/*" ) ?: array();
		self::assertCount( 1, $stored );
		$body = json_decode( (string) file_get_contents( $stored[0] ), true );
		self::assertSame( array( 'Zoë', 'appointment.booked' ), array( $body['data']['patient_name'], $body['type'] ) );

		self::assertSame( 204, $this->send( $url, array( Signature::secret(), $secret ) ), 'while secrets are replaced, the second fits' );
		self::assertSame( 401, $this->send( $url, array( Signature::secret() ) ), 'another secret' );
		self::assertCount( 2, glob( "$this->folder/inbox/*" ) ?: array() );

		$text = '{"a": 1}';
		foreach ( array( 204, 204 ) as $expected ) {
			self::assertSame( $expected, self::post( $url, 'msg_1', time(), $text, Signature::sign( $secret, 'msg_1', time(), $text ) ) );
		}
		self::assertCount( 3, glob( "$this->folder/inbox/*" ) ?: array(), 'the second is the same' );
		$refused = array(
			'another body'   => array( 'msg_2', time(), '{"a": 2}', Signature::sign( $secret, 'msg_2', time(), $text ) ),
			'another id'     => array( 'msg_3', time(), $text, Signature::sign( $secret, 'msg_2', time(), $text ) ),
			'an hour ago'    => array( 'msg_2', time() - 3600, $text, Signature::sign( $secret, 'msg_2', time() - 3600, $text ) ),
			'in an hour'     => array( 'msg_2', time() + 3600, $text, Signature::sign( $secret, 'msg_2', time() + 3600, $text ) ),
			'no signature'   => array( 'msg_2', time(), $text, '' ),
			'half a one'     => array( 'msg_2', time(), $text, 'v1,' ),
			'no time at all' => array( 'msg_2', 'soon', $text, 'v1,' . base64_encode( str_repeat( 'x', 32 ) ) ),
		);
		foreach ( $refused as $what => $request ) {
			self::assertSame( 401, self::post( $url, ...$request ), $what );
		}
		self::assertCount( 3, glob( "$this->folder/inbox/*" ) ?: array() );
	}

	/** @return array<string, array{string, string, string[]}> */
	public static function receivers(): array {
		$php = array( '-d', 'display_errors=1', '-S', '127.0.0.1:{port}' );
		return array(
			'PHP'                    => array( 'receive.php', PHP_BINARY, array_merge( array( '-n' ), $php ) ),
			'PHP with the extension' => array( 'receive-native.php', PHP_BINARY, array_merge( array( '-n', '-d', 'extension={extension}' ), $php ) ),
			'Node'                   => array( 'receive.mjs', 'node', array() ),
			'Python'                 => array( 'receive.py', 'python3', array() ),
		);
	}

	/** Each program of the page is tried, and each that is tried is there. */
	public function testEveryProgramOfThePageIsTried(): void {
		preg_match_all( '/^```(?:php|js|python)$/m', self::page(), $blocks );
		self::assertCount( count( self::receivers() ), $blocks[0] );
	}

	private static function page(): string {
		return (string) file_get_contents( dirname( __DIR__, 3 ) . '/docs/receiving.md' );
	}

	private static function snippet( string $file ): string {
		$found = preg_match( '/<!-- snippet: ' . preg_quote( $file, '/' ) . ' -->\n```\w+\n(.*?)\n```\n/s', self::page(), $match );
		self::assertSame( 1, $found, "docs/receiving.md has $file" );
		return $match[1] . "\n";
	}

	private function program( string $name ): string {
		foreach ( str_contains( $name, '/' ) ? array( $name ) : array_map( static fn ( string $folder ): string => "$folder/$name", explode( ':', (string) getenv( 'PATH' ) ) ) as $path ) {
			if ( is_executable( $path ) ) {
				return $path;
			}
		}
		self::markTestSkipped( "$name is not installed" );
	}

	private function start( string $file, string $program, array $options, string $secret ): string {
		file_put_contents( "$this->folder/$file", self::snippet( $file ) );
		$socket = stream_socket_server( 'tcp://127.0.0.1:0' );
		$port   = (string) substr( strrchr( (string) stream_socket_get_name( $socket, false ), ':' ), 1 );
		fclose( $socket );
		$options       = str_replace( array( '{port}', '{extension}' ), array( $port, $this->extension() ), $options );
		$this->process = proc_open(
			array_merge( array( $program ), $options, array( "$this->folder/$file" ) ),
			array( array( 'file', '/dev/null', 'r' ), array( 'file', "$this->folder/said.log", 'a' ), array( 'file', "$this->folder/said.log", 'a' ) ),
			$pipes,
			$this->folder,
			array( 'PATH' => (string) getenv( 'PATH' ), 'WEBHOOK_SECRET' => $secret, 'WEBHOOK_INBOX' => "$this->folder/inbox", 'PORT' => $port )
		);
		$end = microtime( true ) + 30;
		while ( false === @fsockopen( '127.0.0.1', (int) $port ) ) {
			self::assertLessThan( $end, microtime( true ), (string) file_get_contents( "$this->folder/said.log" ) );
			usleep( 20_000 );
		}
		return "http://127.0.0.1:$port/";
	}

	/** The shared object that this process has loaded. */
	private function extension(): string {
		return preg_match( '~ (/\S+/kivihook\.so)$~m', (string) file_get_contents( '/proc/self/maps' ), $found ) ? $found[1] : '';
	}

	/** @param string[] $secrets */
	private function send( string $url, array $secrets ): int {
		$store  = $this->createStub( \KiviHook\Store::class );
		$engine = new Engine( $store );
		$trace  = $engine->test(
			array(
				'id'      => 1,
				'version' => 1,
				'method'  => 'POST',
				'url'     => $url,
				'auth'    => array( 'method' => 'none' ),
				'secrets' => array( 'signing_secrets' => $secrets ),
			),
			array( 'patient_name' => 'Zoë' ),
			'appointment.booked'
		);
		self::assertContains( (int) $trace['status'], array( 204, 401 ), $trace['error'] . (string) file_get_contents( "$this->folder/said.log" ) );
		return (int) $trace['status'];
	}

	private static function post( string $url, string $id, int|string $time, string $body, string $signature ): int {
		$context = stream_context_create(
			array(
				'http' => array(
					'method'        => 'POST',
					'header'        => "Content-Type: application/json\r\nwebhook-id: $id\r\nwebhook-timestamp: $time\r\nwebhook-signature: $signature\r\nConnection: close",
					'content'       => $body,
					'ignore_errors' => true,
				),
			)
		);
		file_get_contents( $url, false, $context );
		return (int) explode( ' ', $http_response_header[0] )[1];
	}
}
