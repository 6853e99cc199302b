<?php

declare(strict_types=1);

/** FHIR R4 Encounter. $status: the code of an event that says it by itself, or ''. */
return static fn ( string $status, callable $may ): array => array(
	'resourceType' => 'Encounter',
	'id'           => '{{encounter_id}}',
	'status'       => '' !== $status
		? $status
		: "{{encounter_status | map:'0=finished','1=in-progress','*=unknown' | default:'unknown'}}",
	'class'        => array(
		'system'  => 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
		'code'    => 'AMB',
		'display' => 'ambulatory',
	),
	'subject'      => array(
		'?'         => 'patient_id',
		'reference' => 'Patient/{{patient_id}}',
		'display'   => '{{patient_name}}',
	),
	'participant'  => array(
		array(
			'?'          => 'doctor_id',
			'individual' => array(
				'reference' => 'Practitioner/{{doctor_id}}',
				'display'   => '{{doctor_name}}',
			),
		),
	),
	'appointment'  => array(
		array(
			'?'         => 'appointment_id',
			'reference' => 'Appointment/{{appointment_id}}',
		),
	),
	'period'       => array(
		'?'     => 'encounter_created_at',
		'start' => "{{encounter_created_at | date:'Y-m-d'}}",
	),
	'reasonCode'   => array(
		array(
			'?'    => 'encounter_description',
			'text' => '{{encounter_description}}',
		),
	),
	'serviceProvider' => array(
		'?'         => 'clinic_id',
		'reference' => 'Organization/{{clinic_id}}',
		'display'   => '{{clinic_name}}',
	),
);
