<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Catalogue;

use KiviHook\WordPress\Custom\Declarations;
use KiviHook\WordPress\Custom\HookEvents;

/**
 * Every event that can be subscribed to. What it knows lies in modules/: one file per module, which gives its label,
 * its variables and its events as plain arrays. They are read when somebody asks first, because labels are translated,
 * which WordPress allows only after plugins_loaded.
 *
 * @phpstan-type VariableRow array{string, string, string, mixed}
 * @phpstan-type ModuleRows array{label: string, record?: string, variables: array<string, VariableRow>, events: array<string, array{label: string, description: string, aliases?: string[], variables?: array<string, VariableRow>, samples?: array<string, mixed>}>}
 */
final class Catalogue {

	/** Those of KiviCare. */
	public const MODULES = array(
		'appointment',
		'patient',
		'encounter',
		'bill',
		'prescription',
		'medical_history',
		'service',
		'doctor',
		'receptionist',
		'clinic',
		'report',
	);

	/** @var Module[]|null By id. */
	private ?array $modules = null;

	/** @var Event[] By id. */
	private array $events = array();

	/** @var Event[] By id: those of other plugins. */
	private array $declared = array();

	/** @var array<string, string> Alias to id. */
	private array $aliases = array();

	/** What was configured when the modules were read; a worker lives longer than that. */
	private string $configured = '';

	/** @return Event[] By id. */
	public function events(): array {
		$this->modules();
		return $this->events;
	}

	/** By dotted id or by KiviCare's name. */
	public function event( string $idOrAlias ): ?Event {
		$this->modules();
		return $this->events[ $this->aliases[ $idOrAlias ] ?? $idOrAlias ] ?? null;
	}

	/** Is it another plugin's? Only those may be fired from outside. */
	public function isDeclared( string $id ): bool {
		$this->modules();
		return isset( $this->declared[ $id ] );
	}

	/**
	 * Dotted ids, each once, in the order given. What is unknown is left out.
	 *
	 * @param mixed[] $idsOrAliases
	 * @return string[]
	 */
	public function resolve( array $idsOrAliases ): array {
		$ids = array();
		foreach ( $idsOrAliases as $name ) {
			$event = is_string( $name ) ? $this->event( $name ) : null;
			if ( null !== $event ) {
				$ids[ $event->id ] = $event->id;
			}
		}
		return array_values( $ids );
	}

	/** @return Module[] By id. */
	public function modules(): array {
		$configured = CustomForms::stored() . HookEvents::stored();
		if ( null === $this->modules || $configured !== $this->configured ) {
			$this->configured = $configured;
			$this->events     = array();
			$this->declared   = array();
			$this->aliases    = array();

			$modules = array();
			$common  = $this->common();
			foreach ( self::MODULES as $id ) {
				$modules[ $id ] = $this->module( $id, self::rows( $id ), $common );
			}
			foreach ( Declarations::modules( $common, self::MODULES ) as $id => $module ) {
				$modules[ $id ]  = $module;
				$this->events   += $module->events;
				$this->declared += $module->events;
			}
			$this->modules = $modules;
		}
		return $this->modules;
	}

	/**
	 * What every event brings.
	 *
	 * @return Variable[] By name.
	 */
	public function common(): array {
		/** @var \Closure(): array<string, VariableRow> $declare */
		$declare = require __DIR__ . '/modules/common.php';
		return self::variables( $declare() );
	}

	/** @return ModuleRows */
	private static function rows( string $id ): array {
		/** @var \Closure(): ModuleRows $declare */
		$declare = require __DIR__ . "/modules/$id.php";
		return $declare();
	}

	/**
	 * @param ModuleRows $rows
	 * @param Variable[] $common
	 */
	private function module( string $id, array $rows, array $common ): Module {
		$shared = self::variables( $rows['variables'] + CustomForms::variables( $id ) );
		$events = array();
		foreach ( $rows['events'] as $event => $row ) {
			$name      = $row['aliases'][0] ?? $event;
			$variables = array_merge( $shared, self::variables( $row['variables'] ?? array() ), $common );
			$samples   = array(
				'event_name'  => $name,
				'event_type'  => $event,
				'module_name' => $id,
				'record_id'   => $shared[ $rows['record'] ?? $id . '_id' ]->sample ?? null,
			);
			foreach ( $samples + ( $row['samples'] ?? array() ) as $variable => $sample ) {
				$variables[ $variable ]         = clone $variables[ $variable ];
				$variables[ $variable ]->sample = $sample;
			}
			$events[ $event ] = new Event(
				$event,
				$row['aliases'] ?? array(),
				$id,
				$row['label'],
				$row['description'],
				$variables
			);
			foreach ( $row['aliases'] ?? array() as $alias ) {
				$this->aliases[ $alias ] = $event;
			}
		}
		$this->events += $events;
		return new Module( $id, $rows['label'], $events );
	}

	/**
	 * @param array<string, VariableRow> $rows
	 * @return array<string, Variable> By name.
	 */
	private static function variables( array $rows ): array {
		$variables = array();
		foreach ( $rows as $name => $row ) {
			$variables[ $name ] = new Variable( $name, ...$row );
		}
		return $variables;
	}
}
