<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Store\Deliveries;

/** Send again, or not at all. */
final class DeliveriesCommand {

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * Sends deliveries again, with their old ids and the header webhook-resend.
	 *
	 * ## OPTIONS
	 *
	 * [<id>...]
	 * : Deliveries.
	 *
	 * [--webhook=<id>]
	 * : All of this webhook that failed or are held.
	 *
	 * [--since=<time>]
	 * : Of those, events from this time on, such as 2026-11-23T08:00:00Z or "2 hours ago". Without a zone: UTC.
	 *
	 * ## EXAMPLES
	 *
	 *     wp kivihook resend 17 18
	 *     wp kivihook resend --webhook=3 --since="2 hours ago"
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function resend( array $args, array $options ): void {
		$webhook = $this->webhook( $args, $options );
		$since   = '';
		if ( isset( $options['since'] ) ) {
			$since = Deliveries::since( (string) $options['since'] );
			if ( '' === $since || 0 === $webhook ) {
				\WP_CLI::error( '--since is a time such as 2026-11-23T08:00:00Z, and goes with --webhook.' );
			}
		}
		$result = $webhook > 0
			? $this->plugin->deliveries()->resendFailed( $webhook, $since )
			: $this->plugin->deliveries()->resend( self::ids( $args ) );
		if ( $result['skipped'] > 0 ) {
			\WP_CLI::warning( "{$result['skipped']} stay as they are: on their way, their webhook off or deleted, or their data removed." );
		}
		\WP_CLI::success( "{$result['resent']} are due now." );
	}

	/**
	 * Takes back deliveries that wait.
	 *
	 * ## OPTIONS
	 *
	 * [<id>...]
	 * : Deliveries.
	 *
	 * [--webhook=<id>]
	 * : All of this webhook that wait or are held.
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function cancel( array $args, array $options ): void {
		$webhook   = $this->webhook( $args, $options );
		$cancelled = $webhook > 0
			? $this->plugin->deliveries()->cancelWaiting( $webhook )
			: $this->plugin->deliveries()->cancel( self::ids( $args ) );
		\WP_CLI::success( "$cancelled are cancelled." );
	}

	/**
	 * Lets go what is held because the webhook's host or scheme has changed since.
	 *
	 * ## OPTIONS
	 *
	 * --webhook=<id>
	 * : Its deliveries go to its address of now.
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function confirm( array $args, array $options ): void {
		$freed = $this->plugin->webhooks()->confirm( $this->webhook( array(), $options ) );
		\WP_CLI::success( "$freed are due now." );
	}

	/**
	 * Asks an endpoint that was left alone, because it did not answer, again at once.
	 *
	 * ## OPTIONS
	 *
	 * --webhook=<id>
	 * : What waits for its next probe is due now.
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function retryNow( array $args, array $options ): void {
		$this->plugin->breakers()->close( array( $this->webhook( array(), $options ) ) );
		\WP_CLI::success( 'Its endpoint is asked again.' );
	}

	/**
	 * 0: deliveries are named.
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	private function webhook( array $args, array $options ): int {
		$named = isset( $options['webhook'] );
		if ( $named === ( array() !== $args ) ) {
			\WP_CLI::error( 'Name deliveries, or --webhook=<id>.' );
		}
		$webhook = $named ? (int) $options['webhook'] : 0;
		if ( $named && null === $this->plugin->webhooks()->find( $webhook ) ) {
			\WP_CLI::error( 'There is no such webhook.' );
		}
		return $webhook;
	}

	/**
	 * @param string[] $args
	 * @return int[]
	 */
	private static function ids( array $args ): array {
		foreach ( $args as $arg ) {
			if ( ! ctype_digit( (string) $arg ) ) {
				\WP_CLI::error( 'A delivery is named by its number.' );
			}
		}
		return array_map( 'intval', $args );
	}
}
