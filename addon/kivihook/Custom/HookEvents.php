<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Custom;

use KiviHook\TransactionLost;
use KiviHook\WordPress\Emitter;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Value;

/**
 * Any hook of WordPress or of another plugin as an event, by configuration: which hook, what the event is called, and
 * field by field what leaves, each a single text or number out of the hook's arguments. Nothing else of them is looked at.
 *
 * @phpstan-type HookRow array{id: string, hook: string, fields: mixed[], label?: mixed, module?: mixed, record?: mixed, clinic?: mixed}
 */
final class HookEvents {

	/** Autoloaded: a list of rows, see HookForm. */
	public const OPTION = 'kivihook_hook_events';

	private const MAX_ARGUMENTS = 20;
	/** A hook that fires more often than this in one request was no good choice; the rest is left out, and told. */
	private const MAX_PER_REQUEST = 100;

	/** @var array<string, int> Event => how often it was told in this request. */
	private array $told = array();
	private bool $busy  = false;

	public function __construct( private CustomEvents $events, private Emitter $emitter, private Problems $problems ) {
	}

	/** Listens to those hooks whose event somebody wants. */
	public static function register( self $events ): void {
		foreach ( self::rows() as $row ) {
			if ( $events->emitter->listens( $row['id'] ) ) {
				add_filter(
					$row['hook'],
					static function ( mixed ...$arguments ) use ( $events, $row ): mixed {
						$events->heard( $row, $arguments );
						return $arguments[0] ?? null;
					},
					PHP_INT_MAX,
					self::MAX_ARGUMENTS
				);
			}
		}
	}

	/** The option as it is kept; '' for none. */
	public static function stored(): string {
		$text = wp_load_alloptions()[ self::OPTION ] ?? '';
		return is_string( $text ) ? $text : '';
	}

	/**
	 * As they are configured. No query: the option is autoloaded, and nothing else is asked.
	 *
	 * @return list<HookRow>
	 */
	public static function rows(): array {
		$text = self::stored();
		$rows = '' === $text ? array() : maybe_unserialize( $text );
		/** @var list<HookRow> $valid What this filter lets through. */
		$valid = array_values(
			array_filter(
				is_array( $rows ) ? $rows : array(),
				static fn ( mixed $row ): bool => is_array( $row ) && is_string( $row['id'] ?? null ) && is_string( $row['hook'] ?? null )
					&& is_array( $row['fields'] ?? null ) && '' === HookRules::refusal( $row['hook'] )
			)
		);
		return $valid;
	}

	/**
	 * The same as Declarations takes them.
	 *
	 * @return array<string, array<string, mixed>>
	 */
	public static function declarations(): array {
		$declared = array();
		foreach ( self::rows() as $row ) {
			$declared[ $row['id'] ] ??= self::declaration( $row );
		}
		return $declared;
	}

	/**
	 * @internal For HookForm.
	 * @param mixed[] $row
	 * @return array<string, mixed>
	 */
	public static function declaration( array $row ): array {
		$variables = array();
		foreach ( Value::maps( $row['fields'] ) as $field ) {
			$variables[ Value::text( $field['name'] ?? '' ) ] = array_intersect_key( $field, array_flip( array( 'type', 'label', 'class', 'sample' ) ) );
		}
		return array_intersect_key( $row, array_flip( array( 'label', 'module' ) ) ) + array(
			/* translators: %s: name of a hook */
			'description' => sprintf( __( 'Made of the hook %s.', 'kivihook' ), Value::text( $row['hook'] ) ),
			'record'      => '' === Value::text( $row['record'] ?? '' ) ? null : Value::text( $row['record'] ),
			'variables'   => $variables,
		);
	}

	/**
	 * @param HookRow $row
	 * @param mixed[] $arguments
	 * @throws TransactionLost As everywhere: what was to be saved with the event was not.
	 */
	private function heard( array $row, array $arguments ): void {
		$id = $row['id'];
		if ( $this->busy || ( $this->told[ $id ] ?? 0 ) > self::MAX_PER_REQUEST ) {
			return;
		}
		$this->told[ $id ] = 1 + ( $this->told[ $id ] ?? 0 );
		if ( $this->told[ $id ] > self::MAX_PER_REQUEST ) {
			$this->problems->add( 'hook', "The hook of the event $id fires too often: no more than " . self::MAX_PER_REQUEST . ' are kept in one request.' );
			return;
		}
		$this->busy = true;
		try {
			$data = array();
			foreach ( Value::maps( $row['fields'] ) as $field ) {
				$data[ Value::text( $field['name'] ) ] = self::value( $arguments, Value::text( $field['path'] ) );
			}
			$clinic = self::value( $arguments, Value::text( $row['clinic'] ?? '' ) );
			$this->events->emit( $id, $data, null === $clinic ? array() : array( 'clinic_ids' => array( $clinic ) ) );
		} catch ( TransactionLost $lost ) {
			throw $lost;
		} catch ( \Throwable $error ) {
			$this->problems->caught( 'hook', "The event $id could not be made of its hook.", $error );
		} finally {
			$this->busy = false;
		}
	}

	/**
	 * A text or a number at a path: through arrays, and what objects show openly. No code of theirs is run.
	 *
	 * @param mixed[] $arguments
	 */
	private static function value( array $arguments, string $path ): string|int|float|bool|null {
		if ( '' !== HookRules::refusalOfPath( $path ) ) {
			return null;
		}
		$here = $arguments;
		foreach ( explode( '.', $path ) as $name ) {
			$here = is_object( $here ) ? get_object_vars( $here ) : $here;
			$here = is_array( $here ) ? ( $here[ $name ] ?? null ) : null;
		}
		return is_scalar( $here ) ? $here : null;
	}
}
