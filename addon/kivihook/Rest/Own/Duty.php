<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Store\Moment;
use KiviHook\WordPress\Value;

/** Who sends at the moment, and what an administrator pastes to have workers do it. */
final class Duty {

	/** So long after its last run the schedule counts as alive. */
	private const SCHEDULE_SECONDS = 300;

	public function __construct( private Plugin $plugin ) {
	}

	/** @return array<string, mixed> */
	public function now(): array {
		$workers = array_map(
			static fn ( array $worker ): array => array(
				'started_at' => Moment::iso( $worker['started_at'] ),
				'seen_at'    => Moment::iso( $worker['seen_at'] ),
			) + $worker,
			$this->plugin->workers()->all()
		);
		$alive   = count( array_filter( $workers, static fn ( array $worker ): bool => $worker['alive'] ) );
		$ran     = Value::number( $this->plugin->options()->fresh( Watch::RAN ) );
		$inline  = function_exists( 'fastcgi_finish_request' ) || function_exists( 'litespeed_finish_request' );
		$runs    = $ran > time() - self::SCHEDULE_SECONDS;
		$driver  = $alive > 0 ? 'worker' : ( $inline ? 'inline' : ( $runs ? 'schedule' : 'nobody' ) );
		return array(
			'driver'          => Extension::usable() ? $driver : 'nobody',
			'text'            => $this->text( Extension::usable() ? $driver : 'extension', $alive, $runs ),
			'workers'         => $workers,
			'schedule_ran_at' => $ran > 0 ? gmdate( 'Y-m-d\TH:i:s.000\Z', $ran ) : null,
		);
	}

	/** @return array{systemd: string, supervisor: string, cron: string} For this site. */
	public function recipes(): array {
		$path  = untrailingslashit( ABSPATH );
		$user  = function_exists( 'posix_getpwuid' ) ? (string) ( posix_getpwuid( posix_geteuid() )['name'] ?? 'www-data' ) : 'www-data';
		$texts = array();
		foreach ( array( 'systemd' => 'kivihook@.service', 'supervisor' => 'supervisor.conf' ) as $name => $file ) {
			$text           = (string) file_get_contents( dirname( __DIR__, 2 ) . "/doc/$file" );
			$texts[ $name ] = str_replace( array( '/var/www/clinic', 'www-data' ), array( $path, $user ), $text );
		}
		return $texts + array( 'cron' => '* * * * * ' . $user . ' /usr/local/bin/wp --path=' . $path . ' cron event run --due-now --quiet' );
	}

	private function text( string $driver, int $workers, bool $scheduleRuns ): string {
		$net = $scheduleRuns
			? __( 'The schedule runs and is the safety net.', 'kivihook' )
			: __( 'The schedule has not run within the last minutes: see that wp-cron.php is called every minute, or retries are late.', 'kivihook' );
		switch ( $driver ) {
			case 'extension':
				return __( 'Nothing is sent: the kivihook extension is not loaded, or has another version than this plugin. Events are kept.', 'kivihook' );
			case 'worker':
				/* translators: %d: a number of workers */
				return sprintf( _n( '%d worker is on duty.', '%d workers are on duty.', $workers, 'kivihook' ), $workers );
			case 'inline':
				return __( 'Deliveries go out right after the response that caused them.', 'kivihook' ) . ' ' . $net;
			case 'schedule':
				return __( 'The schedule sends, once a minute.', 'kivihook' );
			default:
				return __( 'Nobody sends: neither a worker nor the schedule has been seen.', 'kivihook' ) . ' ' . $net;
		}
	}
}
