<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/** Through which table and columns the ids of a request lead to what goes or changes with them, see RouteSources::ALL. */
final class Paths {

	public const SERVICES   = array( Services::TABLE, 'id', 'doctor_id' );
	public const ENCOUNTERS = array( 'patient_encounters', 'appointment_id', 'id' );
	public const OF_PATIENT = array( 'appointments', 'id', 'patient_id' );
	public const OF_DOCTOR  = array( 'appointments', 'id', 'doctor_id' );
	public const OF_CLINIC  = array( 'appointments', 'id', 'clinic_id' );

	public const VISIT_OF_APPOINTMENT = array( 'patient_encounters', 'id', 'appointment_id' );
	public const VISIT_OF_PATIENT     = array( 'patient_encounters', 'id', 'patient_id' );
	public const VISIT_OF_DOCTOR      = array( 'patient_encounters', 'id', 'doctor_id' );
	public const VISIT_OF_CLINIC      = array( 'patient_encounters', 'id', 'clinic_id' );

	public const BILL_OF_ITEM                = array( 'bill_items', 'bill_id', 'id' );
	public const BILL_OF_VISIT               = array( 'bills', 'id', 'encounter_id' );
	public const BILL_OF_APPOINTMENT         = array( 'bills', 'id', 'appointment_id' );
	public const BILL_OF_APPOINTMENTS_VISIT  = array( self::VISIT_OF_APPOINTMENT, self::BILL_OF_VISIT );
	public const BILL_OF_PATIENT             = array( self::VISIT_OF_PATIENT, self::BILL_OF_VISIT );
	public const BILL_OF_DOCTOR              = array( self::VISIT_OF_DOCTOR, self::BILL_OF_VISIT );
	public const BILL_OF_DOCTORS_APPOINTMENT = array( self::OF_DOCTOR, self::BILL_OF_APPOINTMENT );
	public const BILL_OF_CLINIC              = array( self::VISIT_OF_CLINIC, self::BILL_OF_VISIT );

	public const HISTORY_OF_VISIT   = array( 'medical_history', 'id', 'encounter_id' );
	public const HISTORY_OF_PATIENT = array( 'medical_history', 'id', 'patient_id' );
}
