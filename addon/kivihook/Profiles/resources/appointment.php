<?php

declare(strict_types=1);

/** FHIR R4 Appointment. $status: the code of an event that says it by itself, or ''. */
return static fn ( string $status, callable $may ): array => array(
	'resourceType' => 'Appointment',
	'id'           => '{{appointment_id}}',
	'status'       => '' !== $status
		? $status
		: "{{appointment_status | default:'2' | map:'0=cancelled','1=booked','2=pending','3=fulfilled','4=checked-in','*=pending'}}",
	'serviceType'  => array(
		array(
			'?'    => 'service_names',
			'text' => '{{service_names}}',
		),
	),
	'description'  => '{{appointment_description}}',
	'start'        => '{{appointment_starts_at}}',
	'end'          => '{{appointment_ends_at}}',
	'created'      => "{{appointment_created_at | date:'Y-m-d'}}",
	'participant'  => array(
		array(
			'?'      => 'patient_id',
			'actor'  => array(
				'reference' => 'Patient/{{patient_id}}',
				'display'   => '{{patient_name}}',
			),
			'status' => 'accepted',
		),
		array(
			'?'      => 'doctor_id',
			'actor'  => array(
				'reference' => 'Practitioner/{{doctor_id}}',
				'display'   => '{{doctor_name}}',
			),
			'status' => 'accepted',
		),
		array(
			'actor'  => array(
				'reference' => 'Location/{{clinic_id}}',
				'display'   => "{{clinic_name | default:'Clinic'}}",
			),
			'status' => 'accepted',
		),
	),
);
