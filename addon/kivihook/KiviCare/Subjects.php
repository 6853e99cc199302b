<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/** All kinds of records, in the order in which they are told: what belongs to something before that. */
final class Subjects {

	/** @return array<string, Subject> By the names that Sources uses. */
	public static function all( Records $records, Orders $orders ): array {
		$appointments = new Appointments( $records );
		return array(
			'appointment'     => $appointments,
			'refund'          => new Refunds( $orders, $appointments ),
			'patient'         => new Patients( $records ),
			'medical_history' => new MedicalHistories( $records ),
			'prescription'    => new Prescriptions( $records ),
			'bill'            => new Bills( $records ),
			'encounter'       => new Encounters( $records ),
			'service'         => new Services( $records ),
			'doctor'          => new Doctors( $records ),
			'receptionist'    => new Receptionists( $records ),
			'clinic'          => new Clinics( $records ),
		);
	}
}
