<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Times between the database (UTC, '2026-11-23 09:15:00.123') and everybody else (ISO 8601). */
final class Moment {

	/** Null for none. */
	public static function iso( ?string $utc ): ?string {
		if ( null === $utc || '' === $utc ) {
			return null;
		}
		$time = str_replace( ' ', 'T', rtrim( $utc, 'Z' ) );
		return ( str_contains( $time, '.' ) ? $time : "$time.000" ) . 'Z';
	}

	/**
	 * A time as people send it, for the database; a day alone is one of the clinic's ($end: its last moment). Null: nonsense.
	 */
	public static function utc( string $text, bool $end = false ): ?string {
		$text = trim( $text );
		try {
			if ( 1 === preg_match( '/\A(\d{4})-(\d{2})-(\d{2})\z/', $text, $match ) ) {
				if ( ! checkdate( (int) $match[2], (int) $match[3], (int) $match[1] ) ) {
					return null;
				}
				$time = new \DateTimeImmutable( $text . ( $end ? ' 23:59:59.999' : ' 00:00:00.000' ), wp_timezone() );
			} elseif ( 1 === preg_match( '/\A\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/', $text ) ) {
				$time = new \DateTimeImmutable( $text, new \DateTimeZone( 'UTC' ) );
			} else {
				return null;
			}
		} catch ( \Exception $nonsense ) {
			return null;
		}
		return $time->setTimezone( new \DateTimeZone( 'UTC' ) )->format( 'Y-m-d H:i:s.v' );
	}
}
