<?php

declare(strict_types=1);

/** What every event brings: name => type, label, data class, sample. Times are those of the event, not of sending. */
return static fn (): array => array(
	// The engine's, and as good as random: a new one for each event, so it ties no two events of a person together. Whom it
	// is about only this site's tables tell, or another receiver that got both; it stands in each request's webhook-id anyway.
	'event_id' => array(
		'string',
		__( 'Event ID', 'kivihook' ),
		'operational',
		'0193a2b4-7c00-7000-8000-000000000001',
	),
	'event_name' => array( 'string', __( 'Event name', 'kivihook' ), 'operational', '' ),
	'event_type' => array( 'string', __( 'Event type', 'kivihook' ), 'operational', '' ),
	'module_name' => array( 'string', __( 'Module', 'kivihook' ), 'operational', '' ),
	'record_id' => array( 'integer', __( 'Record ID', 'kivihook' ), 'operational', 1042 ),
	'timestamp' => array(
		'string',
		__( 'Time of the event (ISO 8601, UTC)', 'kivihook' ),
		'operational',
		'2031-05-12T07:30:00.000Z',
	),
	'current_date' => array( 'string', __( 'Date of the event', 'kivihook' ), 'operational', '2031-05-12' ),
	'current_time' => array( 'string', __( 'Time of the event', 'kivihook' ), 'operational', '09:30' ),
	'current_date_time' => array(
		'string',
		__( 'Date and time of the event', 'kivihook' ),
		'operational',
		'2031-05-12 09:30:00',
	),
	'current_user_id' => array( 'integer', __( 'ID of the user who did it', 'kivihook' ), 'operational', 1 ),
	'detected_by' => array(
		'string',
		__( 'Noticed by: hook (as it happened), reconciler (later), schedule (a time came)', 'kivihook' ),
		'operational',
		'hook',
	),
	'site_name' => array( 'string', __( 'Site name', 'kivihook' ), 'operational', 'Example Clinic' ),
	'site_url' => array( 'string', __( 'Site address', 'kivihook' ), 'operational', 'https://clinic.example' ),
);
