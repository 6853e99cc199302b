<?php

declare(strict_types=1);

/** FHIR R4 Invoice. Amounts have a currency where its code is known. */
return static fn ( string $status, callable $may ): array => array(
	'resourceType' => 'Invoice',
	'id'           => '{{bill_id}}',
	'status'       => '' !== $status
		? $status
		: "{{bill_payment_status | lower | map:'paid=balanced','*=issued' | default:'issued'}}",
	'subject'      => array(
		'?'         => 'patient_id',
		'reference' => 'Patient/{{patient_id}}',
		'display'   => '{{patient_name}}',
	),
	'date'         => "{{bill_created_at | date:'Y-m-d'}}",
	'issuer'       => array(
		'?'         => 'clinic_id',
		'reference' => 'Organization/{{clinic_id}}',
		'display'   => '{{clinic_name}}',
	),
	'participant'  => array(
		array(
			'?'     => 'doctor_id',
			'actor' => array(
				'reference' => 'Practitioner/{{doctor_id}}',
				'display'   => '{{doctor_name}}',
			),
		),
	),
	'lineItem'     => array(
		array(
			'#'                         => 'bill_items',
			'chargeItemCodeableConcept' => array( 'text' => "{{name | default:'?'}}" ),
			'priceComponent'            => array(
				array(
					'type'   => 'base',
					'amount' => array(
						'value'                  => '={{amount | default:0 | number:2}}',
						'currency:bill_currency' => '{{bill_currency}}',
					),
				),
			),
		),
	),
	'totalNet'     => array(
		'?'        => 'bill_actual_amount',
		'value'    => '={{bill_actual_amount | number:2}}',
		'currency' => '{{bill_currency}}',
	),
	'totalGross'   => array(
		'?'        => 'bill_total_amount',
		'value'    => '={{bill_total_amount | number:2}}',
		'currency' => '{{bill_currency}}',
	),
);
