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
	 */
	public function __construct(
		public int $base,
		public int $cursor,
		public int $began,
		public int $before
	) {
	}

	public static function parse( string $text ): ?self {
		return 1 === preg_match( '/\A(\d+):(\d+):(\d+):(\d+)\z/', $text, $found )
			? new self( (int) $found[1], (int) $found[2], (int) $found[3], (int) $found[4] )
			: null;
	}

	public function text(): string {
		return "$this->base:$this->cursor:$this->began:$this->before";
	}
}
