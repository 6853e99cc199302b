<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Refused;

/** Answers of kivihook/v1: the plain resource, or an error in WordPress' shape. */
final class Answer {

	private const CODES = array(
		400 => 'kivihook_bad_request',
		403 => 'kivihook_forbidden',
		404 => 'kivihook_not_found',
		409 => 'kivihook_conflict',
		422 => 'kivihook_invalid',
		429 => 'kivihook_too_many',
		503 => 'kivihook_not_now',
	);

	public static function ok( mixed $data, int $status = 200 ): \WP_REST_Response {
		$response = new \WP_REST_Response( $data, $status );
		$response->header( 'Cache-Control', 'no-store' );
		return $response;
	}

	public static function refused( Refused $refused ): \WP_REST_Response {
		$data = array( 'status' => $refused->status() ) + $refused->details();
		if ( 422 === $refused->status() ) {
			$data['errors'] = $refused->errors();
		}
		return self::error( self::CODES[ $refused->status() ] ?? 'kivihook_failed', $refused->getMessage(), $data );
	}

	/** The words of what went wrong inside may hold what the person at the screen must not see. */
	public static function failed(): \WP_REST_Response {
		return self::error(
			'kivihook_failed',
			__( 'KiviHook could not do that. The server\'s error log says why.', 'kivihook' ),
			array( 'status' => 500 )
		);
	}

	/** @param array<string, mixed> $data */
	private static function error( string $code, string $message, array $data ): \WP_REST_Response {
		$response = self::ok( compact( 'code', 'message', 'data' ), Value::number( $data['status'] ) );
		if ( isset( $data['retry_after'] ) ) {
			$response->header( 'Retry-After', (string) Value::number( $data['retry_after'] ) );
		}
		return $response;
	}
}
