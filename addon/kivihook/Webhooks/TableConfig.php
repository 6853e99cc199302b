<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;

/**
 * The catalogue as KiviCare's screens read it: modules, their events, and for each the variables, with braces, that can
 * be copied into a body or chosen as the value of a header or a query parameter.
 */
final class TableConfig {

	public function __construct( private Catalogue $catalogue ) {
	}

	/** An event's name in KiviCare's lists and in configurations that people import: KiviCare's own, if it has one. */
	public static function value( Event $event ): string {
		return $event->name();
	}

	/** @return string[] */
	public static function values( Catalogue $catalogue ): array {
		return array_values( array_map( array( self::class, 'value' ), $catalogue->events() ) );
	}

	/**
	 * data of GET webhooks/table-config
	 *
	 * @return array<string, mixed>
	 */
	public function all(): array {
		$modules = array();
		foreach ( $this->catalogue->modules() as $module ) {
			$modules[] = array(
				'value'  => $module->id,
				'label'  => $module->label,
				'events' => array_values( array_map( array( self::class, 'event' ), $module->events ) ),
			);
		}
		return array(
			'modules'          => $modules,
			'common_variables' => $this->common(),
		);
	}

	/**
	 * data of GET webhooks/events
	 *
	 * @return list<array<string, mixed>>
	 */
	public function events(): array {
		$events = array();
		foreach ( $this->catalogue->events() as $event ) {
			$events[] = self::event( $event ) + array(
				'id'          => $event->id,
				'module'      => $event->module,
				'description' => $event->description,
			);
		}
		return $events;
	}

	/** @return array<string, mixed> */
	private static function event( Event $event ): array {
		$variables = self::braced( array_keys( $event->variables ) );
		return array(
			'value'             => self::value( $event ),
			'label'             => $event->label,
			'dynamic_variables' => array(
				'header'       => $variables,
				'body'         => $variables,
				'query_params' => $variables,
			),
		);
	}

	/**
	 * What every event has.
	 *
	 * @return string[]
	 */
	private function common(): array {
		$common = null;
		foreach ( $this->catalogue->events() as $event ) {
			$names  = array_keys( $event->variables );
			$common = null === $common ? $names : array_values( array_intersect( $common, $names ) );
		}
		return self::braced( $common ?? array() );
	}

	/**
	 * @param string[] $names
	 * @return string[]
	 */
	private static function braced( array $names ): array {
		return array_map(
			static function ( $name ): string {
				return '{{' . $name . '}}';
			},
			$names
		);
	}
}
