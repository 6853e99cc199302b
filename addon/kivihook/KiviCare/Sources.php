<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

/**
 * Where KiviCare's events come from, versions 3 and 4 in one: what is not fired is not heard, so no version is asked
 * for. A hook only hints: some fire before their write, some repeat, many operations have none. Rows before and after
 * tell.
 */
final class Sources {

	// Hints: what a source lets one look for.
	public const CREATED   = 'created';
	public const BOOKING   = 'booking';   // Created, perhaps waiting for a payment.
	public const EDITED    = 'edited';
	public const STATUS    = 'status';    // Brings the status before, if the hook's object still has it.
	public const CANCELLED = 'cancelled';
	public const PAID      = 'paid';
	public const BY_HAND   = 'by_hand';   // By the front desk, whatever hooks for payments fire along.
	public const PAYMENT   = 'payment';   // What changes is a payment's doing, whichever way it went.
	public const REFUND    = 'refund';    // What changes is a refund's doing.
	public const DELETED   = 'deleted';   // Brings ids that belong to the record, if the hook's object has them.
	public const OBSERVED  = 'observed';  // Something may have changed.
	public const CAUSE     = 'cause';     // Brings the subject with which this one goes.

	// Moments: when a source is believed.
	public const INSIDE = 'inside'; // At the hook, which comes after the write, if it is within a transaction.
	public const END    = 'end';    // When the route, the ajax answer or the request ends.

	public const SUBJECTS = array(
		'appointment'     => Appointments::ALL,
		'refund'          => Refunds::ALL,
		'patient'         => Patients::ALL,
		'encounter'       => Encounters::ALL,
		'bill'            => Bills::ALL,
		'prescription'    => Prescriptions::ALL,
		'medical_history' => MedicalHistories::ALL,
		'service'         => Services::ALL,
		'doctor'          => Doctors::ALL,
		'receptionist'    => Receptionists::ALL,
		'clinic'          => Clinics::ALL,
	);

	/** What goes with others, in the order in which it is told: children first. */
	public const CASCADES = array(
		'medical_history',
		'prescription',
		'bill',
		'encounter',
		'appointment',
		'service',
	);

	/** Where what KiviCare makes silently is found: subject => the table it inserts into. */
	public const INSERTS = array(
		'encounter'       => Encounters::TABLE,
		'bill'            => Bills::TABLE,
		'prescription'    => Prescriptions::TABLE,
		'medical_history' => MedicalHistories::TABLE,
		'service'         => Services::TABLE,
		'clinic'          => 'clinics',
	);

	/** The subjects that are WordPress' users, and KiviCare's role of theirs. */
	public const ROLES = array(
		'patient'      => Patients::ROLE,
		'doctor'       => Doctors::ROLE,
		'receptionist' => Receptionists::ROLE,
	);

	/** The event of a record's end. */
	public static function departure( string $subject ): string {
		$removed = "$subject.removed";
		return in_array( $removed, self::SUBJECTS[ $subject ] ?? array(), true ) ? $removed : "$subject.deleted";
	}
}
