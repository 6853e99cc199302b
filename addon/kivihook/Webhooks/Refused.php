<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** A request that is answered with no. The message is for the person at the screen and says what to change. */
final class Refused extends \RuntimeException {

	/** @var array<int, array{field: string, message: string, line?: int, column?: int}> */
	private array $errors = array();

	/** @var array<string, mixed> */
	private array $details = array();

	/** @param int $status HTTP: 400 not understood, 404 no such thing, 409 in the way, 422 a wrong value, 503 not now */
	public function __construct( string $message, private int $status = 422, ?\Throwable $previous = null ) {
		parent::__construct( $message, 0, $previous );
	}

	/** A value is wrong. $format is translated already. */
	public static function value( string $format, string|int ...$values ): self {
		return new self( sprintf( $format, ...$values ) );
	}

	/**
	 * Several values are wrong.
	 *
	 * @param array<int, array{field: string, message: string}> $errors At least one.
	 */
	public static function invalid( array $errors ): self {
		$refused         = new self( implode( ' ', array_unique( array_column( array_slice( $errors, 0, 5 ), 'message' ) ) ) );
		$refused->errors = array_values( $errors );
		return $refused;
	}

	/** One named value is wrong. */
	public static function field( string $field, string $message ): self {
		return self::invalid(
			array(
				array(
					'field'   => $field,
					'message' => $message,
				),
			)
		);
	}

	/** There is no such thing, or not for this person. */
	public static function missing( string $message ): self {
		return new self( $message, 404 );
	}

	/** Something that a program can act on. */
	public function with( string $name, mixed $value ): self {
		$this->details[ $name ] = $value;
		return $this;
	}

	public function status(): int {
		return $this->status;
	}

	/** @return array<int, array{field: string, message: string, line?: int, column?: int}> */
	public function errors(): array {
		return $this->errors;
	}

	/** @return array<string, mixed> */
	public function details(): array {
		return $this->details;
	}
}
