<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Demand;
use KiviHook\Store;
use KiviHook\WordPress\Seal\Keyring;

/**
 * The engine's store on WordPress' database. Only append() runs on $wpdb's connection; the rest is the queue, on ours.
 *
 * Each lease has a fresh random token; what comes back with another one changes nothing, except that a late success is
 * still a success.
 *
 * @phpstan-import-type Event from Store
 * @phpstan-import-type Leased from Store
 * @phpstan-import-type Outcome from Store
 * @phpstan-import-type Subscriber from Store
 * @phpstan-import-type Token from Store
 * @phpstan-import-type Due from Batch
 * @phpstan-import-type Taken from Batch
 * @phpstan-import-type Snapshot from Snapshots
 * @phpstan-import-type Attempt from Log
 */
final class DatabaseStore implements Store {

	private const SWEEP_SECONDS = 60;
	/** What is left of an event whose row is gone. */
	private const MISSING       = array( 'id' => '', 'type' => '', 'record_id' => null, 'timestamp' => '', 'ends' => null, 'late' => false );
	/** So many results at once are those of a worker with much to do. */
	private const BUSY          = 32;

	/** @var int[]|null Webhooks that the events of the moment are meant for; null: for all. */
	private ?array $audience = null;
	/** @var string[]|null Events whose deliveries alone are leased at the moment; null: whatever is due. */
	private ?array $only     = null;
	/** What drives the engine now, for the log: 'inline', 'schedule', 'worker'. */
	private string $driver = 'worker';
	/** @var array<int, array{int, string, int|null, Webhook}> delivery => event sequence, type, record id, webhook */
	private array $known   = array();
	/** @var array<int, int> delivery that is a probe => webhook */
	private array $probes  = array();
	private int $sweptAt   = 0;
	private Tokens $tokens;
	private Breakers $breakers;
	private RecordOrder $order;
	private Lease $leases;
	private Snapshots $snapshots;
	private Settlement $settlement;
	private Held $held;

	/**
	 * @param (\Closure():void)|null $appended called after each append
	 * @param (\Closure(array<int, array{type: string, record_id: int|null, ends: string}>): int[])|null $obsolete of events
	 *        that have an end, by sequence: those that tell of what is no longer so
	 */
	public function __construct(
		private EventWriter $writer,
		private Connection $db,
		private Schema $schema,
		Keyring $keyring,
		private WebhookRepository $webhooks,
		private Subscribers $subscribers,
		private Router $router,
		private Log $log,
		private Statistics $statistics,
		private Problems $problems,
		private ?\Closure $appended = null,
		private ?CloneGuard $guard = null,
		private ?\Closure $obsolete = null
	) {
		$this->tokens     = new Tokens( $db, $schema );
		$this->breakers   = new Breakers( $db, $schema );
		$this->order      = new RecordOrder( $db, $schema );
		$this->leases     = new Lease( $db, $schema, $webhooks, $this->breakers, new Limits( $db, $schema ), $this->order, new Quickness( $db, $schema ) );
		$this->snapshots  = new Snapshots( $db, $schema, $keyring );
		$this->settlement = new Settlement( $db, $schema );
		$this->held       = new Held( $db, $schema, $keyring, $webhooks, $subscribers );
	}

	public function drivenBy( string $driver ): void {
		$this->driver = $driver;
	}

	public function webhooksFor( string $type ): array {
		return $this->meant( $this->subscribers->rows( $type ) );
	}

	/**
	 * Runs something whose events are meant for certain webhooks only.
	 *
	 * @template T
	 * @param int[] $webhooks
	 * @param callable(): T $work
	 * @return T
	 */
	public function amongThese( array $webhooks, callable $work ): mixed {
		$this->audience = $webhooks;
		try {
			return $work();
		} finally {
			$this->audience = null;
		}
	}

	/**
	 * Runs something that sends nothing but deliveries of these events.
	 *
	 * @template T
	 * @param string[] $events ids
	 * @param callable(): T $work
	 * @return T
	 */
	public function onlyOf( array $events, callable $work ): mixed {
		$this->only = $events;
		try {
			return $work();
		} finally {
			$this->only = null;
		}
	}

	/**
	 * Events of which these webhooks have something due, the oldest first.
	 *
	 * @param int[] $webhooks
	 * @return string[] ids
	 * @throws DatabaseError
	 */
	public function dueEvents( array $webhooks, int $most ): array {
		return array_map(
			'strval',
			array_unique(
				$this->db->column(
					"SELECT e.id FROM `{$this->table()}` d JOIN `{$this->schema->table( 'events' )}` e ON e.sequence = d.event"
					. " WHERE d.webhook IN (?) AND d.state = 'pending' AND d.due_at <= UTC_TIMESTAMP(3) ORDER BY d.due_at LIMIT ?",
					array( $webhooks, $most )
				)
			)
		);
	}

	/**
	 * @param list<Subscriber> $webhooks
	 * @return list<Subscriber>
	 */
	private function meant( array $webhooks ): array {
		return null === $this->audience ? $webhooks : array_values(
			array_filter( $webhooks, fn ( array $one ): bool => in_array( (int) $one['id'], $this->audience, true ) )
		);
	}

	public function append( array $event, array $deliveries ): void {
		$this->writer->append( $event, array_column( $deliveries, 'webhook' ), true );
		if ( null !== $this->appended ) {
			( $this->appended )();
		}
	}

	/** Never throws: a database that can't be reached has nothing due, and the schedule comes again. */
	public function lease( Demand $demand ): array {
		try {
			if ( null !== $this->guard && null !== $this->guard->reason() ) {
				return array(); // A copy, perhaps: what is due waits for an administrator's word.
			}
			if ( null !== $this->only ) {
				$demand->events = $this->only;
			}
			if ( ! $demand->events ) {
				$this->housekeep();
			}
			$since = hrtime( true );
			$batch = $this->leases->take( $demand );
			$this->tellDied( $batch->died );
			return $this->open( $batch->taken(), $since );
		} catch ( DatabaseError $error ) {
			$this->problems->caught( 'lease', 'What is due could not be read; it stays due.', $error );
			return array();
		}
	}

	public function release( string $owner, array $ids ): void {
		$ids = array_values( array_unique( array_map( 'intval', $ids ) ) );
		sort( $ids );
		try {
			$this->settlement->release( $owner, $ids );
			foreach ( array_intersect_key( $this->probes, array_flip( $ids ) ) as $webhook ) {
				$this->breakers->giveBack( $webhook );
			}
		} catch ( DatabaseError $error ) {
			$this->problems->caught( 'release', 'Deliveries could not be given back; they are due when their lease ends.', $error );
		}
		$this->forget( $ids );
	}

	public function settle( string $owner, array $outcomes ): array {
		if ( ! $outcomes ) {
			return array();
		}
		usort( $outcomes, fn ( array $a, array $b ): int => $a['id'] <=> $b['id'] );
		// A failure here is the engine's to know: nothing of this is kept, and the leases end by themselves.
		$lost = $this->settlement->settle( $outcomes );
		$this->after( 'off', fn () => $this->switchOff( $outcomes ) );
		$this->after( 'statistics', fn () => $this->statistics->add( $outcomes ) );
		$this->after( 'breaker', fn () => $this->breakers->record( $outcomes, $this->probes ) );
		$this->after( 'order', fn () => $this->order->wakeAfter( $this->ended( $outcomes ) ) );
		$this->after( 'log', fn () => $this->write( AttemptRows::tried( $outcomes, $this->known, $this->driver ) ) );
		$this->forget( array_map( 'intval', array_column( $outcomes, 'id' ) ) );
		return $lost;
	}

	/** A failure is the engine's to know: the deliveries that need the value are tried again. */
	public function token( string $key, ?array $replace, ?string $expected ): ?array {
		return $this->tokens->swap( $key, $replace, $expected );
	}

	/** What has to be done before a lease, once a minute at most. @throws DatabaseError */
	public function housekeep( bool $now = false ): void {
		$second = intdiv( hrtime( true ), 1_000_000_000 );
		if ( ! $now && 0 !== $this->sweptAt && $second - $this->sweptAt < self::SWEEP_SECONDS ) {
			return;
		}
		$this->sweptAt = $second;
		$this->router->route();
		$this->router->sweep();
		$this->held->letGo();
		$this->order->sweep( $this->webhooks->ordered() );
	}

	/** Best effort: what goes wrong here is told, and undoes no state. */
	private function after( string $what, callable $work ): void {
		try {
			$work();
		} catch ( DatabaseError $error ) {
			$this->notWritten( $what, $error );
		}
	}

	private function notWritten( string $what, DatabaseError $error ): void {
		$this->problems->caught( $what, "Results are kept, but what follows from them was not written ($what).", $error );
	}

	/**
	 * Last of all, and a busy worker does not wait for it.
	 *
	 * @param list<Attempt> $attempts
	 */
	private function write( array $attempts ): void {
		if ( count( $attempts ) < self::BUSY ) {
			$this->log->add( $attempts );
		} else {
			$this->log->addLater( $attempts, fn ( DatabaseError $error ) => $this->notWritten( 'log', $error ) );
		}
	}

	/** @param int[] $ids */
	private function forget( array $ids ): void {
		foreach ( $ids as $id ) {
			unset( $this->known[ $id ], $this->probes[ $id ] );
		}
	}

	/**
	 * Those that have ended, of webhooks that keep an order.
	 *
	 * @param list<Outcome> $outcomes
	 * @return int[]
	 */
	private function ended( array $outcomes ): array {
		$ended = array();
		foreach ( $outcomes as $outcome ) {
			$webhook = $this->known[ (int) $outcome['id'] ][3] ?? null;
			if ( null !== $webhook && 'record' === Limits::of( $webhook )['order'] && in_array( $outcome['state'], array( 'succeeded', 'failed' ), true ) ) {
				$ended[] = (int) $outcome['id'];
			}
		}
		return $ended;
	}

	/**
	 * What no worker could tell any more stands in the log as well; a log that takes no row must not keep back what was leased in the same breath.
	 *
	 * @param list<Due> $died
	 */
	private function tellDied( array $died ): void {
		if ( ! $died ) {
			return;
		}
		$this->problems->add( 'worker', count( $died ) . ' deliveries failed: ' . Reasons::DIED );
		try {
			$this->logDied( $died );
		} catch ( DatabaseError $error ) {
			$this->problems->caught( 'log', 'Attempts could not be logged; their results are kept.', $error );
		}
	}

	/** @param list<Due> $died */
	private function logDied( array $died ): void {
		$events = $this->snapshots->read( array_map( 'intval', array_column( $died, 'event' ) ) );
		$this->log->add( AttemptRows::unsent( $died, $events, $this->driver, 'failed', 'worker_died', Reasons::DIED ) );
	}

	/**
	 * Adds the events to leased rows; holds those that can't or must not be sent now.
	 *
	 * @param list<Taken> $taken
	 * @return list<Leased>
	 */
	private function open( array $taken, int $since ): array {
		$events = array_map( array( $this, 'named' ), $this->snapshots->read( array_map( 'intval', array_column( $taken, 'event' ) ) ) );
		$leased = array();
		$held   = array();
		$late   = array();
		$over   = array();
		$gone   = $this->obsolete( $events );
		$arrays = array(); // Rows that share one are compiled once.
		foreach ( $taken as $row ) {
			$id    = (int) $row['id'];
			$event = $events[ (int) $row['event'] ] ?? self::MISSING;
			$why   = $this->mustWait( $row, $event );
			if ( isset( $row['probe'] ) ) {
				$this->probes[ $id ] = $row['of']->id;
			}
			if ( ! empty( $event['late'] ) ) {
				$late[] = $row;
				continue;
			}
			if ( in_array( (int) $row['event'], $gone, true ) ) {
				$over[] = $id;
				continue;
			}
			if ( null !== $why ) {
				$held[ $why ][] = $id;
				continue;
			}
			$this->known[ $id ] = array( (int) $row['event'], $event['type'], $event['record_id'], $row['of'] );
			$webhook            = "{$row['webhook']} {$event['type']}";
			$arrays[ $webhook ] ??= $this->webhooks->toEngine( $row['of'], $event['type'] );
			$leased[]           = $this->leased( $row, $event, $arrays[ $webhook ] );
		}
		$this->hold( $held, (string) ( $taken[0]['lease'] ?? '' ) );
		$this->expire( $late, $events );
		$this->drop( $over, (string) ( $taken[0]['lease'] ?? '' ) );
		$spent = intdiv( hrtime( true ) - $since, 1_000_000 ) + 1;
		foreach ( $leased as &$one ) {
			$one['remaining_ms'] = max( 0, $one['remaining_ms'] - $spent );
		}
		return $leased;
	}

	/**
	 * The catalogue of today says what leaves, not that of the day when the event was kept.
	 *
	 * @param Snapshot $event
	 * @return Snapshot
	 */
	private function named( array $event ): array {
		if ( isset( $event['data'] ) && $this->subscribers->knows( $event['type'] ) ) {
			$named = $this->subscribers->named( $event['type'], $event['data'] );
			unset( $event['data'] );
			if ( null !== $named ) {
				$event['data'] = $named;
			}
		}
		return $event;
	}

	/**
	 * @param Taken $row
	 * @param Snapshot $event
	 * @param array<string, mixed> $engine
	 * @return Leased
	 */
	private function leased( array $row, array $event, array $engine ): array {
		$webhook = $row['of'];
		$leased  = array(
			'id'           => (int) $row['id'],
			'lease'        => $row['lease'],
			'message_id'   => "{$event['id']}_{$row['webhook']}",
			'attempt'      => (int) $row['attempt'] + 1,
			'resend'       => (int) $row['resends'] > 0,
			'remaining_ms' => $webhook->timeoutMs() + Lease::MARGIN_MS,
			'event'        => array_intersect_key( $event, array_flip( array( 'id', 'type', 'timestamp', 'data' ) ) ),
			'webhook'      => $engine,
		);
		if ( isset( $row['timeout_ms'] ) && $row['timeout_ms'] < $webhook->timeoutMs() ) {
			$leased['timeout_ms'] = $row['timeout_ms'];
		}
		return $leased;
	}

	/**
	 * Why a delivery is held instead of sent. Null: it is sent.
	 *
	 * @param Taken $row
	 * @param Snapshot $event
	 */
	private function mustWait( array $row, array $event ): ?string {
		if ( ! isset( $event['data'] ) ) {
			return $event['why'] ?? Reasons::DAMAGED;
		}
		if ( ! $this->subscribers->knows( $event['type'] ) ) {
			return Reasons::UNDECLARED;
		}
		return null !== $row['of']->movedAt && strcmp( (string) $row['created_at'], $row['of']->movedAt ) < 0 ? Reasons::MOVED : null;
	}

	/** @param array<string, int[]> $held why => ids */
	private function hold( array $held, string $lease ): void {
		foreach ( $held as $why => $ids ) {
			sort( $ids );
			$this->settlement->stop( $ids, $lease, 'held', $why );
			$this->giveBack( $ids );
			$this->problems->add( 'held', count( $ids ) . " deliveries are held: $why" );
		}
	}

	/**
	 * What is worth nothing any more, such as a reminder of what has begun.
	 *
	 * @param list<Taken> $rows
	 * @param array<int, Snapshot> $events
	 */
	private function expire( array $rows, array $events ): void {
		if ( ! $rows ) {
			return;
		}
		$ids = array_map( 'intval', array_column( $rows, 'id' ) );
		sort( $ids );
		$this->settlement->stop( $ids, (string) $rows[0]['lease'], 'expired', Reasons::LATE );
		$this->giveBack( $ids );
		$this->problems->add( 'expired', count( $ids ) . ' deliveries were given up: ' . Reasons::LATE );
		$this->after( 'log', fn () => $this->log->add( AttemptRows::unsent( $rows, $events, $this->driver, 'expired', 'expired', Reasons::LATE ) ) );
		$this->after( 'statistics', fn () => $this->statistics->addExpired( array_count_values( array_map( 'intval', array_column( $rows, 'webhook' ) ) ) ) );
	}

	/**
	 * Asked before each try, and of few: most events have no end.
	 *
	 * @param array<int, array{type: string, record_id: int|null, ends: string|null, late: bool, ...}> $events
	 * @return int[]
	 */
	private function obsolete( array $events ): array {
		$open = array();
		foreach ( $events as $sequence => $event ) {
			if ( null !== $event['ends'] && ! $event['late'] ) {
				$open[ $sequence ] = array(
					'type'      => $event['type'],
					'record_id' => $event['record_id'],
					'ends'      => $event['ends'],
				);
			}
		}
		return array() === $open || null === $this->obsolete ? array() : ( $this->obsolete )( $open );
	}

	/** @param int[] $ids */
	private function drop( array $ids, string $lease ): void {
		if ( $ids ) {
			sort( $ids );
			$this->settlement->stop( $ids, $lease, 'cancelled', Reasons::OBSOLETE );
			$this->giveBack( $ids );
		}
	}

	/** @param int[] $ids leased, and not sent */
	private function giveBack( array $ids ): void {
		foreach ( array_intersect_key( $this->probes, array_flip( $ids ) ) as $webhook ) {
			$this->breakers->giveBack( $webhook );
		}
		$this->forget( $ids );
	}

	/** @param list<Outcome> $outcomes */
	private function switchOff( array $outcomes ): void {
		$off = array();
		foreach ( $outcomes as $outcome ) {
			if ( ! empty( $outcome['switch_off'] ) ) {
				$off[] = (int) $outcome['webhook'];
			}
		}
		if ( $off ) {
			try {
				$this->webhooks->setActive( $off, false, Reasons::GONE );
				$this->problems->add(
					'gone',
					'Webhooks were switched off, their endpoints answered 410: ' . implode( ', ', array_unique( $off ) )
				);
			} catch ( DatabaseError $error ) {
				$this->problems->caught( 'gone', 'A webhook could not be switched off.', $error );
			}
		}
	}

	private function table(): string {
		return $this->schema->table( 'deliveries' );
	}
}
