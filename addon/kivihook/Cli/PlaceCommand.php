<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;

/** Says what a site is that looks like a copy. */
final class PlaceCommand {

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * Without an answer: tells whether this site sends. A copy of a site, or a database restored from a backup, sends
	 * nothing until somebody says what it is.
	 *
	 * ## OPTIONS
	 *
	 * [<answer>]
	 * : moved: it is the real one, everything that waits goes out. copy: what waits is cancelled, webhooks are switched off.
	 * ---
	 * options:
	 *   - moved
	 *   - copy
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     wp kivihook place
	 *     wp kivihook place moved
	 *
	 * @param string[] $args
	 */
	public function __invoke( array $args ): void {
		switch ( $args[0] ?? '' ) {
			case 'moved':
				$this->plugin->place()->moved();
				\WP_CLI::success( 'This site sends.' );
				return;
			case 'copy':
				$cancelled = $this->plugin->place()->copy();
				\WP_CLI::success( "$cancelled are cancelled; the webhooks are off." );
				return;
			case '':
				$text = $this->plugin->guard()->text();
				if ( '' !== $text ) {
					\WP_CLI::error( "$text Nothing is sent. Say what this site is: wp kivihook place moved, or wp kivihook place copy." );
				}
				\WP_CLI::success( 'This site sends.' );
				return;
			default:
				\WP_CLI::error( 'The answer is moved or copy.' );
		}
	}
}
