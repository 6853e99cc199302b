<?php

declare(strict_types=1);

/** Reports: counts only, nothing of a patient. Variables: name => type, label, data class, sample (made up). */
return static function (): array {
	$number = static fn ( string $label, int $sample ): array => array( 'integer', $label, 'operational', $sample );
	return array(
		'label'     => __( 'Report', 'kivihook' ),
		'variables' => array(
			'report_date' => array( 'string', __( 'Day that is told of', 'kivihook' ), 'operational', '2031-05-14' ),
			'report_timezone' => array( 'string', __( 'Time zone of the day', 'kivihook' ), 'operational', 'Europe/Berlin' ),
			'appointments_total' => $number( __( 'Appointments of the day', 'kivihook' ), 24 ),
			'appointments_booked' => $number( __( 'of these booked, and nobody came yet', 'kivihook' ), 2 ),
			'appointments_cancelled' => $number( __( 'of these cancelled', 'kivihook' ), 3 ),
			'appointments_pending' => $number( __( 'of these waiting for payment', 'kivihook' ), 1 ),
			'appointments_checked_in' => $number( __( 'of these checked in', 'kivihook' ), 0 ),
			'appointments_checked_out' => $number( __( 'of these checked out', 'kivihook' ), 18 ),
			'appointments_created' => $number( __( 'Appointments made on the day', 'kivihook' ), 11 ),
			'patients_registered' => $number( __( 'Patients registered on the day', 'kivihook' ), 4 ),
			'encounters_total' => $number( __( 'Encounters of the day', 'kivihook' ), 19 ),
			'encounters_open' => $number( __( 'of these still open', 'kivihook' ), 1 ),
			'bills_generated' => $number( __( 'Bills made on the day', 'kivihook' ), 18 ),
			'bills_paid' => $number( __( 'of these paid by now', 'kivihook' ), 15 ),
			'clinics' => array(
				'list',
				__( 'Appointments of the day by clinic (clinic_id, clinic_name, and the counts above)', 'kivihook' ),
				'operational',
				array(
					array(
						'clinic_id'                => 1,
						'clinic_name'              => 'Example Clinic',
						'appointments_total'       => 24,
						'appointments_cancelled'   => 3,
						'appointments_booked'      => 2,
						'appointments_pending'     => 1,
						'appointments_checked_out' => 18,
						'appointments_checked_in'  => 0,
					),
				),
			),
		),
		'events'    => array(
			'report.daily' => array(
				'label'       => __( 'Daily report', 'kivihook' ),
				'description' => __(
					'Once a day, in the morning: how many appointments, patients, encounters and bills the day before had.',
					'kivihook'
				),
				'samples'     => array( 'detected_by' => 'schedule' ),
			),
		),
	);
};
