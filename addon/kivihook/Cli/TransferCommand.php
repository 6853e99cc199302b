<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Own\Parts;
use KiviHook\WordPress\Webhooks\Transfer\Export;
use KiviHook\WordPress\Webhooks\Transfer\Import;

/** Webhooks as a file, from one site to another. */
final class TransferCommand {

	private Parts $parts;

	public function __construct( private Plugin $plugin ) {
		$this->parts = new Parts( $plugin );
	}

	/**
	 * Prints webhooks as JSON, for `wp kivihook import`. Without a passphrase secrets are left out.
	 *
	 * ## OPTIONS
	 *
	 * [<id>...]
	 * : These webhooks; by default all.
	 *
	 * [--passphrase-file=<file>]
	 * : Secrets come along, sealed under the passphrase (12 characters or more) that this file holds; - reads standard input.
	 *
	 * ## EXAMPLES
	 *
	 *     wp kivihook export >webhooks.json
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function export( array $args, array $options ): void {
		$ids        = $args ? Output::ids( $args ) : Output::attempt( fn (): array => $this->parts->query()->ids( array() ) );
		$passphrase = self::passphrase( $options );
		$webhooks   = Output::attempt( fn (): array => $this->plugin->webhooks()->findAll( $ids ) );
		if ( $args && count( $webhooks ) < count( $ids ) ) {
			\WP_CLI::error( 'There is no webhook ' . implode( ', ', array_diff( $ids, array_keys( $webhooks ) ) ) . '.' );
		}
		$text = Output::attempt( fn (): string => ( new Export( $this->parts->service() ) )->text( $webhooks, $passphrase ) );
		$this->parts->audit()->add( '' === $passphrase ? 'webhook.exported' : 'webhook.exported_with_secrets', 0, '', array(), 'cli' );
		\WP_CLI::line( $text );
	}

	/**
	 * Makes webhooks of a file: of `wp kivihook export`, or of KiviCare's. All are off until somebody switches them on.
	 *
	 * ## OPTIONS
	 *
	 * <file>
	 * : The file; - reads standard input.
	 *
	 * [--passphrase-file=<file>]
	 * : The passphrase under which its secrets are sealed.
	 *
	 * [--dry-run]
	 * : Says what would happen, and changes nothing.
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
	public function import( array $args, array $options ): void {
		$content    = '-' === $args[0] ? (string) stream_get_contents( STDIN ) : (string) ( is_readable( $args[0] ) ? file_get_contents( $args[0] ) : \WP_CLI::error( "{$args[0]} cannot be read." ) );
		$passphrase = self::passphrase( $options );
		$result     = Output::attempt(
			fn (): array => ( new Import( $this->parts->editor(), $this->plugin->catalogue() ) )->run( $content, $passphrase, ! empty( $options['dry-run'] ), get_current_user_id() )
		);
		$items      = array_map(
			static fn ( array $item ): array => array(
				'id'              => $item['id'] ?? null,
				'name'            => $item['name'] ?? '',
				'action'          => $item['action'] ?? '',
				'errors'          => array_column( (array) ( $item['errors'] ?? array() ), 'message' ),
				'missing_secrets' => (array) ( $item['missing_secrets'] ?? array() ),
			),
			$result['items']
		);
		Output::items( $items, array( 'id', 'name', 'action', 'errors', 'missing_secrets' ), $options );
		if ( $result['refused'] > 0 ) {
			\WP_CLI::halt( 1 );
		}
	}

	/** @param array<string, string|bool> $options */
	private static function passphrase( array $options ): string {
		if ( ! isset( $options['passphrase-file'] ) ) {
			return '';
		}
		$file = '-' === $options['passphrase-file'] ? 'php://stdin' : (string) $options['passphrase-file'];
		if ( 'php://stdin' !== $file && ! is_readable( $file ) ) {
			\WP_CLI::error( "$file cannot be read." );
		}
		return rtrim( (string) file_get_contents( $file ), "\r\n" );
	}
}
