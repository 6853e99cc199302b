<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Custom;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Value;

/**
 * Checks and keeps the hooks that are turned into events. A row is
 * {hook, id, label, module?, record?, clinic?, fields: [{name, path, type?, label?, class, sample?}]}: `path` leads to a
 * value, by the argument's number and then member by member; `record` names an integer field, `clinic` is the path of a
 * clinic's number.
 */
final class HookForm {

	public const MAX_EVENTS = 50;
	public const MAX_FIELDS = 60;

	private const MEMBERS       = array( 'hook', 'id', 'label', 'module', 'record', 'clinic', 'fields' );
	private const FIELD_MEMBERS = array( 'name', 'path', 'type', 'label', 'class', 'sample' );

	public function __construct( private Options $options, private Catalogue $catalogue ) {
	}

	/** @return list<array<string, mixed>> */
	public function all(): array {
		return HookEvents::rows();
	}

	/**
	 * Keeps all of them, or none if one is wrong.
	 *
	 * @param mixed[] $rows
	 * @return array<int|string, string> Place, such as 0.hook or 2.fields.1.path => what to change. Empty: they are kept.
	 */
	public function save( array $rows ): array {
		$problems = $this->problems( $rows );
		if ( ! $problems ) {
			$this->options->put( HookEvents::OPTION, array_map( array( self::class, 'clean' ), array_values( $rows ) ) );
		}
		return $problems;
	}

	/**
	 * @param mixed[] $rows
	 * @return array<int|string, string> As above.
	 */
	public function problems( array $rows ): array {
		if ( count( $rows ) > self::MAX_EVENTS ) {
			/* translators: %d: a number */
			return array( '' => sprintf( __( 'At most %d hooks can be turned into events.', 'kivihook' ), self::MAX_EVENTS ) );
		}
		$problems = array();
		$ids      = array();
		foreach ( array_values( $rows ) as $index => $row ) {
			foreach ( $this->problemsOf( $row, $ids ) as $place => $problem ) {
				$problems[ '' === $place ? (string) $index : "$index.$place" ] = $problem;
			}
			$ids[] = is_array( $row ) ? $row['id'] ?? null : null;
		}
		return $problems;
	}

	/**
	 * @param mixed[] $ids
	 * @return array<string, string>
	 */
	private function problemsOf( mixed $row, array $ids ): array {
		if ( ! is_array( $row ) || ! is_string( $row['hook'] ?? null ) || ! is_array( $row['fields'] ?? null ) ) {
			return array( '' => __( 'Each needs a hook, an id, a label and a list of fields.', 'kivihook' ) );
		}
		$problems = array_filter( array( 'hook' => HookRules::refusal( $row['hook'] ) ) );
		if ( in_array( $row['id'] ?? null, $ids, true ) ) {
			$problems['id'] = __( 'Two events can\'t have the same id.', 'kivihook' );
		}
		$known = is_string( $row['id'] ?? null ) && null !== $this->catalogue->event( $row['id'] );
		if ( $known && ! in_array( $row['id'], array_column( $this->all(), 'id' ), true ) ) {
			$problems['id'] = __( 'There is an event of that id already.', 'kivihook' );
		}
		if ( '' !== Value::text( $row['clinic'] ?? '' ) ) {
			$problems += array_filter( array( 'clinic' => HookRules::refusalOfPath( Value::text( $row['clinic'] ) ) ) );
		}
		$problems += $this->problemsOfFields( array_values( $row['fields'] ) );
		if ( ! $problems ) {
			try {
				Declarations::check( $row['id'] ?? null, HookEvents::declaration( self::clean( Value::map( $row ) ) ), $this->catalogue );
			} catch ( \InvalidArgumentException $refused ) {
				$problems[''] = ucfirst( $refused->getMessage() );
			}
		}
		return $problems;
	}

	/**
	 * @param mixed[] $fields
	 * @return array<string, string>
	 */
	private function problemsOfFields( array $fields ): array {
		if ( ! $fields || count( $fields ) > self::MAX_FIELDS ) {
			/* translators: %d: a number */
			return array( 'fields' => sprintf( __( 'Name 1 to %d fields: nothing else of the hook leaves.', 'kivihook' ), self::MAX_FIELDS ) );
		}
		$problems = array();
		$names    = array();
		foreach ( $fields as $index => $field ) {
			$name = is_array( $field ) ? $field['name'] ?? null : null;
			$path = is_array( $field ) && is_scalar( $field['path'] ?? null ) ? (string) $field['path'] : '';
			$type = is_array( $field ) ? $field['type'] ?? 'string' : '';
			if ( ! is_string( $name ) || in_array( $name, $names, true ) ) {
				$problems[ "fields.$index.name" ] = __( 'Give each field a name of its own.', 'kivihook' );
			}
			if ( '' !== HookRules::refusalOfPath( $path ) ) {
				$problems[ "fields.$index.path" ] = HookRules::refusalOfPath( $path );
			}
			if ( ! in_array( $type, array( 'string', 'integer' ), true ) ) {
				$problems[ "fields.$index.type" ] = __( 'A field is a string or an integer: lists and objects could hold what nobody has looked at.', 'kivihook' );
			}
			$names[] = $name;
		}
		return $problems;
	}

	/**
	 * Exactly what is known, as it is kept.
	 *
	 * @param array<string, mixed> $row
	 * @return array<string, mixed>
	 */
	private static function clean( array $row ): array {
		$fields = array();
		foreach ( Value::maps( $row['fields'] ) as $field ) {
			$field         = array_intersect_key( $field, array_flip( self::FIELD_MEMBERS ) );
			$field['path'] = Value::text( $field['path'] );
			$fields[]      = $field;
		}
		$row['fields'] = $fields;
		return array_intersect_key( $row, array_flip( self::MEMBERS ) );
	}
}
