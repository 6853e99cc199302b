<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Catalogue\Variable;
use KiviHook\WordPress\Store\Settings;

/** Every route of kivihook/v1: who may use it, what it takes and gives. docs/rest.md says the same for people. */
final class Table {

	private const ANY = array( 'list', 'add', 'edit', 'delete', 'view' );

	/** @return Route[] */
	public static function routes(): array {
		return array_merge( self::catalogue(), self::events(), self::webhooks(), self::trials(), self::deliveries(), self::administration() );
	}

	/** @return Route[] */
	private static function catalogue(): array {
		return array(
			new Route( 'GET', '/me', self::ANY, 'catalogue.me', 'Who is asking, and what they may do' ),
			new Route( 'GET', '/catalogue', self::ANY, 'catalogue.catalogue', 'Events, variables, data classes, operators, authentication methods' ),
			new Route( 'GET', '/presets', self::ANY, 'presets.index', 'Presets to begin with', array(), 'Items' ),
			new Route( 'POST', '/presets/{name}', array( 'add' ), 'presets.draft', 'A draft from a preset and the values that were pasted', array( 'values' => array( 'type' => 'object' ), 'events' => Schemas::list( Schemas::string() ) ), 'PresetDraft' ),
			new Route( 'GET', '/profiles', self::ANY, 'presets.profiles', 'Ready-made bodies', array( 'classes' => Schemas::list( Schemas::string( Variable::CLASSES ) ) ), 'Items' ),
			new Route( 'GET', '/openapi.json', self::ANY, 'catalogue.openApi', 'This document' ),
			new Route( 'GET', '/clinics', self::ANY, 'catalogue.clinics', 'Clinics to choose from', array(), 'Items' ),
		);
	}

	/** @return Route[] */
	private static function events(): array {
		$items = array(
			'items' => array(
				'type'     => 'array',
				'items'    => Schemas::open(),
				'required' => true,
			),
		);
		return array(
			new Route( 'GET', '/events', self::ANY, 'events.index', 'How each event is noticed here, when it was seen last, or why it cannot occur', array(), 'Items' ),
			new Route( 'GET', '/events/{event}/schema', self::ANY, 'events.schema', 'The standard body of an event as JSON Schema' ),
			new Route( 'GET', '/hook-events', array( 'admin' ), 'events.hooks', 'Hooks that are turned into events', array(), 'Items' ),
			new Route( 'PUT', '/hook-events', array( 'admin' ), 'events.saveHooks', 'Turn hooks into events', $items, 'Items' ),
		);
	}

	/** @return Route[] */
	private static function webhooks(): array {
		$draft = array_map( array( self::class, 'generous' ), Schemas::draft() );
		$admin = array( 'admin' );
		$edit  = array( 'edit' );
		return array(
			new Route(
				'GET',
				'/webhooks',
				array( 'list' ),
				'webhooks.index',
				'List webhooks',
				self::paging() + array(
					'search'  => Schemas::string(),
					'active'  => Schemas::boolean(),
					'event'   => Schemas::string(),
					'state'   => Schemas::string( array( 'ok', 'failing', 'off', 'idle' ) ),
					'orderby' => Schemas::string( array( 'id', 'name', 'updated_at' ) ),
					'order'   => Schemas::string( array( 'asc', 'desc' ) ),
				),
				'WebhookPage'
			),
			new Route( 'POST', '/webhooks', array( 'add' ), 'webhooks.create', 'Create a webhook', $draft, 'WebhookMade', 201 ),
			new Route( 'GET', '/webhooks/{id}', array( 'view', 'edit' ), 'webhooks.show', 'Read a webhook', array(), 'Webhook' ),
			new Route( 'PUT', '/webhooks/{id}', $edit, 'webhooks.update', 'Change a webhook', $draft + array( 'version' => Schemas::integer( 1 ) ), 'WebhookSaved' ),
			new Route( 'DELETE', '/webhooks/{id}', array( 'delete' ), 'webhooks.delete', 'Delete a webhook', array(), 'Deleted' ),
			new Route( 'POST', '/webhooks/{id}/duplicate', array( 'add' ), 'webhooks.duplicate', 'Copy a webhook', array(), 'WebhookMade', 201 ),
			new Route( 'PUT', '/webhooks/{id}/active', $edit, 'webhooks.active', 'Switch on or off', array( 'active' => Schemas::boolean() + array( 'required' => true ) ), 'Webhook' ),
			new Route( 'POST', '/webhooks/bulk', array( 'edit', 'delete' ), 'webhooks.bulk', 'Switch several on or off, or delete them', self::bulk( array( 'enable', 'disable', 'delete' ) ), 'BulkResult' ),
			new Route( 'POST', '/webhooks/{id}/signing-secret', $admin, 'webhooks.rotate', 'A new signing secret, shown once', array( 'kind' => Schemas::string( array( 'whsec', 'whsk' ) ) ), 'SigningSecret', 201 ),
			new Route( 'DELETE', '/webhooks/{id}/signing-secret', $admin, 'webhooks.endPrevious', 'End the signing secret before the newest', array(), 'Count' ),
			new Route( 'POST', '/webhooks/{id}/oauth2/start', $edit, 'webhooks.oauth2', 'Begin to log in at an OAuth2 provider' ),
			new Route( 'POST', '/webhooks/{id}/confirm', $admin, 'deliveries.confirm', 'Let go what is held because the host has changed', array(), 'Resent' ),
			new Route( 'POST', '/webhooks/{id}/resend-failed', $edit, 'deliveries.resendFailed', 'Send what failed again', array( 'since' => Schemas::string() ), 'Resent' ),
			new Route( 'POST', '/webhooks/{id}/cancel-waiting', $edit, 'deliveries.cancelWaiting', 'Take back what waits', array(), 'Cancelled' ),
		);
	}

	/** @return Route[] */
	private static function trials(): array {
		$args = array(
			'id'    => Schemas::integer( 1 ),
			'draft' => array( 'type' => 'object' ),
		);
		$more = array(
			'event' => Schemas::string(),
			'data'  => array( 'type' => 'object' ),
		);
		return array(
			new Route( 'POST', '/webhooks/check', array( 'add', 'edit' ), 'trials.check', 'Check a draft', $args, 'Check' ),
			new Route( 'POST', '/webhooks/preview', array( 'add', 'edit' ), 'trials.preview', 'The request as it would go', $args + $more, 'Preview' ),
			new Route( 'POST', '/webhooks/test', array( 'add', 'edit' ), 'trials.test', 'Send once, now', $args + $more, 'Trace' ),
		);
	}

	/** @return Route[] */
	private static function deliveries(): array {
		$filters = array(
			'webhook' => Schemas::integer( 1 ),
			'event'   => Schemas::string(),
			'state'   => Schemas::string(),
			'from'    => Schemas::string(),
			'to'      => Schemas::string(),
			'record'  => Schemas::integer( 1 ),
			'text'    => Schemas::string(),
		);
		return array(
			new Route(
				'GET',
				'/deliveries',
				array( 'view' ),
				'deliveries.index',
				'List deliveries',
				$filters + array(
					'per_page' => Schemas::integer( 1, 100 ),
					'cursor'   => Schemas::string(),
				),
				'DeliveryPage'
			),
			new Route( 'GET', '/deliveries/{id}', array( 'view' ), 'deliveries.show', 'A delivery with its attempts', array(), 'Delivery' ),
			new Route( 'GET', '/deliveries/export', array( 'view' ), 'deliveries.export', 'Deliveries as a table', $filters + array( 'format' => Schemas::string( array( 'csv', 'json' ) ) ), 'File' ),
			new Route( 'POST', '/deliveries/resend', array( 'edit' ), 'deliveries.resend', 'Send again', array( 'ids' => self::ids() ), 'Resent' ),
			new Route( 'POST', '/deliveries/cancel', array( 'edit' ), 'deliveries.cancel', 'Take back', array( 'ids' => self::ids() ), 'Cancelled' ),
		);
	}

	/** @return Route[] */
	private static function administration(): array {
		$admin = array( 'admin' );
		$file  = array(
			'content'    => Schemas::string() + array( 'required' => true ),
			'passphrase' => Schemas::string(),
			'dry_run'    => Schemas::boolean(),
		);
		return array(
			new Route(
				'GET',
				'/overview',
				array( 'list' ),
				'overview.show',
				'How deliveries do',
				array(
					'period'  => Schemas::string( array( '24h', '7d', '30d', '90d' ) ),
					'webhook' => Schemas::integer( 1 ),
				)
			),
			new Route( 'POST', '/problems/seen', $admin, 'overview.seen', 'Mark problems as seen', array( 'up_to' => Schemas::integer( 0 ) + array( 'required' => true ) ) ),
			new Route( 'POST', '/clone/confirm', $admin, 'overview.confirmClone', 'Say what a copied or restored site is', array( 'answer' => Schemas::string( array( 'moved', 'copy' ) ) + array( 'required' => true ) ) ),
			new Route( 'GET', '/settings', $admin, 'settings.show', 'Settings, networks, keys, who sends' ),
			new Route( 'PUT', '/settings', $admin, 'settings.update', 'Change settings', array_map( array( self::class, 'generous' ), array_fill_keys( array_keys( Settings::defaults() ), array() ) ) ),
			new Route( 'POST', '/webhooks/export', $admin, 'transfer.export', 'Webhooks as a file', array( 'ids' => Schemas::list( Schemas::integer( 1 ) ), 'passphrase' => Schemas::string() ), 'File' ),
			new Route( 'POST', '/webhooks/import', $admin, 'transfer.import', 'Webhooks out of a file', $file, 'ImportResult' ),
			new Route( 'GET', '/original', $admin, 'transfer.original', 'What the original add-on has' ),
			new Route( 'POST', '/original/import', $admin, 'transfer.importOriginal', 'Take over what the original add-on has', array( 'log' => Schemas::boolean(), 'dry_run' => Schemas::boolean() ), 'ImportResult' ),
			new Route(
				'GET',
				'/audit',
				$admin,
				'audit.index',
				'Who changed what',
				self::paging() + array(
					'object'    => Schemas::string(),
					'object_id' => Schemas::integer( 1 ),
					'user'      => Schemas::integer( 1 ),
				),
				'AuditPage'
			),
		);
	}

	/** @return array<string, array<string, mixed>> */
	private static function paging(): array {
		return array(
			'page'     => Schemas::integer( 1 ),
			'per_page' => Schemas::integer( 1, 100 ),
		);
	}

	/**
	 * @param string[] $actions
	 * @return array<string, array<string, mixed>>
	 */
	private static function bulk( array $actions ): array {
		return array(
			'action' => Schemas::string( $actions ) + array( 'required' => true ),
			'ids'    => self::ids(),
		);
	}

	/**
	 * One number or a list of them.
	 *
	 * @return array<string, mixed>
	 */
	private static function ids(): array {
		return Schemas::list( Schemas::integer( 1 ) ) + array(
			'required' => true,
			'maxItems' => 1000,
		);
	}

	/**
	 * What a draft's reader judges itself, with words for people and all errors at once, WordPress lets through: only the kind of
	 * thing is checked. The schema stays in the OpenAPI document.
	 *
	 * @param array<string, mixed> $schema
	 * @return array<string, mixed>
	 */
	private static function generous( array $schema ): array {
		return $schema + array(
			'validate_callback' => '__return_true',
			'sanitize_callback' => array( self::class, 'asItIs' ),
		);
	}

	/** @internal A sanitize_callback. */
	public static function asItIs( mixed $value ): mixed {
		return $value;
	}
}
