<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Store\Address;
use KiviHook\WordPress\Value;

/** An attempt of ours as KiviCare's Events Log wants it. The detail window shows the list's row: it is all in here. */
final class LogRow {

	/**
	 * @param array<string, mixed> $attempt As Store\Log::find() gives it, or Store\Log::page(): then without request and response.
	 * @return array<string, mixed>
	 */
	public static function of( array $attempt ): array {
		$trace = Value::map( $attempt['trace'] ?? null );
		return array(
			'id'             => Value::number( $attempt['id'] ),
			'webhook_id'     => Value::number( $attempt['webhook'] ),
			'webhook_name'   => Value::text( $attempt['webhook_name'] ?? '' ),
			'event_type'     => Value::text( $attempt['type'] ),
			'record_id'      => isset( $attempt['record_id'] ) ? Value::number( $attempt['record_id'] ) : null,
			'status'         => Value::text( $attempt['outcome'] ),
			'attempt'        => Value::number( $attempt['number'] ),
			'driver'         => Value::text( $attempt['driver'] ),
			'created_at'     => self::time( Value::text( $attempt['started_at'] ) ),
			'execution_time' => self::milliseconds( Value::number( $attempt['total_us'] ?? 0 ) ),
			'response_code'  => Value::number( $attempt['status'] ?? 0 ),
			'payload'        => self::payload( $trace ),
			'request'        => self::request( $trace ),
			'response'       => self::response( $trace, Value::number( $attempt['status'] ?? 0 ) ),
			'error_code'     => Value::text( $attempt['error_code'] ?? '' ),
			'error_message'  => Value::text( $attempt['error'] ?? '' ),
			'note'           => Value::text( $trace['note'] ?? '' ),
		);
	}

	/** The database's UTC time with its zone, or the browser would take it for local time. */
	public static function time( string $utc ): string {
		return '' === $utc ? '' : str_replace( ' ', 'T', rtrim( $utc, 'Z' ) ) . 'Z';
	}

	/** Never 0 for something that took place: the screen shows a dash for 0. */
	public static function milliseconds( int $microseconds ): int {
		return $microseconds > 0 ? max( 1, (int) round( $microseconds / 1000 ) ) : 0;
	}

	/**
	 * JSON as JSON, anything else as text; null when there was no body.
	 *
	 * @param array<string, mixed> $trace
	 */
	private static function payload( array $trace ): mixed {
		$body = Value::text( Value::map( $trace['request'] ?? null )['body'] ?? '' );
		if ( '' === $body ) {
			return null;
		}
		$json = json_decode( $body, false, 128, JSON_BIGINT_AS_STRING );
		return is_object( $json ) || is_array( $json ) ? $json : $body;
	}

	/**
	 * @param array<string, mixed> $trace
	 * @return array<string, mixed>|null
	 */
	private static function request( array $trace ): ?array {
		if ( ! isset( $trace['request'] ) || ! is_array( $trace['request'] ) ) {
			return null;
		}
		return array(
			'method'  => Value::text( $trace['request']['method'] ?? '' ),
			'url'     => self::url( Value::text( $trace['request']['url'] ?? '' ) ),
			'headers' => self::headers( $trace['request']['headers'] ?? array() ),
		);
	}

	/**
	 * The screen cuts response.body with substring(): it has to be text.
	 *
	 * @param array<string, mixed> $trace
	 * @return array<string, mixed>|null
	 */
	private static function response( array $trace, int $status ): ?array {
		if ( $status < 100 || ! isset( $trace['response'] ) || ! is_array( $trace['response'] ) ) {
			return null;
		}
		$response = array(
			'status'    => $status,
			'headers'   => self::headers( $trace['response']['headers'] ?? array() ),
			'body'      => Value::text( $trace['response']['body'] ?? '' ),
			'truncated' => (bool) ( $trace['response']['truncated'] ?? false ),
		);
		// What is worth knowing of a success, such as an answer that was too long to be read: the screen shows it here.
		$note = Value::text( $trace['note'] ?? '' );
		return '' === $note ? $response : $response + array( 'note' => $note );
	}

	private static function headers( mixed $pairs ): object {
		$headers = array();
		foreach ( is_array( $pairs ) ? $pairs : array() as $pair ) {
			if ( is_array( $pair ) && isset( $pair[0], $pair[1] ) ) {
				$before                       = $headers[ Value::text( $pair[0] ) ] ?? '';
				$headers[ Value::text( $pair[0] ) ] = '' === $before ? Value::text( $pair[1] ) : "$before, " . Value::text( $pair[1] );
			}
		}
		return (object) $headers;
	}

	/** Where the address is the credential, only those who may change it see it. */
	private static function url( string $url ): string {
		return Access::granted( Access::EDIT, Access::ADD ) ? $url : Address::masked( $url );
	}
}
