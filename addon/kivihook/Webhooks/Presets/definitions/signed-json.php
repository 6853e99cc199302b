<?php

declare(strict_types=1);

/** The standard body to anybody, signed as Standard Webhooks has it. */
return static fn (): array => array(
	'label'       => __( 'Signed JSON', 'kivihook' ),
	'group'       => 'standard',
	'description' => __( 'The whole event as JSON, signed by the rules of standardwebhooks.com. The signing secret is shown when you save.', 'kivihook' ),
	'docs'        => 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
	'events'      => array( 'appointment.booked' ),
	'fields'      => array(
		'webhook_url' => array(
			'label'       => __( 'URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'Where your own receiver listens.', 'kivihook' ),
			'placeholder' => 'https://api.example.com/kivicare',
		),
	),
	'draft'       => static fn ( array $values ): array => array(
		'url'  => $values['webhook_url'],
		'body' => '',
	),
);
