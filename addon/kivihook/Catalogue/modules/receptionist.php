<?php

declare(strict_types=1);

/** Receptionists. Variables: name => type, label, data class, sample (made up). */
return static function (): array {
	/** @var \Closure(): array{status: array<string, array{string, string, string, mixed}>} $person */
	$person = require __DIR__ . '/person.php';
	return array(
		'label'     => __( 'Receptionist', 'kivihook' ),
		'variables' => array(
			'receptionist_id' => array( 'integer', __( 'Receptionist ID', 'kivihook' ), 'operational', 31 ),
			'receptionist_first_name' => array( 'string', __( 'First name', 'kivihook' ), 'operational', 'Rae' ),
			'receptionist_last_name' => array( 'string', __( 'Last name', 'kivihook' ), 'operational', 'Sample' ),
			'receptionist_full_name' => array( 'string', __( 'Full name', 'kivihook' ), 'operational', 'Rae Sample' ),
			'receptionist_email' => array( 'string', __( 'E-mail', 'kivihook' ), 'contact', 'rae@clinic.example' ),
			'receptionist_contact_number' => array( 'string', __( 'Phone', 'kivihook' ), 'contact', '+1 2025550103' ),
			'receptionist_dob' => array( 'string', __( 'Date of birth', 'kivihook' ), 'identifier', '1980-01-01' ),
			'receptionist_gender' => array( 'string', __( 'Gender', 'kivihook' ), 'identifier', 'other' ),
			'receptionist_address' => array( 'string', __( 'Address', 'kivihook' ), 'contact', '3 Sample Street' ),
			'receptionist_city' => array( 'string', __( 'City', 'kivihook' ), 'contact', 'Sampletown' ),
			'receptionist_country' => array( 'string', __( 'Country', 'kivihook' ), 'contact', 'Samplestan' ),
			'receptionist_postal_code' => array( 'string', __( 'Postal code', 'kivihook' ), 'contact', '00001' ),
			'receptionist_clinic_ids' => array( 'string', __( 'Clinic IDs', 'kivihook' ), 'operational', '1,2' ),
			'receptionist_profile_photo' => array(
				'string',
				__( 'Profile photo (address)', 'kivihook' ),
				'identifier',
				'https://clinic.example/photo.png',
			),
			'receptionist_status' => array( 'integer', __( 'Status (0: active)', 'kivihook' ), 'operational', 0 ),
			'receptionist_registered_date_time' => array(
				'string',
				__( 'Added', 'kivihook' ),
				'operational',
				'May 12, 2031 9:30 am',
			),
		),
		'events'    => array(
			'receptionist.added' => array(
				'aliases'     => array( 'kc_receptionist_save' ),
				'label'       => __( 'Receptionist added', 'kivihook' ),
				'description' => __( 'A receptionist was added by the clinic, or registered on the site.', 'kivihook' ),
			),
			'receptionist.updated' => array(
				'aliases'     => array( 'kc_receptionist_update' ),
				'label'       => __( 'Receptionist updated', 'kivihook' ),
				'description' => __( 'A receptionist was edited. What changed is listed.', 'kivihook' ),
				'variables'   => array(
					'changes' => array(
						'list',
						__( 'What was changed: field, old, new', 'kivihook' ),
						'contact',
						array(
							array(
								'field' => 'receptionist_city',
								'old'   => 'Sampletown',
								'new'   => 'Exampleville',
							),
						),
					),
				),
			),
			'receptionist.status_changed' => array(
				'aliases'     => array(),
				'label'       => __( 'Receptionist status changed', 'kivihook' ),
				'description' => __( 'A receptionist was activated or deactivated.', 'kivihook' ),
				'variables'   => $person()['status'],
				'samples'     => array( 'receptionist_status' => 1 ),
			),
			'receptionist.removed' => array(
				'aliases'     => array( 'kc_receptionist_delete' ),
				'label'       => __( 'Receptionist removed', 'kivihook' ),
				'description' => __( 'A receptionist was removed for good. The data is what it was before.', 'kivihook' ),
			),
		),
	);
};
