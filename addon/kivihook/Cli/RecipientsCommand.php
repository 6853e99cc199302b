<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;

/** For who is asked "who has my data?" */
final class RecipientsCommand {

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * Lists who received data of a person, patient or doctor. What was tried counts as received.
	 *
	 * ## OPTIONS
	 *
	 * <person>
	 * : Number of the WordPress user, also of one who was deleted; or e-mail address or login.
	 *
	 * [--fields=<fields>]
	 * : These fields, of: webhook, name, host, type, count, first, last.
	 *
	 * [--format=<format>]
	 * : table, csv, json, yaml or count.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - csv
	 *   - json
	 *   - yaml
	 *   - count
	 * ---
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function __invoke( array $args, array $options ): void {
		$user = ctype_digit( $args[0] ) ? (int) $args[0] : 0;
		if ( 0 === $user ) {
			$found = get_user_by( 'email', $args[0] ) ?: get_user_by( 'login', $args[0] );
			$user  = false === $found ? 0 : (int) $found->ID;
		}
		if ( 0 === $user ) {
			\WP_CLI::error( "There is no user {$args[0]}. Of a deleted one give the number." );
		}
		$items = Output::attempt( fn (): array => $this->plugin->recipients()->of( $user ) );
		Output::items( $items, array( 'webhook', 'name', 'host', 'type', 'count', 'first', 'last' ), $options );
	}
}
