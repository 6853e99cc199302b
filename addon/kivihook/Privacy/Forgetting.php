<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Privacy;

use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Store\PersonalData;
use KiviHook\WordPress\Value;

/**
 * A patient whom KiviCare deletes or anonymises is forgotten here, too, by the schedule: within a minute where a user was
 * deleted, within an hour however else it happened. Not in the request that deletes: that may still be rolled back, and
 * nobody shall wait. Whether somebody is gone is asked of the table of users, each time.
 */
final class Forgetting {

	/** When all were looked at last. */
	public const OPTION  = 'kivihook_forgot';
	/** Of the site: somebody was deleted since. */
	private const SOON   = 'kivihook_forget_soon';
	private const EVERY  = 3600;
	private const ROUNDS = 20;

	public function __construct( private PersonalData $data, private Options $options ) {
	}

	/** @param callable():self $forgetting most requests never need it */
	public static function register( callable $forgetting ): void {
		foreach ( array( 'deleted_user', 'wpmu_delete_user', 'remove_user_from_blog', 'kc_patient_delete' ) as $hook ) {
			add_action( $hook, static fn () => $forgetting()->soon(), 10, 0 );
		}
	}

	/** @internal An option, on our own connection: the booking's transaction knows nothing of it. */
	public function soon(): void {
		try {
			$this->options->put( self::SOON, '1' );
		} catch ( DatabaseError $error ) {
			unset( $error ); // Within an hour, then.
		}
	}

	/**
	 * Called by the schedule.
	 *
	 * @return int how many events were erased
	 * @throws \KiviHook\Exception
	 */
	public function run(): int {
		$asked = '1' === Value::text( $this->options->fresh( self::SOON ) );
		$last  = Value::number( $this->options->fresh( self::OPTION ) );
		if ( ! $asked && $last > time() - self::EVERY ) {
			return 0;
		}
		if ( $asked ) {
			$this->options->put( self::SOON, '' ); // Before the work: who is deleted meanwhile asks again.
		}
		$erased = 0;
		$busy   = 0;
		$rounds = 0;
		foreach ( $this->data->gone( time() - $last + 2 * self::EVERY ) as $patient ) {
			$after = 0;
			do {
				$result  = $this->data->erase( $patient, $after );
				$after   = $result['last'];
				$erased += $result['erased'];
				$busy   += $result['busy'];
				++$rounds;
			} while ( $result['more'] && $rounds < self::ROUNDS );
			if ( $rounds >= self::ROUNDS ) {
				break;
			}
		}
		if ( $busy > 0 || $rounds >= self::ROUNDS ) {
			$this->options->put( self::SOON, '1' );
		} else {
			$this->options->put( self::OPTION, time() );
		}
		return $erased;
	}
}
