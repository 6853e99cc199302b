<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\Store\Problems;

/**
 * What the schedule lets us look for every minute: reminders that are due, the daily report, what announced nothing. Each
 * part is bounded, and may run on several machines at once.
 */
final class Pass {

	/** Fired by the schedule, before it delivers. */
	public const ACTION = 'kivihook_pass';

	/** @param array<string, \Closure(\DateTimeImmutable): void> $parts By a name for problems. */
	public function __construct( private array $parts, private Problems $problems ) {
	}

	public function run(): void {
		$now = new \DateTimeImmutable( 'now', new \DateTimeZone( 'UTC' ) );
		foreach ( $this->parts as $name => $part ) {
			try {
				$part( $now );
			} catch ( \Throwable $error ) {
				$this->problems->caught( $name, "The scheduled look for '$name' failed and is tried again.", $error );
			}
		}
	}
}
