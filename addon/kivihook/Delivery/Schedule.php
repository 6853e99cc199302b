<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\Extension;
use KiviHook\WordPress\KiviCare\Scheduled\Pass;
use KiviHook\WordPress\Privacy\Forgetting;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Retention;
use KiviHook\WordPress\Store\Schema;
use KiviHook\WordPress\Store\Subscriptions;
use KiviHook\WordPress\Store\Workers;

/**
 * The safety net that needs no setup: every minute, by Action Scheduler where something brings it (KiviCare 4 does), by
 * WP-Cron elsewhere. Sends what is due, and keeps keys, tables and subscriptions
 * in order. Several runs at once harm nobody: leases are exclusive, the rest is repeatable.
 */
final class Schedule {

	public const HOOK     = 'kivihook_run';
	public const SOON     = 'kivihook_run_soon';
	public const INTERVAL = 'kivihook_minute';
	/** With Action Scheduler: WP-Cron, hourly, sees to it that the action is still there. */
	public const WATCH    = 'kivihook_watch';
	public const GROUP    = 'kivihook';

	private const RUN_SECONDS  = 20;
	private const SOON_SECONDS = 10;

	public function __construct(
		private EngineFactory $engines,
		private Connection $db,
		private Schema $schema,
		private Keyring $keyring,
		private Subscriptions $subscriptions,
		private Retention $retention,
		private Problems $problems,
		private Workers $workers,
		private Watch $watch,
		private ?Forgetting $forgetting = null
	) {
	}

	/** @param callable():self $schedule most requests never need it, and what it is made of */
	public static function register( callable $schedule ): void {
		add_filter( 'cron_schedules', array( self::class, 'intervals' ) );
		foreach ( array( self::HOOK => 'run', self::SOON => 'run', self::WATCH => 'watch' ) as $hook => $method ) {
			add_action( $hook, static fn () => $schedule()->$method() );
		}
		// After Action Scheduler's own start, which is on init with priority 1.
		add_action( 'init', array( self::class, 'plan' ), 20 );
	}

	/**
	 * @internal Filter callback.
	 * @return mixed[]
	 */
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
		if ( self::actionScheduler() ) {
			if ( false === wp_next_scheduled( self::WATCH ) || false !== wp_next_scheduled( self::HOOK ) ) {
				self::planAction();
				wp_clear_scheduled_hook( self::HOOK );
				if ( false === wp_next_scheduled( self::WATCH ) ) {
					wp_schedule_event( time() + 3600, 'hourly', self::WATCH );
				}
			}
			return;
		}
		if ( false === wp_next_scheduled( self::HOOK ) ) {
			wp_clear_scheduled_hook( self::WATCH );
			wp_schedule_event( time() + 60, self::INTERVAL, self::HOOK );
		}
	}

	/** Loaded and started: its functions are there before its tables are, and in a site that was switched to, perhaps, neither. */
	private static function actionScheduler(): bool {
		return function_exists( 'as_schedule_recurring_action' ) && function_exists( 'as_has_scheduled_action' )
			&& ! ( is_multisite() && ms_is_switched() ) && class_exists( 'ActionScheduler', false ) && \ActionScheduler::is_initialized();
	}

	private static function planAction(): void {
		if ( ! as_has_scheduled_action( self::HOOK, null, self::GROUP ) ) {
			as_schedule_recurring_action( time() + 60, 60, self::HOOK, array(), self::GROUP );
		}
	}

	/** @internal Whoever removed our action, or let it fail too often, gets it back. */
	public function watch(): void {
		if ( self::actionScheduler() ) {
			self::planAction();
		}
		$this->run();
	}

	public static function unplan(): void {
		wp_clear_scheduled_hook( self::HOOK );
		wp_clear_scheduled_hook( self::SOON );
		wp_clear_scheduled_hook( self::WATCH );
		if ( self::actionScheduler() ) {
			as_unschedule_all_actions( self::HOOK, array(), self::GROUP );
		}
	}

	/** A run before the next minute. */
	public function soon(): void {
		if ( false === wp_next_scheduled( self::SOON ) ) {
			wp_schedule_single_event( time() + self::SOON_SECONDS, self::SOON );
		}
	}

	/** @return array{sent?: int, succeeded?: int, left?: int} what Engine::run() gives; empty where nothing could be sent */
	public function run(): array {
		$result = array();
		$steps  = array(
			'schema'        => fn () => $this->schema->installed() || $this->schema->create(),
			'keys'          => fn () => $this->keyring->prepare(),
			'subscriptions' => fn () => $this->subscriptions->rebuild(),
			'pass'          => static fn () => do_action( Pass::ACTION ),
			'deliver'       => function () use ( &$result ): void {
				$result = $this->deliver();
			},
			'watch'         => function (): void {
				$this->watch->ran();
				$this->watch->run();
			},
			'forgetting'    => fn () => $this->forgetting?->run(),
			'retention'     => fn () => $this->watch->expired( $this->retention->run() ),
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

	/** @return array{sent?: int, succeeded?: int, left?: int} */
	private function deliver(): array {
		if ( ! Extension::usable() ) {
			return array();
		}
		// The command line has no limit, and gets none: it would end whatever runs there later.
		if ( '0' !== (string) ini_get( 'max_execution_time' ) && function_exists( 'set_time_limit' ) ) {
			set_time_limit( 4 * self::RUN_SECONDS );
		}
		if ( $this->workers->alive() && ! $this->workers->behind() ) {
			return array();
		}
		$store = $this->engines->store();
		if ( null === $store ) {
			return array();
		}
		$store->drivenBy( 'schedule' );
		$store->housekeep( true );
		$engine = $this->engines->engine();
		return null === $engine ? array() : $engine->run( self::RUN_SECONDS );
	}
}
