<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Field;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;

/**
 * Reads a request, by get_param() and by name only: KiviCare 4.3 decrypts bodies into the parameters, get_json_params()
 * would give the encrypted text, and get_params() stray numeric keys.
 */
final class Input {

	/** The number in the route. Not get_param(): a member `id` of the body would win over it. */
	public static function id( WP_REST_Request $request ): int {
		return Value::number( $request->get_url_params()['id'] ?? 0 );
	}

	/** @return array{0: int, 1: int} Page (from 1) and rows per page (1 to 100). */
	public static function page( WP_REST_Request $request ): array {
		$page     = $request->get_param( 'page' );
		$per_page = $request->get_param( 'per_page' );
		return array(
			max( 1, is_numeric( $page ) ? (int) $page : 1 ),
			min( 100, max( 1, is_numeric( $per_page ) ? (int) $per_page : 10 ) ),
		);
	}

	/**
	 * What KiviCare's tables need to page.
	 *
	 * @return array<string, mixed>
	 */
	public static function pagination( int $page, int $perPage, int $total ): array {
		return array(
			'currentPage' => $page,
			'perPage'     => $perPage,
			'total'       => $total,
			'lastPage'    => max( 1, (int) ceil( $total / $perPage ) ),
		);
	}

	/**
	 * `ids`: a list of numbers, or what KiviCare's screens send for one row: a bare number, or the whole row.
	 *
	 * @return int[]
	 */
	public static function ids( WP_REST_Request $request ): array {
		$sent = $request->get_param( 'ids' );
		if ( is_string( $sent ) && str_contains( $sent, ',' ) ) {
			$sent = explode( ',', $sent );
		}
		if ( ! is_array( $sent ) || array_key_exists( 'id', $sent ) ) {
			$sent = array( $sent );
		}
		$ids = array();
		foreach ( $sent as $item ) {
			$item = is_array( $item ) ? ( $item['id'] ?? null ) : $item;
			$id   = is_bool( $item ) ? false : filter_var( $item, FILTER_VALIDATE_INT );
			if ( false === $id || $id < 1 ) {
				throw new Refused( __( 'ids must be a number or a list of numbers.', 'kivihook' ), 400 );
			}
			$ids[ $id ] = $id;
		}
		if ( array() === $ids || count( $ids ) > 1000 ) {
			throw new Refused( __( 'ids must name at least one and at most 1000 rows.', 'kivihook' ), 400 );
		}
		sort( $ids );
		return $ids;
	}

	/** `status` of the switch: 1 or 0. */
	public static function status( WP_REST_Request $request ): bool {
		$status = $request->get_param( 'status' );
		if ( null === $status ) {
			throw new Refused( __( 'status is missing: send 1 to switch on or 0 to switch off.', 'kivihook' ), 400 );
		}
		return Field::boolean( $status, 'status' );
	}

	/**
	 * People mean the days of their clinic; the log keeps UTC.
	 *
	 * @return array{0: ?string, 1: ?string} From and to, UTC (2026-11-23 05:00:00), both included.
	 */
	public static function range( WP_REST_Request $request, string $from, string $to ): array {
		$first = self::day( $request, $from );
		$last  = self::day( $request, $to );
		return array(
			null === $first ? null : self::utc( $first . ' 00:00:00' ),
			null === $last ? null : self::utc( $last . ' 23:59:59' ),
		);
	}

	private static function utc( string $local ): string {
		return ( new \DateTimeImmutable( $local, wp_timezone() ) )
			->setTimezone( new \DateTimeZone( 'UTC' ) )
			->format( 'Y-m-d H:i:s' );
	}

	/** A day (2026-11-23), or null. */
	private static function day( WP_REST_Request $request, string $name ): ?string {
		$day = $request->get_param( $name );
		if ( null === $day || '' === $day ) {
			return null;
		}
		// Date pickers send a day or a whole timestamp.
		if ( ! is_string( $day ) || 1 !== preg_match( '/\A(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?\z/', $day, $match )
			|| ! checkdate( (int) $match[2], (int) $match[3], (int) $match[1] ) ) {
			throw new Refused(
				/* translators: %s: a parameter's name */
				sprintf( __( '%s must be a day such as 2026-11-23.', 'kivihook' ), $name ),
				400
			);
		}
		return "$match[1]-$match[2]-$match[3]";
	}
}
