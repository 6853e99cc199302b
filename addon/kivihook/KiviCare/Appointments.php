<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/**
 * Appointments. A record: row (KiviCare's), services (names), fields (custom ones), forms (see Forms); and once it is
 * complete, clinic, doctor, patient, encounter.
 */
final class Appointments implements Subject {

	public const BOOKED         = 'appointment.booked';
	public const UPDATED        = 'appointment.updated';
	public const STATUS_CHANGED = 'appointment.status_changed';
	public const CANCELLED      = 'appointment.cancelled';
	public const DELETED        = 'appointment.deleted';
	public const CHECKED_IN     = 'appointment.checked_in';
	public const CHECKED_OUT    = 'appointment.checked_out';
	public const PAID           = 'appointment.payment_completed';
	public const UNPAID         = 'appointment.payment_cancelled';
	public const REMINDER       = 'appointment.reminder_due'; // See Reminders: no change of the record tells of it.
	public const ALL            = array(
		self::BOOKED,
		self::UPDATED,
		self::STATUS_CHANGED,
		self::CANCELLED,
		self::DELETED,
		self::CHECKED_IN,
		self::CHECKED_OUT,
		self::PAID,
		self::UNPAID,
	);

	private const STATUS_CANCELLED   = 0;
	private const STATUS_BOOKED      = 1;
	private const STATUS_PENDING     = 2;
	private const STATUS_CHECKED_OUT = 3;
	private const STATUS_CHECKED_IN  = 4;

	/** What arriving at a status is called. */
	private const ARRIVALS = array(
		self::STATUS_CANCELLED   => self::CANCELLED,
		self::STATUS_CHECKED_OUT => self::CHECKED_OUT,
		self::STATUS_CHECKED_IN  => self::CHECKED_IN,
	);

	/** Where and when: a change of these is a move. */
	private const PLACE = array( 'appointment_starts_at', 'appointment_ends_at', 'doctor_id', 'clinic_id' );

	/** Booked, checked out, checked in: the patient is expected or has come. */
	private const CONFIRMED = array( 1, 3, 4 );

	/** Columns that KiviCare derives from others, or fills in for old rows, when it saves anything. */
	private const DERIVED = array( 'appointment_start_utc', 'appointment_end_utc', 'created_at_utc', 'updated_at' );

	public function __construct( private Records $records ) {
	}

	public function read( array $ids ): array {
		$rows     = $this->records->rows( 'appointments', $ids );
		$services = $this->records->servicesOf( array_keys( $rows ) );
		$fields   = $this->records->customFields( 'appointment_module', array_keys( $rows ) );
		$forms    = $this->records->forms( 'appointment', array_keys( $rows ) );
		$records  = array();
		foreach ( $rows as $id => $row ) {
			$records[ $id ] = array(
				'row'      => $row,
				'services' => $services[ $id ],
				'fields'   => $fields[ $id ],
				'forms'    => $forms[ $id ],
			);
		}
		return $records;
	}

	public function complete( array $record ): array {
		if ( array_key_exists( 'clinic', $record ) ) {
			return $record;
		}
		$row       = Value::map( $record['row'] );
		$clinic    = Value::number( $row['clinic_id'] ?? 0 );
		$doctor    = Value::number( $row['doctor_id'] ?? 0 );
		$patient   = Value::number( $row['patient_id'] ?? 0 );
		$people    = $this->records->people( array_filter( array( $doctor, $patient ) ) );
		$encounter = $this->records->find( 'patient_encounters', 'id', 'appointment_id', array( Value::number( $row['id'] ) ), 1 );

		$record['clinic']    = $this->records->rows( 'clinics', array( $clinic ) )[ $clinic ] ?? array();
		$record['doctor']    = $people[ $doctor ] ?? array();
		$record['patient']   = $people[ $patient ] ?? array();
		$record['encounter'] = $encounter[0] ?? null;
		return $record;
	}

	public function highest(): int {
		return $this->records->highestId( 'appointments' );
	}

	public function pending( array|null|false $before, ?array $after, array $hints ): bool {
		if ( null === $after ) {
			return false;
		}
		return isset( $hints[ Sources::DELETED ] )
			|| ( self::isNew( $before, $hints ) && ! self::isConfirmed( $after, $hints ) );
	}

	public function facts( int $id, array|null|false $before, ?array $after, array $hints ): array {
		if ( null === $after ) {
			return self::gone( $id, $before, $hints );
		}
		if ( self::isNew( $before, $hints ) ) {
			return self::isConfirmed( $after, $hints ) ? self::booked( $after, $hints ) : array();
		}
		return array_merge(
			self::confirmed( $before, $after, $hints ),
			self::changed( $before, $after, $hints ),
			self::paid( $before, $after, $hints )
		);
	}

	public function snapshot( Fact $fact ): array {
		$data = self::data( $fact->record );
		$more = self::before( $fact->extra ) + array_intersect_key( $fact->extra, Cause::NAMES );
		if ( isset( $fact->extra['was'] ) ) {
			$was             = $this->complete( Value::map( $fact->extra['was'] ) );
			$more['changes'] = Changes::between( self::data( $was ), $data );
			$moved           = array_intersect( self::PLACE, array_column( $more['changes'], 'field' ) );

			$more['appointment_rescheduled'] = array() === $moved ? 'no' : 'yes';
		}
		if ( self::PAID === $fact->type || self::UNPAID === $fact->type ) {
			$more += self::payment( $this->records->payment( $data['record_id'] ), Value::map( $fact->extra['payment'] ?? null ) );
		}
		return array(
			'data'       => $more + $data,
			'record_id'  => $data['record_id'],
			'clinic_ids' => null === $data['clinic_id'] ? array() : array( $data['clinic_id'] ),
			'patient_id' => $data['patient_id'],
			'doctor_id'  => $data['doctor_id'],
		);
	}

	/**
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	private static function data( array $record ): array {
		$row     = Value::map( $record['row'] );
		$id      = Value::number( $row['id'] );
		$zone    = self::zone( $row );
		$date    = $row['appointment_start_date'] ?? null;
		$start   = $row['appointment_start_time'] ?? null;
		$clinic  = Value::map( $record['clinic'] );
		$doctor  = Value::map( $record['doctor'] );
		$patient = Value::map( $record['patient'] );
		$status  = Argument::status( $row['status'] ?? null );
		$starts  = Formats::moment( $date, $start, $zone );
		$ends    = Formats::moment( $row['appointment_end_date'] ?? $date, $row['appointment_end_time'] ?? null, $zone );
		$data    = array(
			'record_id'                 => $id,
			'appointment_id'            => $id,
			'appointment_date'          => Formats::date( $date, $zone ),
			'appointment_start_time'    => Formats::time( $date, $start, $zone ),
			'appointment_end_time'      => $row['appointment_end_time'] ?? '',
			'appointment_starts_at'     => $starts,
			'appointment_ends_at'       => $ends,
			'appointment_starts_at_utc' => Formats::utc( $starts ),
			'appointment_ends_at_utc'   => Formats::utc( $ends ),
			'appointment_timezone'      => $zone->getName(),
			'appointment_status'        => $status,
			'appointment_status_label'  => Formats::appointmentStatus( $status ),
			'appointment_created_at'    => $row['created_at'] ?? '',
			'appointment_description'   => $row['description'] ?? '',
			'service_names'             => implode( ', ', Value::texts( $record['services'] ) ),
			'encounter_id'              => $record['encounter'],
			'clinic_id'                 => Argument::id( $row['clinic_id'] ?? null ),
			'clinic_name'               => $clinic['name'] ?? '',
			'clinic_email'              => $clinic['email'] ?? '',
			'clinic_address'            => self::address( $clinic ),
			'clinic_contact_number'     => Formats::phone(
				Value::text( $clinic['telephone_no'] ?? '' ),
				Value::text( $clinic['country_calling_code'] ?? '' )
			),
			'doctor_id'                 => Argument::id( $row['doctor_id'] ?? null ),
			'patient_id'                => Argument::id( $row['patient_id'] ?? null ),
			'custom_fields_data'        => array() === $record['fields'] ? null : $record['fields'],
		);
		foreach ( array( 'doctor' => $doctor, 'patient' => $patient ) as $role => $person ) {
			$data[ "{$role}_name" ]           = $person['name'] ?? '';
			$data[ "{$role}_email" ]          = $person['email'] ?? '';
			$data[ "{$role}_contact_number" ] = Formats::phone(
				Value::text( $person['mobile_number'] ?? '' ),
				Value::text( $person['country_calling_code'] ?? '' )
			);
		}
		return $data + Forms::in( $record );
	}

	/**
	 * KiviCare's column for the amount has no room for cents; what the gateway said has.
	 *
	 * @param array<string, mixed> $row
	 * @param array<string, mixed> $said
	 * @return array<string, mixed>
	 */
	private static function payment( array $row, array $said ): array {
		return array(
			'payment_mode'     => $row['payment_mode'] ?? '',
			'payment_id'       => $row['payment_id'] ?? '',
			'payment_amount'   => Formats::amount( $said['amount'] ?? $row['amount'] ?? '' ),
			'payment_currency' => $said['currency'] ?? $row['currency'] ?? '',
			'payment_status'   => $row['payment_status'] ?? '',
		);
	}

	/**
	 * What is left to tell of one that nobody can read any more.
	 *
	 * @param mixed[] $columns
	 * @return array<string, mixed>
	 */
	public static function vanished( int $id, array $columns = array() ): array {
		return array(
			'row'      => array( 'id' => $id ) + $columns,
			'services' => array(),
			'fields'   => array(),
			'forms'    => array(),
		);
	}

	/**
	 * @param array<string, mixed>|null|false $before
	 * @param array<string, mixed> $hints
	 * @return Fact[]
	 */
	private static function gone( int $id, array|null|false $before, array $hints ): array {
		if ( is_array( $before ) ) {
			$encounter = array( 'encounter_id' => $before['encounter'] ?? null );
			return array( new Fact( self::DELETED, $before, Cause::of( $hints, Value::map( $before['row'] ), $encounter ) ) );
		}
		if ( false === $before && isset( $hints[ Sources::DELETED ] ) ) {
			// Nobody saw it before. Whose it was is known from the hook's ids, if they came along.
			return array( new Fact( self::DELETED, self::vanished( $id, (array) $hints[ Sources::DELETED ] ) ) );
		}
		return array(); // It came and went within this request.
	}

	/**
	 * @param array<string, mixed> $after
	 * @param array<string, mixed> $hints
	 * @return Fact[]
	 */
	private static function booked( array $after, array $hints ): array {
		$facts = array( new Fact( self::BOOKED, $after ) );
		if ( self::STATUS_CHECKED_IN === self::status( $after ) ) {
			$facts[] = new Fact( self::CHECKED_IN, $after, array( 'from' => null, 'to' => self::STATUS_CHECKED_IN ) );
		}
		if ( isset( $hints[ Sources::PAID ] ) && ! isset( $hints[ Sources::BY_HAND ] ) ) {
			$facts[] = new Fact( self::PAID, $after, array( 'payment' => self::said( $hints ) ) );
		}
		return $facts;
	}

	/**
	 * What the payment's hook said of it.
	 *
	 * @param array<string, mixed> $hints
	 * @return array<string, mixed>
	 */
	private static function said( array $hints ): array {
		return Value::map( $hints[ Sources::PAID ] ?? null );
	}

	/**
	 * The appointment's own status tells: KiviCare's callbacks repeat, and its payment rows say "completed" when a payment
	 * was broken off.
	 *
	 * @param array<string, mixed>|false $before
	 * @param array<string, mixed> $after
	 * @param array<string, mixed> $hints
	 * @return Fact[]
	 */
	private static function paid( array|false $before, array $after, array $hints ): array {
		$told = isset( $hints[ Sources::PAID ] ) && ! isset( $hints[ Sources::BY_HAND ] );
		$old  = self::status( $before );
		$new  = self::status( $after );
		if ( in_array( $new, self::CONFIRMED, true ) ) {
			$waited = self::STATUS_PENDING === $old || self::STATUS_CANCELLED === $old;
			return ( $told || isset( $hints[ Sources::PAYMENT ] ) ) && ( $waited || ( $told && null === $old ) )
				? array( new Fact( self::PAID, $after, array( 'payment' => self::said( $hints ) ) ) )
				: array();
		}
		$off = isset( $hints[ Sources::PAYMENT ] ) && null !== $old && $old !== $new;
		return $off && self::STATUS_CANCELLED === $new ? array( new Fact( self::UNPAID, $after ) ) : array();
	}

	/**
	 * One that was waiting for payment was never told before. KiviCare 4 keeps it as pending, KiviCare 3 as cancelled:
	 * there only a payment tells it from one that was cancelled and is booked again by hand.
	 *
	 * @param array<string, mixed>|false $before
	 * @param array<string, mixed> $after
	 * @param array<string, mixed> $hints
	 * @return Fact[]
	 */
	private static function confirmed( array|false $before, array $after, array $hints ): array {
		$old   = self::status( $before );
		$paid  = isset( $hints[ Sources::PAID ] ) && ! isset( $hints[ Sources::BY_HAND ] );
		$first = self::STATUS_PENDING === $old || ( $paid && ( null === $old || self::STATUS_CANCELLED === $old ) );
		return $first && in_array( self::status( $after ), self::CONFIRMED, true )
			? array( new Fact( self::BOOKED, $after ) )
			: array();
	}

	/**
	 * @param array<string, mixed>|false $before
	 * @param array<string, mixed> $after
	 * @param array<string, mixed> $hints
	 * @return Fact[]
	 */
	private static function changed( array|false $before, array $after, array $hints ): array {
		$facts  = array();
		$edited = isset( $hints[ Sources::EDITED ] ) || isset( $hints[ Sources::CREATED ] );
		if ( $edited && ( false === $before || self::comparable( $before ) !== self::comparable( $after ) ) ) {
			$facts[] = new Fact( self::UPDATED, $after, false === $before ? array() : array( 'was' => $before ) );
		}
		$new = self::status( $after );
		$old = self::status( $before );
		$was = $hints[ Sources::STATUS ] ?? null; // What the hook's object still says, where it is the old one.
		if ( null === $old && $was !== $new ) {
			$old = $was;
		}
		$unproven = null === $old && ( isset( $hints[ Sources::CANCELLED ] ) && self::STATUS_CANCELLED === $new
			|| array_key_exists( Sources::STATUS, $hints ) );
		if ( isset( $hints[ Sources::REFUND ] ) && self::STATUS_PENDING === $new ) {
			return $facts; // KiviCare knows no refunds and calls it pending: nobody waits for a payment.
		}
		if ( $unproven || ( null !== $old && $old !== $new ) ) {
			$extra   = array( 'from' => $old, 'to' => $new );
			$facts[] = new Fact( self::STATUS_CHANGED, $after, $extra );
			if ( isset( self::ARRIVALS[ $new ] ) ) {
				$facts[] = new Fact( self::ARRIVALS[ $new ], $after, $extra );
			}
		}
		return $facts;
	}

	/**
	 * @param array<string, mixed>|null|false $before
	 * @param array<string, mixed> $hints
	 */
	private static function isNew( array|null|false $before, array $hints ): bool {
		return null === $before
			|| ( false === $before && ( isset( $hints[ Sources::CREATED ] ) || isset( $hints[ Sources::BOOKING ] ) ) );
	}

	/**
	 * KiviCare 4 announces a booking when it is one, whatever its status, unless it is pending; KiviCare 3 announces
	 * each, and sets one that waits for payment to cancelled afterwards.
	 *
	 * @param array<string, mixed> $after
	 * @param array<string, mixed> $hints
	 */
	private static function isConfirmed( array $after, array $hints ): bool {
		$status = self::status( $after );
		return isset( $hints[ Sources::CREATED ] )
			? self::STATUS_PENDING !== $status
			: in_array( $status, self::CONFIRMED, true );
	}

	/** @param array<string, mixed>|false $record */
	private static function status( array|false $record ): ?int {
		return is_array( $record ) ? Argument::status( Value::map( $record['row'] )['status'] ?? null ) : null;
	}

	/**
	 * @param array<string, mixed> $record
	 * @return list<mixed>
	 */
	private static function comparable( array $record ): array {
		$row = array_diff_key( Value::map( $record['row'] ), array_flip( self::DERIVED ) );
		ksort( $row );
		return array( $row, $record['services'], $record['fields'], $record['forms'] );
	}

	/**
	 * The variables that tell what was before.
	 *
	 * @param array<string, mixed> $extra
	 * @return array<string, mixed>
	 */
	private static function before( array $extra ): array {
		$data = array();
		if ( array_key_exists( 'from', $extra ) ) {
			$data['old_status_code'] = $extra['from'];
			$data['old_status']      = Formats::appointmentStatus( $extra['from'] );
			$data['new_status_code'] = $extra['to'];
			$data['new_status']      = Formats::appointmentStatus( $extra['to'] );
		}
		if ( isset( $extra['was']['row']['appointment_start_date'] ) ) {
			$row  = $extra['was']['row'];
			$zone = self::zone( $row );
			$data['previous_appointment_date']       = Formats::date( $row['appointment_start_date'], $zone );
			$data['previous_appointment_start_time'] = Formats::time(
				$row['appointment_start_date'],
				$row['appointment_start_time'] ?? null,
				$zone
			);
		}
		return $data;
	}

	/**
	 * Whose clock the date and time are of. "UTC" is what KiviCare's column holds while nobody has set it; then the
	 * same moment, which KiviCare keeps in UTC too, tells the offset.
	 *
	 * @param array<string, mixed> $row
	 */
	private static function zone( array $row ): \DateTimeZone {
		$name = Value::text( $row['appointment_timezone'] ?? '' );
		if ( 'UTC' !== $name ) {
			return Formats::zone( $name );
		}
		$utc   = strtotime( ( $row['appointment_start_utc'] ?? '' ) . ' UTC' );
		$local = strtotime( "{$row['appointment_start_date']} {$row['appointment_start_time']} UTC" );
		if ( empty( $row['appointment_start_utc'] ) || false === $utc || false === $local ) {
			return wp_timezone();
		}
		$minutes = intdiv( $local - $utc, 60 );
		$sign    = $minutes < 0 ? '-' : '+';
		return abs( $minutes ) > 14 * 60 || 0 === $minutes
			? Formats::zone( $name )
			: new \DateTimeZone( sprintf( '%s%02d:%02d', $sign, intdiv( abs( $minutes ), 60 ), abs( $minutes ) % 60 ) );
	}

	/**
	 * When it begins; null: nobody wrote that down.
	 *
	 * @param array<string, mixed> $row
	 */
	public static function startsAt( array $row ): ?\DateTimeImmutable {
		return Formats::instant(
			$row['appointment_start_date'] ?? null,
			$row['appointment_start_time'] ?? null,
			self::zone( $row )
		);
	}

	/**
	 * When it was made: KiviCare 4 keeps that in UTC, too.
	 *
	 * @param array<string, mixed> $row
	 */
	public static function madeAt( array $row ): ?\DateTimeImmutable {
		$utc   = Value::text( $row['created_at_utc'] ?? '' );
		$parts = explode( ' ', '' === $utc ? Value::text( $row['created_at'] ?? '' ) : $utc, 2 );
		$zone  = '' === $utc ? wp_timezone() : new \DateTimeZone( 'UTC' );
		return Formats::instant( $parts[0], $parts[1] ?? null, $zone );
	}

	/** @param array<string, mixed> $record */
	public static function isBooked( array $record ): bool {
		return self::STATUS_BOOKED === self::status( $record );
	}

	/**
	 * As the original add-on wrote it: address, city, postal code, country.
	 *
	 * @param array<string, mixed> $clinic
	 */
	public static function address( array $clinic ): string {
		$parts = array();
		foreach ( array( 'address', 'city', 'postal_code', 'country' ) as $part ) {
			$parts[] = trim( Value::text( $clinic[ $part ] ?? '' ) );
		}
		return implode( ', ', array_filter( $parts, static fn ( string $part ): bool => '' !== $part ) );
	}
}
