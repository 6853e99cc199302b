<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/** Something that has happened to a record, as rows before and after prove it. */
final class Fact {

	/**
	 * @param string  $type   The event's dotted id.
	 * @param array<string, mixed> $record What the event tells of, as Subject::read() gave it: after the change, before a deletion.
	 * @param array<string, mixed> $extra  Variables of this very change (the status before), by name.
	 * @param ?string $once   What it is called in Once, where only that keeps it from being told again by a later request.
	 */
	public function __construct(
		public string $type,
		public array $record,
		public array $extra = array(),
		public ?string $once = null
	) {
	}
}
