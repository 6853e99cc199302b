<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** A message in a Discord channel, by a channel webhook. */
return static fn (): array => array(
	'label'       => 'Discord',
	'group'       => 'chat',
	'description' => __( 'A message in a channel. It names no patient.', 'kivihook' ),
	'docs'        => 'https://discord.com/developers/docs/resources/webhook#execute-webhook',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational' ),
	'fields'      => array(
		'webhook_url' => array(
			'label'       => __( 'Webhook URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'In Discord: Channel settings → Integrations → Webhooks → New Webhook → Copy Webhook URL.', 'kivihook' ),
			'placeholder' => 'https://discord.com/api/webhooks/000/XXXX',
			'pattern'     => '^https://(?:(?:canary|ptb)\\.)?discord(?:app)?\\.com/api(?:/v\\d+)?/webhooks/\\d+/\\S+$',
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'url'  => $values['webhook_url'],
		// Nobody is pinged by what a clinic or a doctor is called.
		'body' => Words::json(
			array(
				'content'          => $words->line(),
				'allowed_mentions' => array( 'parse' => array() ),
			)
		),
	),
);
