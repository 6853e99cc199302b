<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/**
 * Services, as a clinic offers them: one record per mapping of a service to a doctor and a clinic, because price,
 * duration and status are the mapping's. A record: row (the mapping), service (its name and type); and once it is
 * complete, clinic, doctor, image (its address).
 */
final class Services implements Subject {

	public const ADDED   = 'service.added';
	public const UPDATED = 'service.updated';
	public const DELETED = 'service.deleted';
	public const ALL     = array( self::ADDED, self::UPDATED, self::DELETED );

	public const TABLE = 'service_doctor_mapping';

	/** The mapping's columns that events tell of; `extra` holds a product's number, and so on. */
	private const COLUMNS = array(
		'service_id',
		'doctor_id',
		'clinic_id',
		'charges',
		'telemed_service',
		'multiple',
		'image',
		'status',
		'duration',
	);

	public function __construct( private Records $records ) {
	}

	public function read( array $ids ): array {
		$rows     = $this->records->rows( self::TABLE, $ids );
		$services = $this->records->rows(
			'services',
			array_values( array_unique( array_map( static fn ( array $row ): int => (int) $row['service_id'], $rows ) ) )
		);
		$records  = array();
		foreach ( $rows as $id => $row ) {
			$service        = $services[ (int) $row['service_id'] ] ?? array();
			$records[ $id ] = array(
				'row'     => $row,
				'service' => array(
					'name' => (string) ( $service['name'] ?? '' ),
					'type' => (string) ( $service['type'] ?? '' ),
				),
			);
		}
		return $records;
	}

	public function complete( array $record ): array {
		if ( array_key_exists( 'clinic', $record ) ) {
			return $record;
		}
		$row    = Value::map( $record['row'] );
		$clinic = Value::number( $row['clinic_id'] ?? 0 );
		$doctor = Value::number( $row['doctor_id'] ?? 0 );

		$record['clinic'] = $this->records->rows( 'clinics', array( $clinic ) )[ $clinic ] ?? array();
		$record['doctor'] = $this->records->people( array( $doctor ) )[ $doctor ] ?? array();
		$record['image']  = $this->records->attachmentUrl( Value::number( $row['image'] ?? 0 ) );
		return $record;
	}

	public function highest(): int {
		return $this->records->highestId( self::TABLE );
	}

	public function pending( array|null|false $before, ?array $after, array $hints ): bool {
		return false;
	}

	public function facts( int $id, array|null|false $before, ?array $after, array $hints ): array {
		if ( null === $after ) {
			return is_array( $before )
				? array( new Fact( self::DELETED, $before, Cause::of( $hints, Value::map( $before['row'] ) ) ) )
				: self::gone( $id, $before, $hints );
		}
		if ( null === $before || ( false === $before && isset( $hints[ Sources::CREATED ] ) ) ) {
			return array( new Fact( self::ADDED, $after ) );
		}
		if ( false === $before ) {
			return isset( $hints[ Sources::EDITED ] ) ? array( new Fact( self::UPDATED, $after ) ) : array();
		}
		return self::comparable( $before ) === self::comparable( $after )
			? array()
			: array( new Fact( self::UPDATED, $after, array( 'was' => $before ) ) );
	}

	public function snapshot( Fact $fact ): array {
		$data = self::data( $fact->record ) + array_intersect_key( $fact->extra, Cause::NAMES );
		if ( isset( $fact->extra['was'] ) ) {
			$data['changes'] = Changes::between( self::data( $this->complete( Value::map( $fact->extra['was'] ) ) ), $data );
		}
		return array(
			'data'       => $data,
			'record_id'  => $data['record_id'],
			'clinic_ids' => null === $data['clinic_id'] ? array() : array( $data['clinic_id'] ),
			'patient_id' => null,
			'doctor_id'  => $data['doctor_id'],
		);
	}

	/**
	 * KiviCare's hook comes when the row is gone; without a look at it before, only its number is known.
	 *
	 * @param array<string, mixed> $hints
	 * @return Fact[]
	 */
	private static function gone( int $id, ?bool $before, array $hints ): array {
		if ( null === $before || ! isset( $hints[ Sources::DELETED ] ) ) {
			return array();
		}
		$known = array(
			'row'     => array( 'id' => $id ),
			'service' => array(
				'name' => '',
				'type' => '',
			),
			'clinic'  => array(),
			'doctor'  => array(),
			'image'   => '',
		);
		return array( new Fact( self::DELETED, $known ) );
	}

	/**
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	private static function data( array $record ): array {
		$row    = Value::map( $record['row'] );
		$clinic = Value::map( $record['clinic'] );
		$doctor = Value::map( $record['doctor'] );
		$status = isset( $row['status'] ) ? Value::number( $row['status'] ) : null;
		return array(
			'record_id'             => Value::number( $row['id'] ),
			'service_mapping_id'    => Value::number( $row['id'] ),
			'service_id'            => Argument::id( $row['service_id'] ?? null ),
			'service_name'          => Value::map( $record['service'] )['name'],
			'service_category'      => Value::map( $record['service'] )['type'],
			'service_charges'       => Value::text( $row['charges'] ?? '' ),
			'service_duration'      => Argument::id( $row['duration'] ?? null ), // 0 is none, too.
			'service_telemed'       => Value::text( $row['telemed_service'] ?? '' ),
			'service_multiple'      => Value::text( $row['multiple'] ?? '' ),
			'service_status'        => $status,
			'service_status_label'  => Formats::activeStatus( $status ),
			'service_image'         => $record['image'],
			'service_created_at'    => Value::text( $row['created_at'] ?? '' ),
			'clinic_id'             => Argument::id( $row['clinic_id'] ?? null ),
			'clinic_name'           => $clinic['name'] ?? '',
			'clinic_email'          => $clinic['email'] ?? '',
			'clinic_contact_number' => Formats::phone(
				Value::text( $clinic['telephone_no'] ?? '' ),
				Value::text( $clinic['country_calling_code'] ?? '' )
			),
			'doctor_id'             => Argument::id( $row['doctor_id'] ?? null ),
			'doctor_name'           => $doctor['name'] ?? '',
			'doctor_email'          => $doctor['email'] ?? '',
			'doctor_contact_number' => Formats::phone(
				Value::text( $doctor['mobile_number'] ?? '' ),
				Value::text( $doctor['country_calling_code'] ?? '' )
			),
		);
	}

	/**
	 * @param array<string, mixed> $record
	 * @return list<mixed>
	 */
	private static function comparable( array $record ): array {
		$row = array();
		foreach ( self::COLUMNS as $column ) {
			$row[ $column ] = Value::text( Value::map( $record['row'] )[ $column ] ?? '' );
		}
		// No picture is null in one version, 0 or nothing in another.
		$row['image'] = (int) $row['image'];
		// Nor is a duration: 4.3.0 writes 0 over null whenever it saves one.
		$row['duration'] = (int) $row['duration'];
		return array( $row, $record['service'] );
	}
}
