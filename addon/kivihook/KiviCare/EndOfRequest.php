<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\TransactionLost;

/**
 * When a route, an ajax answer or a request ends, whichever comes first: what hooks hinted at is read, compared with
 * what was before, and told. Routes that redirect and exit end with the request.
 */
final class EndOfRequest {

	private int $depth = 0;

	private bool $over = false;

	public function __construct( private Announcer $announcer, private Inserts $inserts ) {
	}

	public function register(): void {
		add_filter( 'rest_request_after_callbacks', array( $this, 'routeEnded' ), PHP_INT_MAX );
		add_filter( 'wp_die_ajax_handler', array( $this, 'answerEnds' ), PHP_INT_MAX );
		// First: before anybody sends what was told.
		add_action( 'shutdown', array( $this, 'requestEnds' ), PHP_INT_MIN );
	}

	/** A route begins, perhaps within another one. */
	public function routeBegan(): void {
		++$this->depth;
	}

	/** @internal */
	public function routeEnded( mixed $response ): mixed {
		$this->depth = max( 0, $this->depth - 1 );
		if ( 0 === $this->depth ) {
			$this->tell();
		}
		return $response;
	}

	/** @internal */
	public function answerEnds( mixed $handler ): mixed {
		$this->tell();
		return $handler;
	}

	/** @internal */
	public function requestEnds(): void {
		$this->over = true;
		try {
			$this->tell();
		} catch ( TransactionLost $lost ) {
			return; // Nobody is left who could roll back, and what was in the transaction is gone.
		}
	}

	/** Has the last moment to wait for passed? */
	public function isOver(): bool {
		return $this->over;
	}

	private function tell(): void {
		$this->inserts->end();
		$this->announcer->guard(
			array_merge( ...array_values( Sources::SUBJECTS ) ),
			fn () => $this->announcer->all()
		);
	}
}
