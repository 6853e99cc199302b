<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;

/** `wp kivihook …` */
final class Commands {

	public static function register( Plugin $plugin ): void {
		\WP_CLI::add_command( 'kivihook work', new WorkCommand( $plugin ) );
		\WP_CLI::add_command( 'kivihook resend', array( new DeliveriesCommand( $plugin ), 'resend' ) );
		\WP_CLI::add_command( 'kivihook cancel', array( new DeliveriesCommand( $plugin ), 'cancel' ) );
		\WP_CLI::add_command( 'kivihook confirm', array( new DeliveriesCommand( $plugin ), 'confirm' ) );
		\WP_CLI::add_command( 'kivihook retry-now', array( new DeliveriesCommand( $plugin ), 'retryNow' ) );
		\WP_CLI::add_command( 'kivihook place', new PlaceCommand( $plugin ) );
	}
}
