<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** A message in a Slack channel, by an incoming webhook. */
return static fn (): array => array(
	'label'       => 'Slack',
	'group'       => 'chat',
	'description' => __( 'A message in a channel. It names no patient.', 'kivihook' ),
	'docs'        => 'https://api.slack.com/messaging/webhooks',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational' ),
	'fields'      => array(
		'webhook_url' => array(
			'label'       => __( 'Webhook URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'api.slack.com/apps → your app → Incoming Webhooks → Add New Webhook to Workspace, then Copy.', 'kivihook' ),
			'placeholder' => 'https://hooks.slack.com/services/T000/B000/XXXX',
			'pattern'     => '^https://hooks\\.slack(-gov)?\\.com/(services|workflows|triggers)/\\S+$',
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'url'  => $values['webhook_url'],
		'body' => Words::json( array( 'text' => $words->line() ) ),
	),
);
