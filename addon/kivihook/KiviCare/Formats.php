<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/** How values look: the site's formats, language and time zone, whoever happens to be logged in. */
final class Formats {

	/** What KiviCare's statuses are called. Translated. */
	public static function appointmentStatus( ?int $status ): string {
		switch ( $status ) {
			case 0:
				return __( 'Cancelled', 'kivihook' );
			case 1:
				return __( 'Booked', 'kivihook' );
			case 2:
				return __( 'Pending', 'kivihook' );
			case 3:
				return __( 'Check-out', 'kivihook' );
			case 4:
				return __( 'Check-in', 'kivihook' );
			default:
				return '';
		}
	}

	/** What KiviCare's statuses of encounters are called. Translated. */
	public static function encounterStatus( ?int $status ): string {
		switch ( $status ) {
			case 0:
				return __( 'Closed', 'kivihook' );
			case 1:
				return __( 'Open', 'kivihook' );
			default:
				return '';
		}
	}

	/** An amount as KiviCare keeps it, in text, with two decimals; what is no number stays as it is. */
	public static function amount( mixed $amount ): string {
		$amount = is_scalar( $amount ) ? trim( (string) $amount ) : '';
		return is_numeric( $amount ) ? number_format( (float) $amount, 2, '.', '' ) : $amount;
	}

	/** What a user's status means to KiviCare: 0 may log in. Translated. */
	public static function userStatus( int $status ): string {
		return self::activeStatus( 0 === $status ? 1 : 0 );
	}

	/** The status of services and clinics, where 1 is active. Translated. */
	public static function activeStatus( ?int $status ): string {
		if ( null === $status ) {
			return '';
		}
		return 1 === $status ? __( 'Active', 'kivihook' ) : __( 'Inactive', 'kivihook' );
	}

	/** A local date as KiviCare keeps it, Y-m-d, in the site's date format; '' for none. */
	public static function date( ?string $date, \DateTimeZone $zone ): string {
		return self::local( $date, '00:00:00', $zone, Value::text( get_option( 'date_format', 'F j, Y' ) ) );
	}

	/** A local time as KiviCare keeps it, H:i:s, in the site's time format; '' for none. */
	public static function time( ?string $date, ?string $time, \DateTimeZone $zone ): string {
		return self::local( $date ?? '2000-01-01', $time, $zone, Value::text( get_option( 'time_format', 'g:i a' ) ) );
	}

	/** ISO 8601 with the offset of the place. */
	public static function moment( ?string $date, ?string $time, \DateTimeZone $zone ): string {
		$moment = self::instant( $date, $time, $zone );
		return null === $moment ? '' : $moment->format( 'Y-m-d\TH:i:sP' );
	}

	/** The same moment in UTC. $moment: as moment() gives it. */
	public static function utc( string $moment ): string {
		$time = '' === $moment ? false : \DateTimeImmutable::createFromFormat( \DATE_ATOM, $moment );
		return false === $time ? '' : $time->setTimezone( new \DateTimeZone( 'UTC' ) )->format( 'Y-m-d\TH:i:s\Z' );
	}

	/** A time that WordPress keeps in UTC, in the site's formats and time zone. */
	public static function fromUtc( ?string $utc ): string {
		$parts  = explode( ' ', (string) $utc, 2 );
		$moment = self::instant( $parts[0], $parts[1] ?? null, new \DateTimeZone( 'UTC' ) );
		if ( null === $moment ) {
			return '';
		}
		$format = Value::text( get_option( 'date_format', 'F j, Y' ) ) . ' ' . Value::text( get_option( 'time_format', 'g:i a' ) );
		return (string) wp_date( $format, $moment->getTimestamp(), wp_timezone() );
	}

	/** An IANA name or an offset; the site's own for anything else. */
	public static function zone( ?string $name ): \DateTimeZone {
		if ( null !== $name && '' !== $name ) {
			try {
				return new \DateTimeZone( $name );
			} catch ( \Exception $unknown ) {
				return wp_timezone();
			}
		}
		return wp_timezone();
	}

	/**
	 * KiviCare 3 keeps the country's calling code apart from the number, KiviCare 4 within it, and what was migrated
	 * may have it in both places: it is put in front only where the number does not begin with it already.
	 */
	public static function phone( ?string $number, ?string $callingCode ): string {
		$number = trim( (string) $number );
		$code   = ltrim( trim( (string) $callingCode ), '+' );
		if ( '' === $number || str_starts_with( $number, '+' ) || ! ctype_digit( $code ) ) {
			return $number;
		}
		if ( str_starts_with( $number, '00' ) ) {
			return '+' . substr( $number, 2 );
		}
		if ( str_starts_with( $number, $code . ' ' ) ) {
			return '+' . $number;
		}
		return "+$code $number";
	}

	/**
	 * The common variables, but for the event's own.
	 *
	 * @return array<string, mixed>
	 */
	public static function now(): array {
		$now   = new \DateTimeImmutable( 'now', new \DateTimeZone( 'UTC' ) );
		$local = $now->setTimezone( wp_timezone() );
		return array(
			'timestamp'         => $now->format( 'Y-m-d\TH:i:s.v\Z' ),
			'current_date'      => $local->format( 'Y-m-d' ),
			'current_time'      => $local->format( 'H:i' ),
			'current_date_time' => $local->format( 'Y-m-d H:i:s' ),
			'current_user_id'   => get_current_user_id(),
			'site_name'         => wp_specialchars_decode( Value::text( get_option( 'blogname', '' ) ), ENT_QUOTES ),
			'site_url'          => home_url(),
		);
	}

	/**
	 * Runs something in the site's language: KiviCare 4 switches to the user's for each REST request, and an endpoint
	 * should not read "Montag" or "Monday" depending on who books.
	 *
	 * @template T
	 * @param callable(): T $work
	 * @return T
	 */
	public static function inSiteLocale( callable $work ): mixed {
		$site     = Value::text( get_option( 'WPLANG' ) ?: 'en_US' );
		$present  = is_locale_switched() ? get_locale() : determine_locale();
		$switched = $present !== $site && switch_to_locale( $site );
		try {
			return $work();
		} finally {
			if ( $switched ) {
				restore_previous_locale();
			}
		}
	}

	private static function local( ?string $date, ?string $time, \DateTimeZone $zone, string $format ): string {
		$moment = self::instant( $date, $time, $zone );
		return null === $moment ? '' : (string) wp_date( $format, $moment->getTimestamp(), $zone );
	}

	/** A local date and time as KiviCare keeps them; null for none. */
	public static function instant( ?string $date, ?string $time, \DateTimeZone $zone ): ?\DateTimeImmutable {
		if ( null === $date || null === $time || str_starts_with( $date, '0000' ) ) {
			return null;
		}
		return \DateTimeImmutable::createFromFormat( '!Y-m-d H:i:s', "$date $time", $zone ) ?: null;
	}
}
