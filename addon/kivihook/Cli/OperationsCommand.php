<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Operations\Doctor;
use KiviHook\WordPress\Operations\Figures;
use KiviHook\WordPress\Operations\Finding;
use KiviHook\WordPress\Plugin;

/** Is everything well, and how much is there to do? */
final class OperationsCommand {

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * Examines everything that deliveries depend on, and says what to change. Leaves with 1 if something is critical.
	 *
	 * ## OPTIONS
	 *
	 * [--reach=<url>]
	 * : Also tries to reach this https address, by the way that deliveries take.
	 *
	 * [--fields=<fields>]
	 * : These fields, of: id, label, status, text, advice.
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
	 * ## EXAMPLES
	 *
	 *     wp kivihook doctor
	 *     wp kivihook doctor --reach=https://hooks.example.com/
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function doctor( array $args, array $options ): void {
		$findings = ( new Doctor( $this->plugin ) )->examine( isset( $options['reach'] ) ? (string) $options['reach'] : null );
		Output::items( array_map( 'get_object_vars', $findings ), array( 'id', 'status', 'text', 'advice' ), $options );
		$critical = array_filter( $findings, static fn ( Finding $finding ): bool => Finding::CRITICAL === $finding->status );
		if ( $critical ) {
			\WP_CLI::halt( 1 );
		}
	}

	/**
	 * Tells what waits, who sends, and how the last day was.
	 *
	 * ## OPTIONS
	 *
	 * [--field=<field>]
	 * : Only this figure.
	 *
	 * [--fields=<fields>]
	 * : Only these figures.
	 *
	 * [--format=<format>]
	 * : table, csv, json or yaml.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - csv
	 *   - json
	 *   - yaml
	 * ---
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function status( array $args, array $options ): void {
		Output::item( Output::attempt( fn (): array => ( new Figures( $this->plugin ) )->now() ), $options );
	}

	/**
	 * Counts attempts by webhook.
	 *
	 * ## OPTIONS
	 *
	 * [--from=<time>]
	 * : From this hour on, UTC; by default seven days ago.
	 *
	 * [--to=<time>]
	 * : Up to this hour or day, UTC.
	 *
	 * [--webhook=<id>]
	 * : Only this webhook.
	 *
	 * [--field=<field>]
	 * : Only this field.
	 *
	 * [--fields=<fields>]
	 * : These fields, of: id, name, succeeded, failed, retried, expired, success_rate, mean_ms, p50_ms, p95_ms, p99_ms.
	 *
	 * [--format=<format>]
	 * : table, csv, json, yaml, ids or count.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - csv
	 *   - json
	 *   - yaml
	 *   - ids
	 *   - count
	 * ---
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function stats( array $args, array $options ): void {
		$times = array();
		foreach ( array( 'from' => '7 days ago', 'to' => 'now' ) as $name => $default ) {
			$times[ $name ] = \KiviHook\WordPress\Store\Deliveries::since( (string) ( $options[ $name ] ?? $default ) );
			if ( '' === $times[ $name ] ) {
				\WP_CLI::error( "--$name is a time such as 2026-11-23T08:00:00Z." );
			}
		}
		$webhook = isset( $options['webhook'] ) ? Output::ids( array( (string) $options['webhook'] ) )[0] : null;
		$items   = Output::attempt( fn (): array => ( new Figures( $this->plugin ) )->perWebhook( $times['from'], $times['to'], $webhook ) );
		Output::items( $items, array( 'id', 'name', 'succeeded', 'failed', 'retried', 'success_rate', 'p50_ms', 'p95_ms' ), $options );
	}
}
