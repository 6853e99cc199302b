<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Profiles;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Catalogue\Variable;

/** Ready requests in forms that other systems know: what an editor offers instead of an empty template. */
final class Profiles {

	/** What every event has a value for, beside its record's number. */
	private const CERTAIN = array( 'event_id', 'event_type', 'module_name', 'timestamp', 'site_url' );

	public function __construct( private Catalogue $catalogue ) {
	}

	/**
	 * All of them, with what they make of each event that they have a form for.
	 *
	 * @param string[]|null $classes Data classes that the webhook may carry; null: all but clinical.
	 * @return array<int, array{id: string, label: string, description: string, content_type: string,
	 *         headers: array<int, array{name: string, value: string}>, bodies: array<string, string>}>
	 */
	public function all( ?array $classes = null ): array {
		$all = array();
		foreach ( self::offered() as $id => list( $label, $description ) ) {
			$bodies = array();
			foreach ( $this->catalogue->events() as $event ) {
				$config = $this->config( $id, $event->id, $classes );
				if ( null !== $config ) {
					$bodies[ $event->id ] = $config['body'];
				}
			}
			$all[] = array(
				'id'           => $id,
				'label'        => $label,
				'description'  => $description,
				'content_type' => self::contentType( $id ),
				'headers'      => array_map(
					static fn ( array $pair ): array => array(
						'name'  => $pair[0],
						'value' => $pair[1],
					),
					self::headers( $id )
				),
				'bodies'       => $bodies,
			);
		}
		return $all;
	}

	/**
	 * Members of a webhook's configuration.
	 *
	 * @param string[]|null $classes As above.
	 * @return array{content_type: string, headers: array<int, array{0: string, 1: string}>, body: string}|null Null where
	 *         there is no such profile or event, or where the profile has no form for the event.
	 */
	public function config( string $profile, string $event, ?array $classes = null ): ?array {
		$event = $this->catalogue->event( $event );
		$body  = null === $event ? null : self::body( $profile, $event, self::usable( $event, $classes ) );
		return null === $body ? null : array(
			'content_type' => self::contentType( $profile ),
			'headers'      => self::headers( $profile ),
			'body'         => $body,
		);
	}

	/** @return array<string, array{0: string, 1: string}> Id => label, description. */
	private static function offered(): array {
		return array(
			'standard'               => array(
				__( 'Standard body', 'kivihook' ),
				__( 'Everything that the webhook may carry: id, type, timestamp, data.', 'kivihook' ),
			),
			'thin'                   => array(
				__( 'Standard body, numbers only', 'kivihook' ),
				__( 'What happened to which record. The receiver asks for the rest, if it may.', 'kivihook' ),
			),
			'cloudevents'            => array(
				__( 'CloudEvents 1.0, structured', 'kivihook' ),
				__( 'Attributes and data in one JSON object.', 'kivihook' ),
			),
			'cloudevents-binary'     => array(
				__( 'CloudEvents 1.0, binary', 'kivihook' ),
				__( 'Attributes in headers that begin with ce-, the data as the body.', 'kivihook' ),
			),
			'fhir'                   => array(
				__( 'FHIR R4 resource', 'kivihook' ),
				__( 'Appointment, Patient, Practitioner, Encounter, MedicationRequest or Invoice.', 'kivihook' ),
			),
			'fhir-notification-id'   => array(
				__( 'FHIR R4 notification, id only', 'kivihook' ),
				__( 'A Bundle as the Subscriptions Backport has it, naming the resource without its content.', 'kivihook' ),
			),
			'fhir-notification-full' => array(
				__( 'FHIR R4 notification, full resource', 'kivihook' ),
				__( 'The same Bundle with the resource in it.', 'kivihook' ),
			),
		);
	}

	private static function contentType( string $profile ): string {
		if ( 'cloudevents' === $profile ) {
			return 'application/cloudevents+json';
		}
		return str_starts_with( $profile, 'fhir' ) ? 'application/fhir+json' : 'application/json';
	}

	/** @return array<int, array{0: string, 1: string}> */
	private static function headers( string $profile ): array {
		return 'cloudevents-binary' !== $profile ? array() : array(
			array( 'ce-specversion', '1.0' ),
			array( 'ce-id', '{{event_id}}' ),
			array( 'ce-source', '{{site_url}}' ),
			array( 'ce-type', 'kivihook.{{event_type}}' ),
			array( 'ce-time', '{{timestamp}}' ),
		);
	}

	/** @param string[] $usable */
	private static function body( string $profile, Event $event, array $usable ): ?string {
		if ( ! in_array( 'event_id', $usable, true ) && 'standard' !== $profile ) {
			return null; // None of them goes without saying what happened.
		}
		$composer = new Composer( $usable, array( ...self::CERTAIN, $event->module . '_id' ) );
		switch ( $profile ) {
			case 'standard':
				return '';
			case 'thin':
				return $composer->template( self::thin( $event, $usable ) );
			case 'cloudevents':
				return $composer->template( self::cloudEvent() );
			case 'cloudevents-binary':
				return "{{.}}\n";
			case 'fhir':
				$node = Fhir::resource( $event, $usable );
				break;
			case 'fhir-notification-id':
			case 'fhir-notification-full':
				$node = Fhir::notification( $event, $usable, 'fhir-notification-full' === $profile );
				break;
			default:
				$node = null;
		}
		return null === $node ? null : $composer->template( $node );
	}

	/**
	 * @param string[] $usable
	 * @return array<string, mixed>
	 */
	private static function thin( Event $event, array $usable ): array {
		$data = array();
		foreach ( $event->variables as $name => $variable ) {
			$is_number = 'integer' === $variable->type && str_ends_with( (string) $name, '_id' ) && 'current_user_id' !== $name;
			if ( $is_number && in_array( $name, $usable, true ) ) {
				$data[ $name ] = "={{{$name} | default:null}}";
			}
		}
		return array(
			'id'        => '{{event_id}}',
			'type'      => '{{event_type}}',
			'timestamp' => '{{timestamp}}',
			'data'      => $data,
		);
	}

	/** @return array<string, mixed> */
	private static function cloudEvent(): array {
		return array(
			'specversion'       => '1.0',
			'id'                => '{{event_id}}',
			'source'            => '{{site_url}}',
			'type'              => 'kivihook.{{event_type}}',
			'time'              => '{{timestamp}}',
			'subject:record_id' => '{{module_name}}/{{record_id}}',
			'datacontenttype'   => 'application/json',
			'data'              => '={{.}}',
		);
	}

	/**
	 * @param string[]|null $classes
	 * @return string[]
	 */
	private static function usable( Event $event, ?array $classes ): array {
		$allowed = null === $classes ? Allowance::chosen( array() ) : $classes;
		$usable  = array_filter( $event->variables, static fn ( Variable $one ): bool => in_array( $one->class, $allowed, true ) );
		return array_map( 'strval', array_keys( $usable ) );
	}
}
