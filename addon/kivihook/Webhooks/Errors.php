<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

/** All that is wrong with a form, each with the path of its field: people get everything at once. */
final class Errors {

	private const MOST = 50;

	/** @var array<int, array{field: string, message: string, line?: int, column?: int}> */
	private array $all = array();

	/** $line, $column: in characters from 1, where a template is wrong; else 0. */
	public function add( string $field, string $message, int $line = 0, int $column = 0 ): void {
		if ( count( $this->all ) >= self::MOST ) {
			return;
		}
		$error = array(
			'field'   => $field,
			'message' => $message,
		);
		if ( $line > 0 ) {
			$error += array(
				'line'   => $line,
				'column' => $column,
			);
		}
		$this->all[] = $error;
	}

	/**
	 * Runs $read. What it refuses is an error of $field, and $default stands in for the value.
	 *
	 * @template T
	 * @param callable():T $read
	 * @param T            $default
	 * @return T
	 */
	public function read( string $field, callable $read, mixed $default = null ): mixed {
		try {
			return $read();
		} catch ( Refused $refused ) {
			$this->add( $field, $refused->getMessage() );
			return $default;
		}
	}

	public function any(): bool {
		return array() !== $this->all;
	}

	/** Of this field, or of one inside it. */
	public function has( string $field ): bool {
		foreach ( $this->all as $error ) {
			if ( $error['field'] === $field || str_starts_with( $error['field'], "$field." ) ) {
				return true;
			}
		}
		return false;
	}

	/** @return array<int, array{field: string, message: string, line?: int, column?: int}> */
	public function all(): array {
		return $this->all;
	}

	/** @throws Refused if there are any */
	public function refuse(): void {
		if ( $this->any() ) {
			throw Refused::invalid( $this->all );
		}
	}
}
