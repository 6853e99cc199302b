<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/** What KiviCare's hooks, those of WordPress' users and of WooCommerce hint at. */
final class HookSources {

	/**
	 * Hook => subject, hint, moment, and the events that it can mean. Further: `status` (the argument whose object may
	 * still have the old status), `links` (the argument whose object has the ids of others), `edit` (the argument with
	 * the changed fields: only a status among them is no edit), `capture` (read the record now, it is about to go),
	 * `role` (the argument that has to be the subject's role), `record` (the argument with the record, if that is not the
	 * first), `payment` (the argument with what a gateway says of a payment). What follows a hook's name after a space only tells apart
	 * the subjects that one hook may mean.
	 */
	public const ALL = array(
		// KiviCare 4.
		'kc_after_create_appointment'       => array( 'appointment', Sources::CREATED, Sources::INSIDE, Appointments::ALL ),
		'kc_appointment_updated'            => array(
			'appointment',
			Sources::EDITED,
			Sources::INSIDE,
			Appointments::ALL,
			'edit' => 1,
		),
		'kc_appointment_cancelled'          => array( 'appointment', Sources::CANCELLED, Sources::END, self::STATUS_EVENTS ),
		'kc_appointment_payment_completed'  => array(
			'appointment',
			Sources::PAID,
			Sources::INSIDE,
			self::STATUS_EVENTS,
			'payment' => 1,
		),
		'kc_appointment_payment_cancelled'  => array( 'appointment', Sources::PAYMENT, Sources::END, self::STATUS_EVENTS ),
		'kc_appointment_deleted'            => array(
			'appointment',
			Sources::DELETED,
			Sources::END,
			array( Appointments::DELETED ),
			'links' => 1,
		),
		'kivicare_after_user_register'      => array( 'patient', Sources::CREATED, Sources::END, self::NEW_PATIENT ),

		// KiviCare 3 and 4.
		'kc_appointment_status_update'      => array(
			'appointment',
			Sources::STATUS,
			Sources::INSIDE,
			self::STATUS_EVENTS,
			'status' => 2,
		),
		'kc_patient_save'                   => array( 'patient', Sources::CREATED, Sources::END, self::PATIENT_EVENTS ),
		'kc_patient_update'                 => array( 'patient', Sources::EDITED, Sources::END, self::PATIENT_EVENTS ),
		'kc_patient_delete'                 => array(
			'patient',
			Sources::DELETED,
			Sources::END,
			array( Patients::DELETED ),
			'capture' => true,
		),

		// KiviCare 3.
		'kc_appointment_book'               => array( 'appointment', Sources::BOOKING, Sources::END, Appointments::ALL ),
		'kc_appointment_update'             => array( 'appointment', Sources::EDITED, Sources::END, Appointments::ALL ),
		'kc_appointment_cancel'             => array( 'appointment', Sources::CANCELLED, Sources::END, self::STATUS_EVENTS ),
		'kc_appointment_payment_complete'   => array( 'appointment', Sources::PAID, Sources::END, self::STATUS_EVENTS ),
		'kc_appointment_delete'             => array(
			'appointment',
			Sources::DELETED,
			Sources::END,
			array( Appointments::DELETED ),
			'capture' => true,
		),

		// WooCommerce: of the order and the refund, the refund is the record.
		'woocommerce_order_refunded'        => array(
			'refund',
			Sources::CREATED,
			Sources::END,
			Refunds::ALL,
			'record' => 1,
		),

		// Encounters and bills, KiviCare 3 and 4. What both make silently is found by their inserts and routes.
		'kc_encounter_save'                 => array( 'encounter', Sources::CREATED, Sources::END, Encounters::ALL ),
		'kc_encounter_update'               => array( 'encounter', Sources::EDITED, Sources::END, Encounters::ALL ),
		'kc_before_delete_encounter'        => array(
			'encounter',
			Sources::DELETED,
			Sources::END,
			array( Encounters::REMOVED ),
			'capture' => true,
		),
		'kc_encounter_delete'               => array(
			'encounter',
			Sources::DELETED,
			Sources::END,
			array( Encounters::REMOVED ),
			'capture' => true,
		),
		'kivicare_after_update_bill'        => array( 'bill', Sources::EDITED, Sources::END, Bills::ALL ),
		'kc_encounter_bill_status_update'   => array( 'bill', Sources::EDITED, Sources::END, Bills::ALL ),
		'kc_encounter_bill_delete'          => array(
			'bill',
			Sources::DELETED,
			Sources::END,
			array( Bills::REMOVED ),
			'capture' => true,
		),

		// WordPress: people come, change and go without a word of KiviCare's.
		'user_register'                     => array( 'patient', Sources::CREATED, Sources::END, self::NEW_PATIENT ),
		'set_user_role'                     => array(
			'patient',
			Sources::CREATED,
			Sources::END,
			array( Patients::REGISTERED ),
			'role' => 1,
		),
		'profile_update'                    => array( 'patient', Sources::OBSERVED, Sources::END, self::PATIENT_EVENTS ),
		'delete_user'                       => array(
			'patient',
			Sources::DELETED,
			Sources::END,
			array( Patients::DELETED ),
			'capture' => true,
		),
		'wpmu_delete_user'                  => array(
			'patient',
			Sources::DELETED,
			Sources::END,
			array( Patients::DELETED ),
			'capture' => true,
		),

		// Doctors and receptionists, by KiviCare's hooks and WordPress'. KiviCare 4 makes a doctor in a transaction.
		'kc_doctor_save' => array( 'doctor', Sources::CREATED, Sources::INSIDE, self::DOCTOR_EVENTS ),
		'kc_doctor_update' => array( 'doctor', Sources::EDITED, Sources::END, self::DOCTOR_EVENTS ),
		'kc_receptionist_save' => array( 'receptionist', Sources::CREATED, Sources::END, self::RECEPTIONIST_EVENTS ),
		'kc_receptionist_update' => array( 'receptionist', Sources::EDITED, Sources::END, self::RECEPTIONIST_EVENTS ),
		'kc_doctor_delete' => array(
			'doctor',
			Sources::DELETED,
			Sources::END,
			array( Doctors::REMOVED ),
			'capture' => true,
		),
		'kc_receptionist_delete' => array(
			'receptionist',
			Sources::DELETED,
			Sources::END,
			array( Receptionists::REMOVED ),
			'capture' => true,
		),
		'kivicare_after_user_register doctor' => array( 'doctor', Sources::CREATED, Sources::END, self::DOCTOR_ADDED ),
		'user_register doctor' => array( 'doctor', Sources::CREATED, Sources::END, self::DOCTOR_ADDED ),
		'set_user_role doctor' => array( 'doctor', Sources::CREATED, Sources::END, self::DOCTOR_ADDED, 'role' => 1 ),
		'profile_update doctor' => array( 'doctor', Sources::OBSERVED, Sources::END, self::DOCTOR_EVENTS ),
		'delete_user doctor' => array(
			'doctor',
			Sources::DELETED,
			Sources::END,
			array( Doctors::REMOVED ),
			'capture' => true,
		),
		'wpmu_delete_user doctor' => array(
			'doctor',
			Sources::DELETED,
			Sources::END,
			array( Doctors::REMOVED ),
			'capture' => true,
		),
		'kivicare_after_user_register receptionist' => array( 'receptionist', Sources::CREATED, Sources::END, self::RECEPTIONIST_ADDED ),
		'user_register receptionist' => array( 'receptionist', Sources::CREATED, Sources::END, self::RECEPTIONIST_ADDED ),
		'set_user_role receptionist' => array( 'receptionist', Sources::CREATED, Sources::END, self::RECEPTIONIST_ADDED, 'role' => 1 ),
		'profile_update receptionist' => array( 'receptionist', Sources::OBSERVED, Sources::END, self::RECEPTIONIST_EVENTS ),
		'delete_user receptionist' => array(
			'receptionist',
			Sources::DELETED,
			Sources::END,
			array( Receptionists::REMOVED ),
			'capture' => true,
		),
		'wpmu_delete_user receptionist' => array(
			'receptionist',
			Sources::DELETED,
			Sources::END,
			array( Receptionists::REMOVED ),
			'capture' => true,
		),

		// Clinics: KiviCare 4 tells of a deletion when it is done, 3 before.
		'kcpro_clinic_save' => array( 'clinic', Sources::CREATED, Sources::END, self::CLINIC_EVENTS ),
		'kcpro_clinic_update' => array( 'clinic', Sources::EDITED, Sources::END, self::CLINIC_EVENTS ),
		'kc_clinic_delete' => array( 'clinic', Sources::DELETED, Sources::END, array( Clinics::DELETED ) ),
		'kcpro_clinic_delete' => array(
			'clinic',
			Sources::DELETED,
			Sources::END,
			array( Clinics::DELETED ),
			'capture' => true,
		),

		// Services: kc_service_add and kc_service_update bring a mapping's number in one version or place, a service's
		// in another. So rows tell, and what was inserted. A deletion always brings the mapping's.
		'kc_service_delete' => array( 'service', Sources::DELETED, Sources::END, array( Services::DELETED ) ),
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
}
