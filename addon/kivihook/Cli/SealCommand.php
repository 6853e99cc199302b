<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Own\Parts;

/** The sealing key is replaced. */
final class SealCommand {

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * After KIVIHOOK_KEY was replaced and the former one kept as KIVIHOOK_KEY_PREVIOUS: seals what is stored with the new key. May be
	 * interrupted and repeated; bookings and workers go on meanwhile.
	 *
	 * ## OPTIONS
	 *
	 * [--limit=<rows>]
	 * : At most so many rows; the next run goes on.
	 *
	 * ## EXAMPLES
	 *
	 *     wp kivihook seal rotate
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function rotate( array $args, array $options ): void {
		$limit  = isset( $options['limit'] ) ? Output::ids( array( (string) $options['limit'] ) )[0] : 0;
		$result = Output::attempt(
			fn (): array => $this->plugin->sealRotation()->run(
				$limit,
				static fn ( string $table, int $done, int $all ) => \WP_CLI::log( "$table: $done of $all" )
			)
		);
		if ( $result['done'] > 0 ) {
			( new Parts( $this->plugin ) )->audit()->add( 'seal.rotated', 0, '', array(), 'cli' );
		}
		if ( $result['locked'] > 0 ) {
			\WP_CLI::warning( "{$result['locked']} cannot be opened by any key that is here, and stay as they are." );
		}
		if ( $result['left'] > 0 ) {
			\WP_CLI::warning( "{$result['left']} are left: run it again." );
			return;
		}
		if ( $result['locked'] > 0 ) {
			\WP_CLI::error( 'Put the key that sealed them into wp-config.php as KIVIHOOK_KEY_PREVIOUS and run it again, or enter their credentials anew.' );
		}
		\WP_CLI::success(
			$this->plugin->keyring()->hasPrevious()
				? 'Everything is sealed under KIVIHOOK_KEY. Remove the line KIVIHOOK_KEY_PREVIOUS from wp-config.php, then restart PHP-FPM and the workers.'
				: 'Everything is sealed under KIVIHOOK_KEY. To replace it, keep it as KIVIHOOK_KEY_PREVIOUS in wp-config.php beside a new one (openssl rand -base64 32), then run this again.'
		);
	}
}
