<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Retention;
use KiviHook\WordPress\Store\Schema;
use KiviHook\WordPress\Store\Subscriptions;

/**
 * The safety net that needs no setup: WP-Cron, every minute. Sends what is due, and keeps keys, tables and subscriptions
 * in order. Several runs at once harm nobody: leases are exclusive, the rest is repeatable.
 */
final class Schedule {

	public const HOOK     = 'kivihook_run';
	public const SOON     = 'kivihook_run_soon';
	public const INTERVAL = 'kivihook_minute';

	private const RUN_SECONDS  = 20;
	private const SOON_SECONDS = 10;

	public function __construct(
		private EngineFactory $engines,
		private Connection $db,
		private Schema $schema,
		private Keyring $keyring,
		private Subscriptions $subscriptions,
		private Retention $retention,
		private Problems $problems
	) {
	}

	public function register(): void {
		add_filter( 'cron_schedules', array( self::class, 'intervals' ) );
		add_action( self::HOOK, array( $this, 'run' ) );
		add_action( self::SOON, array( $this, 'run' ) );
		add_action( 'init', array( self::class, 'plan' ) );
	}

	/** @internal Filter callback. */
	public static function intervals( mixed $intervals ): array {
		return array_merge(
			(array) $intervals,
			array(
				self::INTERVAL => array(
					'interval' => 60,
					'display'  => 'KiviHook: every minute',
				),
			)
		);
	}

	/** Reads an autoloaded option; writes only where the event is gone, or on a new site of a network. */
	public static function plan(): void {
		if ( false === wp_next_scheduled( self::HOOK ) ) {
			wp_schedule_event( time() + 60, self::INTERVAL, self::HOOK );
		}
	}

	public static function unplan(): void {
		wp_clear_scheduled_hook( self::HOOK );
		wp_clear_scheduled_hook( self::SOON );
	}

	/** A run before the next minute. */
	public function soon(): void {
		if ( false === wp_next_scheduled( self::SOON ) ) {
			wp_schedule_single_event( time() + self::SOON_SECONDS, self::SOON );
		}
	}

	/** @return array what Engine::run() gives; empty where nothing could be sent */
	public function run(): array {
		$result = array();
		$steps  = array(
			'schema'        => fn () => $this->schema->installed() || $this->schema->create(),
			'keys'          => fn () => $this->keyring->prepare(),
			'subscriptions' => fn () => $this->subscriptions->rebuild(),
			'deliver'       => function () use ( &$result ): void {
				$result = $this->deliver();
			},
			'retention'     => fn () => $this->retention->run(),
		);
		foreach ( $steps as $name => $step ) {
			try {
				$step();
			} catch ( \Throwable $error ) {
				// One that fails keeps nobody from the next: what is due goes out even if old rows can't be removed.
				$this->problems->caught( 'schedule', "The scheduled step '$name' failed and is tried again.", $error );
			}
		}
		$this->problems->flush();
		$this->db->close();
		return $result;
	}

	private function deliver(): array {
		if ( ! Extension::usable() ) {
			return array();
		}
		if ( function_exists( 'set_time_limit' ) ) {
			set_time_limit( 4 * self::RUN_SECONDS );
		}
		$store = $this->engines->store();
		$store->drivenBy( 'schedule' );
		$store->housekeep( true );
		return $this->engines->engine()->run( self::RUN_SECONDS );
	}
}
