<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Operations\Metrics;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Webhooks\KiviCareForm;
use KiviHook\WordPress\Webhooks\Refused;
use KiviHook\WordPress\Webhooks\TableConfig;
use WP_REST_Request;

/** Every REST route of ours, each with who may use it. */
final class Routes {

	public const KIVICARE = 'kivicare/v1';
	public const OWN      = 'kivihook/v1';

	private function __construct( private Plugin $plugin ) {
	}

	/** Call it at plugins_loaded, after KiviCareScreens::unlock(). Nothing is built before a REST request needs it. */
	public static function register( Plugin $plugin ): void {
		// After KiviCare's own (10), before it collects what it will encrypt (999).
		add_action(
			'rest_api_init',
			static fn () => ( new OnDemand( static fn () => ( new self( $plugin ) )->routes() ) )->begin(),
			50
		);
	}

	private function routes(): void {
		add_filter( 'rest_request_after_callbacks', array( self::class, 'wrapErrors' ), 10, 2 );
		( new Own\Routing( $this->plugin ) )->register();
		( new Metrics( $this->plugin ) )->route();
		if ( KiviCareScreens::areOurs() && ! $this->taken() ) {
			$parts     = new Own\Parts( $this->plugin );
			$catalogue = $this->plugin->catalogue();
			$this->webhookRoutes( new WebhooksController( $parts, new KiviCareForm( $catalogue ), new TableConfig( $catalogue ), $this->plugin->log(), $this->plugin->cards() ) );
			$this->oauth2Routes( new OAuth2Controller( $parts ) );
			$this->logRoutes( new LogsController( $parts, $this->plugin->log(), $catalogue ) );
		}
	}

	private function webhookRoutes( WebhooksController $hooks ): void {
		$list   = Access::needs( Access::LIST );
		$add    = Access::needs( Access::ADD );
		$edit   = Access::needs( Access::EDIT );
		$delete = Access::needs( Access::DELETE );
		$view   = Access::needs( Access::VIEW, Access::EDIT );
		$any    = Access::needs( Access::LIST, Access::ADD, Access::EDIT, Access::VIEW );
		foreach (
			array(
				array( 'GET', '/webhooks', $list, 'index' ),
				array( 'POST', '/webhooks', $add, 'create' ),
				array( 'GET', '/webhooks/(?P<id>\d+)', $view, 'show' ),
				array( 'PUT', '/webhooks/(?P<id>\d+)', $edit, 'update' ),
				array( 'DELETE', '/webhooks/(?P<id>\d+)', $delete, 'delete' ),
				array( 'PATCH', '/webhooks/(?P<id>\d+)/status', $edit, 'status' ),
				array( 'POST', '/webhooks/(?P<id>\d+)/test', $edit, 'test' ),
				array( 'POST', '/webhooks/bulk-delete', $delete, 'bulkDelete' ),
				array( 'POST', '/webhooks/bulk-status', $edit, 'bulkStatus' ),
				array( 'GET', '/webhooks/statistics', $list, 'statistics' ),
				array( 'GET', '/webhooks/statistics/(?P<id>\d+)', $list, 'statisticsOf' ),
				array( 'GET', '/webhooks/events', $any, 'events' ),
				array( 'GET', '/webhooks/table-config', $any, 'tableConfig' ),
			) as list( $method, $pattern, $access, $action )
		) {
			$this->route( self::KIVICARE, $method, $pattern, $access, array( $hooks, $action ) );
		}
	}

	private function oauth2Routes( OAuth2Controller $oauth2 ): void {
		// The form of a new webhook asks as well.
		$access = Access::needs( Access::ADD, Access::EDIT );
		$this->route( self::KIVICARE, 'POST', '/webhooks/oauth2/exchange-token', $access, array( $oauth2, 'exchange' ) );
		$this->route( self::KIVICARE, 'POST', '/webhooks/oauth2/refresh-token', $access, array( $oauth2, 'refresh' ) );
	}

	private function logRoutes( LogsController $logs ): void {
		$list   = Access::needs( Access::LIST );
		$view   = Access::needs( Access::VIEW );
		$delete = Access::needs( Access::DELETE );
		foreach (
			array(
				array( 'GET', '/webhook-logs', $view, 'index' ),
				array( 'DELETE', '/webhook-logs', $delete, 'bulkDelete' ),
				array( 'GET', '/webhook-logs/(?P<id>\d+)', $view, 'show' ),
				array( 'DELETE', '/webhook-logs/(?P<id>\d+)', $delete, 'delete' ),
				array( 'GET', '/webhook-logs/stats', $list, 'stats' ),
				array( 'POST', '/webhook-logs/clear', $delete, 'clear' ),
				array( 'GET', '/webhook-logs/export', $view, 'export' ),
			) as list( $method, $pattern, $access, $action )
		) {
			$this->route( self::KIVICARE, $method, $pattern, $access, array( $logs, $action ) );
		}
	}

	/**
	 * No `args`: WordPress would walk the JSON body to sanitise them, and with KiviCare's encryption on that body is
	 * one string.
	 */
	private function route(
		string $namespace,
		string $method,
		string $pattern,
		callable $access,
		callable $action
	): void {
		register_rest_route(
			$namespace,
			$pattern,
			array(
				'methods'             => $method,
				'permission_callback' => $access,
				'kivihook'            => true,
				'callback'            => function ( WP_REST_Request $request ) use ( $action ) {
					try {
						return $action( $request );
					} catch ( Refused $refused ) {
						return Envelope::refusal( $refused->getMessage(), $refused->status(), $refused->details() ?: null );
					} catch ( \Throwable $error ) {
						// Its words may hold what the person at the screen must not see.
						$this->plugin->problems()->caught( 'rest', 'A request about webhooks failed.', $error );
						return Envelope::refusal(
							__( 'KiviHook could not do that. The server\'s error log says why.', 'kivihook' ),
							500
						);
					}
				},
			)
		);
	}

	/** Somebody else's routes of the same name: the original add-on in a folder of another name. */
	private function taken(): bool {
		return isset( rest_get_server()->get_routes( self::KIVICARE )[ '/' . self::KIVICARE . '/webhooks' ] );
	}

	/** "Not allowed" in KiviCare's envelope as well. */
	public static function wrapErrors( mixed $response, mixed $handler = null ): mixed {
		if ( is_wp_error( $response ) && is_array( $handler ) && ! empty( $handler['kivihook'] ) ) {
			return Envelope::fromError( $response );
		}
		return $response;
	}
}
