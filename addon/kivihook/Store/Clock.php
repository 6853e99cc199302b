<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** The database's clock in milliseconds, and back: all machines share it. */
final class Clock {

	/** For SELECT; the connection's time zone is UTC. */
	public const NOW_MS = 'CAST(UNIX_TIMESTAMP(UTC_TIMESTAMP(3)) * 1000 AS SIGNED)';

	/** As a DATETIME(3) in UTC. */
	public static function text( int $ms ): string {
		return gmdate( 'Y-m-d H:i:s', intdiv( $ms, 1_000 ) ) . sprintf( '.%03d', $ms % 1_000 );
	}
}
