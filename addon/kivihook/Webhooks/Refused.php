<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** A request that is answered with no. The message is for the person at the screen and says what to change. */
final class Refused extends \RuntimeException {

	/** HTTP status: 400 not understood, 404 no such thing, 409 in the way of something, 422 a value is wrong, 503 not now. */
	private int $status;

	public function __construct( string $message, int $status = 422, ?\Throwable $previous = null ) {
		parent::__construct( $message, 0, $previous );
		$this->status = $status;
	}

	public function status(): int {
		return $this->status;
	}
}
