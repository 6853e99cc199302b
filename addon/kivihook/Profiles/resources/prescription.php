<?php

declare(strict_types=1);

/**
 * FHIR R4 MedicationRequest, one line of a prescription. FHIR wants a medicine and a patient; where they may not be told
 * their place says so.
 */
return static fn ( string $status, callable $may ): array => array(
	'resourceType'              => 'MedicationRequest',
	'id'                        => '{{prescription_id}}',
	'status'                    => '' !== $status ? $status : 'active',
	'intent'                    => 'order',
	'medicationCodeableConcept' => $may( 'prescription_name' )
		? array( 'text' => "{{prescription_name | default:'?'}}" )
		: array(
			'extension' => array(
				array(
					'url'       => 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
					'valueCode' => 'masked',
				),
			),
		),
	'subject'                   => $may( 'patient_id' )
		? array(
			'reference' => "Patient/{{patient_id | default:'unknown'}}",
			'display'   => '{{patient_name}}',
		)
		: array( 'display' => 'masked' ),
	'encounter'                 => array(
		'?'         => 'encounter_id',
		'reference' => 'Encounter/{{encounter_id}}',
	),
	'authoredOn'                => "{{prescription_created_at | date:'Y-m-d'}}",
	'requester'                 => array(
		'?'         => 'doctor_id',
		'reference' => 'Practitioner/{{doctor_id}}',
		'display'   => '{{doctor_name}}',
	),
	'dosageInstruction'         => array(
		array(
			'?'                  => 'prescription_frequency',
			'text'               => "{{prescription_frequency}} / {{prescription_duration | default:'-'}} d",
			'patientInstruction' => '{{prescription_instruction}}',
		),
	),
);
