<?php

declare(strict_types=1);

/** The standard body to Make, signed. */
return static fn (): array => array(
	'label'       => 'Make',
	'group'       => 'automation',
	'description' => __( 'The whole event as JSON, for a workflow of your own.', 'kivihook' ),
	'docs'        => 'https://apps.make.com/gateway',
	'events'      => array( 'appointment.booked' ),
	'fields'      => array(
		'webhook_url' => array(
			'label'       => __( 'Webhook URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'make.com → Create a scenario → Webhooks → Custom webhook → Add; copy the address.', 'kivihook' ),
			'placeholder' => 'https://hook.eu2.make.com/xxxxxxxx',
			'pattern'     => '^https://hook\\.[a-z0-9.]*(make\\.com|integromat\\.com|make\\.celonis\\.com)/\\S+$',
		),
	),
	'draft'       => static fn ( array $values ): array => array(
		'url'  => $values['webhook_url'],
		'body' => '',
	),
);
