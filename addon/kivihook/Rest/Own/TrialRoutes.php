<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1/webhooks/check, preview, test: what an editor asks about what is not stored yet. */
final class TrialRoutes {

	public function __construct( private Parts $parts ) {
	}

	public function check( WP_REST_Request $request ): WP_REST_Response {
		return Answer::ok(
			$this->parts->editor()->check( Ask::object( $request, 'draft' ) ?? array(), $this->stored( $request ), $this->parts->viewer()->clinics )
		);
	}

	public function preview( WP_REST_Request $request ): WP_REST_Response {
		list( $webhook, $secrets ) = $this->subject( $request );
		return Answer::ok( $this->parts->trial()->preview( $webhook, $secrets, $request->get_param( 'event' ), $request->get_param( 'data' ) ) );
	}

	public function test( WP_REST_Request $request ): WP_REST_Response {
		list( $webhook, $secrets ) = $this->subject( $request );
		return Answer::ok(
			$this->parts->trial()->test( $webhook, $secrets, $request->get_param( 'event' ), $request->get_param( 'data' ), get_current_user_id() )
		);
	}

	/** @return array{0: Webhook, 1: array<string, mixed>} */
	private function subject( WP_REST_Request $request ): array {
		$draft  = Ask::object( $request, 'draft' );
		$stored = $this->stored( $request );
		if ( null === $draft && null === $stored ) {
			throw new Refused( __( 'Send a draft, or the id of a stored webhook.', 'kivihook' ), 400 );
		}
		return $this->parts->editor()->subject( $draft, $stored, $this->parts->viewer()->clinics );
	}

	private function stored( WP_REST_Request $request ): ?Webhook {
		$id = Value::number( $request->get_param( 'id' ) ?? 0 );
		return $id > 0 ? $this->parts->webhook( $id ) : null;
	}
}
