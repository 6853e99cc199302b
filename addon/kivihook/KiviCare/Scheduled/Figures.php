<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\KiviCare\Patients;
use KiviHook\WordPress\KiviCare\Reader;

/** How many of what a day had. Counts only: nobody can be recognised by them but a clinic. */
final class Figures {

	/** KiviCare's statuses of appointments. */
	private const STATUSES = array(
		0 => 'appointments_cancelled',
		1 => 'appointments_booked',
		2 => 'appointments_pending',
		3 => 'appointments_checked_out',
		4 => 'appointments_checked_in',
	);

	public function __construct( private Reader $reader, private \wpdb $wpdb ) {
	}

	/**
	 * Variables of the report. $day: midnight on the site's clock.
	 *
	 * @return array<string, mixed>
	 */
	public function of( \DateTimeImmutable $day ): array {
		$date    = $day->format( 'Y-m-d' );
		$next    = $day->modify( 'tomorrow' );
		$within  = "BETWEEN '$date 00:00:00' AND '$date 23:59:59'";
		$clinics = $this->byClinic( $date );
		$totals  = array_fill_keys( array_merge( array( 'appointments_total' ), self::STATUSES ), 0 );
		foreach ( $clinics as $clinic ) {
			foreach ( $totals as $name => $total ) {
				$totals[ $name ] = $total + $clinic[ $name ];
			}
		}
		return $totals + array(
			'appointments_created' => $this->count( 'appointments', "created_at $within" ),
			'patients_registered'  => $this->newPatients( $day, $next ),
			'encounters_total'     => $this->count( 'patient_encounters', "encounter_date = '$date'" ),
			'encounters_open'      => $this->count( 'patient_encounters', "encounter_date = '$date' AND status = 1" ),
			'bills_generated'      => $this->count( 'bills', "created_at $within" ),
			'bills_paid'           => $this->count( 'bills', "created_at $within AND payment_status = 'paid'" ),
			'clinics'              => array_values( $clinics ),
		);
	}

	/** @return array<int, array<string, int|string>> Clinic => its appointments of the day. */
	private function byClinic( string $date ): array {
		$clinics = array();
		foreach ( $this->reader->select(
			"SELECT a.clinic_id, c.name, a.status, COUNT(*) AS number FROM `{$this->reader->table( 'appointments' )}` a"
			. " LEFT JOIN `{$this->reader->table( 'clinics' )}` c ON c.id = a.clinic_id"
			. " WHERE a.appointment_start_date = '$date' GROUP BY a.clinic_id, c.name, a.status ORDER BY a.clinic_id"
		) as $row ) {
			$id             = (int) $row['clinic_id'];
			$clinics[ $id ] ??= array( 'clinic_id' => $id, 'clinic_name' => (string) $row['name'], 'appointments_total' => 0 )
				+ array_fill_keys( self::STATUSES, 0 );

			$clinics[ $id ]['appointments_total'] += (int) $row['number'];
			$status                                = self::STATUSES[ (int) $row['status'] ] ?? null;
			if ( null !== $status ) {
				$clinics[ $id ][ $status ] += (int) $row['number'];
			}
		}
		return $clinics;
	}

	private function newPatients( \DateTimeImmutable $from, \DateTimeImmutable $to ): int {
		$utc  = static fn ( \DateTimeImmutable $time ): string
			=> $time->setTimezone( new \DateTimeZone( 'UTC' ) )->format( 'Y-m-d H:i:s' );
		$join = Reader::joinRole( $this->wpdb, 'u', Patients::ROLE );
		return $this->number(
			"SELECT COUNT(*) AS number FROM `{$this->wpdb->users}` u $join"
			. " WHERE u.user_registered >= '{$utc( $from )}' AND u.user_registered < '{$utc( $to )}'"
		);
	}

	private function count( string $table, string $where ): int {
		return $this->number( "SELECT COUNT(*) AS number FROM `{$this->reader->table( $table )}` WHERE $where" );
	}

	private function number( string $sql ): int {
		return (int) ( $this->reader->select( $sql )[0]['number'] ?? 0 );
	}
}
