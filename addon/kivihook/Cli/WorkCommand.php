<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Delivery\Worker;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Plugin;

/** Sends what is due, as long as it is let. */
final class WorkCommand {

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * Sends what is due until the time is over or SIGTERM comes. Run it by systemd or supervisor, as many as wanted.
	 *
	 * ## OPTIONS
	 *
	 * [--once]
	 * : Ends as soon as nothing is due.
	 *
	 * [--seconds=<seconds>]
	 * : Ends after so many seconds (1 to 86400).
	 * ---
	 * default: 3600
	 * ---
	 *
	 * [--max-in-flight=<requests>]
	 * : At most so many requests at once; at most kivihook.max_in_flight of php.ini, which is the default.
	 *
	 * ## EXAMPLES
	 *
	 *     wp kivihook work
	 *     wp kivihook work --once
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function __invoke( array $args, array $options ): void {
		if ( ! Extension::usable() ) {
			\WP_CLI::error( 'The KiviHook extension is not loaded, or has another version than the plugin: nothing can be sent.' );
		}
		$seconds = self::number( $options, 'seconds', 1, 86_400, Worker::SECONDS );
		$most    = self::number( $options, 'max-in-flight', 1, 1_024, 0 );
		$result  = $this->plugin->worker()->run( $seconds, ! empty( $options['once'] ), $most );
		\WP_CLI::success(
			sprintf( '%d sent, %d of them delivered, %d to be tried again.', $result['sent'], $result['succeeded'], $result['left'] )
		);
	}

	/** @param array<string, string|bool> $options */
	private static function number( array $options, string $name, int $least, int $most, int $default ): int {
		if ( ! isset( $options[ $name ] ) ) {
			return $default;
		}
		$number = filter_var( $options[ $name ], FILTER_VALIDATE_INT, array( 'options' => array( 'min_range' => $least, 'max_range' => $most ) ) );
		if ( false === $number ) {
			\WP_CLI::error( "--$name is a whole number from $least to $most." );
		}
		return (int) $number;
	}
}
