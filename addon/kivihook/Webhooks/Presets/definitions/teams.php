<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** A card in a Microsoft Teams channel, by the Workflows app (the older connectors end). */
return static fn (): array => array(
	'label'       => 'Microsoft Teams',
	'group'       => 'chat',
	'description' => __( 'A card in a channel or chat. It names no patient.', 'kivihook' ),
	'docs'        => 'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational' ),
	'fields'      => array(
		'webhook_url' => array(
			'label'       => __( 'Workflow URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'In Teams: the channel\'s … menu → Workflows → "Post to a channel when a webhook request is received"; copy the URL at the end.', 'kivihook' ),
			'placeholder' => 'https://prod-00.westeurope.logic.azure.com/workflows/…',
			'pattern'     => '^https://[^/]+\\.(logic\\.azure\\.com|api\\.powerplatform\\.com|powerautomate\\.com|webhook\\.office\\.com)(:443)?/\\S+$',
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'url'  => $values['webhook_url'],
		'body' => Words::json(
			array(
				'type'        => 'message',
				'attachments' => array(
					array(
						'contentType' => 'application/vnd.microsoft.card.adaptive',
						'contentUrl'  => null,
						'content'     => array(
							'$schema' => 'http://adaptivecards.io/schemas/adaptive-card.json',
							'type'    => 'AdaptiveCard',
							'version' => '1.2',
							'body'    => array(
								array(
									'type'   => 'TextBlock',
									'text'   => $words->title(),
									'weight' => 'Bolder',
									'wrap'   => true,
								),
								array(
									'type' => 'TextBlock',
									'text' => $words->facts(),
									'wrap' => true,
								),
							),
						),
					),
				),
			)
		),
	),
);
