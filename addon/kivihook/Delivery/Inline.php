<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\Store\BookingTransaction;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Workers;

/**
 * Sends what this request appended, after the browser has its answer and the session is free, within a budget, unless
 * a worker is on duty. What is not finished stays due for the schedule. Only where the server can end a response early: nobody waits for an endpoint.
 */
final class Inline {

	/** How long one request may keep its PHP worker after the response. */
	public const BUDGET_MS = 5_000;
	/** One of them at a time: so long, so that an endpoint that nobody has asked yet is not given up half-way. */
	public const FIRST_MS  = 31_000;
	/** How many PHP workers of this site may do that at once; the others leave it to the schedule. */
	public const SLOTS     = 4;

	/** So many events that were there before at once; the schedule takes the others. */
	private const MOST_FREED = 200;

	private bool $armed = false;
	/** @var array<int, true> webhooks whose deliveries somebody let go just now */
	private array $freed = array();

	public function __construct(
		private EngineFactory $engines,
		private Connection $db,
		private BookingTransaction $booking,
		private Schedule $schedule,
		private Problems $problems,
		private Workers $workers,
		private Watch $watch
	) {
	}

	/**
	 * Something was appended, or somebody let go what these webhooks still had: send it when the request is over.
	 *
	 * @param int[] $webhooks
	 */
	public function arm( array $webhooks = array() ): void {
		$this->freed += array_fill_keys( $webhooks, true );
		if ( $this->armed || self::quiet() ) {
			return;
		}
		$this->armed = true;
		// Registered again from within: after WordPress' own shutdown work and whatever that registers.
		register_shutdown_function(
			function (): void {
				register_shutdown_function( array( $this, 'run' ) );
			}
		);
	}

	/** @internal The shutdown function. Nothing that goes wrong here may reach a page, which is sent already. */
	public function run(): void {
		try {
			if ( PHP_SESSION_ACTIVE === session_status() ) {
				session_write_close();
			}
			ignore_user_abort( true );
			if ( ! self::finishResponse() ) {
				return;
			}
			$left = $this->deliver();
			if ( $this->watch->isAlone() ) {
				$this->watch->run();
			}
			$this->db->close();
			// A single event is an option, written on $wpdb: only where that disturbs no transaction.
			if ( $left > 0 && ! $this->booking->inTransaction() ) {
				$this->schedule->soon();
			}
		} catch ( \Throwable $error ) {
			$this->problems->caught( 'inline', 'What this request recorded is sent by the schedule.', $error );
		}
		$this->problems->flush();
	}

	/** How many deliveries are left; they stay due. */
	private function deliver(): int {
		if ( $this->workers->alive() ) {
			return 0; // They look ten times a second.
		}
		$slot = $this->slot();
		if ( null === $slot ) {
			return 1;
		}
		try {
			$this->engines->store()?->drivenBy( 'inline' );
			$left  = 0;
			$first = $this->db->acquire( 'kivihook.first.' . $this->db->place() ); // It ends with our connection.
			$end   = hrtime( true ) + ( $first ? self::FIRST_MS : self::BUDGET_MS ) * 1_000_000;
			foreach ( $this->engines->used() as $engine ) {
				$budget = intdiv( $end - hrtime( true ), 1_000_000 );
				$left  += $budget > 0 ? $engine->flush( $budget )['left'] : 1;
			}
			return $left + $this->deliverFreed( intdiv( $end - hrtime( true ), 1_000_000_000 ) );
		} finally {
			$this->db->release( $slot );
		}
	}

	/** What is due of the webhooks that were let go, under the same guards as what was appended. */
	private function deliverFreed( int $seconds ): int {
		$store  = $this->engines->store();
		$engine = $this->engines->engine();
		if ( ! $this->freed || null === $store || null === $engine ) {
			return 0;
		}
		$due    = fn (): array => $store->dueEvents( array_keys( $this->freed ), self::MOST_FREED );
		$events = $due();
		if ( $events && $seconds > 0 ) {
			$store->onlyOf( $events, fn (): array => $engine->run( $seconds, 0, array( 'grace_ms' => 1 ) ) );
		}
		return count( $due() );
	}

	/** Named locks of the server: they end with our connection, also when the worker is killed. */
	private function slot(): ?string {
		$first = random_int( 0, self::SLOTS - 1 );
		for ( $i = 0; $i < self::SLOTS; $i++ ) {
			$name = 'kivihook.slot.' . $this->db->place() . '.' . ( $first + $i ) % self::SLOTS;
			if ( $this->db->acquire( $name ) ) {
				return $name;
			}
		}
		return null;
	}

	/** Command lines and cron have drivers of their own, and no response to end. */
	private static function quiet(): bool {
		return in_array( PHP_SAPI, array( 'cli', 'phpdbg' ), true ) || wp_doing_cron()
			|| ( defined( 'WP_CLI' ) && WP_CLI );
	}

	private static function finishResponse(): bool {
		foreach ( array( 'fastcgi_finish_request', 'litespeed_finish_request' ) as $finish ) {
			if ( function_exists( $finish ) ) {
				return (bool) $finish();
			}
		}
		return false;
	}
}
