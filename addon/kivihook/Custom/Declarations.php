<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Custom;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Catalogue\Module;
use KiviHook\WordPress\Catalogue\Variable;
use KiviHook\WordPress\Value;

/**
 * Events that other plugins declare, through the filter `kivihook_events`, and those that configuration makes of hooks:
 * checked, and made into what the catalogue has of its own. One that cannot be used is left out, and WordPress' debug log
 * says why.
 */
final class Declarations {

	public const FILTER = 'kivihook_events';

	/** Dotted, as ours: lab.result_ready. What stores and receivers see. */
	private const ID = '/\A[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\z/';

	private const MAX_ID = 64;

	private const VARIABLE = '/\A[a-z][a-z0-9_]{0,63}\z/';

	private const EMPTY = array(
		'integer' => 0,
		'string'  => '',
		'object'  => array(),
		'list'    => array(),
	);

	/**
	 * @param Variable[] $common What every event brings, by name.
	 * @param string[]   $taken  Modules that are ours.
	 * @return Module[] By id, which is what stands before the first dot of its events.
	 */
	public static function modules( array $common, array $taken ): array {
		$modules = array();
		// What a plugin declares comes before what was configured: the plugin fires it itself.
		foreach ( (array) apply_filters( self::FILTER, array() ) + HookEvents::declarations() as $id => $row ) {
			try {
				$event = self::event( $id, $row, $common, $taken );
			} catch ( \InvalidArgumentException $refused ) {
				self::complain( is_string( $id ) ? $id : '?', $refused->getMessage() );
				continue;
			}
			$label  = Value::map( $row )['module'] ?? null;
			$label  = is_string( $label ) ? $label : ucfirst( str_replace( '_', ' ', $event->module ) );
			$module = $modules[ $event->module ] ??= new Module( $event->module, $label, array() );

			$module->events[ $event->id ] = $event;
		}
		return $modules;
	}

	/**
	 * Can an event be declared like that?
	 *
	 * @throws \InvalidArgumentException In words that go on after a name.
	 */
	public static function check( mixed $id, mixed $row, Catalogue $catalogue ): Event {
		return self::event( $id, $row, $catalogue->common(), Catalogue::MODULES );
	}

	/**
	 * @param Variable[] $common
	 * @param string[] $taken
	 */
	private static function event( mixed $id, mixed $row, array $common, array $taken ): Event {
		if ( ! is_string( $id ) || 1 !== preg_match( self::ID, $id ) || strlen( $id ) > self::MAX_ID ) {
			self::refuse( 'its id has to be like lab.result_ready: lower case, with a dot, at most 64 characters.' );
		}
		$module = explode( '.', $id, 2 )[0];
		if ( in_array( $module, $taken, true ) ) {
			self::refuse( "the events of $module are KiviCare's; begin with a word of your own." );
		}
		if ( ! is_array( $row ) || ! is_string( $row['label'] ?? null ) || '' === $row['label'] ) {
			self::refuse( 'it needs a label.' );
		}
		$variables = array();
		foreach ( is_array( $row['variables'] ?? null ) ? $row['variables'] : array() as $name => $variable ) {
			$variables[ $name ] = self::variable( $name, $variable, $common );
		}
		$record = isset( $row['record'] ) ? Value::text( $row['record'] ) : null;
		if ( null !== $record && 'integer' !== ( $variables[ $record ]->type ?? null ) ) {
			self::refuse( 'its record has to be the name of an integer variable.' );
		}
		$samples = array(
			'event_name'  => $id,
			'event_type'  => $id,
			'module_name' => $module,
			'record_id'   => null === $record ? 1 : $variables[ $record ]->sample,
		);
		foreach ( $common as $name => $variable ) {
			$variables[ $name ]         = clone $variable;
			$variables[ $name ]->sample = $samples[ $name ] ?? $variable->sample;
		}
		$description = is_string( $row['description'] ?? null ) ? $row['description'] : '';
		return new Event( $id, array(), $module, $row['label'], $description, $variables, $record ?? '' );
	}

	/** @param Variable[] $common */
	private static function variable( mixed $name, mixed $row, array $common ): Variable {
		if ( ! is_string( $name ) || 1 !== preg_match( self::VARIABLE, $name ) || isset( $common[ $name ] ) ) {
			self::refuse( 'a variable is called in lower case, and not as what every event brings.' );
		}
		$row   = is_array( $row ) ? $row : array();
		$type  = $row['type'] ?? 'string';
		$class = $row['class'] ?? null;
		if ( ! in_array( $type, Variable::TYPES, true ) ) {
			self::refuse( "$name: the type is one of " . implode( ', ', Variable::TYPES ) . '.' );
		}
		if ( ! in_array( $class, Variable::CLASSES, true ) ) {
			self::refuse( "$name: say how private it is, class is one of " . implode( ', ', Variable::CLASSES ) . '.' );
		}
		$sample = Values::typed( $type, $row['sample'] ?? null ) ?? self::EMPTY[ $type ];
		$label  = is_string( $row['label'] ?? null ) && '' !== $row['label'] ? $row['label'] : $name;
		return new Variable( $name, $type, $label, $class, $sample );
	}

	/** @return never */
	private static function refuse( string $why ) {
		throw new \InvalidArgumentException( $why );
	}

	private static function complain( string $id, string $why ): void {
		_doing_it_wrong( esc_html( self::FILTER ), esc_html( "The event $id is left out: $why" ), '0.1.0' );
	}
}
