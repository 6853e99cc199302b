<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * What an administrator may set for the whole site: one autoloaded option, read without a query. A stored value that is
 * out of bounds (an older version's, or one written by hand) counts as its default.
 */
final class Settings {

	public const OPTION = 'kivihook_settings';

	/** Whole numbers: default, least, most. */
	private const NUMBERS = array(
		'body_days'           => array( 7, 1, 90 ),       // snapshots and logged bodies, after the last delivery ended
		'row_days'            => array( 365, 30, 3_650 ), // events, deliveries, attempts, statistics
		'waiting_days'        => array( 30, 7, 365 ),     // then a delivery that still waits is given up
		'alarm_late_minutes'  => array( 15, 5, 1_440 ),
		'alarm_failing_hours' => array( 24, 1, 720 ),
		'switch_off_hours'    => array( 120, 24, 2_160 ),
		'report_hour'         => array( 7, 0, 23 ),       // of the site's day: from then on report.daily is told, and the report mailed
	);

	private const REPORTS = array( '', 'daily', 'weekly' );

	private const MOST_RECIPIENTS = 10;

	public function __construct( private Options $options ) {
	}

	/**
	 * Every setting: the numbers above, log_bodies (bool), log_mask_classes (string[]), alarm_recipients (string[]; none: the
	 * site's administrator), report ('', 'daily', 'weekly': a mail in numbers), reconciler (bool: is looked for what announced nothing?).
	 *
	 * @return array<string, mixed>
	 */
	public function all(): array {
		$stored = $this->options->get( self::OPTION, array() );
		$all    = self::defaults();
		foreach ( is_array( $stored ) ? $stored : array() as $name => $value ) {
			if ( array_key_exists( $name, $all ) && null === self::error( (string) $name, $value ) ) {
				$all[ $name ] = $value;
			}
		}
		return $all;
	}

	public function number( string $name ): int {
		return Value::number( $this->all()[ $name ] );
	}

	public function on( string $name ): bool {
		return (bool) $this->all()[ $name ];
	}

	/** @return string[] who is mailed */
	public function recipients(): array {
		$set = $this->all()['alarm_recipients'];
		return $set ? Value::texts( $set ) : array( Value::text( get_option( 'admin_email' ) ) );
	}

	/** @return array<string, mixed> */
	public static function defaults(): array {
		return array_map( static fn ( array $number ): int => $number[0], self::NUMBERS ) + array(
			'log_bodies'       => true,
			'log_mask_classes' => array( 'contact', 'clinical' ),
			'alarm_recipients' => array(),
			'report'           => '',
			'reconciler'       => true,
		);
	}

	/** @return array<string, array{min: int, max: int}> */
	public static function limits(): array {
		return array_map( static fn ( array $number ): array => array( 'min' => $number[1], 'max' => $number[2] ), self::NUMBERS );
	}

	/**
	 * What is wrong with these values, in words for people, by name.
	 *
	 * @param array<string, mixed> $some
	 * @return array<string, string>
	 */
	public static function errors( array $some ): array {
		$errors = array();
		foreach ( $some as $name => $value ) {
			$error = self::error( (string) $name, $value );
			if ( null !== $error ) {
				$errors[ (string) $name ] = $error;
			}
		}
		return $errors;
	}

	/**
	 * Changes some; the others stay.
	 *
	 * @param array<string, mixed> $some
	 * @throws \InvalidArgumentException see errors()
	 * @throws DatabaseError
	 */
	public function put( array $some ): void {
		$errors = self::errors( $some );
		if ( $errors ) {
			throw new \InvalidArgumentException( (string) reset( $errors ) );
		}
		$this->options->put( self::OPTION, $some + $this->all() );
	}

	private static function error( string $name, mixed $value ): ?string {
		if ( isset( self::NUMBERS[ $name ] ) ) {
			list( , $least, $most ) = self::NUMBERS[ $name ];
			return is_int( $value ) && $value >= $least && $value <= $most ? null : sprintf(
				/* translators: 1: least, 2: most */
				__( 'It must be a whole number from %1$d to %2$d.', 'kivihook' ),
				$least,
				$most
			);
		}
		switch ( $name ) {
			case 'log_bodies':
			case 'reconciler':
				return is_bool( $value ) ? null : __( 'It must be on or off.', 'kivihook' );
			case 'report':
				return in_array( $value, self::REPORTS, true ) ? null : __( 'It must be empty, "daily" or "weekly".', 'kivihook' );
			case 'log_mask_classes':
				return self::listOf( $value, 20, static fn ( string $one ): bool => 1 === preg_match( '/\A[a-z_]{1,32}\z/', $one ) )
					? null : __( 'It must be a list of data classes.', 'kivihook' );
			case 'alarm_recipients':
				return self::listOf( $value, self::MOST_RECIPIENTS, static fn ( string $one ): bool => false !== is_email( $one ) )
					? null : __( 'It must be a list of at most 10 mail addresses.', 'kivihook' );
			default:
				return __( 'There is no such setting.', 'kivihook' );
		}
	}

	private static function listOf( mixed $value, int $most, callable $good ): bool {
		if ( ! is_array( $value ) || count( $value ) > $most || array_values( $value ) !== $value ) {
			return false;
		}
		foreach ( $value as $one ) {
			if ( ! is_string( $one ) || ! $good( $one ) ) {
				return false;
			}
		}
		return true;
	}
}
