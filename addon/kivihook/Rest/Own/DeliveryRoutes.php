<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1/deliveries: send again, or not at all. */
final class DeliveryRoutes {

	public function __construct( private Parts $parts ) {
	}

	public function resend( WP_REST_Request $request ): WP_REST_Response {
		$ids    = Ask::ids( $request );
		$result = $this->parts->plugin->deliveries()->resend( $this->parts->visible( $ids ) );
		$this->note( 'delivery.resent', $result['resent'], $ids );
		return Answer::ok(
			array(
				'resent'  => $result['resent'],
				'skipped' => count( $ids ) - $result['resent'],
			)
		);
	}

	public function cancel( WP_REST_Request $request ): WP_REST_Response {
		$ids       = Ask::ids( $request );
		$cancelled = $this->parts->plugin->deliveries()->cancel( $this->parts->visible( $ids ) );
		$this->note( 'delivery.cancelled', $cancelled, $ids );
		return Answer::ok( array( 'cancelled' => $cancelled ) );
	}

	/** `since`: events from this time on (ISO 8601, or words such as "2 hours ago"; without a zone UTC); without it all that are kept. */
	public function resendFailed( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( (int) $request['id'] );
		$sent    = Ask::text( $request, 'since' );
		$since   = '' === $sent ? '' : Deliveries::since( $sent );
		if ( '' === $since && '' !== $sent ) {
			throw new Refused( __( 'since must be a time such as 2026-11-23T08:00:00Z.', 'kivihook' ), 400 );
		}
		if ( ! $webhook->active ) {
			throw new Refused( __( 'This webhook is switched off: switch it on first.', 'kivihook' ), 409 );
		}
		$result = $this->parts->plugin->deliveries()->resendFailed( $webhook->id, $since );
		$this->parts->audit()->add( 'webhook.resent_failed', $webhook->id, $webhook->name, self::count( $result['resent'] ) );
		return Answer::ok( $result );
	}

	public function cancelWaiting( WP_REST_Request $request ): WP_REST_Response {
		$webhook   = $this->parts->webhook( (int) $request['id'] );
		$cancelled = $this->parts->plugin->deliveries()->cancelWaiting( $webhook->id );
		$this->parts->audit()->add( 'webhook.cancelled_waiting', $webhook->id, $webhook->name, self::count( $cancelled ) );
		return Answer::ok( array( 'cancelled' => $cancelled ) );
	}

	private function note( string $action, int $count, array $ids ): void {
		if ( $count > 0 ) {
			$this->parts->audit()->add( $action, $ids[0], '', self::count( $count ) );
		}
	}

	private static function count( int $count ): array {
		return array(
			array(
				'field' => 'count',
				'old'   => null,
				'new'   => (string) $count,
			),
		);
	}
}
