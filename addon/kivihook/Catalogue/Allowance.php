<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Catalogue;

use KiviHook\WordPress\Value;

/**
 * What a webhook may carry: the data classes that its configuration allows, today. Where it says nothing that is
 * everything but clinical data; clinical data needs a purpose, an agreement and a last day, and ends with that day.
 */
final class Allowance {

	public const CLINICAL = 'clinical';

	/** What has to be said before clinical data may go out. */
	public const TERMS = array( 'purpose', 'agreement', 'until' );

	public function __construct( private Catalogue $catalogue ) {
	}

	/**
	 * @param array<string, mixed> $config
	 * @return string[] As the configuration has it, whatever day it is.
	 */
	public static function chosen( array $config ): array {
		$classes = $config['classes'] ?? null;
		return is_array( $classes )
			? array_values( array_intersect( Variable::CLASSES, Value::texts( $classes ) ) )
			: array_values( array_diff( Variable::CLASSES, array( self::CLINICAL ) ) );
	}

	/**
	 * @param array<string, mixed> $config
	 * @return string[] What may go out today.
	 */
	public static function classes( array $config ): array {
		$chosen = self::chosen( $config );
		return self::clinicalEnded( $config ) || ! self::complete( $config )
			? array_values( array_diff( $chosen, array( self::CLINICAL ) ) )
			: $chosen;
	}

	/**
	 * Was its last day yesterday, or before? By the site's calendar.
	 *
	 * @param array<string, mixed> $config
	 */
	public static function clinicalEnded( array $config ): bool {
		$until = Value::text( Value::map( $config['clinical'] ?? null )['until'] ?? '' );
		return '' !== $until && $until < wp_date( 'Y-m-d' );
	}

	/** @param array<string, mixed> $config */
	private static function complete( array $config ): bool {
		foreach ( self::TERMS as $term ) {
			if ( '' === Value::text( Value::map( $config['clinical'] ?? null )[ $term ] ?? '' ) ) {
				return false;
			}
		}
		return true;
	}

	/** Somebody else's event that is not declared now: of what class its variables are nobody can tell. */
	public function knows( string $type ): bool {
		return null !== $this->catalogue->event( $type );
	}

	/**
	 * Names of an event's variables that a webhook may not carry.
	 *
	 * @param array<string, mixed> $config
	 * @return string[]|null Null: the event is not known (any more), so nothing of it may go out.
	 */
	public function without( string $type, array $config ): ?array {
		$event = $this->catalogue->event( $type );
		if ( null === $event ) {
			return null;
		}
		$allowed = self::classes( $config );
		$without = array();
		foreach ( $event->variables as $name => $variable ) {
			if ( ! in_array( $variable->class, $allowed, true ) ) {
				$without[] = (string) $name;
			}
		}
		return $without;
	}

	/**
	 * An event's data, JSON, as it was kept: without what the catalogue does not name (any more). Of what class that is
	 * nobody can tell. Null: it can't be read.
	 */
	public function named( string $type, string $json ): ?string {
		$known = $this->catalogue->event( $type )->variables ?? array();
		$data  = json_decode( $json, true );
		if ( ! is_array( $data ) ) {
			return null;
		}
		$unknown = array_diff_key( $data, $known );
		if ( ! $unknown ) {
			return $json;
		}
		$object = json_decode( $json ); // Again, to tell {} from [].
		if ( ! is_object( $object ) ) {
			return null;
		}
		foreach ( array_keys( $unknown ) as $name ) {
			unset( $object->{$name} );
		}
		$text = json_encode( $object, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION );
		return is_string( $text ) ? $text : null;
	}

	/**
	 * The same for all of a webhook's events at once: for a look at it that is about none of them.
	 *
	 * @param array<string, mixed> $config
	 * @return string[]
	 */
	public function withoutAny( array $config ): array {
		$without = array();
		foreach ( array_filter( (array) ( $config['events'] ?? array() ), 'is_string' ) as $type ) {
			array_push( $without, ...( $this->without( $type, $config ) ?? array() ) );
		}
		return array_values( array_unique( $without ) );
	}
}
