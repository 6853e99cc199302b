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
	public const PAYMENT   = 'payment';   // What changes is a payment's doing, whichever way it went.
	public const REFUND    = 'refund';    // What changes is a refund's doing.
	public const DELETED   = 'deleted';   // Brings ids that belong to the record, if the hook's object has them.
	public const OBSERVED  = 'observed';  // Something may have changed.
	public const CAUSE     = 'cause';     // Brings the subject with which this one goes.

	// Moments: when a source is believed.
	public const INSIDE = 'inside'; // At the hook, which comes after the write, if it is within a transaction.
	public const END    = 'end';    // When the route, the ajax answer or the request ends.

	public const SUBJECTS = array(
		'appointment'     => Appointments::ALL,
		'refund'          => Refunds::ALL,
		'patient'         => Patients::ALL,
		'encounter'       => Encounters::ALL,
		'bill'            => Bills::ALL,
		'prescription'    => Prescriptions::ALL,
		'medical_history' => MedicalHistories::ALL,
		'service'         => Services::ALL,
		'doctor'          => Doctors::ALL,
		'receptionist'    => Receptionists::ALL,
		'clinic'          => Clinics::ALL,
	);

	/** What goes with others, in the order in which it is told: children first. */
	public const CASCADES = array(
		'medical_history',
		'prescription',
		'bill',
		'encounter',
		'appointment',
		'service',
	);

	/** Where what KiviCare makes silently is found: subject => the table it inserts into. */
	public const INSERTS = array(
		'encounter'       => Encounters::TABLE,
		'bill'            => Bills::TABLE,
		'prescription'    => Prescriptions::TABLE,
		'medical_history' => MedicalHistories::TABLE,
		'service'         => Services::TABLE,
		'clinic'          => 'clinics',
	);

	/** The subjects that are WordPress' users, and KiviCare's role of theirs. */
	public const ROLES = array(
		'patient'      => Patients::ROLE,
		'doctor'       => Doctors::ROLE,
		'receptionist' => Receptionists::ROLE,
	);

	/**
	 * Hook => subject, hint, moment, and the events that it can mean. Further: `status` (the argument whose object may
	 * still have the old status), `links` (the argument whose object has the ids of others), `edit` (the argument with
	 * the changed fields: only a status among them is no edit), `capture` (read the record now, it is about to go),
	 * `role` (the argument that has to be the subject's role), `record` (the argument with the record, if that is not the
	 * first), `payment` (the argument with what a gateway says of a payment). What follows a hook's name after a space only tells apart
	 * the subjects that one hook may mean.
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
		'kc_appointment_payment_completed'  => array(
			'appointment',
			self::PAID,
			self::INSIDE,
			self::STATUS_EVENTS,
			'payment' => 1,
		),
		'kc_appointment_payment_cancelled'  => array( 'appointment', self::PAYMENT, self::END, self::STATUS_EVENTS ),
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

		// WooCommerce: of the order and the refund, the refund is the record.
		'woocommerce_order_refunded'        => array(
			'refund',
			self::CREATED,
			self::END,
			Refunds::ALL,
			'record' => 1,
		),

		// Encounters and bills, KiviCare 3 and 4. What both make silently is found by their inserts and routes.
		'kc_encounter_save'                 => array( 'encounter', self::CREATED, self::END, Encounters::ALL ),
		'kc_encounter_update'               => array( 'encounter', self::EDITED, self::END, Encounters::ALL ),
		'kc_before_delete_encounter'        => array(
			'encounter',
			self::DELETED,
			self::END,
			array( Encounters::REMOVED ),
			'capture' => true,
		),
		'kc_encounter_delete'               => array(
			'encounter',
			self::DELETED,
			self::END,
			array( Encounters::REMOVED ),
			'capture' => true,
		),
		'kivicare_after_update_bill'        => array( 'bill', self::EDITED, self::END, Bills::ALL ),
		'kc_encounter_bill_status_update'   => array( 'bill', self::EDITED, self::END, Bills::ALL ),
		'kc_encounter_bill_delete'          => array(
			'bill',
			self::DELETED,
			self::END,
			array( Bills::REMOVED ),
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

		// Doctors and receptionists, by KiviCare's hooks and WordPress'. KiviCare 4 makes a doctor in a transaction.
		'kc_doctor_save' => array( 'doctor', self::CREATED, self::INSIDE, self::DOCTOR_EVENTS ),
		'kc_doctor_update' => array( 'doctor', self::EDITED, self::END, self::DOCTOR_EVENTS ),
		'kc_receptionist_save' => array( 'receptionist', self::CREATED, self::END, self::RECEPTIONIST_EVENTS ),
		'kc_receptionist_update' => array( 'receptionist', self::EDITED, self::END, self::RECEPTIONIST_EVENTS ),
		'kc_doctor_delete' => array(
			'doctor',
			self::DELETED,
			self::END,
			array( Doctors::REMOVED ),
			'capture' => true,
		),
		'kc_receptionist_delete' => array(
			'receptionist',
			self::DELETED,
			self::END,
			array( Receptionists::REMOVED ),
			'capture' => true,
		),
		'kivicare_after_user_register doctor' => array( 'doctor', self::CREATED, self::END, self::DOCTOR_ADDED ),
		'user_register doctor' => array( 'doctor', self::CREATED, self::END, self::DOCTOR_ADDED ),
		'set_user_role doctor' => array( 'doctor', self::CREATED, self::END, self::DOCTOR_ADDED, 'role' => 1 ),
		'profile_update doctor' => array( 'doctor', self::OBSERVED, self::END, self::DOCTOR_EVENTS ),
		'delete_user doctor' => array(
			'doctor',
			self::DELETED,
			self::END,
			array( Doctors::REMOVED ),
			'capture' => true,
		),
		'wpmu_delete_user doctor' => array(
			'doctor',
			self::DELETED,
			self::END,
			array( Doctors::REMOVED ),
			'capture' => true,
		),
		'kivicare_after_user_register receptionist' => array( 'receptionist', self::CREATED, self::END, self::RECEPTIONIST_ADDED ),
		'user_register receptionist' => array( 'receptionist', self::CREATED, self::END, self::RECEPTIONIST_ADDED ),
		'set_user_role receptionist' => array( 'receptionist', self::CREATED, self::END, self::RECEPTIONIST_ADDED, 'role' => 1 ),
		'profile_update receptionist' => array( 'receptionist', self::OBSERVED, self::END, self::RECEPTIONIST_EVENTS ),
		'delete_user receptionist' => array(
			'receptionist',
			self::DELETED,
			self::END,
			array( Receptionists::REMOVED ),
			'capture' => true,
		),
		'wpmu_delete_user receptionist' => array(
			'receptionist',
			self::DELETED,
			self::END,
			array( Receptionists::REMOVED ),
			'capture' => true,
		),

		// Clinics: KiviCare 4 tells of a deletion when it is done, 3 before.
		'kcpro_clinic_save' => array( 'clinic', self::CREATED, self::END, self::CLINIC_EVENTS ),
		'kcpro_clinic_update' => array( 'clinic', self::EDITED, self::END, self::CLINIC_EVENTS ),
		'kc_clinic_delete' => array( 'clinic', self::DELETED, self::END, array( Clinics::DELETED ) ),
		'kcpro_clinic_delete' => array(
			'clinic',
			self::DELETED,
			self::END,
			array( Clinics::DELETED ),
			'capture' => true,
		),

		// Services: kc_service_add and kc_service_update bring a mapping's number in one version or place, a service's
		// in another. So rows tell, and what was inserted. A deletion always brings the mapping's.
		'kc_service_delete' => array( 'service', self::DELETED, self::END, array( Services::DELETED ) ),
	);

	/**
	 * KiviCare 4's routes whose records are read before they run: methods, route below kivicare/v1, subject, parameter
	 * with the ids ('' : none, only what is new afterwards is to be known). Further: `via` (table and columns through
	 * which the ids lead to the subject, or several such steps), `when` (a parameter and its value), `gone` (the records
	 * are about to go: read them whole), `by` (and what they go with), `hint`.
	 */
	public const ROUTES = array(
		array( 'POST', 'appointments', 'appointment', '' ),
		array( 'PUT|PATCH|POST', 'appointments/\d+', 'appointment', 'id' ),
		array( 'PUT|PATCH|POST', 'appointments/\d+/status', 'appointment', 'id' ),
		array( 'DELETE', 'appointments/\d+', 'appointment', 'id', 'gone' => true ),
		array( 'POST', 'appointments/bulk/delete', 'appointment', 'ids', 'gone' => true ),
		array(
			'GET|POST',
			'appointments/payment-(success|cancel|verify)',
			'appointment',
			'appointment_id',
			'hint' => self::PAYMENT,
		),
		array( 'POST|PUT|PATCH', 'bills(/\d+)?', 'appointment', 'patientEncounter.appointmentId' ),
		array(
			'DELETE',
			'encounters/\d+',
			'appointment',
			'id',
			'via' => self::ENCOUNTERS,
			'gone' => true,
			'by' => 'encounter',
		),
		array(
			'POST',
			'encounters/bulk/delete',
			'appointment',
			'ids',
			'via' => self::ENCOUNTERS,
			'gone' => true,
			'by' => 'encounter',
		),
		array(
			'DELETE',
			'patients/\d+',
			'appointment',
			'id',
			'via' => self::OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),
		array(
			'DELETE',
			'doctors/\d+',
			'appointment',
			'id',
			'via' => self::OF_DOCTOR,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'POST',
			'doctors/bulk/delete',
			'appointment',
			'ids',
			'via' => self::OF_DOCTOR,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'DELETE',
			'clinics/\d+',
			'appointment',
			'id',
			'via' => self::OF_CLINIC,
			'gone' => true,
			'by' => 'clinic',
		),
		array(
			'POST',
			'clinics/bulk/delete',
			'appointment',
			'ids',
			'via' => self::OF_CLINIC,
			'gone' => true,
			'by' => 'clinic',
		),
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

		// Encounters: made by hand, at check-in; closed by their bills.
		array( 'POST', '(encounters|appointments)', 'encounter', '' ),
		array( 'PUT|PATCH|POST', 'appointments/\d+(/status)?', 'encounter', '' ),
		array(
			'PUT|PATCH|POST',
			'appointments/\d+(/status)?',
			'encounter',
			'id',
			'via' => self::VISIT_OF_APPOINTMENT,
		),
		array( 'PUT|PATCH|POST', 'encounters/\d+', 'encounter', 'id' ),
		array( 'PUT|PATCH|POST', 'encounters/bulk/status', 'encounter', 'ids' ),
		array( 'POST|PUT|PATCH', 'bills(/\d+)?', 'encounter', 'patientEncounter.id' ),
		array(
			'POST|PUT',
			'setting/custom-field/save-data',
			'encounter',
			'module_id',
			'when' => array( 'module_type', 'encounter_module' ),
		),
		array( 'DELETE', 'encounters/\d+', 'encounter', 'id', 'gone' => true ),
		array( 'POST', 'encounters/bulk/delete', 'encounter', 'ids', 'gone' => true ),
		array(
			'DELETE',
			'appointments/\d+',
			'encounter',
			'id',
			'via' => self::VISIT_OF_APPOINTMENT,
			'gone' => true,
			'by' => 'appointment',
		),
		array(
			'POST',
			'appointments/bulk/delete',
			'encounter',
			'ids',
			'via' => self::VISIT_OF_APPOINTMENT,
			'gone' => true,
			'by' => 'appointment',
		),
		array(
			'DELETE',
			'patients/\d+',
			'encounter',
			'id',
			'via' => self::VISIT_OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),
		array(
			'POST',
			'patients/bulk/delete',
			'encounter',
			'ids',
			'via' => self::VISIT_OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),
		array(
			'DELETE',
			'doctors/\d+',
			'encounter',
			'id',
			'via' => self::VISIT_OF_DOCTOR,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'POST',
			'doctors/bulk/delete',
			'encounter',
			'ids',
			'via' => self::VISIT_OF_DOCTOR,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'DELETE',
			'clinics/\d+',
			'encounter',
			'id',
			'via' => self::VISIT_OF_CLINIC,
			'gone' => true,
			'by' => 'clinic',
		),
		array(
			'POST',
			'clinics/bulk/delete',
			'encounter',
			'ids',
			'via' => self::VISIT_OF_CLINIC,
			'gone' => true,
			'by' => 'clinic',
		),

		// Bills: by hand, at check-in.
		array( 'POST', '(bills|appointments)', 'bill', '' ),
		array( 'PUT|PATCH|POST', 'appointments/\d+(/status)?', 'bill', '' ),
		array( 'PUT|PATCH|POST', 'appointments/\d+(/status)?', 'bill', 'id', 'via' => self::BILL_OF_APPOINTMENT ),
		array( 'PUT|PATCH|POST', 'bills/\d+', 'bill', 'id' ),
		array(
			'DELETE',
			'encounters/\d+',
			'bill',
			'id',
			'via' => self::BILL_OF_VISIT,
			'gone' => true,
			'by' => 'encounter',
		),
		array(
			'POST',
			'encounters/bulk/delete',
			'bill',
			'ids',
			'via' => self::BILL_OF_VISIT,
			'gone' => true,
			'by' => 'encounter',
		),
		array(
			'DELETE',
			'appointments/\d+',
			'bill',
			'id',
			'via' => self::BILL_OF_APPOINTMENT,
			'gone' => true,
			'by' => 'appointment',
		),
		array(
			'POST',
			'appointments/bulk/delete',
			'bill',
			'ids',
			'via' => self::BILL_OF_APPOINTMENT,
			'gone' => true,
			'by' => 'appointment',
		),
		array(
			'DELETE',
			'patients/\d+',
			'bill',
			'id',
			'via' => self::BILL_OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),
		array(
			'POST',
			'patients/bulk/delete',
			'bill',
			'ids',
			'via' => self::BILL_OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),
		array(
			'DELETE',
			'doctors/\d+',
			'bill',
			'id',
			'via' => self::BILL_OF_DOCTOR,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'POST',
			'doctors/bulk/delete',
			'bill',
			'ids',
			'via' => self::BILL_OF_DOCTOR,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'DELETE',
			'doctors/\d+',
			'bill',
			'id',
			'via' => self::BILL_OF_DOCTORS_APPOINTMENT,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'POST',
			'doctors/bulk/delete',
			'bill',
			'ids',
			'via' => self::BILL_OF_DOCTORS_APPOINTMENT,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'DELETE',
			'clinics/\d+',
			'bill',
			'id',
			'via' => self::BILL_OF_CLINIC,
			'gone' => true,
			'by' => 'clinic',
		),
		array(
			'POST',
			'clinics/bulk/delete',
			'bill',
			'ids',
			'via' => self::BILL_OF_CLINIC,
			'gone' => true,
			'by' => 'clinic',
		),

		// Prescriptions and histories have no hooks at all.
		array( 'POST', 'prescriptions', 'prescription', '' ),
		array( 'PUT|PATCH|POST', 'prescriptions/\d+', 'prescription', 'id' ),
		array( 'DELETE', 'prescriptions/\d+', 'prescription', 'id', 'gone' => true ),
		array( 'POST', 'medical-history', 'medical_history', '' ),
		array( 'PUT|PATCH|POST', 'medical-history/\d+', 'medical_history', 'id' ),
		array( 'DELETE', 'medical-history/\d+', 'medical_history', 'id', 'gone' => true ),
		array(
			'DELETE',
			'encounters/\d+',
			'medical_history',
			'id',
			'via' => self::HISTORY_OF_VISIT,
			'gone' => true,
			'by' => 'encounter',
		),
		array(
			'POST',
			'encounters/bulk/delete',
			'medical_history',
			'ids',
			'via' => self::HISTORY_OF_VISIT,
			'gone' => true,
			'by' => 'encounter',
		),
		array(
			'DELETE',
			'patients/\d+',
			'medical_history',
			'id',
			'via' => self::HISTORY_OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),
		array(
			'POST',
			'patients/bulk/delete',
			'medical_history',
			'ids',
			'via' => self::HISTORY_OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),

		// Doctors, receptionists, clinics, services.
		array( 'PUT|PATCH|POST', 'doctors/\d+(/status)?', 'doctor', 'id' ),
		array( 'PUT|PATCH|POST', 'doctors/bulk/status', 'doctor', 'ids' ),
		array( 'DELETE', 'doctors/\d+', 'doctor', 'id', 'gone' => true ),
		array( 'POST', 'doctors/bulk/delete', 'doctor', 'ids', 'gone' => true ),
		array(
			'POST|PUT',
			'setting/custom-field/save-data',
			'doctor',
			'module_id',
			'when' => array( 'module_type', 'doctor_module' ),
		),
		array( 'PUT|PATCH|POST', 'receptionists/\d+(/status)?', 'receptionist', 'id' ),
		array( 'PUT|PATCH|POST', 'receptionists/bulk/status', 'receptionist', 'ids' ),
		array( 'DELETE', 'receptionists/\d+', 'receptionist', 'id', 'gone' => true ),
		array( 'POST', 'receptionists/bulk[/-]delete', 'receptionist', 'ids', 'gone' => true ),
		array( 'POST', '(clinics|setup-wizard/clinic)', 'clinic', '' ),
		array( 'PUT|PATCH|POST', 'clinics/\d+(/status|/change-admin)?', 'clinic', 'id' ),
		array( 'PUT|PATCH|POST', 'clinics/bulk/status', 'clinic', 'ids' ),
		array( 'DELETE', 'clinics/\d+', 'clinic', 'id', 'gone' => true ),
		array( 'POST', 'clinics/bulk/delete', 'clinic', 'ids', 'gone' => true ),
		array( 'POST', '(doctor-services|setup-wizard/clinic)', 'service', '' ),
		array( 'POST|PUT|PATCH', 'bills(/\d+)?', 'service', '' ),
		array( 'PUT|PATCH|POST', 'doctor-services/\d+', 'service', 'id' ),
		array( 'PUT|PATCH|POST', 'doctor-services/bulk/status', 'service', 'ids' ),
		array( 'DELETE', 'doctor-services/\d+', 'service', 'id', 'gone' => true ),
		array( 'POST', 'doctor-services/bulk/delete', 'service', 'ids', 'gone' => true ),
		array(
			'DELETE',
			'doctors/\d+',
			'service',
			'id',
			'via' => self::SERVICES,
			'gone' => true,
			'by' => 'doctor',
		),
		array(
			'POST',
			'doctors/bulk/delete',
			'service',
			'ids',
			'via' => self::SERVICES,
			'gone' => true,
			'by' => 'doctor',
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

		// Encounters.
		array( 'patient_encounter_save', 'encounter', '' ),
		array( 'appointment_save', 'encounter', '' ),
		array( 'save_appointment', 'encounter', '' ),
		array( 'appointment_update_status', 'encounter', '' ),
		array( 'custom_form_data_save', 'encounter', '' ),
		array( 'patient_encounter_save', 'encounter', 'id' ),
		array( 'patient_encounter_update_status', 'encounter', 'id' ),
		array( 'save_custom_patient_encounter_field', 'encounter', 'id' ),
		array( 'appointment_save', 'encounter', 'id', 'via' => self::VISIT_OF_APPOINTMENT ),
		array( 'appointment_update_status', 'encounter', 'appointment_id', 'via' => self::VISIT_OF_APPOINTMENT ),
		array( 'patient_bill_save', 'encounter', 'encounter_id' ),
		array( 'patient_encounter_delete', 'encounter', 'id', 'gone' => true ),
		array(
			'module_wise_multiple_data_update',
			'encounter',
			'data.selectedRows.*.id',
			'gone' => true,
			'when' => array( 'module', 'patient_encounter_list' ),
		),
		array(
			'appointment_delete',
			'encounter',
			'id',
			'via' => self::VISIT_OF_APPOINTMENT,
			'gone' => true,
			'by' => 'appointment',
		),
		array(
			'appointment_multiple_delete',
			'encounter',
			'id',
			'via' => self::VISIT_OF_APPOINTMENT,
			'gone' => true,
			'by' => 'appointment',
		),
		array(
			'patient_delete',
			'encounter',
			'id',
			'via' => self::VISIT_OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),
		array(
			'module_wise_multiple_data_update',
			'encounter',
			'data.selectedRows.*.ID',
			'gone' => true,
			'when' => array( 'module', 'patient' ),
			'via' => self::VISIT_OF_PATIENT,
			'by' => 'patient',
		),
		array( 'doctor_delete', 'encounter', 'id', 'via' => self::VISIT_OF_DOCTOR, 'gone' => true, 'by' => 'doctor' ),
		array(
			'module_wise_multiple_data_update',
			'encounter',
			'data.selectedRows.*.ID',
			'gone' => true,
			'when' => array( 'module', 'doctors' ),
			'via' => self::VISIT_OF_DOCTOR,
			'by' => 'doctor',
		),
		array( 'clinic_delete', 'encounter', 'id', 'via' => self::VISIT_OF_CLINIC, 'gone' => true, 'by' => 'clinic' ),
		array(
			'module_wise_multiple_data_update',
			'encounter',
			'data.selectedRows.*.id',
			'gone' => true,
			'when' => array( 'module', 'clinics' ),
			'via' => self::VISIT_OF_CLINIC,
			'by' => 'clinic',
		),

		// Bills: paid by check-out, unpaid by cancellation, without a hook.
		array( 'patient_bill_save', 'bill', '' ),
		array( 'appointment_save', 'bill', '' ),
		array( 'save_appointment', 'bill', '' ),
		array( 'appointment_update_status', 'bill', '' ),
		array( 'patient_bill_save', 'bill', 'id', 'hint' => self::EDITED ),
		array( 'patient_bill_update_status', 'bill', 'id' ),
		array( 'patient_bill_item_delete', 'bill', 'bill_item_id', 'via' => self::BILL_OF_ITEM ),
		array( 'patient_encounter_update_status', 'bill', 'id', 'via' => self::BILL_OF_VISIT ),
		array( 'appointment_update_status', 'bill', 'appointment_id', 'via' => self::BILL_OF_APPOINTMENTS_VISIT ),
		array( 'patient_bill_delete', 'bill', 'id', 'gone' => true ),
		array(
			'patient_encounter_delete',
			'bill',
			'id',
			'via' => self::BILL_OF_VISIT,
			'gone' => true,
			'by' => 'encounter',
		),
		array(
			'module_wise_multiple_data_update',
			'bill',
			'data.selectedRows.*.id',
			'gone' => true,
			'when' => array( 'module', 'patient_encounter_list' ),
			'via' => self::BILL_OF_VISIT,
			'by' => 'encounter',
		),
		array(
			'appointment_delete',
			'bill',
			'id',
			'via' => self::BILL_OF_APPOINTMENTS_VISIT,
			'gone' => true,
			'by' => 'appointment',
		),
		array(
			'appointment_multiple_delete',
			'bill',
			'id',
			'via' => self::BILL_OF_APPOINTMENTS_VISIT,
			'gone' => true,
			'by' => 'appointment',
		),
		array( 'patient_delete', 'bill', 'id', 'via' => self::BILL_OF_PATIENT, 'gone' => true, 'by' => 'patient' ),
		array(
			'module_wise_multiple_data_update',
			'bill',
			'data.selectedRows.*.ID',
			'gone' => true,
			'when' => array( 'module', 'patient' ),
			'via' => self::BILL_OF_PATIENT,
			'by' => 'patient',
		),
		array( 'doctor_delete', 'bill', 'id', 'via' => self::BILL_OF_DOCTOR, 'gone' => true, 'by' => 'doctor' ),
		array(
			'module_wise_multiple_data_update',
			'bill',
			'data.selectedRows.*.ID',
			'gone' => true,
			'when' => array( 'module', 'doctors' ),
			'via' => self::BILL_OF_DOCTOR,
			'by' => 'doctor',
		),
		array( 'clinic_delete', 'bill', 'id', 'via' => self::BILL_OF_CLINIC, 'gone' => true, 'by' => 'clinic' ),
		array(
			'module_wise_multiple_data_update',
			'bill',
			'data.selectedRows.*.id',
			'gone' => true,
			'when' => array( 'module', 'clinics' ),
			'via' => self::BILL_OF_CLINIC,
			'by' => 'clinic',
		),

		// Prescriptions and histories.
		array( 'prescription_save', 'prescription', '' ),
		array( 'prescription_save', 'prescription', 'id' ),
		array( 'insert_template_to_encounter', 'prescription', '' ),
		array( 'insert_template_to_encounter', 'medical_history', '' ),
		array( 'prescription_delete', 'prescription', 'id', 'gone' => true ),
		array( 'medical_history_save', 'medical_history', '' ),
		array( 'medical_history_save', 'medical_history', 'id' ),
		array( 'medical_history_delete', 'medical_history', 'id', 'gone' => true ),
		array(
			'patient_delete',
			'medical_history',
			'id',
			'via' => self::HISTORY_OF_PATIENT,
			'gone' => true,
			'by' => 'patient',
		),
		array(
			'module_wise_multiple_data_update',
			'medical_history',
			'data.selectedRows.*.ID',
			'gone' => true,
			'when' => array( 'module', 'patient' ),
			'via' => self::HISTORY_OF_PATIENT,
			'by' => 'patient',
		),

		// Doctors, receptionists, clinics, services.
		array( 'doctor_save', 'doctor', 'ID' ),
		array( 'doctor_delete', 'doctor', 'id', 'gone' => true ),
		array( 'doctor_delete', 'service', 'id', 'via' => self::SERVICES, 'gone' => true, 'by' => 'doctor' ),
		array( 'doctor_change_email', 'doctor', 'id' ),
		array( 'change_module_value_status', 'doctor', 'id', 'when' => array( 'module_type', 'doctors' ) ),
		array(
			'module_wise_multiple_data_update',
			'doctor',
			'data.selectedRows.*.ID',
			'when' => array( 'module', 'doctors' ),
		),
		array( 'verify_user', 'doctor', 'data.ID' ),
		array( 'custom_form_data_save', 'doctor', '' ),
		array( 'receptionist_save', 'receptionist', 'ID' ),
		array( 'receptionist_delete', 'receptionist', 'id', 'gone' => true ),
		array( 'change_module_value_status', 'receptionist', 'id', 'when' => array( 'module_type', 'receptionists' ) ),
		array(
			'module_wise_multiple_data_update',
			'receptionist',
			'data.selectedRows.*.ID',
			'when' => array( 'module', 'receptionists' ),
		),
		array( 'verify_user', 'receptionist', 'data.ID' ),
		array( 'clinic_save', 'clinic', 'id' ),
		array( 'clinic_delete', 'clinic', 'id', 'gone' => true ),
		array( 'change_module_value_status', 'clinic', 'id', 'when' => array( 'module_type', 'clinics' ) ),
		array(
			'module_wise_multiple_data_update',
			'clinic',
			'data.selectedRows.*.id',
			'when' => array( 'module', 'clinics' ),
		),
		array( 'service_save', 'service', '' ),
		array( 'patient_bill_save', 'service', '' ),
		array( 'service_save', 'service', 'id' ),
		array( 'service_delete', 'service', 'id', 'gone' => true ),
		array( 'change_module_value_status', 'service', 'id', 'when' => array( 'module_type', 'doctor_service' ) ),
		array(
			'module_wise_multiple_data_update',
			'service',
			'data.selectedRows.*.id',
			'when' => array( 'module', 'doctor_service' ),
		),
		array(
			'module_wise_multiple_data_update',
			'service',
			'data.selectedRows.*.id',
			'when' => array( 'module', 'doctor_service' ),
			'gone' => true,
		),
	);

	private const STATUS_EVENTS = array(
		Appointments::BOOKED,
		Appointments::STATUS_CHANGED,
		Appointments::CANCELLED,
		Appointments::CHECKED_IN,
		Appointments::CHECKED_OUT,
		Appointments::PAID,
		Appointments::UNPAID,
	);

	private const NEW_PATIENT = array( Patients::REGISTERED );

	private const PATIENT_EVENTS = array( Patients::REGISTERED, Patients::UPDATED, Patients::STATUS );

	private const DOCTOR_ADDED  = array( Doctors::ADDED );
	private const DOCTOR_EVENTS = array( Doctors::ADDED, Doctors::UPDATED, Doctors::STATUS );

	private const RECEPTIONIST_ADDED  = array( Receptionists::ADDED );
	private const RECEPTIONIST_EVENTS = array( Receptionists::ADDED, Receptionists::UPDATED, Receptionists::STATUS );

	private const CLINIC_EVENTS = array( Clinics::ADDED, Clinics::UPDATED );

	private const SERVICES   = array( Services::TABLE, 'id', 'doctor_id' );
	private const ENCOUNTERS = array( 'patient_encounters', 'appointment_id', 'id' );
	private const OF_PATIENT = array( 'appointments', 'id', 'patient_id' );
	private const OF_DOCTOR  = array( 'appointments', 'id', 'doctor_id' );
	private const OF_CLINIC  = array( 'appointments', 'id', 'clinic_id' );

	private const VISIT_OF_APPOINTMENT = array( 'patient_encounters', 'id', 'appointment_id' );
	private const VISIT_OF_PATIENT     = array( 'patient_encounters', 'id', 'patient_id' );
	private const VISIT_OF_DOCTOR      = array( 'patient_encounters', 'id', 'doctor_id' );
	private const VISIT_OF_CLINIC      = array( 'patient_encounters', 'id', 'clinic_id' );

	private const BILL_OF_ITEM                = array( 'bill_items', 'bill_id', 'id' );
	private const BILL_OF_VISIT               = array( 'bills', 'id', 'encounter_id' );
	private const BILL_OF_APPOINTMENT         = array( 'bills', 'id', 'appointment_id' );
	private const BILL_OF_APPOINTMENTS_VISIT  = array( self::VISIT_OF_APPOINTMENT, self::BILL_OF_VISIT );
	private const BILL_OF_PATIENT             = array( self::VISIT_OF_PATIENT, self::BILL_OF_VISIT );
	private const BILL_OF_DOCTOR              = array( self::VISIT_OF_DOCTOR, self::BILL_OF_VISIT );
	private const BILL_OF_DOCTORS_APPOINTMENT = array( self::OF_DOCTOR, self::BILL_OF_APPOINTMENT );
	private const BILL_OF_CLINIC              = array( self::VISIT_OF_CLINIC, self::BILL_OF_VISIT );

	private const HISTORY_OF_VISIT   = array( 'medical_history', 'id', 'encounter_id' );
	private const HISTORY_OF_PATIENT = array( 'medical_history', 'id', 'patient_id' );

	/** The event of a record's end. */
	public static function departure( string $subject ): string {
		$removed = "$subject.removed";
		return in_array( $removed, self::SUBJECTS[ $subject ] ?? array(), true ) ? $removed : "$subject.deleted";
	}
}
