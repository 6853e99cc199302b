<?php

declare(strict_types=1);

/** Doctors. Variables: name => type, label, data class, sample (made up). */
return static function (): array {
	/** @var \Closure(): array{status: array<string, array{string, string, string, mixed}>} $person */
	$person = require __DIR__ . '/person.php';
	return array(
		'label'     => __( 'Doctor', 'kivihook' ),
		'variables' => array(
			'doctor_id' => array( 'integer', __( 'Doctor ID', 'kivihook' ), 'operational', 21 ),
			'doctor_first_name' => array( 'string', __( 'First name', 'kivihook' ), 'operational', 'Dora' ),
			'doctor_last_name' => array( 'string', __( 'Last name', 'kivihook' ), 'operational', 'Sample' ),
			'doctor_full_name' => array( 'string', __( 'Full name', 'kivihook' ), 'operational', 'Dora Sample' ),
			'doctor_email' => array( 'string', __( 'E-mail', 'kivihook' ), 'contact', 'dora@clinic.example' ),
			'doctor_contact_number' => array( 'string', __( 'Phone', 'kivihook' ), 'contact', '+1 2025550101' ),
			'doctor_dob' => array( 'string', __( 'Date of birth', 'kivihook' ), 'identifier', '1980-01-01' ),
			'doctor_gender' => array( 'string', __( 'Gender', 'kivihook' ), 'identifier', 'other' ),
			'doctor_description' => array( 'string', __( 'Description', 'kivihook' ), 'clinical', 'Sees children, too' ),
			'doctor_experience' => array( 'string', __( 'Years of experience', 'kivihook' ), 'operational', '12' ),
			'doctor_qualification' => array(
				'string',
				__( 'Qualifications (JSON)', 'kivihook' ),
				'operational',
				'[{"degree":"MD","university":"Sample University","year":"2005"}]',
			),
			'doctor_specialization' => array(
				'string',
				__( 'Specialties (in quotes)', 'kivihook' ),
				'clinical',
				'"Dermatology", "Allergology"',
			),
			'doctor_signature' => array( 'string', __( 'Signature (picture)', 'kivihook' ), 'identifier', '' ),
			'doctor_address' => array( 'string', __( 'Address', 'kivihook' ), 'contact', '3 Sample Street' ),
			'doctor_city' => array( 'string', __( 'City', 'kivihook' ), 'contact', 'Sampletown' ),
			'doctor_country' => array( 'string', __( 'Country', 'kivihook' ), 'contact', 'Samplestan' ),
			'doctor_postal_code' => array( 'string', __( 'Postal code', 'kivihook' ), 'contact', '00001' ),
			'doctor_clinic_ids' => array( 'string', __( 'Clinic IDs', 'kivihook' ), 'operational', '1,2' ),
			'doctor_profile_photo' => array(
				'string',
				__( 'Profile photo (address)', 'kivihook' ),
				'identifier',
				'https://clinic.example/photo.png',
			),
			'doctor_status' => array( 'integer', __( 'Status (0: active)', 'kivihook' ), 'operational', 0 ),
			'doctor_registered_date_time' => array(
				'string',
				__( 'Added', 'kivihook' ),
				'operational',
				'May 12, 2031 9:30 am',
			),
			'custom_fields_data' => array(
				'object',
				__( 'Custom fields', 'kivihook' ),
				'clinical',
				array( 'Room' => '12' ),
			),
		),
		'events'    => array(
			'doctor.added' => array(
				'aliases'     => array( 'kc_doctor_save' ),
				'label'       => __( 'Doctor added', 'kivihook' ),
				'description' => __( 'A doctor was added by the clinic, or registered on the site.', 'kivihook' ),
			),
			'doctor.updated' => array(
				'aliases'     => array( 'kc_doctor_update' ),
				'label'       => __( 'Doctor updated', 'kivihook' ),
				'description' => __( 'A doctor was edited. What changed is listed.', 'kivihook' ),
				'variables'   => array(
					'changes' => array(
						'list',
						__( 'What was changed: field, old, new', 'kivihook' ),
						'clinical',
						array(
							array(
								'field' => 'doctor_city',
								'old'   => 'Sampletown',
								'new'   => 'Exampleville',
							),
						),
					),
				),
			),
			'doctor.status_changed' => array(
				'aliases'     => array(),
				'label'       => __( 'Doctor status changed', 'kivihook' ),
				'description' => __( 'A doctor was activated or deactivated.', 'kivihook' ),
				'variables'   => $person()['status'],
				'samples'     => array( 'doctor_status' => 1 ),
			),
			'doctor.removed' => array(
				'aliases'     => array( 'kc_doctor_delete' ),
				'label'       => __( 'Doctor removed', 'kivihook' ),
				'description' => __( 'A doctor was removed for good. The data is what it was before.', 'kivihook' ),
			),
		),
	);
};
