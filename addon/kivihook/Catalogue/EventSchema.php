<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Catalogue;

use KiviHook\WordPress\Value;

/** The standard body of an event as JSON Schema (draft 2020-12), for whoever receives it. */
final class EventSchema {

	public const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

	/** PHP writes an empty array as []. */
	private const TYPES = array(
		'integer' => array( 'integer', 'null' ),
		'string'  => array( 'string', 'null' ),
		'object'  => array( 'object', 'array', 'null' ),
		'list'    => array( 'array', 'null' ),
	);

	/** @return array<string, mixed> */
	public static function of( Event $event ): array {
		$data = array();
		foreach ( $event->variables as $name => $variable ) {
			$data[ $name ] = self::variable( $variable );
		}
		return array(
			'$schema'     => self::DRAFT,
			'title'       => $event->id,
			'description' => trim( "$event->label. $event->description" ),
			'type'        => 'object',
			'required'    => array( 'id', 'type', 'timestamp', 'data' ),
			'properties'  => array(
				'id'        => array(
					'description' => 'The event\'s id; the header webhook-id is the delivery\'s.',
					'type'        => 'string',
					'format'      => 'uuid',
				),
				'type'      => array( 'const' => $event->id ),
				'timestamp' => array(
					'type'   => 'string',
					'format' => 'date-time',
				),
				'data'      => array(
					'description' => 'What the webhook may carry of these; others are missing. More may come with later versions.',
					'type'        => array( 'object', 'array' ),
					'properties'  => $data,
				),
			),
			'examples'    => array( self::example( $event ) ),
		);
	}

	/**
	 * All events in one document: a body is one of them, told apart by `type`.
	 *
	 * @param Event[] $events
	 * @return array<string, mixed>
	 */
	public static function all( array $events ): array {
		$definitions = array();
		$any         = array();
		foreach ( $events as $event ) {
			$schema = self::of( $event );
			unset( $schema['$schema'] );
			$definitions[ $event->id ] = $schema;
			$any[]                     = array( '$ref' => "#/\$defs/$event->id" );
		}
		return array(
			'$schema' => self::DRAFT,
			'title'   => 'KiviHook\'s standard bodies',
			'oneOf'   => $any,
			'$defs'   => $definitions,
		);
	}

	/** @return array<string, mixed> */
	private static function variable( Variable $variable ): array {
		return array(
			'title'            => $variable->label,
			'type'             => self::TYPES[ $variable->type ],
			'x-kivihook-class' => $variable->class,
		);
	}

	/** @return array<string, mixed> */
	private static function example( Event $event ): array {
		$sample = $event->sample();
		return array(
			'id'        => Value::text( $sample['event_id'] ?? '' ),
			'type'      => $event->id,
			'timestamp' => Value::text( $sample['timestamp'] ?? '' ),
			'data'      => $sample,
		);
	}
}
