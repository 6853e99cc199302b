<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Delivery;

use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Problems;
use KiviHook\WordPress\Store\Retention;
use KiviHook\WordPress\Store\Schema;
use KiviHook\WordPress\Store\Workers;

/**
 * A process that does nothing but send. Any number of them, on any number of machines: leases are exclusive. Told to stop
 * (SIGTERM, SIGINT) it takes nothing new and waits for what is on its way, but not for long; what has no answer by then
 * is due again. A database that goes away ends nothing: it tries again until it is back.
 */
final class Worker {

	/** After this a process manager starts a fresh one: what a long life would pile up goes with the process. */
	public const SECONDS = 3_600;
	/** How long a stop may take, and a little; process managers kill later than that. */
	public const GRACE_MS = 25_000;

	private const BEAT_SECONDS    = 10;
	private const REFRESH_SECONDS = 60;
	private const MEMORY_PART     = 0.8;

	private bool $stopping            = false;
	private ?\KiviHook\Engine $engine = null;
	private string $name              = '';
	private int $beatAt               = 0;
	private int $refreshAt            = 0;

	public function __construct(
		private EngineFactory $engines,
		private Connection $db,
		private Schema $schema,
		private Workers $workers,
		private Problems $problems,
		private Watch $watch,
		private Retention $retention,
		private ?Passes $passes = null
	) {
	}

	/**
	 * @param int $seconds how long; with $once until nothing is due, if that is sooner
	 * @param int $most    in flight at once; 0: what kivihook.max_in_flight allows
	 * @return array{sent: int, succeeded: int, left: int}
	 */
	public function run( int $seconds = self::SECONDS, bool $once = false, int $most = 0 ): array {
		$total      = array( 'sent' => 0, 'succeeded' => 0, 'left' => 0 );
		$end        = self::now() + max( 0, $seconds );
		$this->name = substr( (string) gethostname(), 0, 32 ) . ':' . getmypid();
		$this->listen();
		do {
			try {
				$this->schema->installed() || $this->schema->create();
				$this->engines->store()?->drivenBy( 'worker' );
				$this->engine = $this->engines->engine();
				if ( null === $this->engine ) {
					return $total;
				}
				$result = $this->engine->run(
					max( 1, $end - self::now() ),
					0,
					array(
						'wait'          => ! $once,
						'max_in_flight' => max( 0, $most ),
						'grace_ms'      => self::GRACE_MS,
						'tick'          => fn () => $this->tick( $once, $most ),
					)
				);
				foreach ( $total as $key => $sum ) {
					$total[ $key ] = $sum + (int) $result[ $key ];
				}
				if ( $once ) {
					break;
				}
			} catch ( DatabaseError $error ) {
				// What was sent and could not be settled is sent again when its lease ends.
				$this->problems->caught( 'worker', 'A worker lost its database for a moment.', $error );
				$this->pause();
			}
		} while ( ! $this->stopping && self::now() < $end );
		$this->leave();
		return $total;
	}

	/** For signal handlers. */
	public function stop(): void {
		$this->stopping = true;
		$this->engine?->stop();
	}

	private function listen(): void {
		if ( function_exists( 'pcntl_signal' ) && function_exists( 'pcntl_async_signals' ) ) {
			pcntl_async_signals( true );
			foreach ( array( SIGTERM, SIGINT ) as $signal ) {
				pcntl_signal( $signal, fn () => $this->stop() );
			}
		}
	}

	/** About once a second, between transfers. */
	private function tick( bool $once, int $most ): void {
		if ( $this->stopping || $this->bloated() ) {
			$this->stop(); // Also when the signal came before run() had begun.
		}
		$now = self::now();
		if ( ! $once && ! $this->stopping && $now >= $this->beatAt ) {
			$this->beatAt = $now + self::BEAT_SECONDS;
			try {
				$this->workers->beat( $this->name, $most ?: (int) ini_get( 'kivihook.max_in_flight' ) );
			} catch ( DatabaseError $error ) {
				$this->problems->caught( 'worker', 'A worker could not tell that it is alive.', $error );
			}
			$this->problems->flush();
		}
		if ( $now >= $this->refreshAt ) {
			// Who changed a webhook did so in another process; this one has read the options long ago.
			$this->refreshAt = $now + self::REFRESH_SECONDS;
			wp_cache_delete( 'alloptions', 'options' );
			try {
				$this->passes?->run();
				$this->watch->run();
				$this->watch->expired( $this->retention->run() );
			} catch ( DatabaseError $error ) {
				$this->problems->caught( 'worker', 'A worker could not look for what is due by time, late deliveries and old rows.', $error );
			}
		}
	}

	private function leave(): void {
		try {
			$this->workers->leave( $this->name );
		} catch ( DatabaseError $error ) {
			unset( $error ); // It is taken for dead soon.
		}
		$this->problems->flush();
		$this->db->close();
	}

	private function pause(): void {
		for ( $i = 0; $i < 10 && ! $this->stopping; $i++ ) {
			usleep( 100_000 );
		}
	}

	private function bloated(): bool {
		$limit = wp_convert_hr_to_bytes( (string) ini_get( 'memory_limit' ) );
		return $limit > 0 && memory_get_usage( true ) > self::MEMORY_PART * $limit;
	}

	private static function now(): int {
		return intdiv( hrtime( true ), 1_000_000_000 );
	}
}
