<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Routes;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;

/** Registers the table's routes. Nothing is built before a request comes. */
final class Routing {

	private const CONTROLLERS = array(
		'catalogue'  => CatalogueRoutes::class,
		'events'     => EventRoutes::class,
		'webhooks'   => WebhookRoutes::class,
		'trials'     => TrialRoutes::class,
		'deliveries' => DeliveryRoutes::class,
		'presets'    => PresetRoutes::class,
		'overview'   => OverviewRoutes::class,
		'settings'   => SettingsRoutes::class,
		'transfer'   => TransferRoutes::class,
		'audit'      => AuditRoutes::class,
	);

	private Parts $parts;

	public function __construct( private Plugin $plugin ) {
		$this->parts = new Parts( $plugin );
	}

	public function register(): void {
		foreach ( Table::routes() as $route ) {
			register_rest_route(
				Routes::OWN,
				$route->pattern(),
				array(
					'methods'             => $route->method,
					'permission_callback' => $route->permission(),
					'callback'            => fn ( WP_REST_Request $request ) => $this->answer( $route, $request ),
					'args'                => self::args( $route ),
					'show_in_index'       => false,
					'schema'              => static fn (): array => self::schema( $route ),
				)
			);
		}
	}

	private function answer( Route $route, WP_REST_Request $request ): \WP_REST_Response {
		list( $controller, $method ) = explode( '.', $route->action, 2 );
		try {
			self::complete( $route, $request );
			$class = self::CONTROLLERS[ $controller ];
			/** @var \WP_REST_Response $response Each action of Table gives one. */
			$response = ( new $class( $this->parts ) )->$method( $request );
			return $response;
		} catch ( Refused $refused ) {
			return Answer::refused( $refused );
		} catch ( \Throwable $error ) {
			$this->plugin->problems()->caught( 'rest', 'A request about webhooks failed.', $error );
			return Answer::failed();
		}
	}

	/**
	 * WordPress looks at parameters before it asks who is there, and would tell outsiders what is wrong with theirs. So nothing is
	 * wrong for them, and what is required is looked for afterwards.
	 *
	 * @return array<string, array<string, mixed>>
	 */
	private static function args( Route $route ): array {
		$permitted = $route->permission();
		$args      = array();
		foreach ( $route->args as $name => $schema ) {
			unset( $schema['required'] );
			$args[ $name ] = $schema + array(
				'validate_callback' => static fn ( mixed $value, WP_REST_Request $request, string $param ) => true === $permitted() ? rest_validate_request_arg( $value, $request, $param ) : true,
				'sanitize_callback' => static fn ( mixed $value, WP_REST_Request $request, string $param ) => true === $permitted() ? rest_sanitize_request_arg( $value, $request, $param ) : $value,
			);
		}
		return $args;
	}

	/** @throws Refused */
	private static function complete( Route $route, WP_REST_Request $request ): void {
		foreach ( $route->args as $name => $schema ) {
			if ( ! empty( $schema['required'] ) && null === $request->get_param( $name ) ) {
				/* translators: %s: a parameter's name */
				throw new Refused( sprintf( __( 'The parameter %s is missing.', 'kivihook' ), $name ), 400 );
			}
		}
	}

	/**
	 * Of the answer, with what it refers to.
	 *
	 * @return array<string, mixed>
	 */
	private static function schema( Route $route ): array {
		$schema = array(
			'$schema' => 'https://json-schema.org/draft/2020-12/schema',
			'title'   => $route->summary,
		);
		return $schema + ( '' === $route->answer ? Schemas::open() : Schemas::all()[ $route->answer ] );
	}
}
