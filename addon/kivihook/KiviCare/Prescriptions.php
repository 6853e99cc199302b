<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/** Prescriptions: KiviCare keeps each line of them as a record. Complete, it has also: lines (all of its encounter). */
final class Prescriptions extends ChartRecord {

	public const ADDED   = 'prescription.added';
	public const EDITED  = 'prescription.updated';
	public const REMOVED = 'prescription.deleted';
	public const ALL     = array( self::ADDED, self::EDITED, self::REMOVED );

	public const TABLE = 'prescription';

	protected const CREATED = self::ADDED;
	protected const UPDATED = self::EDITED;
	protected const DELETED = self::REMOVED;

	private const LINE = array( 'name', 'frequency', 'duration', 'instruction' );

	public function complete( array $record ): array {
		$visit             = Value::number( Value::map( $record['row'] )['encounter_id'] ?? 0 );
		$record['lines'] ??= $this->records->lists( self::TABLE, 'encounter_id', array( $visit ) )[ $visit ];
		return parent::complete( $record );
	}

	protected function values( array $record ): array {
		$values = array( 'encounter_id' => Argument::id( Value::map( $record['row'] )['encounter_id'] ?? null ) );
		foreach ( self::LINE as $column ) {
			$values[ "prescription_$column" ] = Value::text( Value::map( $record['row'] )[ $column ] ?? '' );
		}
		return $values;
	}

	protected function data( array $record ): array {
		$row   = Value::map( $record['row'] );
		$lines = array();
		foreach ( Value::maps( $record['lines'] ) as $line ) {
			$one = array( 'id' => Value::number( $line['id'] ) );
			foreach ( self::LINE as $column ) {
				$one[ $column ] = Value::text( $line[ $column ] ?? '' );
			}
			$lines[] = $one;
		}
		return array(
			'prescription_id'         => Value::number( $row['id'] ),
			'prescription_added_by'   => Argument::id( $row['added_by'] ?? null ),
			'prescription_created_at' => $row['created_at'] ?? '',
			'prescription_lines'      => $lines,
		) + $this->values( $record );
	}
}
