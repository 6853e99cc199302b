<?php

declare(strict_types=1);

/** The standard body to Zapier, signed. */
return static fn (): array => array(
	'label'       => 'Zapier',
	'group'       => 'automation',
	'description' => __( 'The whole event as JSON, for a workflow of your own.', 'kivihook' ),
	'docs'        => 'https://help.zapier.com/hc/en-us/articles/8496288690317-Trigger-Zaps-from-webhooks',
	'events'      => array( 'appointment.booked' ),
	'fields'      => array(
		'webhook_url' => array(
			'label'       => __( 'Webhook URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'zapier.com → Create Zap → Trigger: Webhooks by Zapier → Catch Hook; copy the URL.', 'kivihook' ),
			'placeholder' => 'https://hooks.zapier.com/hooks/catch/000000/xxxxxx/',
			'pattern'     => '^https://hooks\\.zapier\\.com/hooks/(catch|standard)/\\S+$',
		),
	),
	'draft'       => static fn ( array $values ): array => array(
		'url'  => $values['webhook_url'],
		'body' => '',
	),
);
