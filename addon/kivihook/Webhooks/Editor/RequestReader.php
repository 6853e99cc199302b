<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Webhooks\Credentials;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Field;
use KiviHook\WordPress\Webhooks\Origin;
use KiviHook\WordPress\Webhooks\Refused;

/** Reads what makes up the request: method, URL, headers, query, content type, body. */
final class RequestReader {

	public const METHODS = array( 'POST', 'PUT', 'PATCH', 'GET', 'DELETE' );

	public const CONTENT_TYPES = array(
		'application/json',
		'application/x-www-form-urlencoded',
		'multipart/form-data',
		'application/xml',
		'text/html',
		'text/plain',
		'application/fhir+json',
		'application/cloudevents+json',
	);

	/** RFC 6838 names, and parameters. */
	private const CONTENT_TYPE = '~\A[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*(?:\s*;[\x20-\x7e]*)?\z~i';

	private const MAX_BODY = 262144;

	/**
	 * @param array<string, mixed> $sent
	 * @return array<string, mixed> Those members of the configuration that were sent.
	 */
	public static function read( array $sent, Errors $errors ): array {
		$readers = array(
			'method'        => static fn ( mixed $value ): string => self::method( $value ),
			'url'           => static fn ( mixed $value ): string => self::url( $value ),
			'content_type'  => static fn ( mixed $value ): string => self::contentType( $value ),
			'body'          => static fn ( mixed $value ): string => self::body( $value ),
			'body_with_get' => static fn ( mixed $value ): bool => Field::boolean( $value, 'body_with_get' ),
		);
		$read    = array();
		foreach ( $readers as $name => $reader ) {
			if ( array_key_exists( $name, $sent ) ) {
				// What can't be read is kept out of the checks that follow.
				$read[ $name ] = $errors->read( $name, static fn () => $reader( $sent[ $name ] ), is_string( $sent[ $name ] ) ? $sent[ $name ] : '' );
			}
		}
		foreach ( array( 'headers' => true, 'query' => false ) as $name => $are_headers ) {
			if ( array_key_exists( $name, $sent ) ) {
				$read[ $name ] = self::pairs( $name, $sent[ $name ], $are_headers, $errors );
			}
		}
		return $read;
	}

	private static function method( mixed $value ): string {
		$method = strtoupper( Field::line( $value, __( 'The HTTP method', 'kivihook' ), 16 ) );
		if ( ! in_array( $method, self::METHODS, true ) ) {
			throw new Refused( __( 'The HTTP method must be GET, POST, PUT, PATCH or DELETE.', 'kivihook' ) );
		}
		return $method;
	}

	private static function url( mixed $value ): string {
		$url = Field::required( $value, __( 'The webhook URL', 'kivihook' ), 8192 );
		Origin::of( $url );
		if ( str_contains( $url, '#' ) ) {
			throw new Refused( __( 'Take the part from # on out of the webhook URL: it is never sent.', 'kivihook' ) );
		}
		return $url;
	}

	private static function contentType( mixed $value ): string {
		$type = Field::required( $value, __( 'The content type', 'kivihook' ), 128 );
		if ( 1 !== preg_match( self::CONTENT_TYPE, $type ) ) {
			throw new Refused( __( 'The content type must look like application/json.', 'kivihook' ) );
		}
		return $type;
	}

	private static function body( mixed $body ): string {
		if ( null !== $body && ! is_string( $body ) ) {
			throw new Refused( __( 'The request body must be text.', 'kivihook' ) );
		}
		if ( strlen( (string) $body ) > self::MAX_BODY ) {
			throw new Refused( __( 'The request body is longer than 256 kB. Shorten it.', 'kivihook' ) );
		}
		if ( 1 !== preg_match( '//u', (string) $body ) ) {
			throw new Refused( __( 'The request body holds characters that are no UTF-8.', 'kivihook' ) );
		}
		return '' === trim( (string) $body ) ? '' : (string) $body;
	}

	/** @return array<int, array{0: string, 1: string}> Empty rows are dropped. */
	private static function pairs( string $field, mixed $rows, bool $areHeaders, Errors $errors ): array {
		if ( ! is_array( $rows ) || count( $rows ) > 50 ) {
			$errors->add( $field, __( 'A list of at most 50 names and values is expected here.', 'kivihook' ) );
			return array();
		}
		$pairs = array();
		$seen  = array();
		foreach ( array_values( $rows ) as $index => $row ) {
			$row   = is_array( $row ) ? $row : array();
			$place = "$field.$index";
			$name  = $errors->read( "$place.name", static fn () => Field::line( $row['name'] ?? $row[0] ?? '', __( 'The name', 'kivihook' ), 128 ), '' );
			$value = $errors->read( "$place.value", static fn () => Field::line( $row['value'] ?? $row[1] ?? '', __( 'The value', 'kivihook' ), 8192 ), '' );
			if ( '' === $name && '' === $value ) {
				continue;
			}
			if ( '' === $name ) {
				$errors->add( "$place.name", __( 'The name is missing. Fill it in.', 'kivihook' ) );
				continue;
			}
			if ( '' === $value ) {
				$errors->add( "$place.value", __( 'The value is missing. Fill it in, or remove the row.', 'kivihook' ) );
			}
			if ( $areHeaders ) {
				$name = $errors->read( "$place.name", static fn () => self::header( $name, $seen ), $name );
				$seen[ strtolower( $name ) ] = true;
			}
			$errors->read( "$place.name", static fn () => Credentials::refuseInClear( array( array( $name, $value ) ), array() ) );
			$pairs[] = array( $name, $value );
		}
		return $pairs;
	}

	/** @param array<string, true> $seen */
	private static function header( string $name, array $seen ): string {
		$name = Field::headerName( $name );
		if ( isset( $seen[ strtolower( $name ) ] ) ) {
			/* translators: %s: a header name */
			throw Refused::value( __( 'The header "%s" is there twice. Keep one.', 'kivihook' ), $name );
		}
		if ( 'content-type' === strtolower( $name ) ) {
			throw new Refused( __( 'The content type has a field of its own.', 'kivihook' ) );
		}
		return $name;
	}
}
