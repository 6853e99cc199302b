<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** CloudEvents 1.0 in structured mode. */
return static fn (): array => array(
	'label'       => 'CloudEvents',
	'group'       => 'standard',
	'description' => __( 'The whole event as a CloudEvent in JSON, for an event broker.', 'kivihook' ),
	'docs'        => 'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md',
	'events'      => array( 'appointment.booked' ),
	'fields'      => array(
		'webhook_url' => array(
			'label'       => __( 'URL', 'kivihook' ),
			'type'        => 'url',
			'help'        => __( 'Of the broker or of your own receiver.', 'kivihook' ),
			'placeholder' => 'https://broker.example.com/events',
		),
	),
	'draft'       => static fn ( array $values ): array => array(
		'url'          => $values['webhook_url'],
		'content_type' => 'application/cloudevents+json',
		'body'         => Words::json(
			array(
				'specversion'     => '1.0',
				'id'              => '{{event_id}}',
				'source'          => '{{site_url}}',
				'type'            => 'com.kivicare.{{event_type}}',
				'subject'         => '{{module_name}}/{{record_id}}',
				'time'            => '{{timestamp}}',
				'datacontenttype' => 'application/json',
				'data'            => Words::value( '.' ),
			)
		),
	),
);
