<?php

declare(strict_types=1);

/** Medical history. Variables: name => type, label, data class, sample (made up). */
return static function (): array {
	/** @var array{variables: array<string, array{string, string, string, mixed}>, cause: array<string, array{string, string, string, mixed}>} $visit */
	$visit = ( require __DIR__ . '/visit.php' )();
	return array(
		'label'     => __( 'Medical history', 'kivihook' ),
		'variables' => array(
			'medical_history_id' => array( 'integer', __( 'Entry ID', 'kivihook' ), 'operational', 520 ),
			'medical_history_type' => array(
				'string',
				__( 'Type (problem, observation, note)', 'kivihook' ),
				'clinical',
				'observation',
			),
			'medical_history_title' => array( 'string', __( 'Text', 'kivihook' ), 'clinical', 'Blood pressure 120/80' ),
			'medical_history_added_by' => array( 'integer', __( 'Added by (user ID)', 'kivihook' ), 'operational', 21 ),
			'medical_history_created_at' => array(
				'string',
				__( 'Created', 'kivihook' ),
				'operational',
				'2031-05-14 10:20:00',
			),
			'encounter_id' => array( 'integer', __( 'Encounter ID', 'kivihook' ), 'operational', 311 ),
		) + $visit['variables'],
		'events'    => array(
			'medical_history.added'   => array(
				'label'       => __( 'Medical history added', 'kivihook' ),
				'description' => __( 'A problem, an observation or a note was written down.', 'kivihook' ),
			),
			'medical_history.updated' => array(
				'label'       => __( 'Medical history updated', 'kivihook' ),
				'description' => __( 'A problem, an observation or a note was changed.', 'kivihook' ),
				'variables'   => array(
					'changes' => array(
						'list',
						__( 'What changed (field, old, new)', 'kivihook' ),
						'clinical',
						array(
							array(
								'field' => 'medical_history_title',
								'old'   => 'Blood pressure 130/80',
								'new'   => 'Blood pressure 120/80',
							),
						),
					),
				),
			),
			'medical_history.deleted' => array(
				'label'       => __( 'Medical history deleted', 'kivihook' ),
				'description' => __(
					'An entry was removed, by itself or with its encounter or patient. The data is what it was before.',
					'kivihook'
				),
				'variables'   => $visit['cause'],
			),
		),
	);
};
