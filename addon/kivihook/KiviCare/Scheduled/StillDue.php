<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\KiviCare\Appointments;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseError;

/**
 * Whether what a reminder tells of is still so, right before each try: between two of them an appointment may be
 * cancelled, moved or deleted, by whichever way, and a patient must not be reminded of it then. On our own connection,
 * because a worker's $wpdb may be a lost one.
 */
final class StillDue {

	public function __construct( private Connection $db, private string $table ) {
	}

	/**
	 * Those that are not: the appointment is no longer booked, or not at the time at which the reminder ends.
	 *
	 * @param array<int, array{type: string, record_id: ?int, ends: string}> $events By sequence.
	 * @return int[] Sequences.
	 * @throws DatabaseError
	 */
	public function over( array $events ): array {
		$reminders = array_filter( $events, static fn ( array $event ): bool => Appointments::REMINDER === $event['type'] );
		$starts    = $this->starts( array_map( static fn ( array $event ): int => (int) $event['record_id'], array_values( $reminders ) ) );
		$over      = array();
		foreach ( $reminders as $sequence => $event ) {
			if ( ( $starts[ (int) $event['record_id'] ] ?? null ) !== $event['ends'] ) {
				$over[] = $sequence;
			}
		}
		return $over;
	}

	/**
	 * @param int[] $ids
	 * @return array<int, string> Booked appointment => its start, UTC.
	 * @throws DatabaseError
	 */
	private function starts( array $ids ): array {
		try {
			$rows = array() === $ids ? array() : $this->db->rows( "SELECT * FROM `{$this->table}` WHERE id IN (?)", array( $ids ) );
		} catch ( DatabaseError $error ) {
			if ( DatabaseError::NO_SUCH_TABLE !== $error->getCode() ) {
				throw $error;
			}
			$rows = array(); // KiviCare was removed, with all its appointments.
		}
		$utc    = new \DateTimeZone( 'UTC' );
		$starts = array();
		foreach ( $rows as $row ) {
			$start = Appointments::isBooked( array( 'row' => $row ) ) ? Appointments::startsAt( $row ) : null;
			if ( null !== $start ) {
				$starts[ (int) $row['id'] ] = $start->setTimezone( $utc )->format( 'Y-m-d H:i:s' );
			}
		}
		return $starts;
	}
}
