<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/**
 * Clinics. A record: row (KiviCare's), admin (see Records::people()); and once it is complete, photo and admin_photo
 * (their addresses).
 */
final class Clinics implements Subject {

	public const ADDED   = 'clinic.added';
	public const UPDATED = 'clinic.updated';
	public const DELETED = 'clinic.deleted';
	public const ALL     = array( self::ADDED, self::UPDATED, self::DELETED );

	/** What no event tells of. */
	private const IGNORED = array( 'clinic_logo', 'extra', 'created_at' );

	public function __construct( private Records $records ) {
	}

	public function read( array $ids ): array {
		$rows    = $this->records->rows( 'clinics', $ids );
		$admins  = array_filter( array_map( static fn ( array $row ): int => self::admin( $row ), $rows ) );
		$people  = $this->records->people( array_values( $admins ), 'clinic_admin_profile_image' );
		$records = array();
		foreach ( $rows as $id => $row ) {
			$records[ $id ] = array(
				'row'   => $row,
				'admin' => $people[ self::admin( $row ) ] ?? array(),
			);
		}
		return $records;
	}

	public function complete( array $record ): array {
		$record['photo']       ??= $this->records->attachmentUrl( Value::number( Value::map( $record['row'] )['profile_image'] ?? 0 ) );
		$record['admin_photo'] ??= $this->records->attachmentUrl( Value::number( Value::map( $record['admin'] )['photo'] ?? 0 ) );
		return $record;
	}

	public function highest(): int {
		return $this->records->highestId( 'clinics' );
	}

	public function pending( array|null|false $before, ?array $after, array $hints ): bool {
		return null !== $after && isset( $hints[ Sources::DELETED ] );
	}

	public function facts( int $id, array|null|false $before, ?array $after, array $hints ): array {
		if ( null === $after ) {
			return is_array( $before ) ? array( new Fact( self::DELETED, $before ) ) : array();
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
		$id   = Value::number( Value::map( $fact->record['row'] )['id'] );
		$data = self::data( $fact->record );
		if ( isset( $fact->extra['was'] ) ) {
			$data['changes'] = Changes::between( self::data( $this->complete( Value::map( $fact->extra['was'] ) ) ), $data );
		}
		return array(
			'data'       => $data,
			'record_id'  => $id,
			'clinic_ids' => array( $id ),
			'patient_id' => null,
			'doctor_id'  => null,
		);
	}

	/**
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	private static function data( array $record ): array {
		$row    = Value::map( $record['row'] );
		$admin  = Value::map( $record['admin'] );
		$id     = Value::number( $row['id'] );
		$person = static fn ( string $name ): string => Value::text( $admin[ $name ] ?? '' );
		$phone  = Formats::phone( $person( 'mobile_number' ), $person( 'country_calling_code' ) );
		return array(
			'record_id'                   => $id,
			'clinic_id'                   => $id,
			'clinic_name'                 => $row['name'] ?? '',
			'clinic_email'                => $row['email'] ?? '',
			'clinic_contact_number'       => Formats::phone(
				Value::text( $row['telephone_no'] ?? '' ),
				Value::text( $row['country_calling_code'] ?? '' )
			),
			'clinic_specialization'       => $row['specialties'] ?? '',
			'clinic_status'               => Value::number( $row['status'] ?? 0 ),
			'clinic_profile_photo'        => $record['photo'],
			'clinic_address'              => $row['address'] ?? '',
			'clinic_city'                 => $row['city'] ?? '',
			'clinic_country'              => $row['country'] ?? '',
			'clinic_postal_code'          => $row['postal_code'] ?? '',
			'clinic_admin_id'             => Argument::id( $row['clinic_admin_id'] ?? null ),
			'clinic_admin_first_name'     => $person( 'first_name' ),
			'clinic_admin_last_name'      => $person( 'last_name' ),
			'clinic_admin_email'          => $person( 'email' ),
			'clinic_admin_contact_number' => $phone,
			'clinic_admin_dob'            => $person( 'dob' ),
			'clinic_admin_gender'         => $person( 'gender' ),
			'clinic_admin_profile_photo'  => $record['admin_photo'],
			'doctor_admin_contact_number' => $phone, // The original add-on's name for it.
		);
	}

	/**
	 * @param array<string, mixed> $record
	 * @return list<mixed>
	 */
	private static function comparable( array $record ): array {
		$row   = array_diff_key( Value::map( $record['row'] ), array_flip( self::IGNORED ) );
		$admin = Value::map( $record['admin'] );
		unset( $admin['roles'], $admin['status'] );
		ksort( $row );
		ksort( $admin );
		// KiviCare 4 writes null where 3 left an empty text, and the other way round.
		return array( array_map( array( Value::class, 'text' ), $row ), $admin );
	}

	/** @param array<string, mixed> $row */
	private static function admin( array $row ): int {
		return Value::number( $row['clinic_admin_id'] ?? 0 );
	}
}
