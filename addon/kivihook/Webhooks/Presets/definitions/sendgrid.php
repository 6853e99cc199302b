<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** A mail by SendGrid. */
return static fn (): array => array(
	'label'       => 'SendGrid',
	'group'       => 'message',
	'description' => __( 'A mail to the patient of an appointment, or to an address of yours. It names no patient.', 'kivihook' ),
	'docs'        => 'https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational', 'contact' ),
	'fields'      => array(
		'api_key' => array(
			'label'       => __( 'API key', 'kivihook' ),
			'type'        => 'secret',
			'help'        => __( 'app.sendgrid.com → Settings → API Keys → Create, with the permission Mail Send.', 'kivihook' ),
			'placeholder' => 'SG.xxxxx',
			'pattern'     => '^SG\\.\\S+$',
		),
		'from'    => array(
			'label'       => __( 'Sender', 'kivihook' ),
			'help'        => __( 'An address that is verified under Settings → Sender Authentication.', 'kivihook' ),
			'placeholder' => 'frontdesk@clinic.example',
			'pattern'     => '^[^@\\s]+@[^@\\s]+$',
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
			'default' => 'api.sendgrid.com',
			'choices' => array(
				array(
					'value' => 'api.sendgrid.com',
					'label' => __( 'Global', 'kivihook' ),
				),
				array(
					'value' => 'api.eu.sendgrid.com',
					'label' => __( 'European Union', 'kivihook' ),
				),
			),
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'url'     => "https://{$values['region']}/v3/mail/send",
		'auth'    => array(
			'method' => 'bearer',
			'scheme' => 'Bearer',
		),
		'secrets' => array( 'bearer_token' => $values['api_key'] ),
		'body'    => Words::json(
			array(
				'personalizations' => array( array( 'to' => array( array( 'email' => '' === $values['to'] ? '{{patient_email}}' : $values['to'] ) ) ) ),
				'from'             => array( 'email' => $values['from'] ),
				'subject'          => $words->title(),
				'content'          => array(
					array(
						'type'  => 'text/plain',
						'value' => $words->line(),
					),
				),
			)
		),
	),
);
