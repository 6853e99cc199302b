<?php

declare(strict_types=1);

use KiviHook\WordPress\Webhooks\Presets\Words;

/** A text message to the patient, or to a number of one's own. */
return static fn (): array => array(
	'label'       => 'Twilio SMS',
	'group'       => 'message',
	'description' => __( 'A text message to the patient of an appointment, or to a number of yours. It names no patient.', 'kivihook' ),
	'docs'        => 'https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource',
	'events'      => array( 'appointment.booked' ),
	'classes'     => array( 'operational', 'contact' ),
	'fields'      => array(
		'account_sid' => array(
			'label'       => 'Account SID',
			'help'        => __( 'console.twilio.com → Account Dashboard → Account Info.', 'kivihook' ),
			'placeholder' => 'AC00000000000000000000000000000000',
			'pattern'     => '^AC[0-9a-fA-F]{32}$',
		),
		'auth_token'  => array(
			'label' => 'Auth Token',
			'type'  => 'secret',
			'help'  => __( 'In the same place, under the SID.', 'kivihook' ),
		),
		'from'        => array(
			'label'       => __( 'Your Twilio number or messaging service', 'kivihook' ),
			'help'        => __( 'Phone Numbers → Active numbers; or the SID of a Messaging Service (MG…).', 'kivihook' ),
			'placeholder' => '+15005550006',
			'pattern'     => '^(\\+[1-9]\\d{4,14}|MG[0-9a-fA-F]{32})$',
		),
		'to'          => array(
			'label'       => __( 'Send to', 'kivihook' ),
			'help'        => __( 'Empty: to the patient\'s own number.', 'kivihook' ),
			'placeholder' => '+15005550006',
			'pattern'     => '^\\+[1-9]\\d{4,14}$',
			'required'    => false,
		),
	),
	'draft'       => static fn ( array $values, Words $words ): array => array(
		'url'          => "https://api.twilio.com/2010-04-01/Accounts/{$values['account_sid']}/Messages.json",
		'content_type' => 'application/x-www-form-urlencoded',
		'auth'         => array( 'method' => 'basic' ),
		'secrets'      => array(
			'username' => $values['account_sid'],
			'password' => $values['auth_token'],
		),
		'body'         => 'To=' . ( '' === $values['to'] ? '{{patient_contact_number | e164}}' : $values['to'] ) . "\n"
			. ( str_starts_with( $values['from'], 'MG' ) ? 'MessagingServiceSid=' : 'From=' ) . $values['from'] . "\n"
			. 'Body=' . $words->line(),
	),
);
