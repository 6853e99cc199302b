<?php

declare(strict_types=1);

/**
 * What encounters and everything that belongs to one share: clinic, doctor, patient; and what edits and cascades add.
 * Name => type, label, data class, sample (made up).
 */
return static fn (): array => array(
	'variables' => array(
		'appointment_id' => array( 'integer', __( 'Appointment ID', 'kivihook' ), 'operational', 1042 ),
		'clinic_id' => array( 'integer', __( 'Clinic ID', 'kivihook' ), 'operational', 1 ),
		'clinic_name' => array( 'string', __( 'Clinic name', 'kivihook' ), 'operational', 'Example Clinic' ),
		'clinic_email' => array(
			'string',
			__( 'Clinic e-mail', 'kivihook' ),
			'operational',
			'frontdesk@clinic.example',
		),
		'clinic_contact_number' => array( 'string', __( 'Clinic phone', 'kivihook' ), 'operational', '+1 2025550100' ),
		'doctor_id' => array( 'integer', __( 'Doctor ID', 'kivihook' ), 'operational', 21 ),
		'doctor_name' => array( 'string', __( 'Doctor name', 'kivihook' ), 'operational', 'Dora Sample' ),
		'doctor_email' => array( 'string', __( 'Doctor e-mail', 'kivihook' ), 'contact', 'dora@clinic.example' ),
		'doctor_contact_number' => array( 'string', __( 'Doctor phone', 'kivihook' ), 'contact', '+1 2025550101' ),
		'patient_id' => array( 'integer', __( 'Patient ID', 'kivihook' ), 'identifier', 57 ),
		'patient_name' => array( 'string', __( 'Patient name', 'kivihook' ), 'identifier', 'Pat Example' ),
		'patient_email' => array( 'string', __( 'Patient e-mail', 'kivihook' ), 'contact', 'pat@example.com' ),
		'patient_contact_number' => array( 'string', __( 'Patient phone', 'kivihook' ), 'contact', '+1 2025550102' ),
	),
	'cause'     => array(
		'caused_by' => array(
			'string',
			__( 'Event that took it along', 'kivihook' ),
			'operational',
			'patient.deleted',
		),
		'caused_by_id' => array(
			'integer',
			__( 'ID of the record that took it along', 'kivihook' ),
			'operational',
			57,
		),
	),
);
