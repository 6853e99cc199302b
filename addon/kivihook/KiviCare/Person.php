<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/**
 * What patients, doctors and receptionists have in common: each is a WordPress user of one of KiviCare's roles. A
 * record: person (see Records::people()), clinics (ids), fields (custom ones), forms (see Forms); and once it is
 * complete, photo (its address).
 */
abstract class Person implements Subject {

	/** @var string The subject's name, which is also the one in KiviCare's tables, its metas and our variables. */
	protected const NAME = '';

	/** @var string KiviCare's role. */
	public const ROLE = '';

	/** @var string Where KiviCare keeps custom fields of them; '' for nowhere. */
	protected const FIELDS = '';

	/** @var string */
	public const ADDED   = '';
	/** @var string */
	public const UPDATED = '';
	/** @var string */
	public const STATUS  = '';
	/** @var string */
	public const REMOVED = '';

	final public function __construct( protected Records $records ) {
	}

	/**
	 * The variables that only this kind of person has.
	 *
	 * @param array<string, mixed> $person
	 * @return array<string, mixed>
	 */
	abstract protected function own( array $person ): array;

	public function read( array $ids ): array {
		$people  = array_filter(
			$this->people( $ids ),
			static fn ( array $person ): bool => in_array( static::ROLE, Value::items( $person['roles'] ), true )
		);
		$clinics = $this->records->clinicsOf( static::NAME, array_keys( $people ) );
		$fields  = '' === static::FIELDS
			? array()
			: $this->records->customFields( static::FIELDS, array_keys( $people ) );
		$forms   = $this->records->forms( static::NAME, array_keys( $people ) );
		$records = array();
		foreach ( $people as $id => $person ) {
			$records[ $id ] = array(
				'person'  => $person,
				'clinics' => $clinics[ $id ],
				'fields'  => $fields[ $id ] ?? array(),
				'forms'   => $forms[ $id ],
			);
		}
		return $records;
	}

	public function complete( array $record ): array {
		$record['photo'] ??= $this->records->attachmentUrl( Value::number( Value::map( $record['person'] )['photo'] ) );
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
				? array( new Fact( static::REMOVED, $before ) )
				: array();
		}
		if ( null === $before || ( false === $before && isset( $hints[ Sources::CREATED ] ) ) ) {
			return array( new Fact( static::ADDED, $after ) );
		}
		if ( false === $before ) {
			return isset( $hints[ Sources::EDITED ] ) ? array( new Fact( static::UPDATED, $after ) ) : array();
		}
		$facts = array();
		if ( self::comparable( $before ) !== self::comparable( $after ) ) {
			$facts[] = new Fact( static::UPDATED, $after, array( 'was' => $before ) );
		}
		$old = Value::map( $before['person'] )['status'];
		$new = Value::map( $after['person'] )['status'];
		if ( $old !== $new ) {
			$facts[] = new Fact( static::STATUS, $after, array( 'from' => $old, 'to' => $new ) );
		}
		return $facts;
	}

	public function snapshot( Fact $fact ): array {
		$record = $fact->record;
		$id     = Value::map( $record['person'] )['id'];
		$data   = $this->data( $record );
		if ( isset( $fact->extra['was'] ) ) {
			$was             = $this->data( $this->complete( Value::map( $fact->extra['was'] ) ) );
			$data['changes'] = Changes::between( array_diff_key( $was, array( static::NAME . '_status' => 1 ) ), $data );
		}
		if ( isset( $fact->extra['to'] ) ) {
			$data['old_status_code'] = $fact->extra['from'];
			$data['old_status']      = Formats::userStatus( $fact->extra['from'] );
			$data['new_status_code'] = $fact->extra['to'];
			$data['new_status']      = Formats::userStatus( $fact->extra['to'] );
		}
		return array(
			'data'       => $data,
			'record_id'  => $id,
			'clinic_ids' => $record['clinics'],
			'patient_id' => 'patient' === static::NAME ? $id : null,
			'doctor_id'  => 'doctor' === static::NAME ? $id : null,
		);
	}

	/**
	 * @param int[] $ids
	 * @return array<int, array<string, mixed>>
	 */
	protected function people( array $ids ): array {
		return $this->records->people( $ids, static::NAME . '_profile_image' );
	}

	/**
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	private function data( array $record ): array {
		$person = Value::map( $record['person'] );
		$name   = trim( Value::text( $person['first_name'] ) . ' ' . Value::text( $person['last_name'] ) );
		$common = array(
			'id'                   => $person['id'],
			'first_name'           => $person['first_name'],
			'last_name'            => $person['last_name'],
			'full_name'            => '' === $name ? $person['name'] : $name,
			'email'                => $person['email'],
			'contact_number'       => Formats::phone( Value::text( $person['mobile_number'] ), Value::text( $person['country_calling_code'] ) ),
			'dob'                  => $person['dob'],
			'gender'               => $person['gender'],
			'address'              => $person['address'],
			'city'                 => $person['city'],
			'country'              => $person['country'],
			'postal_code'          => $person['postal_code'],
			'clinic_ids'           => implode( ',', Value::texts( $record['clinics'] ) ),
			'profile_photo'        => $record['photo'],
			'status'               => $person['status'],
			'registered_date_time' => Formats::fromUtc( Value::text( $person['registered'] ) ),
		);
		$data   = array( 'record_id' => $person['id'] );
		foreach ( $common + $this->own( $person ) as $variable => $value ) {
			$data[ static::NAME . '_' . $variable ] = $value;
		}
		if ( '' !== static::FIELDS ) {
			$data['custom_fields_data'] = array() === $record['fields'] ? null : $record['fields'];
		}
		return $data + Forms::in( $record );
	}

	/**
	 * All that is told, but for the status, which is an event of its own.
	 *
	 * @param array<string, mixed> $record
	 * @return list<mixed>
	 */
	private static function comparable( array $record ): array {
		$person = Value::map( $record['person'] );
		unset( $person['roles'], $person['status'] );
		ksort( $person );
		return array( $person, $record['clinics'], $record['fields'], $record['forms'] );
	}
}
