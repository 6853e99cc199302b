<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** Counts events in Mixpanel. Nobody is in it: the event belongs to no user, and has a random key. */
return static fn (): array => array(
	'label'       => 'Mixpanel',
	'group'       => 'analytics',
	'description' => __( 'Counts what happens. No person is in it, and no two events can be linked.', 'kivihook' ),
	'docs'        => 'https://docs.mixpanel.com/reference/track-event',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational' ),
	'fields'      => array(
		'token'  => array(
			'label'       => __( 'Project token', 'kivihook' ),
			'help'        => __( 'Mixpanel → Settings → Project Settings → Overview. It is no secret: it stands in every page that Mixpanel counts.', 'kivihook' ),
			'placeholder' => '0123456789abcdef0123456789abcdef',
			'pattern'     => '^[0-9a-f]{32}$',
		),
		'region' => array(
			'label'   => __( 'Data residency', 'kivihook' ),
			'type'    => 'choice',
			'default' => 'api.mixpanel.com',
			'choices' => array(
				array(
					'value' => 'api.mixpanel.com',
					'label' => __( 'United States', 'kivihook' ),
				),
				array(
					'value' => 'api-eu.mixpanel.com',
					'label' => __( 'European Union', 'kivihook' ),
				),
				array(
					'value' => 'api-in.mixpanel.com',
					'label' => __( 'India', 'kivihook' ),
				),
			),
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'url'  => "https://{$values['region']}/track?ip=0&verbose=1",
		'body' => Words::json(
			array(
				array(
					'event'      => $words->title(),
					'properties' => array(
						'token'       => $values['token'],
						'distinct_id' => '',
						'$insert_id'  => '{{event_id}}',
						'time'        => Words::value( 'timestamp | date:"U" | number:0' ),
						'event_type'  => '{{event_type}}',
					),
				),
			)
		),
	),
);
