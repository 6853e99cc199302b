<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Presets;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Webhooks\Editor\DataClasses;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Field;
use KiviHook\WordPress\Webhooks\Origin;
use KiviHook\WordPress\Webhooks\Refused;

/**
 * Webhooks that work once a value or two are pasted. Each is a file in definitions/: label, group, description, docs (where the
 * service describes its requests), events, classes (data classes; null: the default), fields, and `draft`, which makes a draft out of
 * the fields' values.
 *
 * @phpstan-type PresetField array{name: string, label: string, type: string, help: string, placeholder: string, required: bool, secret: bool, pattern: string, default: string, choices: list<array{value: string, label: string}>}
 * @phpstan-type Preset array{label: string, group: string, description: string, docs: string, events: string[], classes: string[]|null, fields: list<PresetField>, draft: \Closure(array<string, string>, Words): array<string, mixed>}
 */
final class Presets {

	/** In this order. */
	private const IDS = array(
		'slack',
		'teams',
		'discord',
		'twilio',
		'sendgrid',
		'mailgun',
		'hubspot',
		'salesforce',
		'ga4',
		'mixpanel',
		'zapier',
		'make',
		'n8n',
		'signed-json',
		'fhir',
		'cloudevents',
	);

	public function __construct( private Catalogue $catalogue ) {
	}

	/** @return string[] */
	public static function ids(): array {
		return self::IDS;
	}

	/**
	 * For people to choose from.
	 *
	 * @return list<array<string, mixed>>
	 */
	public function all(): array {
		return array_map( array( $this, 'described' ), self::IDS );
	}

	/**
	 * A draft for kivihook/v1/webhooks. Secrets that were entered are in it.
	 *
	 * @param mixed[] $values
	 * @param mixed[] $events Empty: the preset's own.
	 * @return array<string, mixed>
	 * @throws Refused
	 */
	public function draft( string $id, array $values, array $events ): array {
		$preset = self::definition( $id );
		$errors = new Errors();
		$read   = array();
		foreach ( $preset['fields'] as $field ) {
			$read[ $field['name'] ] = $errors->read( "values.{$field['name']}", static fn () => self::value( $field, $values[ $field['name'] ] ?? '' ), '' );
		}
		$events = array() === $events ? $preset['events'] : $events;
		foreach ( array_values( $events ) as $index => $event ) {
			if ( ! is_string( $event ) || null === $this->catalogue->event( $event ) ) {
				$errors->add( "events.$index", __( 'There is no such event.', 'kivihook' ) );
			}
		}
		$errors->refuse();
		$events = $this->catalogue->resolve( $events );
		$words  = new Words( $this->catalogue, $events );
		$draft  = ( $preset['draft'] )( $read, $words ) + array(
			'name'    => $preset['label'],
			'events'  => $events,
			'method'  => 'POST',
			'preset'  => $id,
			'classes' => $preset['classes'],
		);
		return array( 'name' => $draft['name'] ) + $draft;
	}

	/** @return array<string, mixed> */
	private function described( string $id ): array {
		$preset  = self::definition( $id );
		$classes = $preset['classes'] ?? Allowance::classes( array() );
		return array(
			'id'           => $id,
			'label'        => $preset['label'],
			'group'        => $preset['group'],
			'description'  => $preset['description'],
			'docs'         => $preset['docs'],
			'events'       => $preset['events'],
			'classes'      => $preset['classes'],
			'person_level' => array() !== array_intersect( DataClasses::PERSON_LEVEL, $classes ),
			'fields'       => $preset['fields'],
		);
	}

	/**
	 * @return Preset
	 * @throws Refused
	 */
	private static function definition( string $id ): array {
		if ( ! in_array( $id, self::IDS, true ) ) {
			throw Refused::missing( __( 'There is no such preset.', 'kivihook' ) );
		}
		/** @var \Closure(): array{label: string, group: string, description: string, docs: string, events: string[], classes?: string[]|null, fields: array<string, array<string, mixed>>, draft: \Closure(array<string, string>, Words): array<string, mixed>} $define */
		$define = require __DIR__ . "/definitions/$id.php";
		$preset = $define();
		return array( 'fields' => array_map( array( self::class, 'field' ), array_keys( $preset['fields'] ), $preset['fields'] ) ) + $preset + array( 'classes' => null );
	}

	/**
	 * With its defaults.
	 *
	 * @param array<string, mixed> $field
	 * @return PresetField
	 */
	private static function field( string $name, array $field ): array {
		/** @var PresetField $complete What a definition says, and the rest. */
		$complete = array( 'name' => $name ) + $field + array(
			'type'        => 'text',
			'help'        => '',
			'placeholder' => '',
			'required'    => true,
			'secret'      => 'secret' === ( $field['type'] ?? '' ),
			'pattern'     => '',
			'default'     => '',
			'choices'     => array(),
		);
		return $complete;
	}

	/** @param PresetField $field */
	private static function value( array $field, mixed $sent ): string {
		$value = Field::line( $sent, $field['label'], 4096 );
		$value = '' === $value ? $field['default'] : $value;
		if ( '' === $value ) {
			if ( $field['required'] ) {
				/* translators: %s: a field's label */
				throw Refused::value( __( '%s is missing. Fill it in.', 'kivihook' ), $field['label'] );
			}
			return '';
		}
		if ( '' !== $field['pattern'] && 1 !== preg_match( '~' . $field['pattern'] . '~', $value ) ) {
			/* translators: 1: a field's label, 2: an example */
			throw Refused::value( __( '%1$s does not look right. It looks like this: %2$s', 'kivihook' ), $field['label'], $field['placeholder'] );
		}
		if ( 'url' === $field['type'] ) {
			Origin::of( $value );
		}
		if ( 'choice' === $field['type'] && ! in_array( $value, array_column( $field['choices'], 'value' ), true ) ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s: choose one of the list.', 'kivihook' ), $field['label'] );
		}
		// What is pasted is text, whatever stands in it: no variable comes in this way.
		if ( str_contains( $value, '{{' ) && 'secret' !== $field['type'] ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s takes no {{variables}}: put them into the webhook afterwards.', 'kivihook' ), $field['label'] );
		}
		return $value;
	}
}
