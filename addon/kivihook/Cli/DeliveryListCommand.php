<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Store\DeliveryList;

/** The log, the newest first. */
final class DeliveryListCommand {

	private const PAGE = 200;

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * Lists deliveries, the newest first.
	 *
	 * ## OPTIONS
	 *
	 * [<id>]
	 * : One delivery, with all of its fields.
	 *
	 * [--webhook=<id>]
	 * : Of this webhook.
	 *
	 * [--state=<states>]
	 * : pending, leased, held, failed, cancelled, expired or succeeded; several with commas.
	 *
	 * [--event=<event>]
	 * : Of this event, such as appointment.booked.
	 *
	 * [--record=<number>]
	 * : Of the record with this number, of an appointment, say.
	 *
	 * [--since=<time>]
	 * : Made from this time on, such as "2 hours ago" or 2026-11-23T08:00:00Z.
	 *
	 * [--limit=<count>]
	 * : At most so many.
	 * ---
	 * default: 50
	 * ---
	 *
	 * [--field=<field>]
	 * : Only this field.
	 *
	 * [--fields=<fields>]
	 * : These fields, of: id, event, event_id, type, record_id, clinic_ids, event_at, webhook, webhook_name, webhook_active, state,
	 * attempt, resends, due_at, last_status, last_error, created_at, updated_at, data_kept.
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
	 * ## EXAMPLES
	 *
	 *     wp kivihook deliveries --state=failed,held --since="1 day ago"
	 *     wp kivihook resend $(wp kivihook deliveries --state=failed --format=ids)
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function __invoke( array $args, array $options ): void {
		if ( isset( $args[0] ) ) {
			$id  = Output::ids( $args )[0];
			$one = Output::attempt( fn (): ?array => $this->plugin->deliveryList()->find( $id ) );
			null === $one ? \WP_CLI::error( "There is no delivery $id." ) : Output::item( $one, $options );
			return;
		}
		$filters = $this->filters( $options );
		$limit   = isset( $options['limit'] ) ? Output::ids( array( (string) $options['limit'] ) )[0] : 50;
		$items   = array();
		$after   = '';
		do {
			$page  = Output::attempt( fn (): array => $this->plugin->deliveryList()->page( $filters, min( self::PAGE, $limit - count( $items ) ), $after ) );
			$after = (string) $page['next'];
			array_push( $items, ...$page['items'] );
		} while ( '' !== $after && count( $items ) < $limit );
		Output::items( $items, array( 'id', 'type', 'record_id', 'webhook_name', 'state', 'attempt', 'last_status', 'last_error', 'created_at' ), $options );
	}

	/**
	 * @param array<string, string|bool> $options
	 * @return array<string, mixed>
	 */
	private function filters( array $options ): array {
		$filters = array();
		if ( isset( $options['webhook'] ) ) {
			$filters['webhooks'] = Output::ids( array( (string) $options['webhook'] ) );
		}
		if ( isset( $options['record'] ) ) {
			$filters['record'] = Output::ids( array( (string) $options['record'] ) )[0];
		}
		if ( isset( $options['state'] ) ) {
			$filters['states'] = array_map( 'trim', explode( ',', (string) $options['state'] ) );
			$unknown           = array_diff( $filters['states'], DeliveryList::STATES );
			if ( $unknown ) {
				\WP_CLI::error( 'There is no state ' . implode( ', ', $unknown ) . '. States: ' . implode( ', ', DeliveryList::STATES ) . '.' );
			}
		}
		if ( isset( $options['event'] ) ) {
			$event = $this->plugin->catalogue()->event( (string) $options['event'] );
			if ( null === $event ) {
				\WP_CLI::error( "There is no event \"{$options['event']}\". `wp kivihook events` lists them." );
			}
			$filters['type'] = $event->id;
		}
		if ( isset( $options['since'] ) ) {
			$filters['from'] = Deliveries::since( (string) $options['since'] );
			if ( '' === $filters['from'] ) {
				\WP_CLI::error( '--since is a time such as 2026-11-23T08:00:00Z.' );
			}
		}
		return $filters;
	}
}
