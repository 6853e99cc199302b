<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Catalogue\EventSchema;
use KiviHook\WordPress\Custom\HookEvents;
use KiviHook\WordPress\Store\Audit;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1: what each event is, whether it can happen here, and hooks that are turned into events. */
final class EventRoutes {

	public function __construct( private Parts $parts ) {
	}

	/** When something happened last is told to those who see all clinics. */
	public function index(): WP_REST_Response {
		$all   = null === $this->parts->viewer()->clinics;
		$items = array();
		foreach ( $this->parts->plugin->abilities()->all() as $id => $status ) {
			$items[] = array( 'id' => $id ) + ( $all ? array() : array( 'last_seen' => null ) ) + $status;
		}
		return Answer::ok( array( 'items' => $items ) );
	}

	/** @throws Refused */
	public function schema( WP_REST_Request $request ): WP_REST_Response {
		$event = $this->parts->plugin->catalogue()->event( Ask::text( $request, 'event' ) );
		if ( null === $event ) {
			throw Refused::missing( __( 'There is no such event.', 'kivihook' ) );
		}
		return Answer::ok( EventSchema::of( $event ) );
	}

	public function hooks(): WP_REST_Response {
		return Answer::ok( array( 'items' => $this->parts->plugin->hookForm()->all() ) );
	}

	/** All of them at once. @throws Refused */
	public function saveHooks( WP_REST_Request $request ): WP_REST_Response {
		$form   = $this->parts->plugin->hookForm();
		$before = $form->all();
		$errors = new Errors();
		foreach ( $form->save( array_values( (array) $request->get_param( 'items' ) ) ) as $place => $problem ) {
			$errors->add( '' === (string) $place ? 'items' : "items.$place", $problem );
		}
		$errors->refuse();
		$this->parts->audit()->add(
			'settings.updated',
			0,
			HookEvents::OPTION,
			Audit::changes( array( 'hook_events' => $before ), array( 'hook_events' => $form->all() ) )
		);
		return $this->hooks();
	}
}
