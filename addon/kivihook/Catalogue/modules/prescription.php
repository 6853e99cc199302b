<?php

declare(strict_types=1);

/** Prescriptions, one line each. Variables: name => type, label, data class, sample (made up). */
return static function (): array {
	/** @var array{variables: array<string, array{string, string, string, mixed}>, cause: array<string, array{string, string, string, mixed}>} $visit */
	$visit = ( require __DIR__ . '/visit.php' )();
	return array(
		'label'     => __( 'Prescription', 'kivihook' ),
		'variables' => array(
			'prescription_id' => array( 'integer', __( 'Prescription ID', 'kivihook' ), 'operational', 640 ),
			'prescription_name' => array( 'string', __( 'Medicine', 'kivihook' ), 'clinical', 'Samplamol 500 mg' ),
			'prescription_frequency' => array( 'string', __( 'Frequency', 'kivihook' ), 'clinical', '1-0-1' ),
			'prescription_duration' => array( 'string', __( 'Duration (days)', 'kivihook' ), 'clinical', '5' ),
			'prescription_instruction' => array( 'string', __( 'Instruction', 'kivihook' ), 'clinical', 'After meals' ),
			'prescription_added_by' => array( 'integer', __( 'Added by (user ID)', 'kivihook' ), 'operational', 21 ),
			'prescription_created_at' => array(
				'string',
				__( 'Created', 'kivihook' ),
				'operational',
				'2031-05-14 10:30:00',
			),
			'prescription_lines' => array(
				'list',
				__( 'All lines of the encounter (id, name, frequency, duration, instruction)', 'kivihook' ),
				'clinical',
				array(
					array(
						'id'          => 640,
						'name'        => 'Samplamol 500 mg',
						'frequency'   => '1-0-1',
						'duration'    => '5',
						'instruction' => 'After meals',
					),
				),
			),
			'encounter_id' => array( 'integer', __( 'Encounter ID', 'kivihook' ), 'operational', 311 ),
		) + $visit['variables'],
		'events'    => array(
			'prescription.added'   => array(
				'label'       => __( 'Prescription added', 'kivihook' ),
				'description' => __( 'A line was added to the prescription of an encounter.', 'kivihook' ),
			),
			'prescription.updated' => array(
				'label'       => __( 'Prescription updated', 'kivihook' ),
				'description' => __( 'A line of a prescription was changed.', 'kivihook' ),
				'variables'   => array(
					'changes' => array(
						'list',
						__( 'What changed (field, old, new)', 'kivihook' ),
						'clinical',
						array(
							array(
								'field' => 'prescription_duration',
								'old'   => '3',
								'new'   => '5',
							),
						),
					),
				),
			),
			'prescription.deleted' => array(
				'label'       => __( 'Prescription deleted', 'kivihook' ),
				'description' => __(
					'A line of a prescription was removed. The data is what it was before.',
					'kivihook'
				),
				'variables'   => $visit['cause'],
			),
		),
	);
};
