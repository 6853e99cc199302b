<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Presets\Presets;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1/presets and profiles: what to begin with. */
final class PresetRoutes {

	public function __construct( private Parts $parts ) {
	}

	public function index(): WP_REST_Response {
		return Answer::ok( array( 'items' => $this->presets()->all() ) );
	}

	public function draft( WP_REST_Request $request ): WP_REST_Response {
		$draft = $this->presets()->draft( Value::text( $request['name'] ), Ask::object( $request, 'values' ) ?? array(), (array) ( $request->get_param( 'events' ) ?? array() ) );
		$check = $this->parts->editor()->check( $draft, null, $this->parts->viewer()->clinics );
		return Answer::ok(
			array(
				'draft' => $draft,
				'notes' => $check['notes'],
			)
		);
	}

	/** For the data classes that the webhook may carry, if they are named. */
	public function profiles( WP_REST_Request $request ): WP_REST_Response {
		$classes = $request->get_param( 'classes' );
		return Answer::ok( array( 'items' => $this->parts->plugin->profiles()->all( is_array( $classes ) ? Value::texts( $classes ) : null ) ) );
	}

	private function presets(): Presets {
		return new Presets( $this->parts->plugin->catalogue() );
	}
}
