<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

final class Patients extends Person {

	public const REGISTERED = 'patient.registered';
	public const ADDED      = self::REGISTERED;
	public const UPDATED    = 'patient.updated';
	public const STATUS     = 'patient.status_changed';
	public const DELETED    = 'patient.deleted';
	public const REMOVED    = self::DELETED;
	public const ALL        = array( self::REGISTERED, self::UPDATED, self::STATUS, self::DELETED );

	public const ROLE = 'kiviCare_patient';

	protected const NAME   = 'patient';
	protected const FIELDS = 'patient_module';

	protected function own( array $person ): array {
		return array(
			'unique_id'   => $person['patient_unique_id'],
			'blood_group' => $person['blood_group'],
		);
	}
}
