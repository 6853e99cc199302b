<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

/** How long before an appointment which webhook wants to be reminded: `reminders_min` in its configuration. */
final class Offsets {

	public const MIN     = 1;
	public const MAX     = 43_200; // 30 days
	public const MOST    = 5;
	public const DEFAULT = array( 1_440 ); // KiviCare's own form has no field for it.

	/**
	 * @param \Closure(): array<int, array<string, mixed>> $configs Configurations of the webhooks that want to be reminded, by id.
	 */
	public function __construct( private \Closure $configs ) {
	}

	/** @return array<int, int[]> Minutes => webhooks. */
	public function all(): array {
		$all = array();
		foreach ( ( $this->configs )() as $webhook => $config ) {
			foreach ( self::of( $config ) as $minutes ) {
				$all[ $minutes ][] = $webhook;
			}
		}
		ksort( $all );
		return $all;
	}

	/**
	 * @param array<string, mixed> $config
	 * @return int[]
	 */
	public static function of( array $config ): array {
		$minutes = array();
		foreach ( (array) ( $config['reminders_min'] ?? array() ) as $one ) {
			if ( is_int( $one ) && $one >= self::MIN && $one <= self::MAX ) {
				$minutes[ $one ] = $one;
			}
		}
		return array() === $minutes ? self::DEFAULT : array_slice( array_values( $minutes ), 0, self::MOST );
	}
}
