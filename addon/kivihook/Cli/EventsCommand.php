<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Plugin;

/** What can be subscribed to. */
final class EventsCommand {

	public function __construct( private Plugin $plugin ) {
	}

	/**
	 * Lists the events that a webhook can subscribe to, or shows one with its variables and sample.
	 *
	 * ## OPTIONS
	 *
	 * [<event>]
	 * : One event, by its dotted id or KiviCare's name.
	 *
	 * [--module=<module>]
	 * : Only those of a module, such as appointment.
	 *
	 * [--field=<field>]
	 * : Only this field.
	 *
	 * [--fields=<fields>]
	 * : These fields, of: id, name, module, label, description; of one event's variables: name, type, class, label, sample.
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
	public function __invoke( array $args, array $options ): void {
		if ( isset( $args[0] ) ) {
			$this->one( $args[0], $options );
			return;
		}
		$events = array_filter(
			$this->plugin->catalogue()->events(),
			static fn ( Event $event ): bool => ! isset( $options['module'] ) || $event->module === $options['module']
		);
		$items  = array_map(
			static fn ( Event $event ): array => array(
				'id'          => $event->id,
				'name'        => $event->name(),
				'module'      => $event->module,
				'label'       => $event->label,
				'description' => $event->description,
			),
			array_values( $events )
		);
		Output::items( $items, array( 'id', 'name', 'label' ), $options );
	}

	/** @param array<string, string|bool> $options */
	private function one( string $name, array $options ): void {
		$event = $this->plugin->catalogue()->event( $name );
		if ( null === $event ) {
			\WP_CLI::error( "There is no event \"$name\". `wp kivihook events` lists them." );
		}
		$items = array();
		foreach ( $event->variables as $variable ) {
			$items[] = array( 'id' => $variable->name ) + get_object_vars( $variable );
		}
		Output::items( $items, array( 'name', 'type', 'class', 'label', 'sample' ), $options );
	}
}
