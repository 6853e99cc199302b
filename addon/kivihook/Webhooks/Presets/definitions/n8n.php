<?php

declare(strict_types=1);

/** The standard body to n8n, signed. */
return static fn (): array => array(
	'label'       => 'n8n',
	'group'       => 'automation',
	'description' => __( 'The whole event as JSON, for a workflow of your own.', 'kivihook' ),
	'docs'        => 'https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/',
	'events'      => array( 'appointment.booked' ),
	'fields'      => array(
		'webhook_url' => array(
			'label'       => __( 'Webhook URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'In your workflow: the node Webhook, method POST → Production URL.', 'kivihook' ),
			'placeholder' => 'https://n8n.clinic.example/webhook/xxxxxxxx',
		),
	),
	'draft'       => static fn ( array $values ): array => array(
		'url'  => $values['webhook_url'],
		'body' => '',
	),
);
