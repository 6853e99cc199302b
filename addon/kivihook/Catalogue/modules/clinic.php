<?php

declare(strict_types=1);

/** Clinics. Variables: name => type, label, data class, sample (made up). */
return static fn (): array => array(
	'label'     => __( 'Clinic', 'kivihook' ),
	'variables' => array(
		'clinic_id' => array( 'integer', __( 'Clinic ID', 'kivihook' ), 'operational', 1 ),
		'clinic_name' => array( 'string', __( 'Name', 'kivihook' ), 'operational', 'Example Clinic' ),
		'clinic_email' => array( 'string', __( 'E-mail', 'kivihook' ), 'operational', 'frontdesk@clinic.example' ),
		'clinic_contact_number' => array( 'string', __( 'Phone', 'kivihook' ), 'operational', '+1 2025550100' ),
		'clinic_specialization' => array(
			'string',
			__( 'Specialties (JSON)', 'kivihook' ),
			'operational',
			'[{"id":"1","label":"Dermatology"}]',
		),
		'clinic_status' => array( 'integer', __( 'Status (1: active)', 'kivihook' ), 'operational', 1 ),
		'clinic_profile_photo' => array(
			'string',
			__( 'Picture (address)', 'kivihook' ),
			'operational',
			'https://clinic.example/clinic.png',
		),
		'clinic_address' => array( 'string', __( 'Address', 'kivihook' ), 'operational', '1 Sample Street' ),
		'clinic_city' => array( 'string', __( 'City', 'kivihook' ), 'operational', 'Sampletown' ),
		'clinic_country' => array( 'string', __( 'Country', 'kivihook' ), 'operational', 'Samplestan' ),
		'clinic_postal_code' => array( 'string', __( 'Postal code', 'kivihook' ), 'operational', '00001' ),
		'clinic_admin_id' => array( 'integer', __( 'Administrator ID', 'kivihook' ), 'operational', 11 ),
		'clinic_admin_first_name' => array(
			'string',
			__( 'Administrator first name', 'kivihook' ),
			'operational',
			'Ada',
		),
		'clinic_admin_last_name' => array(
			'string',
			__( 'Administrator last name', 'kivihook' ),
			'operational',
			'Sample',
		),
		'clinic_admin_email' => array(
			'string',
			__( 'Administrator e-mail', 'kivihook' ),
			'contact',
			'ada@clinic.example',
		),
		'clinic_admin_contact_number' => array(
			'string',
			__( 'Administrator phone', 'kivihook' ),
			'contact',
			'+1 2025550104',
		),
		'clinic_admin_dob' => array(
			'string',
			__( 'Administrator date of birth', 'kivihook' ),
			'identifier',
			'1980-01-01',
		),
		'clinic_admin_gender' => array( 'string', __( 'Administrator gender', 'kivihook' ), 'identifier', 'other' ),
		'clinic_admin_profile_photo' => array(
			'string',
			__( 'Administrator photo (address)', 'kivihook' ),
			'identifier',
			'https://clinic.example/ada.png',
		),
		// The original add-on's slip of the pen, which templates rely on.
		'doctor_admin_contact_number' => array(
			'string',
			__( 'Administrator phone (old name)', 'kivihook' ),
			'contact',
			'+1 2025550104',
		),
	),
	'events'    => array(
		'clinic.added' => array(
			'aliases'     => array( 'kcpro_clinic_save' ),
			'label'       => __( 'Clinic added', 'kivihook' ),
			'description' => __( 'A clinic was added.', 'kivihook' ),
		),
		'clinic.updated' => array(
			'aliases'     => array( 'kcpro_clinic_update' ),
			'label'       => __( 'Clinic updated', 'kivihook' ),
			'description' => __(
				'A clinic or its administrator was edited, or it was opened or closed. What changed is listed.',
				'kivihook'
			),
			'variables'   => array(
				'changes' => array(
					'list',
					__( 'What was changed: field, old, new', 'kivihook' ),
					'contact',
					array(
						array(
							'field' => 'clinic_city',
							'old'   => 'Sampletown',
							'new'   => 'Exampleville',
						),
					),
				),
			),
		),
		'clinic.deleted' => array(
			'aliases'     => array( 'kcpro_clinic_delete', 'kc_clinic_delete' ),
			'label'       => __( 'Clinic deleted', 'kivihook' ),
			'description' => __( 'A clinic was removed for good. The data is what it was before.', 'kivihook' ),
		),
	),
);
