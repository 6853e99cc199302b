<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;

/** Reads parameters that WordPress has checked already, by the route's schema. */
final class Ask {

	/** @return array{int, int} */
	public static function page( WP_REST_Request $request ): array {
		return array( max( 1, Value::number( $request->get_param( 'page' ) ?? 1 ) ), max( 1, min( 100, Value::number( $request->get_param( 'per_page' ) ?? 20 ) ) ) );
	}

	/**
	 * The body's members by name: a webhook's own, never those of the route.
	 *
	 * @return array<string, mixed>
	 */
	public static function members( WP_REST_Request $request ): array {
		$body = $request->get_json_params();
		if ( ! is_array( $body ) ) { // @phpstan-ignore function.alreadyNarrowedType (null, where the body is no JSON: WordPress' stubs say otherwise)
			$body = $request->get_body_params();
		}
		return Value::map( $body );
	}

	/** @return array<string, mixed>|null */
	public static function object( WP_REST_Request $request, string $name ): ?array {
		$value = $request->get_param( $name );
		return is_array( $value ) ? Value::map( $value ) : null;
	}

	public static function text( WP_REST_Request $request, string $name ): string {
		$value = $request->get_param( $name );
		return is_string( $value ) ? trim( $value ) : '';
	}

	/** @return int[] */
	public static function ids( WP_REST_Request $request ): array {
		$ids = array_values( array_unique( array_filter( Value::numbers( $request->get_param( 'ids' ) ), static fn ( int $id ): bool => $id > 0 ) ) );
		if ( array() === $ids ) {
			throw new Refused( __( 'ids must name at least one.', 'kivihook' ), 400 );
		}
		sort( $ids );
		return $ids;
	}

	/**
	 * @param mixed[] $items
	 * @return array<string, mixed>
	 */
	public static function paged( array $items, int $total, int $perPage ): array {
		return array(
			'items' => $items,
			'total' => $total,
			'pages' => (int) ceil( $total / $perPage ),
		);
	}
}
