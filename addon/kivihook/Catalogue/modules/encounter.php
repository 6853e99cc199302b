<?php

declare(strict_types=1);

/** Encounters. Variables: name => type, label, data class, sample (made up). */
return static function (): array {
	/** @var array{variables: array<string, array{string, string, string, mixed}>, cause: array<string, array{string, string, string, mixed}>} $visit */
	$visit  = ( require __DIR__ . '/visit.php' )();
	$status = array(
		'old_status_code' => array( 'integer', __( 'Status before (number)', 'kivihook' ), 'operational', 1 ),
		'new_status_code' => array( 'integer', __( 'Status now (number)', 'kivihook' ), 'operational', 0 ),
	);
	return array(
		'label'     => __( 'Encounter', 'kivihook' ),
		'variables' => array(
			'encounter_id' => array( 'integer', __( 'Encounter ID', 'kivihook' ), 'operational', 311 ),
			'encounter_date' => array( 'string', __( 'Date', 'kivihook' ), 'operational', 'May 14, 2031' ),
			'encounter_status' => array( 'integer', __( 'Status (1: open)', 'kivihook' ), 'operational', 1 ),
			'encounter_status_label' => array(
				'string',
				__( 'Status', 'kivihook' ),
				'operational',
				__( 'Open', 'kivihook' ),
			),
			'encounter_description' => array(
				'string',
				__( 'Description', 'kivihook' ),
				'clinical',
				'Yearly check-up',
			),
			'encounter_template_id' => array( 'integer', __( 'Template ID', 'kivihook' ), 'operational', 4 ),
			'encounter_added_by' => array( 'integer', __( 'Added by (user ID)', 'kivihook' ), 'operational', 21 ),
			'encounter_created_at' => array(
				'string',
				__( 'Created', 'kivihook' ),
				'operational',
				'2031-05-14 10:15:00',
			),
			'clinic_address' => array(
				'string',
				__( 'Clinic address', 'kivihook' ),
				'operational',
				'1 Sample Street, Sampletown, 00001, Samplestan',
			),
			'custom_fields_data' => array(
				'object',
				__( 'Custom fields', 'kivihook' ),
				'clinical',
				array( 'Insurance' => 'Sample Mutual' ),
			),
		) + $visit['variables'],
		'events'    => array(
			'encounter.created'  => array(
				'aliases'     => array( 'kc_encounter_save' ),
				'label'       => __( 'Encounter created', 'kivihook' ),
				'description' => __( 'An encounter was made, by hand or when a patient checked in.', 'kivihook' ),
			),
			'encounter.updated'  => array(
				'aliases'     => array( 'kc_encounter_update' ),
				'label'       => __( 'Encounter updated', 'kivihook' ),
				'description' => __( 'An encounter was edited, beyond being closed or reopened.', 'kivihook' ),
				'variables'   => array(
					'changes' => array(
						'list',
						__( 'What changed (field, old, new)', 'kivihook' ),
						'clinical',
						array(
							array(
								'field' => 'encounter_description',
								'old'   => 'Check-up',
								'new'   => 'Yearly check-up',
							),
						),
					),
				),
			),
			'encounter.closed'   => array(
				'label'       => __( 'Encounter closed', 'kivihook' ),
				'description' => __( 'An encounter was closed: by hand, at check-out, by its bill.', 'kivihook' ),
				'variables'   => $status,
				'samples'     => array(
					'encounter_status'       => 0,
					'encounter_status_label' => __( 'Closed', 'kivihook' ),
				),
			),
			'encounter.reopened' => array(
				'label'       => __( 'Encounter reopened', 'kivihook' ),
				'description' => __( 'A closed encounter was opened again.', 'kivihook' ),
				'variables'   => $status,
				'samples'     => array(
					'old_status_code' => 0,
					'new_status_code' => 1,
				),
			),
			'encounter.deleted'  => array(
				'aliases'     => array( 'kc_encounter_delete' ),
				'label'       => __( 'Encounter deleted', 'kivihook' ),
				'description' => __(
					'An encounter was removed for good, alone or with its appointment or patient. The data is what it was.',
					'kivihook'
				),
				'variables'   => $visit['cause'],
			),
		),
	);
};
