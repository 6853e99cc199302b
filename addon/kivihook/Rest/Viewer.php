<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\KiviCare\OwnClinics;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;

/** Whose request this is, and which clinics bound what it sees and changes. */
final class Viewer {

	/** @param int[]|null $clinics Null: everything (administrators). */
	public function __construct( public int $user, public ?array $clinics ) {
	}

	public static function current( OwnClinics $clinics ): self {
		$user = get_current_user_id();
		return new self( $user, Access::isAdministrator() ? null : $clinics->of( $user ) );
	}

	public function isBounded(): bool {
		return null !== $this->clinics;
	}

	/** Theirs are webhooks whose clinics are all theirs; one for every clinic of the site belongs to administrators. */
	public function owns( Webhook $webhook ): bool {
		if ( null === $this->clinics ) {
			return true;
		}
		$clinics = Value::numbers( $webhook->config['clinics'] ?? null );
		return array() !== $clinics && array() === array_diff( $clinics, $this->clinics );
	}
}
