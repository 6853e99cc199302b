<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Own\Parts;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Editor\View;

/** Webhooks: the same services, checks and words as the screens'. Whoever may run WP-CLI may do everything. */
final class WebhookCommand {

	private Parts $parts;

	public function __construct( private Plugin $plugin ) {
		$this->parts = new Parts( $plugin );
	}

	/**
	 * Lists webhooks.
	 *
	 * ## OPTIONS
	 *
	 * [--active]
	 * : Those that are switched on; --no-active: those that are off.
	 *
	 * [--search=<text>]
	 * : Name or address contains this.
	 *
	 * [--event=<event>]
	 * : That have subscribed to this event, such as appointment.booked.
	 *
	 * [--field=<field>]
	 * : Only this field.
	 *
	 * [--fields=<fields>]
	 * : These fields, of: id, name, active, state, method, url, events, auth, success_rate, last_status, last_at, version, updated_at.
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
	 *     wp kivihook list
	 *     wp kivihook list --no-active --format=ids
	 *
	 * @subcommand list
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function index( array $args, array $options ): void {
		$filters = array( 'orderby' => 'id', 'order' => 'asc' );
		if ( isset( $options['active'] ) ) {
			$filters['active'] = (bool) $options['active'];
		}
		$filters += array_intersect_key( $options, array( 'search' => 1, 'event' => 1 ) );
		$webhooks = Output::attempt( fn (): array => $this->plugin->webhooks()->findAll( $this->parts->query()->ids( $filters ) ) );
		$health   = Output::attempt( fn (): array => $this->parts->health()->of( array_values( $webhooks ) ) );
		$items    = array();
		foreach ( $webhooks as $webhook ) {
			$own     = $health[ $webhook->id ];
			$items[] = array( 'auth' => Value::text( Value::map( $webhook->config['auth'] ?? null )['method'] ?? 'none' ) ) + View::short( $webhook ) + array(
				'state'        => $own['state'],
				'success_rate' => $own['success_rate'],
				'last_status'  => $own['last_status'],
				'last_at'      => $own['last_at'],
			);
		}
		Output::items( $items, array( 'id', 'name', 'active', 'state', 'method', 'url', 'events' ), $options );
	}

	/**
	 * Shows a webhook. Secrets are never shown, only that they are there.
	 *
	 * ## OPTIONS
	 *
	 * <id>
	 * : The webhook.
	 *
	 * [--field=<field>]
	 * : Only this member.
	 *
	 * [--fields=<fields>]
	 * : Only these members.
	 *
	 * [--format=<format>]
	 * : table, csv, json or yaml. What json prints can be edited and given to `wp kivihook update`.
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
	public function get( array $args, array $options ): void {
		$webhook = $this->find( $args[0] );
		Output::item( Output::attempt( fn (): array => View::full( $webhook, $this->parts->service()->secrets( $webhook ) ) ), $options );
	}

	/**
	 * Makes a webhook. Its signing secret is printed this once.
	 *
	 * ## OPTIONS
	 *
	 * [<file>]
	 * : JSON as `wp kivihook get --format=json` prints it; - reads standard input. Secrets come this way only: arguments stand in
	 * the process list and in the shell's history.
	 *
	 * [--name=<name>]
	 * : What it is called.
	 *
	 * [--endpoint=<url>]
	 * : Where it sends to.
	 *
	 * [--events=<events>]
	 * : What it has subscribed to, with commas.
	 *
	 * [--method=<method>]
	 * : POST, PUT, PATCH, GET or DELETE.
	 *
	 * [--body=<template>]
	 * : The body's template; without one the standard body.
	 *
	 * [--off]
	 * : Switched off at first.
	 *
	 * [--porcelain]
	 * : Prints the new id alone.
	 *
	 * ## EXAMPLES
	 *
	 *     wp kivihook create --name=Lab --endpoint=https://lab.example/hook --events=appointment.booked
	 *     wp kivihook create lab.json --off --porcelain
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function create( array $args, array $options ): void {
		$sent = $this->draft( $args[0] ?? null, $options );
		if ( ! empty( $options['off'] ) ) {
			$sent['active'] = false;
		}
		$saved = Output::attempt( fn (): array => $this->parts->editor()->create( $sent, null, get_current_user_id() ) );
		if ( ! empty( $options['porcelain'] ) ) {
			\WP_CLI::line( (string) $saved['webhook']->id );
			return;
		}
		$this->tell( $saved['notes'] );
		\WP_CLI::line( 'Signing secret: ' . ( Value::texts( $saved['secrets']['signing_secrets'] ?? null )[0] ?? '' ) );
		\WP_CLI::success( "Webhook {$saved['webhook']->id} is made" . ( $saved['webhook']->active ? '.' : ', and switched off.' ) );
	}

	/**
	 * Changes a webhook. What is not given stays as it is.
	 *
	 * ## OPTIONS
	 *
	 * <id>
	 * : The webhook.
	 *
	 * [<file>]
	 * : JSON with the members to change; - reads standard input.
	 *
	 * [--name=<name>]
	 * : What it is called.
	 *
	 * [--endpoint=<url>]
	 * : Where it sends to. Another host drops the credentials: they have to come with it.
	 *
	 * [--events=<events>]
	 * : What it has subscribed to, with commas.
	 *
	 * [--method=<method>]
	 * : POST, PUT, PATCH, GET or DELETE.
	 *
	 * [--body=<template>]
	 * : The body's template.
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function update( array $args, array $options ): void {
		$webhook = $this->find( $args[0] );
		$sent    = $this->draft( $args[1] ?? null, $options );
		if ( ! $sent ) {
			\WP_CLI::error( 'Say what to change: a file, -, or an option such as --name.' );
		}
		$version = isset( $sent['version'] ) ? Value::number( $sent['version'] ) : null;
		$saved   = Output::attempt( fn (): array => $this->parts->editor()->update( $webhook, $sent, null, $version ) );
		$this->tell( $saved['notes'] );
		\WP_CLI::success( "Webhook {$saved['webhook']->id} is changed (version {$saved['webhook']->version})." );
	}

	/**
	 * Deletes webhooks, and cancels what they still had to send. The log stays.
	 *
	 * ## OPTIONS
	 *
	 * <id>...
	 * : Webhooks.
	 *
	 * [--yes]
	 * : Without asking.
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function delete( array $args, array $options ): void {
		$webhooks = $this->all( $args );
		\WP_CLI::confirm( 'Delete ' . implode( ', ', array_map( static fn ( Webhook $webhook ): string => "\"$webhook->name\"", $webhooks ) ) . ', and cancel what waits?', $options );
		Output::attempt( fn () => $this->parts->service()->delete( array_keys( $webhooks ) ) );
		\WP_CLI::success( count( $webhooks ) . ' deleted.' );
	}

	/**
	 * Switches webhooks on; what was held goes out.
	 *
	 * ## OPTIONS
	 *
	 * <id>...
	 * : Webhooks.
	 *
	 * @param string[] $args
	 */
	public function enable( array $args ): void {
		$this->switch( $args, true );
	}

	/**
	 * Switches webhooks off; what waits is held, and nothing new is recorded.
	 *
	 * ## OPTIONS
	 *
	 * <id>...
	 * : Webhooks.
	 *
	 * @param string[] $args
	 */
	public function disable( array $args ): void {
		$this->switch( $args, false );
	}

	/**
	 * Sends a test, now, with made-up data or with yours, and tells what came back. Leaves with 1 if it was not accepted.
	 *
	 * ## OPTIONS
	 *
	 * <id>
	 * : The webhook.
	 *
	 * [--event=<event>]
	 * : As this event; by default its first.
	 *
	 * [--data=<file>]
	 * : JSON with the variables; - reads standard input.
	 *
	 * [--preview]
	 * : Shows the request, secrets masked, and sends nothing.
	 *
	 * [--format=<format>]
	 * : text or json.
	 * ---
	 * default: text
	 * options:
	 *   - text
	 *   - json
	 * ---
	 *
	 * @param string[] $args
	 * @param array<string, string|bool> $options
	 */
	public function test( array $args, array $options ): void {
		$webhook = $this->find( $args[0] );
		$event   = (string) ( $options['event'] ?? '' );
		$data    = isset( $options['data'] ) ? Output::read( (string) $options['data'] ) : null;
		$secrets = Output::attempt( fn (): array => $this->parts->service()->secrets( $webhook ) );
		if ( ! empty( $options['preview'] ) ) {
			$preview = Output::attempt( fn (): array => $this->parts->trial()->preview( $webhook, $secrets, $event, $data ) );
			$this->show( $preview, (string) ( $options['format'] ?? 'text' ) );
			return;
		}
		$trace = Output::attempt( fn (): array => $this->parts->trial()->test( $webhook, $secrets, $event, $data, get_current_user_id() ) );
		$this->show( $trace, (string) ( $options['format'] ?? 'text' ) );
		if ( ! $trace['succeeded'] ) {
			\WP_CLI::halt( 1 );
		}
	}

	/** @param array<string, mixed> $trace */
	private function show( array $trace, string $format ): void {
		if ( 'json' === $format ) {
			\WP_CLI::line( Output::json( $trace ) );
			return;
		}
		if ( isset( $trace['succeeded'] ) ) {
			\WP_CLI::line( ( $trace['succeeded'] ? 'Accepted' : 'Not accepted' ) . ( Value::number( $trace['status'] ) > 0 ? ': HTTP ' . Value::number( $trace['status'] ) : '' ) );
			foreach ( array_filter( array( $trace['error'], $trace['advice'], $trace['note'] ) ) as $line ) {
				\WP_CLI::line( Value::text( $line ) );
			}
			\WP_CLI::line( sprintf( 'Took %.1f ms; %s', Value::number( Value::map( $trace['timings'] )['total_us'] ) / 1000, Value::text( $trace['peer'] ) ) );
		}
		$request = Value::map( $trace['request'] ?? null );
		if ( $request ) {
			\WP_CLI::line( "\n" . Value::text( $request['method'] ) . ' ' . Value::text( $request['url'] ) );
			foreach ( Value::items( $request['headers'] ?? null ) as $header ) {
				\WP_CLI::line( implode( ': ', Value::texts( $header ) ) );
			}
			\WP_CLI::line( "\n" . Value::text( $request['body'] ?? '' ) );
		}
		if ( isset( $trace['response'] ) ) {
			\WP_CLI::line( "\n" . Value::text( Value::map( $trace['response'] )['body'] ?? '' ) );
		}
	}

	private function find( string $id ): Webhook {
		$ids = Output::ids( array( $id ) );
		return Output::attempt( fn (): Webhook => $this->parts->service()->find( $ids[0] ) );
	}

	/**
	 * @param string[] $args
	 * @return array<int, Webhook> all of them, or none
	 */
	private function all( array $args ): array {
		$ids   = Output::ids( $args );
		$found = Output::attempt( fn (): array => $this->plugin->webhooks()->findAll( $ids ) );
		foreach ( $ids as $id ) {
			if ( ! isset( $found[ $id ] ) ) {
				\WP_CLI::error( "There is no webhook $id. Nothing was changed." );
			}
		}
		return $found;
	}

	/** @param string[] $args */
	private function switch( array $args, bool $active ): void {
		$webhooks = $this->all( $args );
		Output::attempt( fn () => $this->parts->service()->setActive( array_keys( $webhooks ), $active ) );
		\WP_CLI::success( count( $webhooks ) . ( $active ? ' switched on.' : ' switched off.' ) );
	}

	/**
	 * The file's members, and the options over them.
	 *
	 * @param array<string, string|bool> $options
	 * @return array<string, mixed>
	 */
	private function draft( ?string $file, array $options ): array {
		$draft = null === $file ? array() : Output::read( $file );
		// --url is WP-CLI's own: which site of a network.
		foreach ( array( 'name' => 'name', 'url' => 'endpoint', 'method' => 'method', 'body' => 'body' ) as $member => $option ) {
			if ( isset( $options[ $option ] ) ) {
				$draft[ $member ] = (string) $options[ $option ];
			}
		}
		if ( isset( $options['events'] ) ) {
			$draft['events'] = array_values( array_filter( array_map( 'trim', explode( ',', (string) $options['events'] ) ) ) );
		}
		return $draft;
	}

	/** @param list<array<string, mixed>> $notes */
	private function tell( array $notes ): void {
		foreach ( $notes as $note ) {
			$field = Value::text( $note['field'] ?? '' );
			\WP_CLI::warning( ( '' === $field ? '' : "$field: " ) . Value::text( $note['message'] ) );
		}
	}
}
