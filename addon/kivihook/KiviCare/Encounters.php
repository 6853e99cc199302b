<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/** Encounters, those too that KiviCare makes when a patient checks in. A record has also: fields (custom ones), forms (see Forms). */
final class Encounters extends ChartRecord {

	public const OPENED   = 'encounter.created';
	public const EDITED   = 'encounter.updated';
	public const CLOSED   = 'encounter.closed';
	public const REOPENED = 'encounter.reopened';
	public const REMOVED  = 'encounter.deleted';
	public const ALL      = array( self::OPENED, self::EDITED, self::CLOSED, self::REOPENED, self::REMOVED );

	public const TABLE = 'patient_encounters';

	protected const CREATED = self::OPENED;
	protected const UPDATED = self::EDITED;
	protected const DELETED = self::REMOVED;

	private const STATUS_CLOSED = 0;
	private const STATUS_OPEN   = 1;

	/** What KiviCare 4 and 3 call them where custom fields are kept. */
	private const MODULES = array( 'encounter_module', 'patient_encounter_module' );

	protected function extended( array $records ): array {
		foreach ( self::MODULES as $module ) {
			foreach ( $this->records->customFields( $module, array_keys( $records ) ) as $id => $fields ) {
				$records[ $id ]['fields'] = ( $records[ $id ]['fields'] ?? array() ) + $fields;
			}
		}
		foreach ( $this->records->forms( 'encounter', array_keys( $records ) ) as $id => $forms ) {
			$records[ $id ]['forms'] = $forms;
		}
		return $records;
	}

	protected function visit( array $row ): array {
		return $row;
	}

	protected function values( array $record ): array {
		$row = Value::map( $record['row'] );
		return array(
			'encounter_date'        => Value::text( $row['encounter_date'] ?? '' ),
			'encounter_description' => Value::text( $row['description'] ?? '' ),
			'encounter_template_id' => Argument::id( $row['template_id'] ?? null ),
			'appointment_id'        => Argument::id( $row['appointment_id'] ?? null ),
			'clinic_id'             => Argument::id( $row['clinic_id'] ?? null ),
			'doctor_id'             => Argument::id( $row['doctor_id'] ?? null ),
			'patient_id'            => Argument::id( $row['patient_id'] ?? null ),
			'custom_fields_data'    => array() === $record['fields'] ? null : $record['fields'],
		) + Forms::in( $record );
	}

	protected function turned( array $before, array $after ): array {
		$old = Argument::status( Value::map( $before['row'] )['status'] ?? null );
		$new = Argument::status( Value::map( $after['row'] )['status'] ?? null );
		if ( $old === $new ) {
			return array();
		}
		$extra = array( 'old_status_code' => $old, 'new_status_code' => $new );
		if ( self::STATUS_CLOSED === $new ) {
			return array( new Fact( self::CLOSED, $after, $extra ) );
		}
		return self::STATUS_OPEN === $new ? array( new Fact( self::REOPENED, $after, $extra ) ) : array();
	}

	protected function data( array $record ): array {
		$row    = Value::map( $record['row'] );
		$status = Argument::status( $row['status'] ?? null );
		return array(
			'encounter_id'           => Value::number( $row['id'] ),
			'encounter_date'         => Formats::date( $row['encounter_date'] ?? null, wp_timezone() ),
			'encounter_status'       => $status,
			'encounter_status_label' => Formats::encounterStatus( $status ),
			'encounter_added_by'     => Argument::id( $row['added_by'] ?? null ),
			'encounter_created_at'   => $row['created_at'] ?? '',
			'clinic_address'         => Appointments::address( Value::map( $record['clinic'] ) ),
		) + array_diff_key( $this->values( $record ), array( 'encounter_date' => true ) );
	}
}
