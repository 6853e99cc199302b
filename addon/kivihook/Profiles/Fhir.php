<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Profiles;

use KiviHook\WordPress\Catalogue\Event;

/**
 * KiviCare's records as FHIR R4 resources, alone or in a notification as the Subscriptions R5 Backport has it for R4: a
 * Bundle of type history, with a Parameters resource first. https://hl7.org/fhir/R4/, https://hl7.org/fhir/uv/subscriptions-backport/
 */
final class Fhir {

	/** Module => resource. */
	public const RESOURCES = array(
		'appointment'  => 'Appointment',
		'patient'      => 'Patient',
		'doctor'       => 'Practitioner',
		'encounter'    => 'Encounter',
		'prescription' => 'MedicationRequest',
		'bill'         => 'Invoice',
	);

	/** What a record's end means in the words of its resource. Persons have none: they are no longer active. */
	private const ENDS = array(
		'appointment'  => 'entered-in-error',
		'patient'      => 'removed',
		'doctor'       => 'removed',
		'encounter'    => 'entered-in-error',
		'prescription' => 'cancelled',
		'bill'         => 'cancelled',
	);

	/** Without which a resource would have to say something that nobody told it. */
	private const NEEDS = array(
		'appointment' => 'appointment_status',
		'encounter'   => 'encounter_status',
		'bill'        => 'bill_payment_status',
	);

	private const STATUS_PROFILE = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4';

	/**
	 * @param string[] $usable Variables of the event that may be told.
	 * @return array<string, mixed>|null For the Composer; null: FHIR has no such resource, or what it needs may not be told.
	 */
	public static function resource( Event $event, array $usable ): ?array {
		$needs = array( self::number( $event ), self::NEEDS[ $event->module ] ?? self::number( $event ) );
		if ( ! isset( self::RESOURCES[ $event->module ] ) || array_diff( $needs, $usable ) ) {
			return null;
		}
		/** @var callable(string, callable(string): bool): array<string, mixed> $make */
		$make = require __DIR__ . "/resources/{$event->module}.php";
		return $make(
			self::ends( $event ) ? self::ENDS[ $event->module ] : '',
			static fn ( string $variable ): bool => in_array( $variable, $usable, true )
		);
	}

	/**
	 * @param string[] $usable As above.
	 * @return array<string, mixed>|null
	 */
	public static function notification( Event $event, array $usable, bool $full ): ?array {
		$resource = self::resource( $event, $usable );
		if ( null === $resource ) {
			return null;
		}
		$focus = self::RESOURCES[ $event->module ] . '/{{' . self::number( $event ) . '}}';
		$gone  = self::ends( $event );
		$entry = array(
			'fullUrl'  => "{{site_url}}/fhir/$focus",
			'resource' => $resource,
			'request'  => array(
				'method' => $gone ? 'DELETE' : 'PUT',
				'url'    => $focus,
			),
			'response' => array( 'status' => $gone ? '204' : '200' ),
		);
		if ( ! $full || $gone ) {
			unset( $entry['resource'] );
		}
		return array(
			'resourceType' => 'Bundle',
			'id'           => '{{event_id}}',
			'type'         => 'history',
			'timestamp'    => '{{timestamp}}',
			'entry'        => array( self::status( $focus ), $entry ),
		);
	}

	/**
	 * The subscription's status, which comes first. Its number grows with time, not by one.
	 *
	 * @return array<string, mixed>
	 */
	private static function status( string $focus ): array {
		return array(
			'fullUrl'  => 'urn:uuid:{{event_id}}',
			'resource' => array(
				'resourceType' => 'Parameters',
				'meta'         => array( 'profile' => array( self::STATUS_PROFILE ) ),
				'parameter'    => array(
					array(
						'name'           => 'subscription',
						'valueReference' => array( 'reference' => '{{site_url}}/fhir/Subscription/kivihook' ),
					),
					array(
						'name'           => 'topic',
						'valueCanonical' => '{{site_url}}/fhir/SubscriptionTopic/{{event_type}}',
					),
					array(
						'name'      => 'status',
						'valueCode' => 'active',
					),
					array(
						'name'      => 'type',
						'valueCode' => 'event-notification',
					),
					array(
						'name' => 'notification-event',
						'part' => array(
							array(
								'name'        => 'event-number',
								'valueString' => "{{timestamp | date:'Uv'}}",
							),
							array(
								'name'         => 'timestamp',
								'valueInstant' => '{{timestamp}}',
							),
							array(
								'name'           => 'focus',
								'valueReference' => array( 'reference' => $focus ),
							),
						),
					),
				),
			),
			'request'  => array(
				'method' => 'GET',
				'url'    => 'Subscription/kivihook/$status',
			),
			'response' => array( 'status' => '200' ),
		);
	}

	private static function number( Event $event ): string {
		return $event->module . '_id';
	}

	private static function ends( Event $event ): bool {
		return str_ends_with( $event->id, '.deleted' ) || str_ends_with( $event->id, '.removed' );
	}
}
