<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** A lead in Salesforce, by the OAuth2 client credentials of a connected app. */
return static fn (): array => array(
	'label'       => 'Salesforce',
	'group'       => 'crm',
	'description' => __( 'Makes a lead for each patient who is registered.', 'kivihook' ),
	'docs'        => 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_sobject_create.htm',
	'events'      => array( 'patient.registered' ),
	'classes'     => array( 'operational', 'identifier', 'contact' ),
	'fields'      => array(
		'instance_url'    => array(
			'label'       => __( 'My Domain URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'Salesforce → Setup → My Domain → Current My Domain URL.', 'kivihook' ),
			'placeholder' => 'https://clinic.my.salesforce.com',
			'pattern'     => '^https://[A-Za-z0-9-]+(\\.[a-z0-9-]+)*\\.my\\.salesforce\\.com/?$',
		),
		'consumer_key'    => array(
			'label' => __( 'Consumer key', 'kivihook' ),
			'help'  => __( 'Setup → App Manager → your connected app, with the client credentials flow enabled → Manage Consumer Details.', 'kivihook' ),
		),
		'consumer_secret' => array(
			'label' => __( 'Consumer secret', 'kivihook' ),
			'type'  => 'secret',
			'help'  => __( 'In the same place.', 'kivihook' ),
		),
	),
	'draft'       => static fn ( array $values ): array => array(
		'url'     => rtrim( $values['instance_url'], '/' ) . '/services/data/v60.0/sobjects/Lead',
		'auth'    => array(
			'method'                => 'oauth2',
			'grant'                 => 'client_credentials',
			'token_url'             => rtrim( $values['instance_url'], '/' ) . '/services/oauth2/token',
			'client_id'             => $values['consumer_key'],
			'client_authentication' => 'post',
		),
		'secrets' => array( 'client_secret' => $values['consumer_secret'] ),
		'body'    => Words::json(
			array(
				'FirstName'  => '{{patient_first_name}}',
				'LastName'   => '{{patient_last_name | default:"-"}}',
				'Company'    => '{{site_name}}',
				'Email'      => '{{patient_email}}',
				'Phone'      => '{{patient_contact_number}}',
				'LeadSource' => 'KiviCare',
			)
		),
	),
);
