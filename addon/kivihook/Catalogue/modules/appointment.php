<?php

declare(strict_types=1);

/** Appointments. Variables: name => type, label, data class, sample (made up; the numbers are reserved for fiction). */
return static function (): array {
	$status = array(
		'old_status' => array( 'string', __( 'Status before', 'kivihook' ), 'operational', __( 'Booked', 'kivihook' ) ),
		'old_status_code' => array( 'integer', __( 'Status before (number)', 'kivihook' ), 'operational', 1 ),
		'new_status' => array( 'string', __( 'Status now', 'kivihook' ), 'operational', __( 'Check-in', 'kivihook' ) ),
		'new_status_code' => array( 'integer', __( 'Status now (number)', 'kivihook' ), 'operational', 4 ),
	);
	$payment = array(
		'payment_mode' => array( 'string', __( 'Payment by', 'kivihook' ), 'billing', 'paypal' ),
		'payment_id' => array( 'string', __( 'Payment ID', 'kivihook' ), 'billing', 'PAY-EXAMPLE-1' ),
		'payment_amount' => array( 'string', __( 'Amount', 'kivihook' ), 'billing', '100.00' ),
		'payment_currency' => array( 'string', __( 'Currency', 'kivihook' ), 'billing', 'USD' ),
		'payment_status' => array( 'string', __( 'Payment status', 'kivihook' ), 'billing', 'completed' ),
	);
	return array(
		'label'     => __( 'Appointment', 'kivihook' ),
		'variables' => array(
			'appointment_id' => array( 'integer', __( 'Appointment ID', 'kivihook' ), 'operational', 1042 ),
			'appointment_date' => array( 'string', __( 'Date', 'kivihook' ), 'operational', 'May 14, 2031' ),
			'appointment_start_time' => array( 'string', __( 'Start time', 'kivihook' ), 'operational', '10:15 am' ),
			'appointment_end_time' => array(
				'string',
				__( 'End time (24 hours)', 'kivihook' ),
				'operational',
				'10:45:00',
			),
			'appointment_starts_at' => array(
				'string',
				__( 'Start (ISO 8601)', 'kivihook' ),
				'operational',
				'2031-05-14T10:15:00+02:00',
			),
			'appointment_ends_at' => array(
				'string',
				__( 'End (ISO 8601)', 'kivihook' ),
				'operational',
				'2031-05-14T10:45:00+02:00',
			),
			'appointment_starts_at_utc' => array( 'string', __( 'Start (ISO 8601, UTC)', 'kivihook' ), 'operational', '2031-05-14T08:15:00Z' ),
			'appointment_ends_at_utc' => array( 'string', __( 'End (ISO 8601, UTC)', 'kivihook' ), 'operational', '2031-05-14T08:45:00Z' ),
			'appointment_timezone' => array( 'string', __( 'Time zone', 'kivihook' ), 'operational', 'Europe/Berlin' ),
			'appointment_status' => array( 'integer', __( 'Status (number)', 'kivihook' ), 'operational', 1 ),
			'appointment_status_label' => array(
				'string',
				__( 'Status', 'kivihook' ),
				'operational',
				__( 'Booked', 'kivihook' ),
			),
			'appointment_created_at' => array(
				'string',
				__( 'Created', 'kivihook' ),
				'operational',
				'2031-05-12 09:30:00',
			),
			'appointment_description' => array(
				'string',
				__( 'Description', 'kivihook' ),
				'clinical',
				'Yearly check-up',
			),
			'service_names' => array(
				'string',
				__( 'Services', 'kivihook' ),
				'clinical',
				'General consultation, Blood test',
			),
			'encounter_id' => array( 'integer', __( 'Encounter ID', 'kivihook' ), 'operational', 311 ),
			'clinic_id' => array( 'integer', __( 'Clinic ID', 'kivihook' ), 'operational', 1 ),
			'clinic_name' => array( 'string', __( 'Clinic name', 'kivihook' ), 'operational', 'Example Clinic' ),
			'clinic_email' => array(
				'string',
				__( 'Clinic e-mail', 'kivihook' ),
				'operational',
				'frontdesk@clinic.example',
			),
			'clinic_address' => array(
				'string',
				__( 'Clinic address', 'kivihook' ),
				'operational',
				'1 Sample Street, Sampletown, 00001, Samplestan',
			),
			'clinic_contact_number' => array(
				'string',
				__( 'Clinic phone', 'kivihook' ),
				'operational',
				'+1 2025550100',
			),
			'doctor_id' => array( 'integer', __( 'Doctor ID', 'kivihook' ), 'operational', 21 ),
			'doctor_name' => array( 'string', __( 'Doctor name', 'kivihook' ), 'operational', 'Dora Sample' ),
			'doctor_email' => array( 'string', __( 'Doctor e-mail', 'kivihook' ), 'contact', 'dora@clinic.example' ),
			'doctor_contact_number' => array( 'string', __( 'Doctor phone', 'kivihook' ), 'contact', '+1 2025550101' ),
			'patient_id' => array( 'integer', __( 'Patient ID', 'kivihook' ), 'identifier', 57 ),
			'patient_name' => array( 'string', __( 'Patient name', 'kivihook' ), 'identifier', 'Pat Example' ),
			'patient_email' => array( 'string', __( 'Patient e-mail', 'kivihook' ), 'contact', 'pat@example.com' ),
			'patient_contact_number' => array(
				'string',
				__( 'Patient phone', 'kivihook' ),
				'contact',
				'+1 2025550102',
			),
			'custom_fields_data' => array(
				'object',
				__( 'Custom fields', 'kivihook' ),
				'clinical',
				array( 'Insurance' => 'Sample Mutual' ),
			),
		),
		'events'    => array(
			'appointment.booked'         => array(
				'aliases'     => array( 'kc_appointment_book' ),
				'label'       => __( 'Appointment booked', 'kivihook' ),
				'description' => __(
					'An appointment was booked. One that waits for payment is told when it is paid or confirmed.',
					'kivihook'
				),
			),
			'appointment.updated'        => array(
				'aliases'     => array( 'kc_appointment_update' ),
				'label'       => __( 'Appointment updated', 'kivihook' ),
				'description' => __( 'An appointment was moved or edited.', 'kivihook' ),
				'variables'   => array(
					'previous_appointment_date' => array(
						'string',
						__( 'Date before', 'kivihook' ),
						'operational',
						'May 13, 2031',
					),
					'previous_appointment_start_time' => array(
						'string',
						__( 'Start time before', 'kivihook' ),
						'operational',
						'4:00 pm',
					),
					'appointment_rescheduled' => array(
						'string',
						__( 'Moved to another time, doctor or clinic (yes or no)', 'kivihook' ),
						'operational',
						'yes',
					),
					'changes' => array(
						'list',
						__( 'What was changed: field, old, new', 'kivihook' ),
						'clinical',
						array(
							array(
								'field' => 'appointment_start_time',
								'old'   => '4:00 pm',
								'new'   => '10:15 am',
							),
						),
					),
				),
			),
			'appointment.status_changed' => array(
				'aliases'     => array( 'kc_appointment_status_update' ),
				'label'       => __( 'Appointment status changed', 'kivihook' ),
				'description' => __( 'An appointment went from one status to another.', 'kivihook' ),
				'variables'   => $status,
				'samples'     => array(
					'appointment_status'       => 4,
					'appointment_status_label' => __( 'Check-in', 'kivihook' ),
				),
			),
			'appointment.cancelled'      => array(
				'aliases'     => array( 'kc_appointment_cancel' ),
				'label'       => __( 'Appointment cancelled', 'kivihook' ),
				'description' => __( 'An appointment was cancelled, by whichever way.', 'kivihook' ),
				'variables'   => $status,
				'samples'     => array(
					'appointment_status'       => 0,
					'appointment_status_label' => __( 'Cancelled', 'kivihook' ),
					'new_status'               => __( 'Cancelled', 'kivihook' ),
					'new_status_code'          => 0,
				),
			),
			'appointment.deleted'        => array(
				'aliases'     => array( 'kc_appointment_delete' ),
				'label'       => __( 'Appointment deleted', 'kivihook' ),
				'description' => __(
					'An appointment was removed for good. The data is what it was before.',
					'kivihook'
				),
				'variables'   => array(
					'caused_by' => array(
						'string',
						__( 'Event that took it along', 'kivihook' ),
						'operational',
						'doctor.removed',
					),
					'caused_by_id' => array(
						'integer',
						__( 'ID of the record that took it along', 'kivihook' ),
						'operational',
						21,
					),
				),
			),
			'appointment.checked_in'     => array(
				'aliases'     => array(),
				'label'       => __( 'Patient checked in', 'kivihook' ),
				'description' => __( 'The patient of an appointment has arrived.', 'kivihook' ),
				'variables'   => $status,
				'samples'     => array(
					'appointment_status'       => 4,
					'appointment_status_label' => __( 'Check-in', 'kivihook' ),
				),
			),
			'appointment.checked_out'    => array(
				'aliases'     => array(),
				'label'       => __( 'Patient checked out', 'kivihook' ),
				'description' => __( 'An appointment is over: the patient has left.', 'kivihook' ),
				'variables'   => $status,
				'samples'     => array(
					'appointment_status'       => 3,
					'appointment_status_label' => __( 'Check-out', 'kivihook' ),
					'old_status'               => __( 'Check-in', 'kivihook' ),
					'old_status_code'          => 4,
					'new_status'               => __( 'Check-out', 'kivihook' ),
					'new_status_code'          => 3,
				),
			),
			'appointment.payment_completed' => array(
				'aliases'     => array( 'kc_appointment_payment_complete' ),
				'label'       => __( 'Appointment payment completed', 'kivihook' ),
				'description' => __( 'An online payment came in, and the appointment is confirmed by it.', 'kivihook' ),
				'variables'   => $payment,
			),
			'appointment.payment_cancelled' => array(
				'aliases'     => array( 'kc_appointment_payment_cancelled' ),
				'label'       => __( 'Appointment payment cancelled', 'kivihook' ),
				'description' => __(
					'An online payment failed or was broken off, and the appointment was cancelled by it.',
					'kivihook'
				),
				'variables'   => $payment,
				'samples'     => array(
					'appointment_status'       => 0,
					'appointment_status_label' => __( 'Cancelled', 'kivihook' ),
					'payment_status'           => 'cancelled',
				),
			),
			'appointment.payment_refunded' => array(
				'aliases'     => array(),
				'label'       => __( 'Appointment payment refunded', 'kivihook' ),
				'description' => __(
					'Money went back, all or some of it. Needs WooCommerce: KiviCare itself knows no refunds.',
					'kivihook'
				),
				'variables'   => array(
					'refund_id' => array( 'integer', __( 'Refund ID', 'kivihook' ), 'billing', 902 ),
					'refund_amount' => array( 'string', __( 'Amount refunded now', 'kivihook' ), 'billing', '40.00' ),
					'refund_currency' => array( 'string', __( 'Currency', 'kivihook' ), 'billing', 'USD' ),
					'refund_type' => array( 'string', __( 'All of it or not (full or partial)', 'kivihook' ), 'billing', 'partial' ),
					'refund_total' => array(
						'string',
						__( 'Amount refunded so far, with this refund', 'kivihook' ),
						'billing',
						'40.00',
					),
					'refund_reason' => array( 'string', __( 'Reason', 'kivihook' ), 'clinical', 'Treatment was shorter' ),
					'order_id' => array( 'integer', __( 'Order ID', 'kivihook' ), 'billing', 901 ),
					'order_total' => array( 'string', __( 'Amount of the order', 'kivihook' ), 'billing', '100.00' ),
				),
			),
			'appointment.reminder_due' => array(
				'aliases'     => array(),
				'label'       => __( 'Appointment reminder due', 'kivihook' ),
				'description' => __(
					'A booked appointment is near: told once for each time before it that the webhook names, and a day before it'
					. ' where none is named. Moved with the appointment, not told when that is cancelled, never told late.',
					'kivihook'
				),
				'variables'   => array(
					'reminder_minutes' => array( 'integer', __( 'Minutes before the start', 'kivihook' ), 'operational', 1440 ),
					'reminder_due_at' => array(
						'string',
						__( 'When that is (ISO 8601, UTC)', 'kivihook' ),
						'operational',
						'2031-05-13T08:15:00Z',
					),
				),
				'samples'     => array( 'detected_by' => 'schedule' ),
			),
		),
	);
};
