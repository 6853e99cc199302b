<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Catalogue\Module;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\KiviCare\Version;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Access;
use KiviHook\WordPress\Rest\KiviCareScreens;
use KiviHook\WordPress\Rest\Routes;
use KiviHook\WordPress\Webhooks\Editor\AuthMethods;
use KiviHook\WordPress\Webhooks\Editor\DataClasses;
use KiviHook\WordPress\Webhooks\Editor\PrivacyReader;
use KiviHook\WordPress\Webhooks\Editor\RequestReader;
use KiviHook\WordPress\Webhooks\Secret;
use WP_REST_Response;

/** kivihook/v1: who is asking, and what there is to choose from. */
final class CatalogueRoutes {

	public function __construct( private Parts $parts ) {
	}

	public function me(): WP_REST_Response {
		$user = wp_get_current_user();
		return Answer::ok(
			array(
				'id'             => $user->ID,
				'name'           => $user->display_name,
				'admin'          => Access::isAdministrator(),
				'can'            => array_map( static fn ( string $capability ): bool => Access::granted( $capability ), Access::WORDS ),
				'clinics'        => $this->parts->viewer()->clinics,
				'kivicare'       => array(
					'version'    => Version::number(),
					'generation' => Version::generation(),
				),
				'version'        => Plugin::VERSION,
				'extension'      => Extension::state(),
				'key'            => $this->parts->plugin->keyring()->state(),
				'locale'         => get_user_locale(),
				'timezone'       => wp_timezone_string(),
				'original_addon' => KiviCareScreens::originalIsActive(),
				'placeholder'    => Secret::PLACEHOLDER,
			)
		);
	}

	public function catalogue(): WP_REST_Response {
		$modules = array_map(
			static fn ( Module $module ): array => array(
				'id'     => $module->id,
				'label'  => $module->label,
				'events' => array_values( array_map( array( self::class, 'event' ), $module->events ) ),
			),
			array_values( $this->parts->plugin->catalogue()->modules() )
		);
		return Answer::ok(
			array(
				'modules'       => $modules,
				'classes'       => DataClasses::described(),
				'operators'     => self::operators(),
				'filters'       => self::filters(),
				'methods'       => RequestReader::METHODS,
				'content_types' => RequestReader::CONTENT_TYPES,
				'auth'          => AuthMethods::all(),
				'tls'           => array( 'fields' => AuthMethods::tls() ),
			)
		);
	}

	public function clinics(): WP_REST_Response {
		return Answer::ok( array( 'items' => $this->parts->clinics()->named( $this->parts->viewer()->clinics ) ) );
	}

	public function openApi(): WP_REST_Response {
		return Answer::ok( OpenApi::document( untrailingslashit( rest_url( Routes::OWN ) ) ) );
	}

	/** @return array<string, mixed> */
	private static function event( Event $event ): array {
		$variables = array();
		foreach ( $event->variables as $variable ) {
			$variables[] = array(
				'name'   => $variable->name,
				'type'   => $variable->type,
				'label'  => $variable->label,
				'class'  => $variable->class,
				'sample' => $variable->sample,
			);
		}
		return array(
			'id'          => $event->id,
			'name'        => $event->name(),
			'label'       => $event->label,
			'description' => $event->description,
			'variables'   => $variables,
			'sample'      => (object) $event->sample(),
		);
	}

	/** @return list<array<string, mixed>> */
	private static function operators(): array {
		$labels = array(
			'is'           => __( 'is', 'kivihook' ),
			'is_not'       => __( 'is not', 'kivihook' ),
			'in'           => __( 'is one of', 'kivihook' ),
			'not_in'       => __( 'is none of', 'kivihook' ),
			'contains'     => __( 'contains', 'kivihook' ),
			'not_contains' => __( 'does not contain', 'kivihook' ),
			'starts_with'  => __( 'begins with', 'kivihook' ),
			'gt'           => __( 'is more than', 'kivihook' ),
			'gte'          => __( 'is at least', 'kivihook' ),
			'lt'           => __( 'is less than', 'kivihook' ),
			'lte'          => __( 'is at most', 'kivihook' ),
			'exists'       => __( 'is filled in', 'kivihook' ),
			'missing'      => __( 'is empty', 'kivihook' ),
		);
		$all    = array();
		foreach ( PrivacyReader::OPERATORS as $id => $value ) {
			$all[] = array(
				'id'    => $id,
				'label' => $labels[ $id ],
				'value' => $value,
			);
		}
		return $all;
	}

	/**
	 * The filters of docs/webhook-format.md, for completion in an editor.
	 *
	 * @return list<array<string, mixed>>
	 */
	private static function filters(): array {
		$all = array(
			'default'  => array( 'default:"x"', __( 'That for an empty value', 'kivihook' ) ),
			'date'     => array( 'date:"Y-m-d H:i"', __( 'A date, in PHP\'s format letters', 'kivihook' ) ),
			'upper'    => array( 'upper', __( 'Capital letters', 'kivihook' ) ),
			'lower'    => array( 'lower', __( 'Small letters', 'kivihook' ) ),
			'trim'     => array( 'trim', __( 'Without blanks at both ends', 'kivihook' ) ),
			'truncate' => array( 'truncate:20,"…"', __( 'At most so many characters', 'kivihook' ) ),
			'json'     => array( 'json', __( 'The value as JSON text', 'kivihook' ) ),
			'url'      => array( 'url', __( 'Percent-encoded', 'kivihook' ) ),
			'base64'   => array( 'base64', __( 'Base64 of the text', 'kivihook' ) ),
			'sha256'   => array( 'sha256', __( 'SHA-256 of the text', 'kivihook' ) ),
			'e164'     => array( 'e164:"49"', __( 'A phone number as +49…', 'kivihook' ) ),
			'number'   => array( 'number:2,",","."', __( 'Decimals, decimal point, thousands', 'kivihook' ) ),
			'map'      => array( 'map:"0=no","1=yes","*=?"', __( 'Another word for each value', 'kivihook' ) ),
			'join'     => array( 'join:", "', __( 'The elements of a list', 'kivihook' ) ),
		);
		$list = array();
		foreach ( $all as $name => list( $usage, $label ) ) {
			$list[] = compact( 'name', 'usage', 'label' );
		}
		return $list;
	}
}
