<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/** Problems, observations and notes that a doctor writes down in an encounter. */
final class MedicalHistories extends ChartRecord {

	public const ADDED   = 'medical_history.added';
	public const EDITED  = 'medical_history.updated';
	public const REMOVED = 'medical_history.deleted';
	public const ALL     = array( self::ADDED, self::EDITED, self::REMOVED );

	public const TABLE = 'medical_history';

	protected const CREATED = self::ADDED;
	protected const UPDATED = self::EDITED;
	protected const DELETED = self::REMOVED;

	protected function values( array $record ): array {
		$row = Value::map( $record['row'] );
		return array(
			'medical_history_type'  => Value::text( $row['type'] ?? '' ),
			'medical_history_title' => Value::text( $row['title'] ?? '' ),
			'encounter_id'          => Argument::id( $row['encounter_id'] ?? null ),
			'patient_id'            => Argument::id( $row['patient_id'] ?? null ),
		);
	}

	protected function data( array $record ): array {
		$row = Value::map( $record['row'] );
		return array(
			'medical_history_id'         => Value::number( $row['id'] ),
			'medical_history_added_by'   => Argument::id( $row['added_by'] ?? null ),
			'medical_history_created_at' => $row['created_at'] ?? '',
		) + $this->values( $record );
	}
}
