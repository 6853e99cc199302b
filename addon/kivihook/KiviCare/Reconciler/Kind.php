<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Reconciler;

use KiviHook\WordPress\KiviCare\Reader;
use KiviHook\WordPress\KiviCare\Sources;
use KiviHook\WordPress\Value;

/** One kind of record as the reconciler looks at it: where its rows lie, and which column of theirs is its state. */
final class Kind {

	/** Where a state stands that does not change. */
	public const STATELESS = '-';

	/** Subject => KiviCare's table, the column of the state ('' : none). People are found by their role. */
	private const TABLES = array(
		'appointment'     => array( 'appointments', 'status' ),
		'encounter'       => array( 'patient_encounters', 'status' ),
		'bill'            => array( 'bills', 'payment_status' ),
		'prescription'    => array( 'prescription', '' ),
		'medical_history' => array( 'medical_history', '' ),
		'service'         => array( 'service_doctor_mapping', 'status' ),
		'clinic'          => array( 'clinics', 'status' ),
	);

	/** @param string $column of the state; '': none */
	private function __construct( public string $subject, private string $from, private string $id, private string $column ) {
	}

	/** @return self[] */
	public static function all( \wpdb $wpdb ): array {
		$kinds = array();
		foreach ( self::TABLES as $subject => list( $table, $column ) ) {
			$kinds[] = new self( $subject, "`{$wpdb->prefix}kc_$table` t", 't.id', $column );
		}
		foreach ( Sources::ROLES as $subject => $role ) {
			$kinds[] = new self(
				$subject,
				"`{$wpdb->users}` t " . Reader::joinRole( $wpdb, 't', $role ),
				't.ID',
				'user_status'
			);
		}
		return $kinds;
	}

	/** The statement that gives id and state of the rows with ids from one to another (two places). */
	public function window(): string {
		$state = '' === $this->column ? "'" . self::STATELESS . "'" : "COALESCE(t.`{$this->column}`, '')";
		return "SELECT $this->id AS id, $state AS state FROM $this->from WHERE $this->id BETWEEN ? AND ? ORDER BY $this->id";
	}

	/** The statement that gives the highest id that there is of any role: what is new has a higher one. */
	public function highest(): string {
		return "SELECT COALESCE(MAX($this->id), 0) FROM " . strtok( $this->from, ' ' ) . ' t';
	}

	/**
	 * The record as it was, when all that changed is its state.
	 *
	 * @param array<string, mixed> $record
	 * @return array<string, mixed>
	 */
	public function before( array $record, string $state ): array {
		if ( isset( $record['person'] ) ) {
			$record['person'] = array_replace( Value::map( $record['person'] ), array( 'status' => (int) $state ) );
		} else {
			$record['row'] = array_replace( Value::map( $record['row'] ), array( $this->column => $state ) );
		}
		return $record;
	}
}
