<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Support;

/** tests/receiver/receiver.php as a process of one test class. */
final class Receiver {

	/** @var resource */
	private $process;
	/** @var array<int, resource> */
	private array $pipes = array();
	private string $url;

	public function __construct() {
		$this->process = proc_open(
			array( PHP_BINARY, '-n', dirname( __DIR__, 2 ) . '/receiver/receiver.php', '--port=0', '--owned' ),
			array( array( 'pipe', 'r' ), array( 'pipe', 'w' ), STDERR ),
			$this->pipes
		);
		$this->url = trim( (string) fgets( $this->pipes[1] ) );
	}

	public function url( string $path ): string {
		return $this->url . $path;
	}

	/** @return array<int, array> */
	public function requests(): array {
		return json_decode( (string) file_get_contents( $this->url( '/_inbox?since=0' ) ), true )['requests'];
	}

	public function reset(): void {
		file_get_contents( $this->url( '/_reset' ), false, stream_context_create( array( 'http' => array( 'method' => 'POST', 'header' => 'Content-Type: application/json', 'content' => '{}' ) ) ) );
	}

	public function stop(): void {
		fclose( $this->pipes[0] );
		proc_close( $this->process );
	}
}
