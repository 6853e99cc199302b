<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/**
 * Where KiviCare's events come from, versions 3 and 4 in one: what is not fired is not heard, so no version is asked
 * for. A hook only hints: some fire before their write, some repeat, many operations have none. Rows before and after
 * tell.
 */
final class Sources {

	// Hints: what a source lets one look for.
	public const CREATED   = 'created';
	public const BOOKING   = 'booking';   // Created, perhaps waiting for a payment.
	public const EDITED    = 'edited';
	public const STATUS    = 'status';    // Brings the status before, if the hook's object still has it.
	public const CANCELLED = 'cancelled';
	public const PAID      = 'paid';
	public const BY_HAND   = 'by_hand';   // By the front desk, whatever hooks for payments fire along.
	public const DELETED   = 'deleted';   // Brings ids that belong to the record, if the hook's object has them.
	public const OBSERVED  = 'observed';  // Something may have changed.

	// Moments: when a source is believed.
	public const INSIDE = 'inside'; // At the hook, which comes after the write, if it is within a transaction.
	public const END    = 'end';    // When the route, the ajax answer or the request ends.

	public const SUBJECTS = array(
		'appointment' => Appointments::ALL,
		'patient'     => Patients::ALL,
	);

	/**
	 * Hook => subject, hint, moment, and the events that it can mean. Further: `status` (the argument whose object may
	 * still have the old status), `links` (the argument whose object has the ids of others), `edit` (the argument with
	 * the changed fields: only a status among them is no edit), `capture` (read the record now, it is about to go),
	 * `role` (the argument that has to be the patients' role).
	 */
	public const HOOKS = array(
		// KiviCare 4.
		'kc_after_create_appointment'       => array( 'appointment', self::CREATED, self::INSIDE, Appointments::ALL ),
		'kc_appointment_updated'            => array(
			'appointment',
			self::EDITED,
			self::INSIDE,
			Appointments::ALL,
			'edit' => 1,
		),
		'kc_appointment_cancelled'          => array( 'appointment', self::CANCELLED, self::END, self::STATUS_EVENTS ),
		'kc_appointment_payment_completed'  => array( 'appointment', self::PAID, self::INSIDE, self::STATUS_EVENTS ),
		'kc_appointment_payment_cancelled'  => array( 'appointment', self::OBSERVED, self::END, self::STATUS_EVENTS ),
		'kc_appointment_deleted'            => array(
			'appointment',
			self::DELETED,
			self::END,
			array( Appointments::DELETED ),
			'links' => 1,
		),
		'kivicare_after_user_register'      => array( 'patient', self::CREATED, self::END, self::NEW_PATIENT ),

		// KiviCare 3 and 4.
		'kc_appointment_status_update'      => array(
			'appointment',
			self::STATUS,
			self::INSIDE,
			self::STATUS_EVENTS,
			'status' => 2,
		),
		'kc_patient_save'                   => array( 'patient', self::CREATED, self::END, self::PATIENT_EVENTS ),
		'kc_patient_update'                 => array( 'patient', self::EDITED, self::END, self::PATIENT_EVENTS ),
		'kc_patient_delete'                 => array(
			'patient',
			self::DELETED,
			self::END,
			array( Patients::DELETED ),
			'capture' => true,
		),

		// KiviCare 3.
		'kc_appointment_book'               => array( 'appointment', self::BOOKING, self::END, Appointments::ALL ),
		'kc_appointment_update'             => array( 'appointment', self::EDITED, self::END, Appointments::ALL ),
		'kc_appointment_cancel'             => array( 'appointment', self::CANCELLED, self::END, self::STATUS_EVENTS ),
		'kc_appointment_payment_complete'   => array( 'appointment', self::PAID, self::END, self::STATUS_EVENTS ),
		'kc_appointment_delete'             => array(
			'appointment',
			self::DELETED,
			self::END,
			array( Appointments::DELETED ),
			'capture' => true,
		),

		// WordPress: people come, change and go without a word of KiviCare's.
		'user_register'                     => array( 'patient', self::CREATED, self::END, self::NEW_PATIENT ),
		'set_user_role'                     => array(
			'patient',
			self::CREATED,
			self::END,
			array( Patients::REGISTERED ),
			'role' => 1,
		),
		'profile_update'                    => array( 'patient', self::OBSERVED, self::END, self::PATIENT_EVENTS ),
		'delete_user'                       => array(
			'patient',
			self::DELETED,
			self::END,
			array( Patients::DELETED ),
			'capture' => true,
		),
		'wpmu_delete_user'                  => array(
			'patient',
			self::DELETED,
			self::END,
			array( Patients::DELETED ),
			'capture' => true,
		),
	);

	/**
	 * KiviCare 4's routes whose records are read before they run: methods, route below kivicare/v1, subject, parameter
	 * with the ids ('' : none, only what is new afterwards is to be known). Further: `via` (table and columns through
	 * which the ids lead to the subject), `when` (a parameter and its value), `gone` (the records are about to go: read
	 * them whole), `hint`.
	 */
	public const ROUTES = array(
		array( 'POST', 'appointments', 'appointment', '' ),
		array( 'PUT|PATCH|POST', 'appointments/\d+', 'appointment', 'id' ),
		array( 'PUT|PATCH|POST', 'appointments/\d+/status', 'appointment', 'id' ),
		array( 'DELETE', 'appointments/\d+', 'appointment', 'id', 'gone' => true ),
		array( 'POST', 'appointments/bulk/delete', 'appointment', 'ids', 'gone' => true ),
		array( 'GET|POST', 'appointments/payment-(success|cancel|verify)', 'appointment', 'appointment_id' ),
		array( 'POST|PUT|PATCH', 'bills(/\d+)?', 'appointment', 'patientEncounter.appointmentId' ),
		array( 'DELETE', 'encounters/\d+', 'appointment', 'id', 'via' => self::ENCOUNTERS, 'gone' => true ),
		array( 'POST', 'encounters/bulk/delete', 'appointment', 'ids', 'via' => self::ENCOUNTERS, 'gone' => true ),
		array( 'DELETE', 'patients/\d+', 'appointment', 'id', 'via' => self::OF_PATIENT, 'gone' => true ),
		array( 'DELETE', 'doctors/\d+', 'appointment', 'id', 'via' => self::OF_DOCTOR, 'gone' => true ),
		array( 'POST', 'doctors/bulk/delete', 'appointment', 'ids', 'via' => self::OF_DOCTOR, 'gone' => true ),
		array( 'DELETE', 'clinics/\d+', 'appointment', 'id', 'via' => self::OF_CLINIC, 'gone' => true ),
		array( 'POST', 'clinics/bulk/delete', 'appointment', 'ids', 'via' => self::OF_CLINIC, 'gone' => true ),
		array(
			'POST|PUT',
			'setting/custom-field/save-data',
			'appointment',
			'module_id',
			'when' => array( 'module_type', 'appointment_module' ),
			'hint' => self::EDITED,
		),
		array( 'PUT|PATCH|POST', 'patients/\d+(/status)?', 'patient', 'id' ),
		array( 'PUT|PATCH|POST', 'patients/bulk/status', 'patient', 'ids' ),
		array( 'DELETE', 'patients/\d+', 'patient', 'id', 'gone' => true ),
		array( 'POST', 'patients/bulk/delete', 'patient', 'ids', 'gone' => true ),
		array(
			'POST|PUT',
			'setting/custom-field/save-data',
			'patient',
			'module_id',
			'when' => array( 'module_type', 'patient_module' ),
		),
	);

	/** KiviCare 3's ajax routes, by name; as above. */
	public const AJAX = array(
		array( 'appointment_save', 'appointment', '' ),
		array( 'appointment_save', 'appointment', 'id', 'hint' => self::EDITED ),
		array( 'save_appointment', 'appointment', '' ),
		array( 'appointment_update_status', 'appointment', 'appointment_id', 'hint' => self::BY_HAND ),
		array( 'appointment_delete', 'appointment', 'id', 'gone' => true ),
		array( 'appointment_multiple_delete', 'appointment', 'id', 'gone' => true ),
		array( 'patient_bill_save', 'appointment', 'patientEncounter.appointment_id' ),
		array( 'custom_form_data_save', 'appointment', '' ),
		array( 'custom_form_data_save', 'patient', '' ),
		array( 'patient_save', 'patient', 'ID' ),
		array( 'patient_delete', 'patient', 'id', 'gone' => true ),
		array( 'change_module_value_status', 'patient', 'id', 'when' => array( 'module_type', 'patients' ) ),
		array(
			'module_wise_multiple_data_update',
			'patient',
			'data.selectedRows.*.ID',
			'when' => array( 'module', 'patient' ),
		),
		array( 'verify_user', 'patient', 'data.ID' ),
	);

	private const STATUS_EVENTS = array( Appointments::BOOKED, Appointments::STATUS_CHANGED, Appointments::CANCELLED );

	private const NEW_PATIENT = array( Patients::REGISTERED );

	private const PATIENT_EVENTS = array( Patients::REGISTERED, Patients::UPDATED );

	private const ENCOUNTERS = array( 'patient_encounters', 'appointment_id', 'id' );
	private const OF_PATIENT = array( 'appointments', 'id', 'patient_id' );
	private const OF_DOCTOR  = array( 'appointments', 'id', 'doctor_id' );
	private const OF_CLINIC  = array( 'appointments', 'id', 'clinic_id' );
}
