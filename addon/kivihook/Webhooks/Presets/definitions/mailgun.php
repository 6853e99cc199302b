<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** A mail by Mailgun. */
return static fn (): array => array(
	'label'       => 'Mailgun',
	'group'       => 'message',
	'description' => __( 'A mail to the patient of an appointment, or to an address of yours. It names no patient.', 'kivihook' ),
	'docs'        => 'https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages/post-v3--domain-name--messages',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational', 'contact' ),
	'fields'      => array(
		'domain'  => array(
			'label'       => __( 'Sending domain', 'kivihook' ),
			'help'        => __( 'app.mailgun.com → Send → Sending → Domains.', 'kivihook' ),
			'placeholder' => 'mg.clinic.example',
			'pattern'     => '^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$',
		),
		'api_key' => array(
			'label' => __( 'Sending key', 'kivihook' ),
			'type'  => 'secret',
			'help'  => __( 'The domain → Domain settings → Sending keys.', 'kivihook' ),
		),
		'to'      => array(
			'label'       => __( 'Send to', 'kivihook' ),
			'help'        => __( 'Empty: to the patient\'s own address.', 'kivihook' ),
			'placeholder' => 'team@clinic.example',
			'pattern'     => '^[^@\\s]+@[^@\\s]+$',
			'required'    => false,
		),
		'region'  => array(
			'label'   => __( 'Region', 'kivihook' ),
			'type'    => 'choice',
			'default' => 'api.mailgun.net',
			'choices' => array(
				array(
					'value' => 'api.mailgun.net',
					'label' => __( 'United States', 'kivihook' ),
				),
				array(
					'value' => 'api.eu.mailgun.net',
					'label' => __( 'European Union', 'kivihook' ),
				),
			),
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'url'          => "https://{$values['region']}/v3/{$values['domain']}/messages",
		'content_type' => 'multipart/form-data',
		'auth'         => array( 'method' => 'basic' ),
		'secrets'      => array(
			'username' => 'api',
			'password' => $values['api_key'],
		),
		'body'         => "from=postmaster@{$values['domain']}\n"
			. 'to=' . ( '' === $values['to'] ? '{{patient_email}}' : $values['to'] ) . "\n"
			. 'subject=' . $words->title() . "\n"
			. 'text=' . $words->line(),
	),
);
