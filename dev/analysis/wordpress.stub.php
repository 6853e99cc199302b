<?php

/** What PHPStan's stubs of WordPress leave out: constants that WordPress defines as it starts, and Action Scheduler. */

namespace {
	define( 'ABSPATH', (string) getcwd() );
	define( 'WP_CONTENT_DIR', ABSPATH . 'wp-content' );
	define( 'ARRAY_A', 'ARRAY_A' );
	define( 'MINUTE_IN_SECONDS', 60 );
	define( 'HOUR_IN_SECONDS', 3600 );
	define( 'DAY_IN_SECONDS', 86400 );

	/**
	 * @param string       $hook
	 * @param array<mixed> $args
	 * @param string       $group
	 */
	function as_has_scheduled_action( $hook, $args = null, $group = '' ): bool {}

	/**
	 * @param int          $timestamp
	 * @param int          $interval_in_seconds
	 * @param string       $hook
	 * @param array<mixed> $args
	 * @param string       $group
	 * @param bool         $unique
	 * @param int          $priority
	 */
	function as_schedule_recurring_action( $timestamp, $interval_in_seconds, $hook, $args = array(), $group = '', $unique = false, $priority = 10 ): int {}

	/**
	 * @param string       $hook
	 * @param array<mixed> $args
	 * @param string       $group
	 */
	function as_unschedule_all_actions( $hook, $args = array(), $group = '' ): void {}
}
