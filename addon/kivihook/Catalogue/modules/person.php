<?php

declare(strict_types=1);

/** What patients, doctors and receptionists share. Name => type, label, data class, sample (made up). */
return static fn (): array => array(
	'status' => array(
		'old_status' => array(
			'string',
			__( 'Status before', 'kivihook' ),
			'operational',
			__( 'Active', 'kivihook' ),
		),
		'old_status_code' => array( 'integer', __( 'Status before (number)', 'kivihook' ), 'operational', 0 ),
		'new_status' => array( 'string', __( 'Status now', 'kivihook' ), 'operational', __( 'Inactive', 'kivihook' ) ),
		'new_status_code' => array( 'integer', __( 'Status now (number)', 'kivihook' ), 'operational', 1 ),
	),
);
