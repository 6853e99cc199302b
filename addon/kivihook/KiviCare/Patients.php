<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/**
 * Patients: WordPress users of KiviCare's role. A record: person (see Records::people()), clinics (ids), fields (custom
 * ones); and once it is complete, photo (its address).
 */
final class Patients implements Subject {

	public const REGISTERED = 'patient.registered';
	public const UPDATED    = 'patient.updated';
	public const DELETED    = 'patient.deleted';
	public const ALL        = array( self::REGISTERED, self::UPDATED, self::DELETED );

	public const ROLE = 'kiviCare_patient';

	public function __construct( private Records $records ) {
	}

	public function read( array $ids ): array {
		$people = array_filter(
			$this->records->people( $ids, 'patient_profile_image' ),
			static fn ( array $person ): bool => in_array( self::ROLE, $person['roles'], true )
		);
		$clinics = $this->records->clinicsOf( 'patient', array_keys( $people ) );
		$fields  = $this->records->customFields( 'patient_module', array_keys( $people ) );
		$records = array();
		foreach ( $people as $id => $person ) {
			$records[ $id ] = array(
				'person'  => $person,
				'clinics' => $clinics[ $id ],
				'fields'  => $fields[ $id ],
			);
		}
		return $records;
	}

	public function complete( array $record ): array {
		$record['photo'] ??= $this->records->attachmentUrl( $record['person']['photo'] );
		return $record;
	}

	public function highest(): int {
		return $this->records->highestUser();
	}

	public function pending( array|null|false $before, ?array $after, array $hints ): bool {
		return null !== $after && isset( $hints[ Sources::DELETED ] );
	}

	public function facts( int $id, array|null|false $before, ?array $after, array $hints ): array {
		if ( null === $after ) {
			// Without the hint it is one who only lost the role.
			return is_array( $before ) && isset( $hints[ Sources::DELETED ] )
				? array( new Fact( self::DELETED, $before ) )
				: array();
		}
		if ( null === $before || ( false === $before && isset( $hints[ Sources::CREATED ] ) ) ) {
			return array( new Fact( self::REGISTERED, $after ) );
		}
		$edited = false === $before
			? isset( $hints[ Sources::EDITED ] )
			: self::comparable( $before ) !== self::comparable( $after );
		return $edited ? array( new Fact( self::UPDATED, $after ) ) : array();
	}

	public function snapshot( Fact $fact ): array {
		$record = $fact->record;
		$person = $record['person'];
		$name   = trim( $person['first_name'] . ' ' . $person['last_name'] );
		$phone  = Formats::phone( $person['mobile_number'], $person['country_calling_code'] );
		$data   = array(
			'record_id'                    => $person['id'],
			'patient_id'                   => $person['id'],
			'patient_unique_id'            => $person['patient_unique_id'],
			'patient_first_name'           => $person['first_name'],
			'patient_last_name'            => $person['last_name'],
			'patient_full_name'            => '' === $name ? $person['name'] : $name,
			'patient_email'                => $person['email'],
			'patient_contact_number'       => $phone,
			'patient_dob'                  => $person['dob'],
			'patient_gender'               => $person['gender'],
			'patient_blood_group'          => $person['blood_group'],
			'patient_address'              => $person['address'],
			'patient_city'                 => $person['city'],
			'patient_country'              => $person['country'],
			'patient_postal_code'          => $person['postal_code'],
			'patient_clinic_ids'           => implode( ',', $record['clinics'] ),
			'patient_profile_photo'        => $record['photo'],
			'patient_status'               => $person['status'],
			'patient_registered_date_time' => Formats::fromUtc( $person['registered'] ),
			'custom_fields_data'           => array() === $record['fields'] ? null : $record['fields'],
		);
		return array(
			'data'       => $data,
			'record_id'  => $person['id'],
			'clinic_ids' => $record['clinics'],
			'patient_id' => $person['id'],
			'doctor_id'  => null,
		);
	}

	private static function comparable( array $record ): array {
		$person = $record['person'];
		unset( $person['roles'] );
		ksort( $person );
		return array( $person, $record['clinics'], $record['fields'] );
	}
}
