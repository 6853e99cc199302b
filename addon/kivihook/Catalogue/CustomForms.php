<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Catalogue;

use KiviHook\WordPress\Value;

/**
 * The forms that a clinic has made with KiviCare Pro, each a variable of its module, called as the original add-on did:
 * custom_form_<name>_data. Which there are is looked up by the schedule and kept in an autoloaded option, so that neither
 * a booking nor a list of variables asks for it.
 */
final class CustomForms {

	public const OPTION = 'kivihook_custom_forms';

	/** KiviCare's modules of forms => ours. */
	public const MODULES = array(
		'appointment_module'       => 'appointment',
		'patient_module'           => 'patient',
		'doctor_module'            => 'doctor',
		'patient_encounter_module' => 'encounter',
		'encounter_module'         => 'encounter',
	);

	private const MAX_NAME = 60;

	/** The option as it is kept; '' for none. No query. */
	public static function stored(): string {
		$text = wp_load_alloptions()[ self::OPTION ] ?? '';
		return is_string( $text ) ? $text : '';
	}

	/** @return array<string, array{form: int, label: string}> By the variable's name. */
	public static function of( string $module ): array {
		$text  = self::stored();
		$forms = '' === $text ? array() : maybe_unserialize( $text );
		$forms = is_array( $forms ) ? $forms[ $module ] ?? array() : array();
		$known = array();
		foreach ( is_array( $forms ) ? $forms : array() as $name => $form ) {
			if ( is_array( $form ) && is_int( $form['form'] ?? null ) && is_string( $form['label'] ?? null ) ) {
				$known[ (string) $name ] = array(
					'form'  => $form['form'],
					'label' => $form['label'],
				);
			}
		}
		return $known;
	}

	/**
	 * As the catalogue's modules have theirs.
	 *
	 * @return array<string, array{string, string, string, array<string, string>}>
	 */
	public static function variables( string $module ): array {
		$rows = array();
		foreach ( self::of( $module ) as $name => $form ) {
			/* translators: %s: name of a form */
			$rows[ $name ] = array( 'object', sprintf( __( 'Form: %s', 'kivihook' ), $form['label'] ), 'clinical', array( 'Allergies' => 'None' ) );
		}
		return $rows;
	}

	/**
	 * What the option is to hold.
	 *
	 * @param array<int, array{module: string, label: string}> $forms By id, KiviCare's modules.
	 * @return array<string, array<string, array{form: int, label: string}>>
	 */
	public static function listed( array $forms ): array {
		ksort( $forms );
		$listed = array();
		foreach ( $forms as $id => $form ) {
			$module = self::MODULES[ $form['module'] ] ?? null;
			if ( null !== $module ) {
				$word = self::word( $form['label'] );
				$name = "custom_form_{$word}_data";
				$name = '' === $word || isset( $listed[ $module ][ $name ] ) ? "custom_form_{$word}_{$id}_data" : $name;

				$listed[ $module ][ $name ] = array(
					'form'  => $id,
					'label' => $form['label'],
				);
			}
		}
		return $listed;
	}

	/** In lower case, blanks as _; and as _ what a template can't have in a name. */
	private static function word( string $label ): string {
		$word = mb_substr( mb_strtolower( trim( $label ) ), 0, self::MAX_NAME );
		return (string) preg_replace( '/[^a-z0-9_\-\x80-\xff]/', '_', $word );
	}
}
