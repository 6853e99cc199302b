<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1: send again, or not at all. */
final class DeliveriesController {

	public function __construct( private Deliveries $deliveries, private WebhookRepository $webhooks ) {
	}

	/** `ids`: deliveries, as the log names them. */
	public function resend( WP_REST_Request $request ): WP_REST_Response {
		return self::resent( $this->deliveries->resend( Input::ids( $request ) ) );
	}

	/** `since`: events from this time on (ISO 8601; without a zone UTC); without it all that are kept. */
	public function resendFailed( WP_REST_Request $request ): WP_REST_Response {
		$sent  = $request->get_param( 'since' ) ?? '';
		$since = is_string( $sent ) ? Deliveries::since( $sent ) : '';
		if ( '' === $since && '' !== $sent ) {
			throw new Refused( __( 'since must be a time such as 2026-11-23T08:00:00Z.', 'kivihook' ), 400 );
		}
		$webhook = $this->webhooks->find( $this->webhook( $request ) );
		if ( null !== $webhook && ! $webhook->active ) {
			throw new Refused( __( 'This webhook is switched off: switch it on first.', 'kivihook' ), 409 );
		}
		return self::resent( $this->deliveries->resendFailed( $this->webhook( $request ), $since ) );
	}

	public function cancel( WP_REST_Request $request ): WP_REST_Response {
		return Envelope::ok( array( 'cancelled' => $this->deliveries->cancel( Input::ids( $request ) ) ) );
	}

	public function cancelWaiting( WP_REST_Request $request ): WP_REST_Response {
		return Envelope::ok( array( 'cancelled' => $this->deliveries->cancelWaiting( $this->webhook( $request ) ) ) );
	}

	private function webhook( WP_REST_Request $request ): int {
		$id = Input::id( $request );
		if ( null === $this->webhooks->find( $id ) ) {
			throw new Refused( __( 'There is no such webhook (any more).', 'kivihook' ), 404 );
		}
		return $id;
	}

	/** @param array{resent: int, skipped: int} $result */
	private static function resent( array $result ): WP_REST_Response {
		return Envelope::ok(
			$result,
			sprintf(
				/* translators: %d: a number of deliveries */
				_n( '%d delivery is sent again.', '%d deliveries are sent again.', $result['resent'], 'kivihook' ),
				$result['resent']
			)
		);
	}
}
