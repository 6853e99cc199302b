<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

final class Receptionists extends Person {

	public const ADDED   = 'receptionist.added';
	public const UPDATED = 'receptionist.updated';
	public const STATUS  = 'receptionist.status_changed';
	public const REMOVED = 'receptionist.removed';
	public const ALL     = array( self::ADDED, self::UPDATED, self::STATUS, self::REMOVED );

	public const ROLE = 'kiviCare_receptionist';

	protected const NAME = 'receptionist';

	protected function own( array $person ): array {
		return array();
	}
}
