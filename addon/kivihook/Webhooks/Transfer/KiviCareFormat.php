<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Transfer;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\AuthForm;
use KiviHook\WordPress\Webhooks\Refused;

/**
 * A webhook as the original add-on keeps it, in its table or in the file that KiviCare's screens import, made a draft of ours:
 * version 4 (webhook_data as KiviCare's form has it) and version 1 (headers, query_parameters, json_data or form_data).
 */
final class KiviCareFormat {

	public function __construct( private Catalogue $catalogue ) {
	}

	/**
	 * @param array<string, mixed> $row name, module_name, event_name, methods, webhook_data (an array, or its JSON).
	 * @return array<string, mixed>
	 */
	public function draft( array $row ): array {
		$data = $row['webhook_data'] ?? array();
		$data = is_string( $data ) ? json_decode( $data, true ) : $data;
		$data = Value::map( $data );
		$name = Value::text( $row['event_name'] ?? '' );

		$event   = $this->catalogue->event( $name );
		$headers = self::rows( $data['custom_headers'] ?? $data['headers'] ?? array() );
		$auth    = self::auth( $data, $headers );
		$method  = $row['methods'] ?? $data['method'] ?? 'POST';
		return array(
			'name'         => Value::text( $row['name'] ?? '' ),
			'events'       => array( null === $event ? $name : $event->id ),
			'method'       => strtoupper( Value::text( is_array( $method ) ? reset( $method ) : $method ) ),
			'url'          => Value::text( $data['url'] ?? '' ),
			'headers'      => array_values( array_filter( $headers, static fn ( array $header ): bool => 'content-type' !== strtolower( $header['name'] ) ) ),
			'query'        => self::rows( $data['query_params'] ?? $data['query_parameters'] ?? array() ),
			'content_type' => self::contentType( $data ),
			'body'         => self::body( $data ),
			'timeout_ms'   => 1000 * max( 1, min( 300, Value::number( $data['timeout'] ?? 30 ) ) ),
			'retry'        => self::retry( $data ),
		) + $auth;
	}

	/**
	 * @param array<string, mixed> $data
	 * @param array<int, array{name: string, value: string}> $headers
	 * @return array{auth: array<string, mixed>, secrets: array<string, mixed>}
	 */
	private static function auth( array $data, array &$headers ): array {
		$method = Value::text( $data['auth_method'] ?? 'none' );
		$form   = Value::map( $data['auth_config'] ?? null );
		if ( 'none' !== $method && '' !== $method ) {
			try {
				$method = AuthForm::method( $method );
				return array(
					'auth'    => AuthForm::config( $method, $form )['auth'],
					'secrets' => self::secrets( $method, $form ),
				);
			} catch ( Refused $refused ) {
				return array(
					'auth'    => array( 'method' => $method ),
					'secrets' => array(),
				);
			}
		}
		return self::fromHeaders( $headers );
	}

	/**
	 * Version 1 had no authentication but headers written by hand: a credential goes where it is sealed.
	 *
	 * @param array<int, array{name: string, value: string}> $headers
	 * @return array{auth: array<string, mixed>, secrets: array<string, mixed>}
	 */
	private static function fromHeaders( array &$headers ): array {
		foreach ( $headers as $index => $header ) {
			$name = strtolower( $header['name'] );
			if ( str_contains( $header['value'], '{{' ) || 1 !== preg_match( '/authorization|token|secret|api[-_ ]?key|access[-_ ]?key/', $name ) ) {
				continue;
			}
			unset( $headers[ $index ] );
			if ( 'authorization' === $name && 1 === preg_match( '/\ABasic\s+([A-Za-z0-9+\/=]+)\z/i', $header['value'], $found )
				&& str_contains( (string) base64_decode( $found[1], true ), ':' ) ) {
				list( $user, $password ) = explode( ':', (string) base64_decode( $found[1], true ), 2 );
				return array(
					'auth'    => array( 'method' => 'basic' ),
					'secrets' => array( 'username' => $user, 'password' => $password ),
				);
			}
			if ( 'authorization' === $name && 1 === preg_match( '/\A([A-Za-z][A-Za-z0-9-]*)\s+(\S+)\z/', $header['value'], $found ) ) {
				return array(
					'auth'    => array( 'method' => 'bearer', 'scheme' => $found[1] ),
					'secrets' => array( 'bearer_token' => $found[2] ),
				);
			}
			return array(
				'auth'    => array( 'method' => 'apikey', 'location' => 'header', 'name' => $header['name'] ),
				'secrets' => array( 'api_key' => $header['value'] ),
			);
		}
		return array(
			'auth'    => array( 'method' => 'none' ),
			'secrets' => array(),
		);
	}

	/**
	 * @param array<string, mixed> $form
	 * @return array<string, string>
	 */
	private static function secrets( string $method, array $form ): array {
		$secrets = array();
		foreach ( AuthForm::members( $method ) as $member => $name ) {
			$value = $form[ $member ] ?? '';
			if ( is_scalar( $value ) && '' !== (string) $value ) {
				$secrets[ $name ] = (string) $value;
			}
		}
		return $secrets;
	}

	/** @param array<string, mixed> $data */
	private static function contentType( array $data ): string {
		$type = $data['content_type'] ?? 'application/json';
		$type = is_array( $type ) ? Value::text( $type['value'] ?? '' ) : Value::text( $type );
		return array(
			'json_data' => 'application/json',
			'form_data' => 'application/x-www-form-urlencoded',
			''          => 'application/json',
		)[ $type ] ?? $type;
	}

	/** @param array<string, mixed> $data */
	private static function body( array $data ): string {
		if ( isset( $data['request_body'] ) ) {
			return is_string( $data['request_body'] ) ? $data['request_body'] : self::json( $data['request_body'] );
		}
		if ( 'application/json' !== self::contentType( $data ) ) {
			return implode( "\n", array_map( static fn ( array $row ): string => "{$row['name']}={$row['value']}", self::rows( $data['form_data'] ?? array() ) ) );
		}
		$json = $data['json_data'] ?? array();
		return is_string( $json ) ? $json : ( array() === $json ? '' : self::json( $json ) );
	}

	private static function json( mixed $value ): string {
		return (string) wp_json_encode( $value, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
	}

	/**
	 * @param array<string, mixed> $data
	 * @return array<string, mixed>
	 */
	private static function retry( array $data ): array {
		$tries = Value::number( $data['retry_attempts'] ?? 3 );
		return $tries < 1 ? array( 'never' => true ) : array(
			'quick_tries'   => min( 10, $tries ),
			'quick_delay_s' => max( 1, min( 60, Value::number( $data['retry_delay'] ?? 5 ) ) ),
		);
	}

	/** @return array<int, array{name: string, value: string}> */
	private static function rows( mixed $rows ): array {
		$all = array();
		foreach ( is_array( $rows ) ? $rows : array() as $key => $row ) {
			$name  = is_array( $row ) ? ( $row['key'] ?? $row['name'] ?? '' ) : $key;
			$value = is_array( $row ) ? ( $row['value'] ?? '' ) : $row;
			if ( is_scalar( $name ) && is_scalar( $value ) && '' !== trim( (string) $name ) && '' !== trim( (string) $value ) ) {
				$all[] = array(
					'name'  => trim( (string) $name ),
					'value' => trim( (string) $value ),
				);
			}
		}
		return $all;
	}
}
