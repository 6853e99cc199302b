<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\Exception;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Refused;

/** What the commands share: lists in every --format that WP-CLI users know, numbers from arguments, errors in words. */
final class Output {

	/**
	 * @param array<mixed[]> $items
	 * @param string[] $fields shown unless --fields says otherwise
	 * @param array<string, string|bool> $options the command's
	 */
	public static function items( array $items, array $fields, array $options ): void {
		$format = (string) ( $options['format'] ?? 'table' );
		if ( 'count' === $format ) {
			\WP_CLI::line( (string) count( $items ) );
			return;
		}
		if ( 'ids' === $format ) {
			\WP_CLI::line( implode( ' ', Value::texts( array_column( $items, 'id' ) ) ) );
			return;
		}
		if ( ! in_array( $format, array( 'json', 'yaml' ), true ) ) {
			$items = array_map( array( self::class, 'flat' ), $items );
		}
		$formatter = new \WP_CLI\Formatter( $options, $fields );
		$formatter->display_items( $items );
	}

	/**
	 * One thing: its members as rows, or as the object that it is.
	 *
	 * @param array<string, mixed> $item
	 * @param array<string, string|bool> $options
	 */
	public static function item( array $item, array $options ): void {
		$format = (string) ( $options['format'] ?? 'table' );
		if ( isset( $options['field'] ) ) {
			$field = (string) $options['field'];
			if ( ! array_key_exists( $field, $item ) ) {
				\WP_CLI::error( "There is no field $field. Fields: " . implode( ', ', array_keys( $item ) ) . '.' );
			}
			$value = $item[ $field ];
			\WP_CLI::line( 'json' === $format || ! is_scalar( $value ) ? self::json( $value ) : self::text( $value ) );
			return;
		}
		if ( isset( $options['fields'] ) ) {
			$item = array_intersect_key( $item, array_flip( array_map( 'trim', explode( ',', (string) $options['fields'] ) ) ) );
		}
		if ( 'json' === $format ) {
			\WP_CLI::line( self::json( $item ) );
			return;
		}
		$rows = array();
		foreach ( 'yaml' === $format ? array() : $item as $name => $value ) {
			$rows[] = array( 'field' => $name, 'value' => self::text( $value ) );
		}
		'yaml' === $format
			? \WP_CLI\Utils\format_items( 'yaml', array( $item ), array_keys( $item ) )
			: \WP_CLI\Utils\format_items( $format, $rows, array( 'field', 'value' ) );
	}

	/**
	 * Runs a command's work; what is refused ends it in words.
	 *
	 * @template T
	 * @param callable():T $work
	 * @return T
	 */
	public static function attempt( callable $work ): mixed {
		try {
			return $work();
		} catch ( Refused $refused ) {
			foreach ( $refused->errors() as $error ) {
				$place = isset( $error['line'] ) ? " (line {$error['line']}, column " . ( $error['column'] ?? 1 ) . ')' : '';
				\WP_CLI::warning( "{$error['field']}$place: {$error['message']}" );
			}
			\WP_CLI::error( $refused->errors() ? 'Nothing was changed.' : $refused->getMessage() );
		} catch ( Exception $error ) {
			\WP_CLI::error( $error->getMessage() );
		}
	}

	/**
	 * @param string[] $args
	 * @return int[]
	 */
	public static function ids( array $args ): array {
		foreach ( $args as $arg ) {
			if ( ! ctype_digit( (string) $arg ) || 0 === (int) $arg ) {
				\WP_CLI::error( "\"$arg\" is no id: ids are numbers, as in the first column of the list." );
			}
		}
		return array_map( 'intval', $args );
	}

	/**
	 * JSON from a file, from standard input (-), or none.
	 *
	 * @return array<string, mixed>
	 */
	public static function read( string $file ): array {
		$text  = '-' === $file ? (string) stream_get_contents( STDIN ) : ( is_readable( $file ) ? (string) file_get_contents( $file ) : null );
		$value = null === $text ? null : json_decode( $text, true );
		if ( null === $text ) {
			\WP_CLI::error( "$file cannot be read." );
		}
		if ( ! is_array( $value ) ) {
			\WP_CLI::error( ( '-' === $file ? 'Standard input' : $file ) . ' is no JSON object: ' . json_last_error_msg() . '.' );
		}
		return Value::map( $value );
	}

	public static function json( mixed $value ): string {
		return (string) json_encode( $value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRETTY_PRINT );
	}

	/**
	 * @param array<string, mixed> $item
	 * @return array<string, mixed>
	 */
	private static function flat( array $item ): array {
		return array_map( array( self::class, 'text' ), $item );
	}

	private static function text( mixed $value ): string {
		if ( is_array( $value ) && array_values( $value ) === $value && array_filter( $value, 'is_scalar' ) === $value ) {
			return implode( ', ', $value );
		}
		if ( is_bool( $value ) ) {
			return $value ? 'yes' : 'no';
		}
		return is_scalar( $value ) || null === $value ? (string) $value : (string) json_encode( $value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
	}
}
