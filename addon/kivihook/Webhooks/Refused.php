<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** A request that is answered with no. The message is for the person at the screen and says what to change. */
final class Refused extends \RuntimeException {

	/** @param int $status HTTP: 400 not understood, 404 no such thing, 409 in the way, 422 a wrong value, 503 not now */
	public function __construct( string $message, private int $status = 422, ?\Throwable $previous = null ) {
		parent::__construct( $message, 0, $previous );
	}

	/** A value is wrong. $format is translated already. */
	public static function value( string $format, string|int ...$values ): self {
		return new self( sprintf( $format, ...$values ) );
	}

	public function status(): int {
		return $this->status;
	}
}
