<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Value;

/**
 * KiviCare's shape of an answer: {status, message, data}.
 *
 * KiviCare's screens say no more than "Failed to create webhook" when an answer is an error, and with their encryption
 * on they can't even read it. So the words travel in a header as well, where KiviCareScreens shows them.
 */
final class Envelope {

	public const REASON_HEADER = 'X-KiviHook-Reason';
	public const NOTE_HEADER   = 'X-KiviHook-Note';

	private const MAX_HEADER_BYTES = 900;

	/** @param string $note Something that went well and that a person should know all the same. */
	public static function ok(
		mixed $data,
		string $message = '',
		int $status = 200,
		string $note = ''
	): \WP_REST_Response {
		$response = self::make( true, $message, $data, $status );
		if ( '' !== $note ) {
			$response->header( self::NOTE_HEADER, self::headerText( $note ) );
		}
		return $response;
	}

	public static function refusal( string $message, int $status, mixed $data = null ): \WP_REST_Response {
		$response = self::make( false, $message, $data, $status );
		$response->header( self::REASON_HEADER, self::headerText( $message ) );
		return $response;
	}

	/** The request was carried out, and what it did failed: a test that was not delivered. */
	public static function failed( mixed $data, string $message ): \WP_REST_Response {
		return self::make( false, $message, $data, 200 );
	}

	public static function fromError( \WP_Error $error ): \WP_REST_Response {
		$data   = $error->get_error_data();
		$status = is_array( $data ) && isset( $data['status'] ) ? Value::number( $data['status'] ) : 500;
		return self::refusal( $error->get_error_message(), $status );
	}

	private static function make( bool $succeeded, string $message, mixed $data, int $status ): \WP_REST_Response {
		$response = new \WP_REST_Response(
			array(
				'status'  => $succeeded,
				'message' => $message,
				'data'    => $data,
			),
			$status
		);
		$response->header( 'Cache-Control', 'no-store' );
		return $response;
	}

	/** Percent-encoded, so that any language fits into a header. */
	private static function headerText( string $text ): string {
		$text = mb_strcut( $text, 0, self::MAX_HEADER_BYTES, 'UTF-8' );
		return rawurlencode( $text );
	}
}
