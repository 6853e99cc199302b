<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use WP_REST_Request;

/**
 * When our routes are registered. They are many, and the front desk's requests go to others: for a request that plainly is for
 * a route of KiviCare's or of WordPress' own, nothing of ours is built until somebody asks, by a request within that request or
 * by looking at all routes from within its callback. For every other request they are registered with everybody's.
 */
final class OnDemand {

	/** A concrete route that cannot be one of ours; WordPress compares routes without regard to case. */
	private const OTHERS = '#\A/(?:kivicare/v1/(?!webhook)|wp/v2/)[^/]#i';

	private bool $waits    = false;
	/** WordPress itself is looking for a request's route. */
	private bool $matching = true;
	/** How many callbacks of routes are under way, one within the other. */
	private int $within    = 0;

	/** @param \Closure():void $register registers the routes */
	public function __construct( private \Closure $register ) {
	}

	/** @internal Callback of rest_api_init. */
	public function begin(): void {
		$this->stop();
		$wp    = $GLOBALS['wp'] ?? null;
		$route = $wp instanceof \WP ? $wp->query_vars['rest_route'] ?? null : null;
		if ( ! is_string( $route ) || ! self::isOthers( $route ) ) {
			( $this->register )();
			return;
		}
		$this->waits    = true;
		$this->matching = true;
		$this->within   = 0;
		// First: KiviCare looks at all routes on the same hook, to see what is encrypted.
		add_filter( 'rest_pre_dispatch', array( $this, 'dispatch' ), PHP_INT_MIN, 3 );
		add_filter( 'rest_request_before_callbacks', array( $this, 'enter' ), PHP_INT_MAX );
		add_filter( 'rest_request_after_callbacks', array( $this, 'leave' ), PHP_INT_MIN );
		add_filter( 'rest_endpoints', array( $this, 'endpoints' ), PHP_INT_MIN );
	}

	public static function isOthers( string $route ): bool {
		return 1 === preg_match( self::OTHERS, $route );
	}

	/** @internal Filter callback: a request, perhaps within another, is about to look for its route. */
	public function dispatch( mixed $result, mixed $server = null, mixed $request = null ): mixed {
		$this->matching = true;
		if ( ! $request instanceof WP_REST_Request || ! self::isOthers( $request->get_route() ) ) {
			$this->now();
		}
		return $result;
	}

	/** @internal Filter callback. */
	public function enter( mixed $response ): mixed {
		$this->matching = false;
		++$this->within;
		return $response;
	}

	/** @internal Filter callback. */
	public function leave( mixed $response ): mixed {
		--$this->within;
		return $response;
	}

	/** @internal Filter callback: somebody looks at the routes. The first, so these are as they were registered. */
	public function endpoints( mixed $endpoints ): mixed {
		if ( $this->matching || $this->within < 1 || ! is_array( $endpoints ) ) {
			return $endpoints;
		}
		$this->now();
		$all  = array();
		$take = static function ( mixed $found ) use ( &$all ): mixed {
			$all = (array) $found;
			return $found;
		};
		add_filter( 'rest_endpoints', $take, PHP_INT_MIN );
		rest_get_server()->get_routes();
		remove_filter( 'rest_endpoints', $take, PHP_INT_MIN );
		// Without the index it is one namespace that they asked for.
		$namespace = isset( $endpoints['/'] ) ? '/' : self::namespaceOf( (string) array_key_first( $endpoints ) );
		return $endpoints + array_filter(
			$all,
			static fn ( string $route ): bool => '' !== $namespace && str_starts_with( $route, $namespace ),
			ARRAY_FILTER_USE_KEY
		);
	}

	private static function namespaceOf( string $route ): string {
		return 1 === preg_match( '#\A/[^/]+/[^/]+#', $route, $found ) ? $found[0] : '';
	}

	private function now(): void {
		if ( $this->waits ) {
			$this->stop();
			( $this->register )();
		}
	}

	private function stop(): void {
		$this->waits = false;
		remove_filter( 'rest_pre_dispatch', array( $this, 'dispatch' ), PHP_INT_MIN );
		remove_filter( 'rest_request_before_callbacks', array( $this, 'enter' ), PHP_INT_MAX );
		remove_filter( 'rest_request_after_callbacks', array( $this, 'leave' ), PHP_INT_MIN );
		remove_filter( 'rest_endpoints', array( $this, 'endpoints' ), PHP_INT_MIN );
	}
}
