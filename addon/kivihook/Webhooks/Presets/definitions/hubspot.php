<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** A contact in HubSpot; the same one again is updated, so a second try makes no second contact. */
return static fn (): array => array(
	'label'       => 'HubSpot',
	'group'       => 'crm',
	'description' => __( 'Makes or updates a contact for each patient who is registered.', 'kivihook' ),
	'docs'        => 'https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/batch/post-crm-v3-objects-contacts-batch-upsert',
	'events'      => array( 'patient.registered' ),
	'classes'     => array( 'operational', 'identifier', 'contact' ),
	'fields'      => array(
		'access_token' => array(
			'label'       => __( 'Access token of a private app', 'kivihook' ),
			'type'        => 'secret',
			'help'        => __( 'HubSpot → Settings → Integrations → Private Apps → Create, with the scope crm.objects.contacts.write.', 'kivihook' ),
			'placeholder' => 'pat-eu1-xxxx',
			'pattern'     => '^pat-\\S+$',
		),
	),
	'draft'       => static fn ( array $values ): array => array(
		'url'     => 'https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert',
		'auth'    => array(
			'method' => 'bearer',
			'scheme' => 'Bearer',
		),
		'secrets' => array( 'bearer_token' => $values['access_token'] ),
		'body'    => Words::json(
			array(
				'inputs' => array(
					array(
						'idProperty' => 'email',
						'id'         => '{{patient_email}}',
						'properties' => array(
							'email'     => '{{patient_email}}',
							'firstname' => '{{patient_first_name}}',
							'lastname'  => '{{patient_last_name}}',
							'phone'     => '{{patient_contact_number}}',
						),
					),
				),
			)
		),
	),
);
