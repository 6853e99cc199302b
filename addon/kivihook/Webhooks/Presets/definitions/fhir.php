<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** An appointment on a FHIR R4 server, by an update with an id of ours: a second try changes nothing. */
return static fn (): array => array(
	'label'       => __( 'FHIR server', 'kivihook' ),
	'group'       => 'standard',
	'description' => __( 'Puts each booked appointment on a FHIR R4 server, with references only: no name, no contact, nothing clinical.', 'kivihook' ),
	'docs'        => 'https://hl7.org/fhir/R4/appointment.html',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational', 'identifier' ),
	'fields'      => array(
		'base_url'     => array(
			'label'       => __( 'Base URL of the server', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'Where [base]/metadata answers. The server has to allow updates with a client\'s own ids.', 'kivihook' ),
			'placeholder' => 'https://fhir.example.com/r4',
		),
		'access_token' => array(
			'label'    => __( 'Bearer token, if it wants one', 'kivihook' ),
			'type'     => 'secret',
			'required' => false,
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'method'       => 'PUT',
		'url'          => rtrim( $values['base_url'], '/' ) . '/Appointment/kivicare-{{appointment_id}}',
		'content_type' => 'application/fhir+json',
		'auth'         => array( 'method' => '' === $values['access_token'] ? 'none' : 'bearer' ),
		'secrets'      => array_filter( array( 'bearer_token' => $values['access_token'] ) ),
		'body'         => Words::json(
			array(
				'resourceType' => 'Appointment',
				'id'           => 'kivicare-{{appointment_id}}',
				'status'       => array( 'appointment.cancelled' => 'cancelled', 'appointment.checked_in' => 'checked-in', 'appointment.checked_out' => 'fulfilled' )[ $words->events[0] ?? '' ] ?? 'booked',
				'start'        => '{{appointment_starts_at}}',
				'end'          => '{{appointment_ends_at}}',
				'participant'  => array(
					array(
						'actor'  => array( 'reference' => 'Patient/kivicare-{{patient_id}}' ),
						'status' => 'accepted',
					),
					array(
						'actor'  => array( 'reference' => 'Practitioner/kivicare-{{doctor_id}}' ),
						'status' => 'accepted',
					),
					array(
						'actor'  => array( 'reference' => 'Location/kivicare-{{clinic_id}}' ),
						'status' => 'accepted',
					),
				),
			)
		),
	),
);
