<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\KiviCare\Appointments;
use KiviHook\WordPress\KiviCare\Reader;

/** Which booked appointments begin when. Two indices of KiviCare 4, one of KiviCare 3, never the whole table. */
final class Agenda {

	private const MOST = 1_000;
	/** Nobody's clock is further from UTC, nor from another's. */
	private const DAY  = 'P1D';
	private const SQL  = 'Y-m-d H:i:s';

	private ?bool $hasUtc = null;

	public function __construct( private Reader $reader ) {
	}

	/**
	 * Those that begin after $from, and at $to at the latest; earliest first.
	 *
	 * @return array<int, array{row: array{}, start: \DateTimeImmutable}> By id.
	 */
	public function between( \DateTimeImmutable $from, \DateTimeImmutable $to ): array {
		$found = array();
		foreach ( $this->reader->select(
			"SELECT * FROM `{$this->reader->table( 'appointments' )}` WHERE status = 1 AND ({$this->where( $from, $to )})"
			. ' ORDER BY appointment_start_date, appointment_start_time, id LIMIT ' . self::MOST
		) as $row ) {
			$start = Appointments::startsAt( $row );
			if ( null !== $start && $start > $from && $start <= $to ) {
				$found[ (int) $row['id'] ] = array(
					'row'   => $row,
					'start' => $start,
				);
			}
		}
		return $found;
	}

	/** What may begin then. Rows tell their own time zone, so the days around are looked at where UTC is not known. */
	private function where( \DateTimeImmutable $from, \DateTimeImmutable $to ): string {
		$day  = new \DateInterval( self::DAY );
		$days = "appointment_start_date BETWEEN '{$from->sub( $day )->format( 'Y-m-d' )}'"
			. " AND '{$to->add( $day )->format( 'Y-m-d' )}'";
		if ( $this->hasUtc() ) {
			$utc = new \DateTimeZone( 'UTC' );
			return "(appointment_start_utc BETWEEN '{$from->setTimezone( $utc )->format( self::SQL )}'"
				. " AND '{$to->setTimezone( $utc )->format( self::SQL )}')"
				. " OR (appointment_start_utc IS NULL AND $days)";
		}
		$local = wp_timezone();
		return "$days AND TIMESTAMP(appointment_start_date, appointment_start_time)"
			. " BETWEEN '{$from->setTimezone( $local )->format( self::SQL )}'"
			. " AND '{$to->setTimezone( $local )->format( self::SQL )}'";
	}

	private function hasUtc(): bool {
		return $this->hasUtc ??= array() !== $this->reader->select(
			"SHOW COLUMNS FROM `{$this->reader->table( 'appointments' )}` LIKE 'appointment_start_utc'"
		);
	}
}
