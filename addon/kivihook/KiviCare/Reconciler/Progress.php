<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Reconciler;

/** How far the look at one kind has got. Times in seconds. */
final class Progress {

	/**
	 * @param int    $base   Records up to here were there when it began: nothing is told of their being made.
	 * @param int    $cursor The walk through all records has come to here.
	 * @param int    $began  When the present walk began.
	 * @param int    $before When the one before it began: what happened earlier was seen by it.
	 * @param string $types  The events that were wanted, in short.
	 */
	public function __construct(
		public int $base,
		public int $cursor,
		public int $began,
		public int $before,
		public string $types
	) {
	}

	public static function parse( string $text ): ?self {
		return 1 === preg_match( '/\A(\d+):(\d+):(\d+):(\d+):([0-9a-f]{8})\z/', $text, $found )
			? new self( (int) $found[1], (int) $found[2], (int) $found[3], (int) $found[4], $found[5] )
			: null;
	}

	public function text(): string {
		return "$this->base:$this->cursor:$this->began:$this->before:$this->types";
	}
}
