<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Store\Address;
use KiviHook\WordPress\Store\Cards;
use KiviHook\WordPress\Store\Log;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\KiviCareForm;
use KiviHook\WordPress\Webhooks\Saved;
use KiviHook\WordPress\Rest\Own\Parts;
use KiviHook\WordPress\Webhooks\TableConfig;
use WP_REST_Request;
use WP_REST_Response;

/** kivicare/v1/webhooks…: what KiviCare's Configuration and Testing screens ask for. */
final class WebhooksController {

	private const FORM = array( 'name', 'module_name', 'event_name', 'methods', 'status', 'webhook_data' );

	public function __construct(
		private Parts $parts,
		private KiviCareForm $form,
		private TableConfig $tableConfig,
		private Log $log,
		private Cards $cards
	) {
	}

	public function index( WP_REST_Request $request ): WP_REST_Response {
		list( $page, $per_page ) = Input::page( $request );
		$clinics                 = $this->parts->viewer()->clinics;
		$found                   = $this->parts->query()->page( null === $clinics ? array() : array( 'clinics' => $clinics ), $page, $per_page );
		$rows                    = array();
		foreach ( $found['items'] as $webhook ) {
			$last   = $this->log->page( array( 'webhook' => $webhook->id ), 1, 1 )['items'][0] ?? null;
			$time   = null === $last ? null : LogRow::time( Value::text( $last['started_at'] ) );
			$rows[] = $this->form->row( $webhook, $time );
		}
		return Envelope::ok(
			array(
				'data'       => $rows,
				'pagination' => Input::pagination( $page, $per_page, $found['total'] ),
			)
		);
	}

	public function show( WP_REST_Request $request ): WP_REST_Response {
		$form = $this->parts->service()->edit( $this->theirs( $request ) );
		if ( ! Access::granted( Access::EDIT, Access::ADD ) ) {
			$data                = Value::map( $form['webhookData'] ?? null );
			$form['webhookData'] = array_replace( $data, array( 'url' => Address::masked( Value::text( $data['url'] ?? '' ) ) ) );
		}
		return Envelope::ok( $form );
	}

	public function create( WP_REST_Request $request ): WP_REST_Response {
		return $this->saved(
			$this->parts->service()->create( $this->sent( $request ), get_current_user_id(), $this->parts->viewer()->clinics ),
			__( 'Webhook created.', 'kivihook' ),
			201
		);
	}

	public function update( WP_REST_Request $request ): WP_REST_Response {
		return $this->saved(
			$this->parts->service()->update( $this->theirs( $request ), $this->sent( $request ) ),
			__( 'Webhook updated.', 'kivihook' ),
			200
		);
	}

	public function delete( WP_REST_Request $request ): WP_REST_Response {
		$id = $this->theirs( $request );
		$this->parts->service()->delete( array( $id ) );
		return Envelope::ok( array( 'id' => $id ), __( 'Webhook deleted.', 'kivihook' ) );
	}

	public function status( WP_REST_Request $request ): WP_REST_Response {
		$id = $this->theirs( $request );
		$on = Input::status( $request );
		$this->parts->service()->setActive( array( $id ), $on );
		$this->parts->sendNow( $on ? array( $id ) : array() );
		// KiviCare's screens may keep this answer as the webhook's details.
		return Envelope::ok(
			$this->parts->service()->edit( $id ),
			$on ? __( 'Webhook switched on.', 'kivihook' ) : __( 'Webhook switched off.', 'kivihook' )
		);
	}

	public function bulkDelete( WP_REST_Request $request ): WP_REST_Response {
		$ids = $this->owned( Input::ids( $request ) );
		$this->parts->service()->delete( $ids );
		return Envelope::ok( array( 'ids' => $ids ), __( 'Webhooks deleted.', 'kivihook' ) );
	}

	public function bulkStatus( WP_REST_Request $request ): WP_REST_Response {
		$ids = $this->owned( Input::ids( $request ) );
		$on  = Input::status( $request );
		$this->parts->service()->setActive( $ids, $on );
		$this->parts->sendNow( $on ? $ids : array() );
		return Envelope::ok(
			array(
				'ids'    => $ids,
				'status' => $on ? 1 : 0,
			),
			$on ? __( 'Webhooks switched on.', 'kivihook' ) : __( 'Webhooks switched off.', 'kivihook' )
		);
	}

	public function test( WP_REST_Request $request ): WP_REST_Response {
		$event   = $request->get_param( 'event_name' );
		$payload = $request->get_param( 'payload' );
		$result  = $this->parts->service()->test(
			$this->theirs( $request ),
			is_string( $event ) ? $event : '',
			Value::map( $payload )
		);
		return $result['success']
			? Envelope::ok( $result, __( 'The test was delivered.', 'kivihook' ) )
			: Envelope::failed( $result, $result['error'] ?? '' );
	}

	public function statistics( WP_REST_Request $request ): WP_REST_Response {
		list( $from, $to ) = Input::range( $request, 'start_date', 'end_date' );
		$bounds            = $this->parts->bounds();
		return Envelope::ok( $this->cards->numbers( $from, $to, null === $bounds ? null : $bounds['webhooks'] ) );
	}

	public function statisticsOf( WP_REST_Request $request ): WP_REST_Response {
		$range = Input::range( $request, 'start_date', 'end_date' );
		return Envelope::ok( $this->cards->numbers( $range[0], $range[1], $this->theirs( $request ) ) );
	}

	public function events(): WP_REST_Response {
		return Envelope::ok( $this->tableConfig->events() );
	}

	public function tableConfig(): WP_REST_Response {
		return Envelope::ok( $this->tableConfig->all() );
	}

	/** The number in the route, of a webhook that exists for this person. */
	private function theirs( WP_REST_Request $request ): int {
		return $this->parts->webhook( Input::id( $request ) )->id;
	}

	/**
	 * Those of them that exist for this person; the others are passed over, as those are that do not exist.
	 *
	 * @param int[] $ids
	 * @return int[]
	 */
	private function owned( array $ids ): array {
		$viewer = $this->parts->viewer();
		return $viewer->isBounded()
			? array_keys( array_filter( $this->parts->plugin->webhooks()->findAll( $ids ), array( $viewer, 'owns' ) ) )
			: $ids;
	}

	private function saved( Saved $saved, string $message, int $status ): WP_REST_Response {
		$data = $this->parts->service()->edit( $saved->webhook->id );
		if ( '' !== $saved->note ) {
			$data['note'] = $saved->note;
		}
		return Envelope::ok( $data, trim( $message . ' ' . $saved->note ), $status, $saved->note );
	}

	/** @return array<string, mixed> */
	private function sent( WP_REST_Request $request ): array {
		return $this->parts->handles()->resolve( self::form( $request ), get_current_user_id() );
	}

	/** @return array<string, mixed> */
	private static function form( WP_REST_Request $request ): array {
		$form = array();
		foreach ( self::FORM as $member ) {
			$value = $request->get_param( $member );
			if ( null !== $value ) {
				$form[ $member ] = $value;
			}
		}
		return $form;
	}
}
