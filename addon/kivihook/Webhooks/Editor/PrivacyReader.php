<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Catalogue\Variable;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Field;
use KiviHook\WordPress\Webhooks\Refused;

/** Reads what a webhook may tell and when: clinics, data classes, the clinical purpose, conditions, what logs mask. */
final class PrivacyReader {

	/** Operator => how many values it takes: one, list, none. */
	public const OPERATORS = array(
		'is'           => 'one',
		'is_not'       => 'one',
		'in'           => 'list',
		'not_in'       => 'list',
		'contains'     => 'one',
		'not_contains' => 'one',
		'starts_with'  => 'one',
		'gt'           => 'one',
		'gte'          => 'one',
		'lt'           => 'one',
		'lte'          => 'one',
		'exists'       => 'none',
		'missing'      => 'none',
	);

	private const MOST_RULES  = 20;
	private const MOST_VALUES = 100;

	/**
	 * @param array<string, mixed> $sent
	 * @param int[]|null $own The clinics that this person may choose from; null: all.
	 * @return array<string, mixed> Those members of the configuration that were sent.
	 */
	public static function read( array $sent, ?array $own, Errors $errors ): array {
		$read = array();
		if ( array_key_exists( 'clinics', $sent ) ) {
			$read['clinics'] = $errors->read( 'clinics', static fn () => self::clinics( $sent['clinics'], $own ), array() );
		}
		if ( array_key_exists( 'classes', $sent ) ) {
			$read['classes'] = $errors->read( 'classes', static fn () => self::classes( $sent['classes'] ) );
		}
		if ( array_key_exists( 'clinical', $sent ) ) {
			$read['clinical'] = self::clinical( $sent['clinical'], $errors );
		}
		if ( array_key_exists( 'conditions', $sent ) ) {
			$read['conditions'] = self::conditions( $sent['conditions'], $errors );
		}
		if ( array_key_exists( 'log_mask', $sent ) ) {
			$read['log_mask'] = $errors->read( 'log_mask', static fn () => self::names( $sent['log_mask'] ), array() );
		}
		return $read;
	}

	/**
	 * With class `clinical`, somebody has to say why and until when.
	 *
	 * @param array<string, mixed> $config
	 */
	public static function complete( array $config, Errors $errors ): void {
		if ( ! in_array( 'clinical', (array) ( $config['classes'] ?? array() ), true ) || $errors->has( 'clinical' ) ) {
			return;
		}
		$labels = array(
			'purpose'   => __( 'the purpose', 'kivihook' ),
			'agreement' => __( 'the agreement it rests on', 'kivihook' ),
			'until'     => __( 'the day on which it ends', 'kivihook' ),
		);
		foreach ( $labels as $name => $label ) {
			if ( '' === Value::text( Value::map( $config['clinical'] ?? null )[ $name ] ?? '' ) ) {
				/* translators: %s: what is missing */
				$errors->add( "clinical.$name", sprintf( __( 'Clinical data may only be sent for a stated purpose: fill in %s.', 'kivihook' ), $label ) );
			}
		}
	}

	/**
	 * @param int[]|null $own
	 * @return int[]
	 */
	private static function clinics( mixed $sent, ?array $own ): array {
		if ( ! is_array( $sent ) || count( $sent ) > 200 ) {
			throw new Refused( __( 'clinics must be a list of at most 200 numbers.', 'kivihook' ) );
		}
		$ids = array();
		foreach ( $sent as $id ) {
			$ids[] = Field::integer( $id, __( 'A clinic\'s number', 'kivihook' ), 1, PHP_INT_MAX, 0 );
		}
		$ids = array_values( array_unique( array_filter( $ids ) ) );
		sort( $ids );
		if ( null !== $own && ( array() === $ids || array_diff( $ids, $own ) ) ) {
			throw new Refused( __( 'Choose among your own clinics, at least one: only administrators send for all.', 'kivihook' ) );
		}
		return $ids;
	}

	/** @return string[]|null */
	private static function classes( mixed $sent ): ?array {
		if ( null === $sent ) {
			return null;
		}
		if ( ! is_array( $sent ) || array_diff( array_map( 'strval', array_filter( $sent, 'is_scalar' ) ), Variable::CLASSES ) || count( $sent ) !== count( array_filter( $sent, 'is_scalar' ) ) ) {
			/* translators: %s: a list of words */
			throw new Refused( sprintf( __( 'classes must be a list of these: %s.', 'kivihook' ), implode( ', ', Variable::CLASSES ) ) );
		}
		return array_values( array_intersect( Variable::CLASSES, Value::texts( $sent ) ) );
	}

	/** @return array<string, mixed>|null */
	private static function clinical( mixed $sent, Errors $errors ): ?array {
		if ( null === $sent || array() === $sent ) {
			return null;
		}
		if ( ! is_array( $sent ) ) {
			$errors->add( 'clinical', __( 'clinical must be an object: purpose, agreement, until.', 'kivihook' ) );
			return null;
		}
		return array(
			'purpose'   => $errors->read( 'clinical.purpose', static fn () => Field::line( $sent['purpose'] ?? '', __( 'The purpose', 'kivihook' ), 500 ), '' ),
			'agreement' => $errors->read( 'clinical.agreement', static fn () => Field::line( $sent['agreement'] ?? '', __( 'The agreement', 'kivihook' ), 500 ), '' ),
			'until'     => $errors->read( 'clinical.until', static fn () => self::day( $sent['until'] ?? '' ), '' ),
		);
	}

	private static function day( mixed $value ): string {
		$day = Field::line( $value, __( 'The last day', 'kivihook' ), 10 );
		if ( '' !== $day && ( 1 !== preg_match( '/\A(\d{4})-(\d{2})-(\d{2})\z/', $day, $match ) || ! checkdate( (int) $match[2], (int) $match[3], (int) $match[1] ) ) ) {
			throw new Refused( __( 'A day such as 2026-11-23 is expected here.', 'kivihook' ) );
		}
		return $day;
	}

	/** @return array<string, mixed>|null */
	private static function conditions( mixed $sent, Errors $errors ): ?array {
		if ( null === $sent || array() === $sent || ( is_array( $sent ) && array() === ( $sent['rules'] ?? null ) ) ) {
			return null;
		}
		if ( ! is_array( $sent ) || ! is_array( $sent['rules'] ?? null ) || count( $sent['rules'] ) > self::MOST_RULES
			|| ! in_array( $sent['match'] ?? 'all', array( 'all', 'any' ), true ) ) {
			$errors->add( 'conditions', __( 'conditions must be {"match": "all" or "any", "rules": […]} with at most 20 rules.', 'kivihook' ) );
			return null;
		}
		$rules = array();
		foreach ( array_values( $sent['rules'] ) as $index => $rule ) {
			$rules[] = self::rule( Value::map( $rule ), "conditions.rules.$index", $errors );
		}
		return array(
			'match' => $sent['match'] ?? 'all',
			'rules' => $rules,
		);
	}

	/**
	 * @param array<string, mixed> $sent
	 * @return array<string, mixed>
	 */
	private static function rule( array $sent, string $place, Errors $errors ): array {
		$field = $errors->read( "$place.field", static fn () => Field::required( $sent['field'] ?? '', __( 'The variable', 'kivihook' ), 128 ), '' );
		if ( '' !== $field && 1 !== preg_match( '/\A[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*\z/', $field ) ) {
			$errors->add( "$place.field", __( 'Name a variable without braces, such as clinic_id or patient.name.', 'kivihook' ) );
		}
		$operator = $sent['operator'] ?? 'is';
		if ( ! is_string( $operator ) || ! isset( self::OPERATORS[ $operator ] ) ) {
			/* translators: %s: a list of words */
			$errors->add( "$place.operator", sprintf( __( 'Choose one of these: %s.', 'kivihook' ), implode( ', ', array_keys( self::OPERATORS ) ) ) );
			$operator = 'is';
		}
		$rule = array(
			'field'    => $field,
			'operator' => $operator,
		);
		if ( 'none' !== self::OPERATORS[ $operator ] ) {
			$rule['value'] = $errors->read( "$place.value", static fn () => self::value( $sent['value'] ?? null, $operator ) );
		}
		return $rule;
	}

	private static function value( mixed $value, string $operator ): mixed {
		if ( 'list' === self::OPERATORS[ $operator ] ) {
			if ( ! is_array( $value ) || array() === $value || count( $value ) > self::MOST_VALUES ) {
				throw new Refused( __( 'A list of 1 to 100 values is expected here.', 'kivihook' ) );
			}
			return array_map( array( self::class, 'one' ), array_values( $value ) );
		}
		$one = self::one( $value );
		if ( in_array( $operator, array( 'gt', 'gte', 'lt', 'lte' ), true ) && '' === (string) $one ) {
			throw new Refused( __( 'A number, a day or a time to compare with is missing.', 'kivihook' ) );
		}
		return $one;
	}

	private static function one( mixed $value ): string|int|float|bool {
		return is_int( $value ) || is_float( $value ) || is_bool( $value )
			? $value
			: Field::line( $value, __( 'The value', 'kivihook' ), 500 );
	}

	/** @return string[] */
	private static function names( mixed $sent ): array {
		if ( ! is_array( $sent ) || count( $sent ) > 200 ) {
			throw new Refused( __( 'log_mask must be a list of at most 200 names of variables.', 'kivihook' ) );
		}
		return array_values( array_unique( array_map( static fn ( mixed $name ): string => Field::required( $name, __( 'A variable\'s name', 'kivihook' ), 128 ), $sent ) ) );
	}
}
