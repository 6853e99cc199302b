<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Catalogue\Variable;

/** Which data classes a webhook may carry, and what of an event that keeps back. */
final class DataClasses {

	/** Whoever reads these knows who it was. */
	public const PERSON_LEVEL = array( 'identifier', 'contact', 'clinical' );

	/**
	 * @param array<string, mixed> $config
	 * @return string[] Names of the variables that this webhook may not carry.
	 */
	public static function withheld( array $config, Event $event ): array {
		$allowed = Allowance::classes( $config );
		$names   = array();
		foreach ( $event->variables as $variable ) {
			if ( ! in_array( $variable->class, $allowed, true ) ) {
				$names[] = $variable->name;
			}
		}
		return $names;
	}

	/** @return array<int, array{id: string, label: string, description: string, default: bool}> */
	public static function described(): array {
		$words = array(
			'operational' => array( __( 'Operational', 'kivihook' ), __( 'Times, states, numbers of records, the clinic itself.', 'kivihook' ) ),
			'billing'     => array( __( 'Billing', 'kivihook' ), __( 'Amounts, currencies, states of payments.', 'kivihook' ) ),
			'identifier'  => array( __( 'Identifying', 'kivihook' ), __( 'Names and numbers that say who it is.', 'kivihook' ) ),
			'contact'     => array( __( 'Contact', 'kivihook' ), __( 'E-mail, phone, address.', 'kivihook' ) ),
			'clinical'    => array( __( 'Clinical', 'kivihook' ), __( 'Diagnoses, services, prescriptions, notes. Only for a stated purpose, and until a day.', 'kivihook' ) ),
		);
		$all   = array();
		foreach ( Variable::CLASSES as $class ) {
			$all[] = array(
				'id'          => $class,
				'label'       => $words[ $class ][0],
				'description' => $words[ $class ][1],
				'default'     => 'clinical' !== $class,
			);
		}
		return $all;
	}
}
