<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Catalogue;

/** A group of events as people choose from it, first the module, then the event. */
final class Module {

	/** @param Event[] $events By id. */
	public function __construct( public string $id, public string $label, public array $events ) {
	}
}
