<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** Counts events in Google Analytics 4, by the Measurement Protocol. Nobody is in it: a random key per event is its client. */
return static fn (): array => array(
	'label'       => 'Google Analytics 4',
	'group'       => 'analytics',
	'description' => __( 'Counts what happens. No person is in it, and no two events can be linked.', 'kivihook' ),
	'docs'        => 'https://developers.google.com/analytics/devguides/collection/protocol/ga4/sending-events',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational' ),
	'fields'      => array(
		'measurement_id' => array(
			'label'       => __( 'Measurement ID', 'kivihook' ),
			'help'        => __( 'Google Analytics → Admin → Data streams → your stream.', 'kivihook' ),
			'placeholder' => 'G-XXXXXXXXXX',
			'pattern'     => '^G-[A-Z0-9]{4,16}$',
		),
		'api_secret'     => array(
			'label' => __( 'API secret', 'kivihook' ),
			'type'  => 'secret',
			'help'  => __( 'The same stream → Measurement Protocol API secrets → Create.', 'kivihook' ),
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'url'     => "https://www.google-analytics.com/mp/collect?measurement_id={$values['measurement_id']}",
		'auth'    => array(
			'method'   => 'apikey',
			'location' => 'query',
			'name'     => 'api_secret',
		),
		'secrets' => array( 'api_key' => $values['api_secret'] ),
		'body'    => Words::json(
			array(
				'client_id' => '{{event_id}}',
				'consent'   => array(
					'ad_user_data'       => 'DENIED',
					'ad_personalization' => 'DENIED',
				),
				'events'    => array(
					array(
						'name'   => $words->identifier(),
						'params' => array(
							'event_type'           => '{{event_type}}',
							'engagement_time_msec' => 1,
						),
					),
				),
			)
		),
	),
);
