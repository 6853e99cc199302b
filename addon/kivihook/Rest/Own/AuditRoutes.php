<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Store\Moment;
use KiviHook\WordPress\Value;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1/audit: who changed what, and when. */
final class AuditRoutes {

	public function __construct( private Parts $parts ) {
	}

	public function index( WP_REST_Request $request ): WP_REST_Response {
		list( $page, $per_page ) = Ask::page( $request );
		$filters                 = array_filter(
			array(
				'object'    => Ask::text( $request, 'object' ),
				'object_id' => $request->get_param( 'object_id' ),
				'user'      => $request->get_param( 'user' ),
			),
			static fn ( mixed $value ): bool => null !== $value && '' !== $value
		);
		$found = $this->parts->audit()->page( $filters, $page, $per_page );
		return Answer::ok( Ask::paged( array_map( array( self::class, 'item' ), $found['items'] ), $found['total'], $per_page ) );
	}

	/**
	 * @param array<string, mixed> $row
	 * @return array<string, mixed>
	 */
	private static function item( array $row ): array {
		$user    = Value::number( $row['user'] ) > 0 ? get_userdata( Value::number( $row['user'] ) ) : false;
		$changes = json_decode( Value::text( $row['changes'] ), true );
		return array(
			'id'          => Value::number( $row['id'] ),
			'at'          => Moment::iso( Value::text( $row['at'] ) ),
			'user'        => Value::number( $row['user'] ) > 0 ? array(
				'id'   => Value::number( $row['user'] ),
				'name' => false === $user ? '' : $user->display_name,
			) : null,
			'via'         => Value::text( $row['via'] ),
			'action'      => Value::text( $row['action'] ),
			'object'      => Value::text( $row['object'] ),
			'object_id'   => Value::number( $row['object_id'] ),
			'object_name' => Value::text( $row['object_name'] ),
			'changes'     => is_array( $changes ) ? $changes : array(),
		);
	}
}
