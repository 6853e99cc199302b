<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Catalogue\Variable;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Editor\AuthMethods;
use KiviHook\WordPress\Webhooks\Editor\PrivacyReader;
use KiviHook\WordPress\Webhooks\Editor\RequestReader;
use KiviHook\WordPress\Webhooks\Editor\TimingReader;

/** JSON schemas of what goes in and out. WordPress checks the first; both stand in the OpenAPI document. */
final class Schemas {

	private const HEALTH = array( 'ok', 'failing', 'off', 'idle' );

	/**
	 * What a webhook is made of, for POST and PUT. Values are judged one by one (422), so the shapes here are generous.
	 *
	 * @return array<string, mixed>
	 */
	public static function draft(): array {
		$pairs = self::list( self::object( array( 'name' => self::string(), 'value' => self::string() ) ) );
		return array(
			'name'               => array( 'type' => 'string', 'maxLength' => 191 ),
			'description'        => array( 'type' => 'string', 'maxLength' => 1000 ),
			'active'             => self::boolean(),
			'events'             => self::list( self::string() ),
			'method'             => self::string( RequestReader::METHODS ),
			'url'                => self::string(),
			'headers'            => $pairs,
			'query'              => $pairs,
			'content_type'       => self::string(),
			'body'               => self::string(),
			'body_with_get'      => self::boolean(),
			'auth'               => self::open( array( 'method' => self::string( AuthMethods::NAMES ) ) ),
			'tls'                => self::object( array( 'client_certificate' => self::boolean() ) ),
			'secrets'            => array( 'type' => 'object', 'writeOnly' => true, 'additionalProperties' => array( 'type' => array( 'string', 'null' ) ) ),
			'timeout_ms'         => self::integer( 1000, 300000 ),
			'connect_timeout_ms' => self::integer( 100, 300000 ),
			'retry'              => self::object(
				array(
					'quick_tries'   => self::integer( 0, 10 ),
					'quick_delay_s' => self::integer( 1, 60 ),
					'schedule_s'    => self::list( self::integer( 1, 86400 ) ),
					'never'         => self::boolean(),
				)
			),
			'log_mask'           => self::list( self::string() ),
			'clinics'            => self::list( self::integer( 1 ) ),
			'classes'            => self::orNull( self::list( self::string( Variable::CLASSES ) ) ),
			'clinical'           => self::orNull( self::object( array( 'purpose' => self::string(), 'agreement' => self::string(), 'until' => self::string() ) ) ),
			'conditions'         => self::orNull(
				self::object(
					array(
						'match' => self::string( array( 'all', 'any' ) ),
						'rules' => self::list(
							self::object(
								array(
									'field'    => self::string(),
									'operator' => self::string( array_keys( PrivacyReader::OPERATORS ) ),
									'value'    => array( 'type' => array( 'string', 'number', 'boolean', 'array', 'null' ) ),
								)
							)
						),
					)
				)
			),
			'limits'             => self::object(
				array(
					'concurrency' => self::integer( 0, 64 ),
					'per_minute'  => self::integer( 0, 10000 ),
					'order'       => self::string( TimingReader::ORDERS ),
				)
			),
			'reminders_min'      => self::list( self::integer( 1, 43200 ) ),
			'preset'             => self::string(),
		);
	}

	/**
	 * Every shape of an answer, by name.
	 *
	 * @return array<string, array<string, mixed>>
	 */
	public static function all(): array {
		$note   = self::object(
			array(
				'code'     => self::string(),
				'severity' => self::string( array( 'info', 'warning', 'error' ) ),
				'field'    => self::string(),
				'message'  => self::string(),
			)
		);
		$error  = self::object(
			array(
				'field'   => self::string(),
				'message' => self::string(),
				'line'    => self::integer( 1 ),
				'column'  => self::integer( 1 ),
			)
		);
		$health = self::open(
			array(
				'state'         => self::string( self::HEALTH ),
				'reason'        => self::string(),
				'advice'        => self::string(),
				'since'         => self::orNull( self::time() ),
				'success_rate'  => array( 'type' => array( 'number', 'null' ) ),
				'first_failure' => self::orNull( self::integer( 1 ) ),
			)
		);
		$short  = self::open( array( 'id' => self::integer( 1 ), 'name' => self::string(), 'active' => self::boolean(), 'version' => self::integer( 1 ), 'health' => self::ref( 'Health' ) ) );
		$counts = array( 'resent' => self::integer( 0 ), 'skipped' => self::integer( 0 ) );
		return array(
			'Error'          => self::object(
				array(
					'code'    => self::string(),
					'message' => self::string(),
					'data'    => self::open( array( 'status' => self::integer(), 'errors' => self::list( $error ) ) ),
				)
			),
			'Note'           => $note,
			'Health'         => $health,
			'WebhookDraft'   => self::object( self::draft() ),
			'WebhookShort'   => $short,
			'Webhook'        => self::open( self::draft() + Value::map( $short['properties'] ) + array( 'notes' => self::list( self::ref( 'Note' ) ), 'held' => self::integer( 0 ), 'waiting' => self::integer( 0 ) ) ),
			'WebhookSaved'   => self::object( array( 'webhook' => self::ref( 'Webhook' ), 'notes' => self::list( self::ref( 'Note' ) ) ) ),
			'WebhookMade'    => self::object( array( 'webhook' => self::ref( 'Webhook' ), 'notes' => self::list( self::ref( 'Note' ) ), 'signing_secret' => self::string() ) ),
			'WebhookPage'    => self::paged( 'WebhookShort' ),
			'Deleted'        => self::object( array( 'deleted' => self::list( self::integer( 1 ) ) ) ),
			'BulkResult'     => self::object( array( 'done' => self::list( self::integer( 1 ) ), 'skipped' => self::list( self::integer( 1 ) ) ) ),
			'SigningSecret'  => self::object( array( 'signing_secret' => self::string(), 'public_key' => self::string() ) ),
			'Count'          => self::object( array( 'count' => self::integer( 0 ) ) ),
			'Check'          => self::object( array( 'valid' => self::boolean(), 'errors' => self::list( $error ), 'notes' => self::list( self::ref( 'Note' ) ), 'variables' => self::list( self::string() ) ) ),
			'Preview'        => self::open( array( 'request' => self::open(), 'warning' => self::string(), 'event' => self::string(), 'withheld' => self::list( self::string() ) ) ),
			'Trace'          => self::open( array( 'succeeded' => self::boolean(), 'status' => self::integer( 0 ), 'error' => self::string(), 'advice' => self::string(), 'timings' => self::open(), 'attempt_id' => self::orNull( self::integer( 1 ) ) ) ),
			'Resent'         => self::object( $counts ),
			'Cancelled'      => self::object( array( 'cancelled' => self::integer( 0 ) ) ),
			'DeliveryShort'  => self::open( array( 'id' => self::integer( 1 ), 'state' => self::string(), 'event' => self::open(), 'webhook' => self::open(), 'can_resend' => self::boolean(), 'can_cancel' => self::boolean() ) ),
			'Delivery'       => self::open( array( 'id' => self::integer( 1 ), 'attempts' => self::list( self::open() ) ) ),
			'DeliveryPage'   => self::object( array( 'items' => self::list( self::ref( 'DeliveryShort' ) ), 'next' => self::orNull( self::string() ), 'total' => self::integer( 0 ), 'total_exact' => self::boolean() ) ),
			'File'           => self::open( array( 'filename' => self::string(), 'mime_type' => self::string(), 'content' => self::string() ) ),
			'ImportResult'   => self::open( array( 'items' => self::list( self::open() ), 'created' => self::integer( 0 ), 'refused' => self::integer( 0 ) ) ),
			'Items'          => self::open( array( 'items' => self::list( self::open() ) ) ),
			'AuditPage'      => self::object( array( 'items' => self::list( self::open() ), 'total' => self::integer( 0 ), 'pages' => self::integer( 0 ) ) ),
			'PresetDraft'    => self::object( array( 'draft' => self::ref( 'WebhookDraft' ), 'notes' => self::list( self::ref( 'Note' ) ) ) ),
		);
	}

	/** @return array<string, mixed> */
	public static function ref( string $name ): array {
		return array( '$ref' => "#/components/schemas/$name" );
	}

	/**
	 * @param array<string, mixed> $properties
	 * @return array<string, mixed>
	 */
	public static function object( array $properties ): array {
		return array(
			'type'       => 'object',
			'properties' => $properties,
		);
	}

	/**
	 * More members may come.
	 *
	 * @param array<string, mixed> $properties
	 * @return array<string, mixed>
	 */
	public static function open( array $properties = array() ): array {
		return array( 'type' => 'object', 'additionalProperties' => true ) + ( $properties ? array( 'properties' => $properties ) : array() );
	}

	/**
	 * @param array<string, mixed> $items
	 * @return array<string, mixed>
	 */
	public static function list( array $items ): array {
		return array(
			'type'  => 'array',
			'items' => $items,
		);
	}

	/**
	 * @param string[] $enum
	 * @return array<string, mixed>
	 */
	public static function string( array $enum = array() ): array {
		return array( 'type' => 'string' ) + ( $enum ? array( 'enum' => $enum ) : array() );
	}

	/** @return array<string, mixed> */
	public static function boolean(): array {
		return array( 'type' => 'boolean' );
	}

	/** @return array<string, mixed> */
	public static function integer( ?int $min = null, ?int $max = null ): array {
		return array_filter( array( 'type' => 'integer', 'minimum' => $min, 'maximum' => $max ), static fn ( mixed $value ): bool => null !== $value );
	}

	/**
	 * @param array<string, mixed> $schema
	 * @return array<string, mixed>
	 */
	public static function orNull( array $schema ): array {
		if ( isset( $schema['$ref'] ) ) {
			return array( 'oneOf' => array( $schema, array( 'type' => 'null' ) ) );
		}
		return array( 'type' => array_merge( (array) $schema['type'], array( 'null' ) ) ) + $schema;
	}

	/** @return array<string, mixed> */
	private static function time(): array {
		return array(
			'type'   => 'string',
			'format' => 'date-time',
		);
	}

	/** @return array<string, mixed> */
	private static function paged( string $name ): array {
		return self::object( array( 'items' => self::list( self::ref( $name ) ), 'total' => self::integer( 0 ), 'pages' => self::integer( 0 ) ) );
	}
}
