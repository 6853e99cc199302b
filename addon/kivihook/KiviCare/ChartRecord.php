<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/**
 * What belongs to a visit, and is told by the same rules: encounters, their bills, prescriptions and histories. A
 * record: row (KiviCare's), what a kind adds; and once it is complete, visit (the encounter's row), clinic, doctor,
 * patient.
 */
abstract class ChartRecord implements Subject {

	/** @var string KiviCare's table, without prefixes. */
	public const TABLE = '';

	/** @var string */
	protected const CREATED = '';
	/** @var string */
	protected const UPDATED = '';
	/** @var string */
	protected const DELETED = '';

	public function __construct( protected Records $records ) {
	}

	public function read( array $ids ): array {
		$records = array();
		foreach ( $this->records->rows( static::TABLE, $ids ) as $id => $row ) {
			$records[ $id ] = array( 'row' => $row );
		}
		return $this->extended( $records );
	}

	public function complete( array $record ): array {
		if ( array_key_exists( 'visit', $record ) ) {
			return $record;
		}
		$visit   = $this->visit( Value::map( $record['row'] ) );
		$clinic  = Value::number( Value::map( $record['row'] )['clinic_id'] ?? $visit['clinic_id'] ?? 0 );
		$doctor  = Value::number( $visit['doctor_id'] ?? 0 );
		$patient = Value::number( Value::map( $record['row'] )['patient_id'] ?? $visit['patient_id'] ?? 0 );
		$people  = $this->records->people( array_filter( array( $doctor, $patient ) ) );

		$record['visit']   = $visit;
		$record['clinic']  = $this->records->rows( 'clinics', array( $clinic ) )[ $clinic ] ?? array();
		$record['doctor']  = $people[ $doctor ] ?? array();
		$record['patient'] = $people[ $patient ] ?? array();
		return $record;
	}

	public function highest(): int {
		return $this->records->highestId( static::TABLE );
	}

	public function pending( array|null|false $before, ?array $after, array $hints ): bool {
		return null !== $after && isset( $hints[ Sources::DELETED ] );
	}

	public function facts( int $id, array|null|false $before, ?array $after, array $hints ): array {
		if ( null === $after ) {
			return is_array( $before )
				? array( new Fact( static::DELETED, $before, Cause::of( $hints, Value::map( $before['row'] ), Value::map( $before['visit'] ) ) ) )
				: array(); // It came and went within this request, or nobody knows what it was.
		}
		if ( null === $before || ( false === $before && isset( $hints[ Sources::CREATED ] ) ) ) {
			return $this->created( $after );
		}
		if ( false === $before ) {
			return isset( $hints[ Sources::EDITED ] )
				? array( new Fact( static::UPDATED, $after, array( 'changes' => array() ) ) )
				: array();
		}
		$changes = $this->changes( $before, $after, $hints );
		$facts   = array() === $changes
			? array()
			: array( new Fact( static::UPDATED, $after, array( 'changes' => $changes ) ) );
		return array_merge( $facts, $this->turned( $before, $after ) );
	}

	public function snapshot( Fact $fact ): array {
		$record  = $fact->record;
		$row     = Value::map( $record['row'] );
		$visit   = Value::map( $record['visit'] );
		$clinic  = Argument::id( $row['clinic_id'] ?? $visit['clinic_id'] ?? null );
		$doctor  = Argument::id( $visit['doctor_id'] ?? null );
		$patient = Argument::id( $row['patient_id'] ?? $visit['patient_id'] ?? null );
		$data    = $fact->extra + $this->data( $record ) + array(
			'record_id'             => Value::number( $row['id'] ),
			'encounter_id'          => Argument::id( $row['encounter_id'] ?? null ),
			'appointment_id'        => Argument::id( $row['appointment_id'] ?? null )
				?? Argument::id( $visit['appointment_id'] ?? null ),
			'clinic_id'             => $clinic,
			'clinic_name'           => Value::map( $record['clinic'] )['name'] ?? '',
			'clinic_email'          => Value::map( $record['clinic'] )['email'] ?? '',
			'clinic_contact_number' => Formats::phone(
				Value::text( Value::map( $record['clinic'] )['telephone_no'] ?? '' ),
				Value::text( Value::map( $record['clinic'] )['country_calling_code'] ?? '' )
			),
			'doctor_id'             => $doctor,
			'patient_id'            => $patient,
		);
		foreach ( array( 'doctor', 'patient' ) as $role ) {
			$person                           = Value::map( $record[ $role ] );
			$data[ "{$role}_name" ]           = $person['name'] ?? '';
			$data[ "{$role}_email" ]          = $person['email'] ?? '';
			$data[ "{$role}_contact_number" ] = Formats::phone(
				Value::text( $person['mobile_number'] ?? '' ),
				Value::text( $person['country_calling_code'] ?? '' )
			);
		}
		return array(
			'data'       => $data,
			'record_id'  => Value::number( $row['id'] ),
			'clinic_ids' => null === $clinic ? array() : array( $clinic ),
			'patient_id' => $patient,
			'doctor_id'  => $doctor,
		);
	}

	/**
	 * What an edit changes, by variable, in a form in which the same is the same: "50" and "50.00" are.
	 *
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	abstract protected function values( array $record ): array;

	/**
	 * The kind's own variables.
	 *
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	abstract protected function data( array $record ): array;

	/**
	 * @param array<int, array<string, mixed>> $records By id.
	 * @return array<int, array<string, mixed>>
	 */
	protected function extended( array $records ): array {
		return $records;
	}

	/**
	 * The encounter that it belongs to; empty if that is gone.
	 *
	 * @param array<string, mixed> $row
	 * @return array<string, mixed>
	 */
	protected function visit( array $row ): array {
		$id = Value::number( $row['encounter_id'] ?? 0 );
		return $this->records->rows( Encounters::TABLE, array( $id ) )[ $id ] ?? array();
	}

	/**
	 * @param array<string, mixed> $after
	 * @return Fact[]
	 */
	protected function created( array $after ): array {
		return array( new Fact( static::CREATED, $after ) );
	}

	/**
	 * What happened beside an edit: it was closed, it was paid.
	 *
	 * @param array<string, mixed> $before
	 * @param array<string, mixed> $after
	 * @return Fact[]
	 */
	protected function turned( array $before, array $after ): array {
		return array();
	}

	/**
	 * @param array<string, mixed> $before
	 * @param array<string, mixed> $after
	 * @param array<string, mixed> $hints
	 * @return array<int, array{field: string, old: mixed, new: mixed}>
	 */
	protected function changes( array $before, array $after, array $hints ): array {
		$changes = array();
		$old     = $this->values( $before );
		foreach ( $this->values( $after ) as $field => $value ) {
			if ( ( $old[ $field ] ?? null ) !== $value ) {
				$changes[] = array(
					'field' => $field,
					'old'   => $old[ $field ] ?? null,
					'new'   => $value,
				);
			}
		}
		return $changes;
	}
}
