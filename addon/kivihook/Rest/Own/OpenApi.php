<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Value;

/** The table of routes as an OpenAPI 3.1 document: GET kivihook/v1/openapi.json, and docs/openapi.json. */
final class OpenApi {

	/** What only WordPress' own checks need. */
	private const INTERNAL = array( 'required', 'validate_callback', 'sanitize_callback' );

	private const PATH_SCHEMAS = array(
		'id'    => array(
			'type'    => 'integer',
			'minimum' => 1,
		),
		'name'  => array(
			'type'    => 'string',
			'pattern' => '^[a-z0-9-]+$',
		),
		'event' => array(
			'type'    => 'string',
			'pattern' => '^[a-z0-9_.]+$',
		),
	);

	/**
	 * @param string $server The address of kivihook/v1.
	 * @return array<string, mixed>
	 */
	public static function document( string $server ): array {
		$paths = array();
		foreach ( Table::routes() as $route ) {
			$paths[ $route->path ][ strtolower( $route->method ) ] = self::operation( $route );
		}
		ksort( $paths );
		return array(
			'openapi'    => '3.1.0',
			'info'       => array(
				'title'       => 'KiviHook',
				'version'     => Plugin::VERSION,
				'description' => 'Webhooks of a KiviCare clinic. docs/rest.md says it for people.',
				'license'     => array(
					'name'       => 'GPL-2.0-or-later',
					'identifier' => 'GPL-2.0-or-later',
				),
			),
			'servers'    => array( array( 'url' => $server ) ),
			'security'   => array( array( 'applicationPassword' => array() ), array( 'cookie' => array(), 'nonce' => array() ) ),
			'paths'      => $paths,
			'components' => array(
				'securitySchemes' => array(
					'applicationPassword' => array(
						'type'   => 'http',
						'scheme' => 'basic',
					),
					'cookie'              => array(
						'type'        => 'apiKey',
						'in'          => 'cookie',
						'name'        => 'wordpress_logged_in',
						'description' => 'WordPress\' own, its name ends with a hash of the site; together with the nonce.',
					),
					'nonce'               => array(
						'type' => 'apiKey',
						'in'   => 'header',
						'name' => 'X-WP-Nonce',
					),
				),
				'responses'       => self::errors(),
				'schemas'         => array_map( array( self::class, 'asObjects' ), Schemas::all() ),
			),
		);
	}

	/** @return array<string, mixed> */
	private static function operation( Route $route ): array {
		$parameters = array();
		preg_match_all( '/\{(\w+)\}/', $route->path, $names );
		foreach ( $names[1] as $name ) {
			$parameters[] = array(
				'name'     => $name,
				'in'       => 'path',
				'required' => true,
				'schema'   => self::PATH_SCHEMAS[ $name ],
			);
		}
		$body = 'GET' === $route->method ? null : self::body( $route );
		foreach ( 'GET' === $route->method ? $route->args : array() as $name => $schema ) {
			$parameters[] = array(
				'name'     => $name,
				'in'       => 'query',
				'required' => ! empty( $schema['required'] ),
				'schema'   => self::schema( $schema ),
			);
		}
		$operation = array(
			'operationId' => str_replace( '.', '_', $route->action ),
			'summary'     => $route->summary,
			'description' => array( 'admin' ) === $route->words
				? 'Administrators only.'
				: 'Needs one of: ' . implode( ', ', array_map( static fn ( string $word ): string => "kiviCare_webhook_$word", $route->words ) ) . '.',
		);
		if ( $parameters ) {
			$operation['parameters'] = $parameters;
		}
		if ( null !== $body ) {
			$operation['requestBody'] = $body;
		}
		$operation['responses'] = array(
			(string) $route->status => array(
				'description' => 'Done.',
				'content'     => array( 'application/json' => array( 'schema' => '' === $route->answer ? Schemas::open() : Schemas::ref( $route->answer ) ) ),
			),
		);
		foreach ( array( 400, 401, 403, 404, 409, 422, 429, 503 ) as $status ) {
			$operation['responses'][ (string) $status ] = array( '$ref' => "#/components/responses/E$status" );
		}
		return $operation;
	}

	/** @return array<string, mixed>|null */
	private static function body( Route $route ): ?array {
		if ( array() === $route->args ) {
			return null;
		}
		$required = array_keys( array_filter( $route->args, static fn ( array $schema ): bool => ! empty( $schema['required'] ) ) );
		$schema   = Schemas::object( array_map( array( self::class, 'schema' ), $route->args ) );
		if ( $required ) {
			$schema['required'] = $required;
		}
		return array(
			'required' => array() !== $required,
			'content'  => array( 'application/json' => array( 'schema' => self::asObjects( $schema ) ) ),
		);
	}

	/**
	 * Without what WordPress wants beside it; one that says nothing allows everything.
	 *
	 * @param array<string, mixed> $schema
	 * @return array<string, mixed>|object
	 */
	private static function schema( array $schema ): array|object {
		$schema = array_diff_key( $schema, array_flip( self::INTERNAL ) );
		return array() === $schema ? (object) array() : self::asObjects( $schema );
	}

	/**
	 * WordPress keeps required in the member itself (JSON Schema's draft 3); here it is a list.
	 *
	 * @param array<string, mixed> $schema
	 * @return array<string, mixed>
	 */
	private static function asObjects( array $schema ): array {
		if ( isset( $schema['properties'] ) ) {
			$required = array();
			$properties = Value::map( $schema['properties'] );
			foreach ( $properties as $name => $property ) {
				if ( is_array( $property ) && true === ( $property['required'] ?? null ) ) {
					$required[] = (string) $name;
				}
				if ( is_array( $property ) ) {
					$properties[ $name ] = self::schema( Value::map( $property ) );
				}
			}
			$schema['properties'] = $properties;
			if ( $required ) {
				$schema['required'] = $required;
			}
		}
		if ( isset( $schema['items'] ) && is_array( $schema['items'] ) ) {
			$schema['items'] = self::schema( Value::map( $schema['items'] ) );
		}
		return $schema;
	}

	/** @return array<string, mixed> */
	private static function errors(): array {
		$words = array(
			400 => 'Not understood.',
			401 => 'Log in first.',
			403 => 'Not with this account, or the nonce is wrong.',
			404 => 'No such thing, or not theirs.',
			409 => 'Somebody else has changed it, or it is in the way.',
			422 => 'Values are wrong: data.errors.',
			429 => 'Too many: data.retry_after.',
			503 => 'The extension or the key is missing.',
		);
		$all   = array();
		foreach ( $words as $status => $description ) {
			$all[ "E$status" ] = array(
				'description' => $description,
				'content'     => array( 'application/json' => array( 'schema' => Schemas::ref( 'Error' ) ) ),
			);
		}
		return $all;
	}
}
