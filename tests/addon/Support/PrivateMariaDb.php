<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Support;

/** A MariaDB server of this test run alone: socket only, in a temporary folder, stopped and removed at the end. */
final class PrivateMariaDb {

	private const START_SECONDS = 60;

	/** @var resource|null */
	private $process = null;

	private function __construct( private string $folder ) {
	}

	/** Starts one, with $options for mariadbd. */
	public static function start( array $options = array() ): self {
		$folder = sys_get_temp_dir() . '/kivihook-db-' . bin2hex( random_bytes( 6 ) );
		mkdir( $folder, 0755 );
		mkdir( "$folder/data", 0750 );
		$server = new self( $folder );
		// From within another, and that twice: after WordPress' own shutdown work, which would wait for a server that is gone.
		$last = static fn () => register_shutdown_function( array( $server, 'stop' ) );
		register_shutdown_function( static fn () => register_shutdown_function( $last ) );
		$user = 0 === posix_geteuid() ? array( '--user=mysql' ) : array();
		if ( $user ) {
			chown( $folder, 'mysql' );
			chown( "$folder/data", 'mysql' );
		}
		$server->run(
			array_merge(
				// --force: also on a machine that can't resolve its own name.
				array(
					'mariadb-install-db',
					'--no-defaults',
					'--force',
					"--datadir=$folder/data",
					'--auth-root-authentication-method=normal',
				),
				$user
			)
		);
		$server->process = proc_open(
			array_merge(
				array(
					self::program( 'mariadbd' ),
					'--no-defaults',
					"--datadir=$folder/data",
					"--socket={$server->socket()}",
					"--pid-file=$folder/pid",
					"--log-error=$folder/log",
					// Another server that starts removes what it takes for its own leftovers in a shared one.
					"--tmpdir=$folder",
					'--skip-networking',
					'--innodb-flush-log-at-trx-commit=0',
					'--innodb-buffer-pool-size=32M',
				),
				$user,
				$options
			),
			array( array( 'file', '/dev/null', 'r' ), array( 'file', "$folder/out", 'w' ), array( 'file', "$folder/out", 'a' ) ),
			$pipes
		);
		$server->wait();
		return $server;
	}

	public function socket(): string {
		return "{$this->folder}/socket";
	}

	public function stop(): void {
		if ( null !== $this->process ) {
			proc_terminate( $this->process );
			proc_close( $this->process );
			$this->process = null;
		}
		if ( is_dir( $this->folder ) ) {
			self::remove( $this->folder );
		}
	}

	private function wait(): void {
		mysqli_report( MYSQLI_REPORT_OFF );
		$end = microtime( true ) + self::START_SECONDS;
		while ( microtime( true ) < $end && proc_get_status( $this->process )['running'] ) {
			$mysqli = mysqli_init();
			if ( @mysqli_real_connect( $mysqli, null, 'root', '', null, null, $this->socket() ) ) {
				mysqli_close( $mysqli );
				return;
			}
			usleep( 20_000 );
		}
		throw new \RuntimeException( "mariadbd did not start:\n" . @file_get_contents( "{$this->folder}/log" ) );
	}

	private function run( array $command ): void {
		$process = proc_open(
			$command,
			array( array( 'file', '/dev/null', 'r' ), array( 'file', "{$this->folder}/out", 'w' ), array( 'file', "{$this->folder}/out", 'a' ) ),
			$pipes
		);
		if ( false === $process || 0 !== proc_close( $process ) ) {
			throw new \RuntimeException( "$command[0] failed:\n" . @file_get_contents( "{$this->folder}/out" ) );
		}
	}

	/** Servers often lie outside an ordinary user's PATH. */
	private static function program( string $name ): string {
		foreach ( array_merge( explode( ':', (string) getenv( 'PATH' ) ), array( '/usr/sbin', '/usr/local/sbin' ) ) as $folder ) {
			if ( is_executable( "$folder/$name" ) ) {
				return "$folder/$name";
			}
		}
		throw new \RuntimeException( "$name is not installed." );
	}

	private static function remove( string $path ): void {
		foreach ( array_diff( (array) scandir( $path ), array( '.', '..' ) ) as $name ) {
			is_dir( "$path/$name" ) && ! is_link( "$path/$name" ) ? self::remove( "$path/$name" ) : unlink( "$path/$name" );
		}
		rmdir( $path );
	}
}
