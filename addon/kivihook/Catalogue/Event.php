<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Catalogue;

/** One kind of event: what it is called, what it means, and which variables it brings. */
final class Event {

	/**
	 * @param string     $id        Dotted, what is stored and what receivers see: appointment.booked.
	 * @param string[]   $aliases   The names that KiviCare's documentation and its screens use: kc_appointment_book.
	 * @param string     $module    The catalogue's module: appointment.
	 * @param Variable[] $variables By name; the common ones included.
	 * @param string     $record    The variable that is the record's number, where others have declared the event.
	 */
	public function __construct(
		public string $id,
		public array $aliases,
		public string $module,
		public string $label,
		public string $description,
		public array $variables,
		public string $record = ''
	) {
	}

	/** The name that KiviCare's documentation uses; the dotted one where it has none. */
	public function name(): string {
		return $this->aliases[0] ?? $this->id;
	}

	/**
	 * Made-up data as this event brings it, for tests and previews.
	 *
	 * @return array<string, mixed>
	 */
	public function sample(): array {
		$sample = array();
		foreach ( $this->variables as $variable ) {
			$sample[ $variable->name ] = $variable->sample;
		}
		return $sample;
	}

	/**
	 * Exactly this event's variables out of what a snapshot collected, so that nothing leaves which the catalogue does
	 * not name. What is missing is null, a string ''.
	 *
	 * @param array<string, mixed> $data
	 * @return array<string, mixed>
	 */
	public function only( array $data ): array {
		$only = array();
		foreach ( $this->variables as $variable ) {
			$only[ $variable->name ] = $data[ $variable->name ] ?? ( 'string' === $variable->type ? '' : null );
		}
		return $only;
	}
}
