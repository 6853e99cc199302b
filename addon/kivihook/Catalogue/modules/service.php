<?php

declare(strict_types=1);

/** Services, one record for each doctor and clinic that offer one. Variables: name => type, label, data class, sample. */
return static fn (): array => array(
	'label'     => __( 'Service', 'kivihook' ),
	'record'    => 'service_mapping_id',
	'variables' => array(
		'service_mapping_id' => array(
			'integer',
			__( 'ID of the service at this doctor and clinic', 'kivihook' ),
			'operational',
			41,
		),
		'service_id' => array( 'integer', __( 'Service ID', 'kivihook' ), 'operational', 7 ),
		'service_name' => array( 'string', __( 'Name', 'kivihook' ), 'clinical', 'General consultation' ),
		'service_category' => array( 'string', __( 'Category', 'kivihook' ), 'clinical', 'general_dentistry' ),
		'service_charges' => array( 'string', __( 'Charges', 'kivihook' ), 'billing', '100' ),
		'service_duration' => array( 'integer', __( 'Duration (minutes)', 'kivihook' ), 'operational', 30 ),
		'service_telemed' => array( 'string', __( 'By video (yes or no)', 'kivihook' ), 'operational', 'no' ),
		'service_multiple' => array( 'string', __( 'Together with others (yes or no)', 'kivihook' ), 'operational', 'yes' ),
		'service_status' => array( 'integer', __( 'Status (1: active)', 'kivihook' ), 'operational', 1 ),
		'service_status_label' => array( 'string', __( 'Status', 'kivihook' ), 'operational', __( 'Active', 'kivihook' ) ),
		'service_image' => array(
			'string',
			__( 'Picture (address)', 'kivihook' ),
			'operational',
			'https://clinic.example/service.png',
		),
		'service_created_at' => array( 'string', __( 'Created', 'kivihook' ), 'operational', '2031-05-12 09:30:00' ),
		'clinic_id' => array( 'integer', __( 'Clinic ID', 'kivihook' ), 'operational', 1 ),
		'clinic_name' => array( 'string', __( 'Clinic name', 'kivihook' ), 'operational', 'Example Clinic' ),
		'clinic_email' => array( 'string', __( 'Clinic e-mail', 'kivihook' ), 'operational', 'frontdesk@clinic.example' ),
		'clinic_contact_number' => array( 'string', __( 'Clinic phone', 'kivihook' ), 'operational', '+1 2025550100' ),
		'doctor_id' => array( 'integer', __( 'Doctor ID', 'kivihook' ), 'operational', 21 ),
		'doctor_name' => array( 'string', __( 'Doctor name', 'kivihook' ), 'operational', 'Dora Sample' ),
		'doctor_email' => array( 'string', __( 'Doctor e-mail', 'kivihook' ), 'contact', 'dora@clinic.example' ),
		'doctor_contact_number' => array( 'string', __( 'Doctor phone', 'kivihook' ), 'contact', '+1 2025550101' ),
	),
	'events'    => array(
		'service.added' => array(
			'aliases'     => array( 'kc_service_add' ),
			'label'       => __( 'Service added', 'kivihook' ),
			'description' => __( 'A doctor offers a service at a clinic: one event for each doctor and clinic.', 'kivihook' ),
		),
		'service.updated' => array(
			'aliases'     => array( 'kc_service_update' ),
			'label'       => __( 'Service updated', 'kivihook' ),
			'description' => __( 'A service was edited, activated or deactivated. What changed is listed.', 'kivihook' ),
			'variables'   => array(
				'changes' => array(
					'list',
					__( 'What was changed: field, old, new', 'kivihook' ),
					'clinical',
					array(
						array(
							'field' => 'service_charges',
							'old'   => '100',
							'new'   => '120',
						),
					),
				),
			),
		),
		'service.deleted' => array(
			'aliases'     => array( 'kc_service_delete' ),
			'label'       => __( 'Service deleted', 'kivihook' ),
			'description' => __( 'A service of a doctor at a clinic was removed. The data is what it was before.', 'kivihook' ),
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
	),
);
