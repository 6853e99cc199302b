<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\KiviCare\Scheduled\Pass;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Value;

/**
 * Lets workers look for what comes with time (reminders, the daily report, the reconciler) where no schedule does: once a
 * minute, one of them.
 */
final class Passes {

	public const OPTION = 'kivihook_passed';

	/** A schedule that is late by more than this is not waited for. */
	private const SCHEDULE_SECONDS = 150;
	private const EVERY_SECONDS    = 55;

	public function __construct( private Connection $db, private Options $options, private EngineFactory $engines ) {
	}

	/** Was it done? @throws \KiviHook\WordPress\Store\DatabaseError */
	public function run(): bool {
		$now = time();
		if ( Value::number( $this->options->fresh( Watch::RAN ) ) > $now - self::SCHEDULE_SECONDS ) {
			return false;
		}
		$lock = 'kivihook.pass.' . $this->db->place();
		if ( ! $this->db->acquire( $lock ) ) {
			return false;
		}
		try {
			if ( Value::number( $this->options->fresh( self::OPTION ) ) > $now - self::EVERY_SECONDS ) {
				return false;
			}
			$this->options->put( self::OPTION, $now );
			// The worker's engine is at work, and knows who had subscribed when it began.
			$this->engines->renew();
			do_action( Pass::ACTION );
			return true;
		} finally {
			$this->db->release( $lock );
		}
	}
}
