<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Catalogue\CustomForms;

/** What was filled in into the forms that clinics make with KiviCare Pro. */
final class Forms {

	private const MOST = 200;

	public function __construct( private Reader $reader ) {
	}

	/**
	 * Every form there is; none where KiviCare has no table for them.
	 *
	 * @return array<int, array{module: string, label: string}>
	 */
	public function all(): array {
		$forms = array();
		foreach ( $this->reader->optional(
			"SELECT id, name, module_type FROM `{$this->reader->table( 'custom_forms' )}` ORDER BY id LIMIT " . self::MOST
		) as $row ) {
			$name  = json_decode( (string) $row['name'], true );
			$label = is_array( $name ) ? $name['text'] ?? '' : ( is_string( $name ) ? $name : $row['name'] );

			$forms[ (int) $row['id'] ] = array(
				'module' => (string) $row['module_type'],
				'label'  => is_string( $label ) ? sanitize_text_field( $label ) : '',
			);
		}
		return $forms;
	}

	/**
	 * Where there are no forms, which is the rule, nothing is asked.
	 *
	 * @param int[] $ids
	 * @return array<int, array<string, array<mixed>>> Record => variable => what was filled in, by label.
	 */
	public function of( string $module, array $ids ): array {
		$filled = array_fill_keys( $ids, array() );
		$forms  = array_flip( array_map( static fn ( array $form ): int => $form['form'], CustomForms::of( $module ) ) );
		if ( array() === $ids || array() === $forms ) {
			return $filled;
		}
		foreach ( $this->reader->optional(
			"SELECT d.form_id, d.module_id, d.form_data, f.fields FROM `{$this->reader->table( 'custom_form_data' )}` d"
			. " JOIN `{$this->reader->table( 'custom_forms' )}` f ON f.id = d.form_id"
			. ' WHERE d.form_id IN (' . Reader::in( array_keys( $forms ) ) . ') AND d.module_id IN (' . Reader::in( $ids ) . ') ORDER BY d.id'
		) as $row ) {
			$filled[ (int) $row['module_id'] ][ $forms[ (int) $row['form_id'] ] ] = self::answers( (string) $row['form_data'], self::labels( (string) $row['fields'] ) );
		}
		return $filled;
	}

	/**
	 * What a record has of them.
	 *
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	public static function in( array $record ): array {
		$forms = array();
		foreach ( is_array( $record['forms'] ?? null ) ? $record['forms'] : array() as $name => $answers ) {
			$forms[ (string) $name ] = $answers;
		}
		return $forms;
	}

	/** @return array<string, string> What a form calls its fields => their labels. */
	private static function labels( string $json ): array {
		$labels = array();
		$fields = json_decode( $json, true );
		foreach ( is_array( $fields ) ? $fields : array() as $field ) {
			$label = is_array( $field ) && is_string( $field['label'] ?? null ) ? trim( $field['label'] ) : '';
			if ( is_array( $field ) && '' !== $label ) {
				foreach ( array( 'id', 'name' ) as $key ) { // KiviCare 4's word for it, and 3's.
					if ( is_scalar( $field[ $key ] ?? null ) ) {
						$labels[ (string) $field[ $key ] ] = $label;
					}
				}
			}
		}
		return $labels;
	}

	/**
	 * @param array<string, string> $labels
	 * @return array<mixed>
	 */
	private static function answers( string $json, array $labels ): array {
		$answers = array();
		$data    = json_decode( $json, true );
		foreach ( is_array( $data ) ? $data : array() as $field => $value ) {
			$answers[ $labels[ (string) $field ] ?? (string) $field ] = self::value( $value );
		}
		return $answers;
	}

	/** What was chosen from a list is kept with its number there, and told by its words. */
	private static function value( mixed $value ): mixed {
		if ( ! is_array( $value ) ) {
			return $value;
		}
		foreach ( array( 'text', 'label', 'value' ) as $key ) {
			if ( is_scalar( $value[ $key ] ?? null ) ) {
				return $value[ $key ];
			}
		}
		return array_map( array( self::class, 'value' ), $value );
	}
}
