<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Variable;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Value;

/**
 * May a webhook carry what its templates and conditions use? Said when it is saved, because when it is sent what is not
 * allowed is simply not there.
 */
final class Policy {

	/** What a number can't be asked. */
	private const FOR_TEXTS = array( 'contains', 'not_contains', 'starts_with' );

	/** What an object, as a whole, can be asked. */
	private const FOR_OBJECTS = array( 'exists', 'missing' );


	public function __construct( private Catalogue $catalogue ) {
	}

	/**
	 * @param array<string, mixed> $config As it is to be stored, its shape checked.
	 * @return array<string, string> Place, such as body, headers.0.value, conditions.rules.2.field => what to change.
	 */
	public function problems( array $config ): array {
		return $this->terms( $config ) + $this->templates( $config ) + $this->conditions( $config );
	}

	/**
	 * Clinical data needs a purpose, an agreement and a day that has not passed.
	 *
	 * @param array<string, mixed> $config
	 * @return array<string, string>
	 */
	private function terms( array $config ): array {
		if ( ! in_array( Allowance::CLINICAL, Allowance::chosen( $config ), true ) ) {
			return array();
		}
		$labels   = array(
			'purpose'   => __( 'the purpose', 'kivihook' ),
			'agreement' => __( 'the agreement it rests on', 'kivihook' ),
			'until'     => __( 'the last day', 'kivihook' ),
		);
		$problems = array();
		foreach ( Allowance::TERMS as $term ) {
			if ( '' === Value::text( Value::map( $config['clinical'] ?? null )[ $term ] ?? '' ) ) {
				$problems[ "clinical.$term" ] = sprintf(
					/* translators: %s: what is missing */
					__( 'Clinical data goes out for a stated purpose only: fill in %s.', 'kivihook' ),
					$labels[ $term ]
				);
			}
		}
		$until = Value::text( Value::map( $config['clinical'] ?? null )['until'] ?? '' );
		$days  = explode( '-', $until );
		if ( '' !== $until && ( 1 !== preg_match( '/\A\d{4}-\d\d-\d\d\z/', $until ) || ! checkdate( (int) $days[1], (int) $days[2], (int) $days[0] ) ) ) {
			$problems['clinical.until'] = __( 'The last day must be a day such as 2027-12-31.', 'kivihook' );
		} elseif ( Allowance::clinicalEnded( $config ) ) {
			$problems['clinical.until'] = sprintf(
				/* translators: %s: a day */
				__( 'Clinical data was allowed until %s. Enter a new last day, or take the class clinical out.', 'kivihook' ),
				$until
			);
		}
		return $problems;
	}

	/**
	 * @param array<string, mixed> $config
	 * @return array<string, string>
	 */
	private function templates( array $config ): array {
		if ( ! Extension::usable() ) {
			return array();
		}
		$problems = array();
		foreach ( self::sources( $config ) as $place => list( $source, $type ) ) {
			try {
				$names = ( new \KiviHook\Template( $source, $type ) )->variables();
			} catch ( \KiviHook\Exception $error ) {
				continue; // The engine says that better, with line and column.
			}
			foreach ( $names as $name ) {
				$problem = $this->forbidden( (string) $name, $config );
				if ( '' !== $problem ) {
					$problems[ $place ] = $problem;
					break;
				}
			}
		}
		return $problems;
	}

	/**
	 * @param array<string, mixed> $config
	 * @return array<string, array{0: string, 1: string}> Place => template, content type.
	 */
	private static function sources( array $config ): array {
		$sources = array(
			'url'  => array( Value::text( $config['url'] ?? '' ), 'text/plain' ),
			'body' => array( Value::text( $config['body'] ?? '' ), Value::text( $config['content_type'] ?? 'application/json' ) ),
		);
		foreach ( array( 'headers', 'query' ) as $member ) {
			foreach ( array_values( (array) ( $config[ $member ] ?? array() ) ) as $index => $pair ) {
				$sources[ "$member.$index.value" ] = array( Value::texts( $pair )[1] ?? '', 'text/plain' );
			}
		}
		return array_filter( $sources, static fn ( array $source ): bool => str_contains( $source[0], '{{' ) );
	}

	/**
	 * Why a variable may not be used, or ''.
	 *
	 * @param array<string, mixed> $config
	 */
	private function forbidden( string $name, array $config ): string {
		$root    = explode( '.', $name, 2 )[0];
		$allowed = Allowance::classes( $config );
		foreach ( $this->variables( $config ) as $type => $variables ) {
			$class = $variables[ $root ]->class ?? null;
			if ( null !== $class && ! in_array( $class, $allowed, true ) ) {
				return sprintf(
					/* translators: 1: a variable, 2: a data class, 3: an event, 4: what else is needed, or nothing */
					__(
						'%1$s is %2$s data (of %3$s), which this webhook may not carry. Take it out, or allow the class "%2$s" on the KiviHook page of wp-admin (KiviCare\'s form cannot)%4$s.',
						'kivihook'
					),
					'{{' . $name . '}}',
					$class,
					$type,
					Allowance::CLINICAL === $class ? __( ', with purpose, agreement and last day', 'kivihook' ) : ''
				);
			}
		}
		return '';
	}

	/**
	 * @param array<string, mixed> $config
	 * @return array<string, string>
	 */
	private function conditions( array $config ): array {
		$problems = array();
		foreach ( array_values( (array) ( Value::map( $config['conditions'] ?? null )['rules'] ?? array() ) ) as $index => $rule ) {
			$problem = $this->rule( Value::map( $rule ), $config );
			if ( null !== $problem ) {
				$problems[ "conditions.rules.$index.{$problem[0]}" ] = $problem[1];
			}
		}
		if ( array() === $problems && ! empty( $config['conditions'] ) && Extension::usable() ) {
			try {
				\KiviHook\Engine::matches( Value::map( $config['conditions'] ), array() );
			} catch ( \KiviHook\Exception $error ) {
				$problems['conditions'] = $error->getMessage();
			}
		}
		return $problems;
	}

	/**
	 * @param array<string, mixed> $rule
	 * @param array<string, mixed> $config
	 * @return array{0: string, 1: string}|null Member and what to change.
	 */
	private function rule( array $rule, array $config ): ?array {
		$field    = Value::text( $rule['field'] ?? '' );
		$operator = Value::text( $rule['operator'] ?? '' );
		$variable = $this->variable( $field, $config );
		if ( false === $variable ) {
			$nearest = Nearest::to( $field, array_keys( array_merge( array(), ...array_values( $this->variables( $config ) ) ) ) );
			return array(
				'field',
				/* translators: 1: what was entered, 2: the nearest known variable */
				sprintf( __( 'No event of this webhook has "%1$s". Did you mean "%2$s"?', 'kivihook' ), $field, $nearest ),
			);
		}
		$forbidden = $this->forbidden( $field, $config );
		if ( '' !== $forbidden ) {
			return array( 'field', $forbidden );
		}
		return null === $variable || str_contains( $field, '.' ) ? null : self::fits( $variable, $operator, $rule['value'] ?? null );
	}

	/** @return array{string, string}|null */
	private static function fits( Variable $variable, string $operator, mixed $value ): ?array {
		if ( 'object' === $variable->type && ! in_array( $operator, self::FOR_OBJECTS, true ) ) {
			return array(
				'field',
				/* translators: %s: a variable */
				sprintf( __( '%1$s is an object: name the member behind a dot, as in %1$s.name, or ask whether it exists.', 'kivihook' ), $variable->name ),
			);
		}
		if ( 'integer' !== $variable->type ) {
			return null;
		}
		if ( in_array( $operator, self::FOR_TEXTS, true ) ) {
			return array(
				'operator',
				/* translators: %s: a variable */
				sprintf( __( '%s is a number: use is, in or a comparison.', 'kivihook' ), $variable->name ),
			);
		}
		foreach ( in_array( $operator, self::FOR_OBJECTS, true ) ? array() : (array) $value as $one ) {
			if ( is_bool( $one ) || ! is_numeric( $one ) ) {
				return array(
					'value',
					/* translators: 1: a variable, 2: such a value */
					sprintf( __( '%1$s is a number: enter one, such as %2$s.', 'kivihook' ), $variable->name, Value::text( $variable->sample ) ),
				);
			}
		}
		return null;
	}

	/**
	 * Null: an event is not known, so nothing can be said. False: none has it.
	 *
	 * @param array<string, mixed> $config
	 */
	private function variable( string $field, array $config ): Variable|null|false {
		$root  = explode( '.', $field, 2 )[0];
		$found = false;
		foreach ( (array) ( $config['events'] ?? array() ) as $type ) {
			$event = $this->catalogue->event( Value::text( $type ) );
			if ( null === $event ) {
				return null;
			}
			$found = $event->variables[ $root ] ?? $found;
		}
		return $found;
	}

	/**
	 * @param array<string, mixed> $config
	 * @return array<string, Variable[]> Event => its variables.
	 */
	private function variables( array $config ): array {
		$variables = array();
		foreach ( (array) ( $config['events'] ?? array() ) as $type ) {
			$event = $this->catalogue->event( Value::text( $type ) );
			if ( null !== $event ) {
				$variables[ $event->id ] = $event->variables;
			}
		}
		return $variables;
	}
}
