<?php

declare(strict_types=1);

/** Patients. Variables: name => type, label, data class, sample (made up). */
return static function (): array {
	/** @var \Closure(): array{status: array<string, array{string, string, string, mixed}>} $person */
	$person = require __DIR__ . '/person.php';
	return array(
		'label'     => __( 'Patient', 'kivihook' ),
		'variables' => array(
			'patient_id' => array( 'integer', __( 'Patient ID', 'kivihook' ), 'identifier', 57 ),
			'patient_unique_id' => array( 'string', __( 'Patient unique ID', 'kivihook' ), 'identifier', 'EX-000057' ),
			'patient_first_name' => array( 'string', __( 'First name', 'kivihook' ), 'identifier', 'Pat' ),
			'patient_last_name' => array( 'string', __( 'Last name', 'kivihook' ), 'identifier', 'Example' ),
			'patient_full_name' => array( 'string', __( 'Full name', 'kivihook' ), 'identifier', 'Pat Example' ),
			'patient_email' => array( 'string', __( 'E-mail', 'kivihook' ), 'contact', 'pat@example.com' ),
			'patient_contact_number' => array( 'string', __( 'Phone', 'kivihook' ), 'contact', '+1 2025550102' ),
			'patient_dob' => array( 'string', __( 'Date of birth', 'kivihook' ), 'identifier', '1990-01-01' ),
			'patient_gender' => array( 'string', __( 'Gender', 'kivihook' ), 'identifier', 'other' ),
			'patient_blood_group' => array( 'string', __( 'Blood group', 'kivihook' ), 'clinical', 'O+' ),
			'patient_address' => array( 'string', __( 'Address', 'kivihook' ), 'contact', '2 Sample Street' ),
			'patient_city' => array( 'string', __( 'City', 'kivihook' ), 'contact', 'Sampletown' ),
			'patient_country' => array( 'string', __( 'Country', 'kivihook' ), 'contact', 'Samplestan' ),
			'patient_postal_code' => array( 'string', __( 'Postal code', 'kivihook' ), 'contact', '00001' ),
			'patient_clinic_ids' => array( 'string', __( 'Clinic IDs', 'kivihook' ), 'operational', '1,2' ),
			'patient_profile_photo' => array(
				'string',
				__( 'Profile photo (address)', 'kivihook' ),
				'identifier',
				'https://clinic.example/photo.png',
			),
			'patient_status' => array( 'integer', __( 'Status (0: active)', 'kivihook' ), 'operational', 0 ),
			'patient_registered_date_time' => array(
				'string',
				__( 'Registered', 'kivihook' ),
				'operational',
				'May 12, 2031 9:30 am',
			),
			'custom_fields_data' => array(
				'object',
				__( 'Custom fields', 'kivihook' ),
				'clinical',
				array( 'Insurance' => 'Sample Mutual' ),
			),
		),
		'events'    => array(
			'patient.registered' => array(
				'aliases'     => array( 'kc_patient_save' ),
				'label'       => __( 'Patient registered', 'kivihook' ),
				'description' => __( 'A patient was added by the clinic, or registered on the site.', 'kivihook' ),
			),
			'patient.updated'    => array(
				'aliases'     => array( 'kc_patient_update' ),
				'label'       => __( 'Patient updated', 'kivihook' ),
				'description' => __( 'A patient was edited. What changed is listed.', 'kivihook' ),
				'variables'   => array(
					'changes' => array(
						'list',
						__( 'What was changed: field, old, new', 'kivihook' ),
						'clinical',
						array(
							array(
								'field' => 'patient_city',
								'old'   => 'Sampletown',
								'new'   => 'Exampleville',
							),
						),
					),
				),
			),
			'patient.status_changed' => array(
				'aliases'     => array(),
				'label'       => __( 'Patient status changed', 'kivihook' ),
				'description' => __( 'A patient was activated or deactivated.', 'kivihook' ),
				'variables'   => $person()['status'],
				'samples'     => array( 'patient_status' => 1 ),
			),
			'patient.deleted'    => array(
				'aliases'     => array( 'kc_patient_delete' ),
				'label'       => __( 'Patient deleted', 'kivihook' ),
				'description' => __( 'A patient was removed for good. The data is what it was before.', 'kivihook' ),
			),
		),
	);
};
