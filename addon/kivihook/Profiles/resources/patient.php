<?php

declare(strict_types=1);

/** FHIR R4 Patient. $status: not '' if the record was removed. */
return static fn ( string $status, callable $may ): array => array(
	'resourceType' => 'Patient',
	'id'           => '{{patient_id}}',
	'identifier'   => array(
		array(
			'?'      => 'patient_unique_id',
			'system' => '{{site_url}}/patients',
			'value'  => '{{patient_unique_id}}',
		),
	),
) + (
	'' !== $status
		? array( 'active' => false )
		: array(
			'active:^patient_status' => true,
			'active:patient_status'  => false,
		)
) + array(
	'name'         => array(
		array(
			'?'      => 'patient_full_name',
			'text'   => '{{patient_full_name}}',
			'family' => '{{patient_last_name}}',
			'given'  => array( '{{patient_first_name}}' ),
		),
	),
	'telecom'      => array(
		array(
			'?'      => 'patient_contact_number',
			'system' => 'phone',
			'value'  => '{{patient_contact_number}}',
		),
		array(
			'?'      => 'patient_email',
			'system' => 'email',
			'value'  => '{{patient_email}}',
		),
	),
	'gender'       => "{{patient_gender | lower | map:'male=male','female=female','other=other','*=unknown' | default:'unknown'}}",
	'birthDate'    => "{{patient_dob | date:'Y-m-d'}}",
	'address'      => array(
		array(
			'?'          => 'patient_city',
			'line'       => array( '{{patient_address}}' ),
			'city'       => '{{patient_city}}',
			'postalCode' => '{{patient_postal_code}}',
			'country'    => '{{patient_country}}',
		),
	),
);
