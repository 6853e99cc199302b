<?php

declare(strict_types=1);

/** FHIR R4 Practitioner. $status: not '' if the record was removed. */
return static fn ( string $status, callable $may ): array => array(
	'resourceType' => 'Practitioner',
	'id'           => '{{doctor_id}}',
	'identifier'   => array(
		array(
			'?'      => 'doctor_id',
			'system' => '{{site_url}}/doctors',
			'value'  => '{{doctor_id}}',
		),
	),
) + (
	'' !== $status
		? array( 'active' => false )
		: array(
			'active:^doctor_status' => true,
			'active:doctor_status'  => false,
		)
) + array(
	'name'         => array(
		array(
			'?'      => 'doctor_full_name',
			'text'   => '{{doctor_full_name}}',
			'family' => '{{doctor_last_name}}',
			'given'  => array( '{{doctor_first_name}}' ),
		),
	),
	'telecom'      => array(
		array(
			'?'      => 'doctor_contact_number',
			'system' => 'phone',
			'value'  => '{{doctor_contact_number}}',
		),
		array(
			'?'      => 'doctor_email',
			'system' => 'email',
			'value'  => '{{doctor_email}}',
		),
	),
	'gender'       => "{{doctor_gender | lower | map:'male=male','female=female','other=other','*=unknown' | default:'unknown'}}",
	'birthDate'    => "{{doctor_dob | date:'Y-m-d'}}",
	'address'      => array(
		array(
			'?'          => 'doctor_city',
			'line'       => array( '{{doctor_address}}' ),
			'city'       => '{{doctor_city}}',
			'postalCode' => '{{doctor_postal_code}}',
			'country'    => '{{doctor_country}}',
		),
	),
);
