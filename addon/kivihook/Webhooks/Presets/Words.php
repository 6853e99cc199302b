<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Presets;

use KiviHook\WordPress\Catalogue\Catalogue;

/** The events that a preset is for, as words of a template. No text names a person. */
final class Words {

	/** @param string[] $events Dotted ids. */
	public function __construct( private Catalogue $catalogue, public array $events ) {
	}

	/** What happened: "Appointment booked", or what the event says of itself where there are several. */
	public function title(): string {
		$event = 1 === count( $this->events ) ? $this->catalogue->event( $this->events[0] ) : null;
		return null === $event ? '{{event_type}}' : str_replace( '{{', '{ {', $event->label );
	}

	/** "Appointment booked: May 14, 2031, 10:15 am, Dora Sample, Example Clinic". */
	public function line(): string {
		return $this->title() . ': ' . $this->facts();
	}

	/** When, with whom of the staff, and where; of anything but an appointment its number. */
	public function facts(): string {
		return $this->only( 'appointment' )
			? '{{appointment_date}}, {{appointment_start_time}}, {{doctor_name}}, {{clinic_name}}'
			: __( 'no.', 'kivihook' ) . ' {{record_id}}{{#clinic_name}}, {{clinic_name}}{{/clinic_name}}';
	}

	/** Letters, digits and underscores: appointment_booked. */
	public function identifier(): string {
		return 1 === count( $this->events ) ? (string) preg_replace( '/[^A-Za-z0-9_]/', '_', $this->events[0] ) : 'kivicare_event';
	}

	/** Are all of the events of this module? */
	public function only( string $module ): bool {
		foreach ( $this->events as $id ) {
			$event = $this->catalogue->event( $id );
			if ( null === $event || $event->module !== $module ) {
				return false;
			}
		}
		return array() !== $this->events;
	}

	/**
	 * A JSON template; the texts in it may hold {{variables}}. A variable that is to stand as a value comes as Words::value().
	 *
	 * @param array<string, mixed> $body
	 */
	public static function json( array $body ): string {
		$text = (string) wp_json_encode( $body, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		// A filter's argument has quotes of its own, and a tag is no JSON.
		$text = (string) preg_replace_callback( '/\{\{.*?\}\}/u', static fn ( array $match ): string => str_replace( '\\"', '"', $match[0] ), $text );
		return (string) preg_replace_callback(
			'/"\x{E000}(.*?)\x{E001}"/u',
			static fn ( array $match ): string => $match[1],
			$text
		);
	}

	/** A variable as a JSON value rather than text: value( 'appointment_id' ) gives {{appointment_id}} without quotes. */
	public static function value( string $tag ): string {
		return "\u{E000}{{" . $tag . "}}\u{E001}";
	}
}
