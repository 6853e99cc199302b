<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Editor;

use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Errors;
use KiviHook\WordPress\Webhooks\Field;
use KiviHook\WordPress\Webhooks\Refused;

/**
 * Reads what is not secret about `auth`, by the fields that AuthMethods names.
 *
 * @phpstan-import-type FormField from AuthMethods
 */
final class AuthReader {

	private const MAX_TEXT = 1024;

	/** @return array<string, mixed> */
	public static function read( mixed $sent, Errors $errors ): array {
		if ( ! is_array( $sent ) ) {
			$errors->add( 'auth', __( 'auth must be an object with a method.', 'kivihook' ) );
			return array( 'method' => 'none' );
		}
		$method = $sent['method'] ?? 'none';
		if ( ! is_string( $method ) || ! in_array( $method, AuthMethods::NAMES, true ) ) {
			$errors->add(
				'auth.method',
				/* translators: %s: a list of words */
				sprintf( __( 'Choose one of these: %s.', 'kivihook' ), implode( ', ', AuthMethods::NAMES ) )
			);
			return array( 'method' => 'none' );
		}
		$auth = array( 'method' => $method );
		foreach ( self::visible( AuthMethods::fields( $method ), $sent ) as $field ) {
			if ( 'auth' !== $field['in'] ) {
				continue;
			}
			$name  = $field['name'];
			$value = $errors->read( "auth.$name", static fn () => self::value( $field, $sent[ $name ] ?? null ) );
			if ( null !== $value ) {
				$auth[ $name ] = $value;
			}
		}
		if ( isset( $auth['name'], $auth['location'] ) && 'header' === $auth['location'] ) {
			$auth['name'] = $errors->read( 'auth.name', static fn () => Field::headerName( $auth['name'] ), $auth['name'] );
		}
		return $auth;
	}

	/**
	 * The fields that a choice of others shows.
	 *
	 * @param list<FormField> $fields
	 * @param mixed[] $values
	 * @return list<FormField>
	 */
	public static function visible( array $fields, array $values ): array {
		$defaults = array();
		foreach ( $fields as $field ) {
			$defaults[ $field['name'] ] ??= $field['default'] ?? null;
		}
		return array_values(
			array_filter(
				$fields,
				static function ( array $field ) use ( $values, $defaults ): bool {
					foreach ( $field['show_if'] ?? array() as $name => $wanted ) {
						if ( ! in_array( $values[ $name ] ?? $defaults[ $name ] ?? null, $wanted, true ) ) {
							return false;
						}
					}
					return true;
				}
			)
		);
	}

	/**
	 * Null: leave it out, the engine has a default of its own.
	 *
	 * @param FormField $field
	 */
	private static function value( array $field, mixed $value ): mixed {
		$empty = null === $value || '' === $value || array() === $value;
		if ( $empty && $field['required'] && '' === Value::text( $field['default'] ?? '' ) ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s is missing. Fill it in.', 'kivihook' ), $field['label'] );
		}
		if ( $empty && ! $field['required'] && 'choice' !== $field['type'] ) {
			return null;
		}
		switch ( $field['type'] ) {
			case 'choice':
				return self::choice( $field, $value ?? $field['default'] ?? null );
			case 'integer':
				return Field::integer( $value, $field['label'], $field['min'] ?? 0, $field['max'] ?? PHP_INT_MAX, Value::number( $field['default'] ?? 0 ) );
			case 'boolean':
				return Field::boolean( $value, $field['label'] ) ? true : null;
			case 'list':
				return self::texts( $field, $value );
			case 'object':
				return self::map( $field, $value );
			default:
				return Field::line( $empty ? ( $field['default'] ?? '' ) : $value, $field['label'], $field['max_length'] ?? self::MAX_TEXT );
		}
	}

	/** @param FormField $field */
	private static function choice( array $field, mixed $value ): ?string {
		$values = array_column( $field['choices'] ?? array(), 'value' );
		if ( ! in_array( $value, $values, true ) ) {
			/* translators: 1: a field's label, 2: a list of words */
			throw Refused::value( __( '%1$s: choose one of these: %2$s.', 'kivihook' ), $field['label'], implode( ', ', array_filter( $values ) ) );
		}
		return '' === $value ? null : $value;
	}

	/**
	 * One text or several.
	 *
	 * @param FormField $field
	 * @return string|string[]
	 */
	private static function texts( array $field, mixed $value ): string|array {
		if ( is_array( $value ) ) {
			$texts = array_map( static fn ( mixed $one ): string => Field::line( $one, $field['label'], self::MAX_TEXT ), array_values( $value ) );
			$texts = array_values( array_filter( $texts, static fn ( string $text ): bool => '' !== $text ) );
			if ( count( $texts ) > 20 ) {
				/* translators: %s: a field's label */
				throw Refused::value( __( '%s: at most 20 of them.', 'kivihook' ), $field['label'] );
			}
			return 1 === count( $texts ) ? $texts[0] : $texts;
		}
		return Field::line( $value, $field['label'], self::MAX_TEXT );
	}

	/**
	 * An object, or its JSON as an editor's text field has it.
	 *
	 * @param FormField $field
	 * @return array<string, mixed>
	 */
	private static function map( array $field, mixed $value ): array {
		if ( is_string( $value ) ) {
			$value = json_decode( $value, true, 16 );
		}
		if ( ! is_array( $value ) || array_values( $value ) === $value ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s must be a JSON object such as {"role": "sender"}.', 'kivihook' ), $field['label'] );
		}
		if ( strlen( (string) wp_json_encode( $value ) ) > 8192 ) {
			/* translators: %s: a field's label */
			throw Refused::value( __( '%s is longer than 8 kB. Shorten it.', 'kivihook' ), $field['label'] );
		}
		return Value::map( $value );
	}
}
