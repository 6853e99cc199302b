<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Demand;
use KiviHook\Exception;
use KiviHook\Store;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Seal\SealError;

/**
 * The engine's store on WordPress' database. Only append() runs on $wpdb's connection; the rest is the queue, on ours.
 *
 * A lease sets due_at to its own end, so that one range of one index finds both what is due and what a dead worker left.
 * Each lease has a fresh random token; what comes back with another one changes nothing, except that a late success is
 * still a success.
 *
 * Where rows are named by id, FORCE INDEX (PRIMARY) keeps the optimiser of a small table from reading, and locking, all
 * of it: the row of a booking that is still open would be among them.
 */
final class DatabaseStore implements Store {

	/** So many leases in a row may end without a result. */
	private const MAX_LOST = 3;
	/** A lease lasts at least the webhook's timeout and this. */
	private const LEASE_MARGIN_MS = 60_000;
	private const MAX_LIMIT       = 1_000;
	/** How often one lease looks again, when full webhooks take up the range. */
	private const ROUNDS          = 8;
	private const SWEEP_SECONDS   = 60;
	private const RECLAIM_SECONDS = 5;

	/** @var int[]|null Webhooks that the events of the moment are meant for; null: for all. */
	private ?array $audience = null;
	/** What drives the engine now, for the log: 'inline', 'schedule', 'worker'. */
	private string $driver = 'worker';
	/** More was due than could be taken: webhooks take turns until that is over. */
	private bool $backlog    = false;
	/** Whose turn it was last. */
	private int $turn        = 0;
	private int $reclaimedAt = 0;
	/** @var array<int, array{0: int, 1: string, 2: ?int}> delivery => event sequence, type, record id */
	private array $known = array();
	/** @var array<int, array> rows that the last lease gave up */
	private array $died  = array();
	private int $sweptAt = 0;
	private Tokens $tokens;

	/** @param (\Closure():void)|null $appended called after each append */
	public function __construct(
		private EventWriter $writer,
		private Connection $db,
		private Schema $schema,
		private Keyring $keyring,
		private WebhookRepository $webhooks,
		private Subscriptions $subscriptions,
		private Router $router,
		private Log $log,
		private Statistics $statistics,
		private Problems $problems,
		private ?\Closure $appended = null
	) {
		$this->tokens = new Tokens( $db, $schema );
	}

	public function drivenBy( string $driver ): void {
		$this->driver = $driver;
	}

	public function webhooksFor( string $type ): array {
		return $this->meant(
			array_map( fn ( int $id ): array => array( 'id' => $id ), $this->subscriptions->webhooks( $type ) )
		);
	}

	/** Runs something whose events are meant for certain webhooks only. @param int[] $webhooks */
	public function amongThese( array $webhooks, callable $work ): mixed {
		$this->audience = $webhooks;
		try {
			return $work();
		} finally {
			$this->audience = null;
		}
	}

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
			if ( ! $demand->events ) {
				$this->housekeep();
			}
			$since = hrtime( true );
			$taken = $this->locked( fn (): array => $this->take( $demand ) );
			$this->logDied();
			return $this->open( $taken, $since );
		} catch ( DatabaseError $error ) {
			$this->problems->caught( 'lease', 'What is due could not be read; it stays due.', $error );
			return array();
		}
	}

	public function release( string $owner, array $ids ): void {
		$ids = self::sorted( $ids );
		if ( ! $ids ) {
			return;
		}
		try {
			$this->db->transaction(
				fn () => $this->db->run(
					"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY) SET state = 'pending',"
					. ' due_at = UTC_TIMESTAMP(3), attempt = GREATEST(attempt, 1) - 1,'
					. ' lost = 0, lease = NULL, owner = NULL, updated_at = UTC_TIMESTAMP(3)'
					. " WHERE id IN (?) AND owner = ? AND state = 'leased'",
					array( $ids, $owner )
				)
			);
		} catch ( DatabaseError $error ) {
			$this->problems->caught( 'release', 'Deliveries could not be given back; they are due when their lease ends.', $error );
		}
	}

	public function settle( string $owner, array $outcomes ): array {
		if ( ! $outcomes ) {
			return array();
		}
		usort( $outcomes, fn ( array $a, array $b ): int => $a['id'] <=> $b['id'] );
		// A failure here is the engine's to know: nothing of this is kept, and the leases end by themselves.
		$lost = $this->db->transaction( fn (): array => $this->settleStates( $outcomes ) );
		$this->switchOff( $outcomes );
		try {
			$this->log->add( $this->attempts( $outcomes ) );
			$this->statistics->add( $outcomes );
		} catch ( DatabaseError $error ) {
			$this->problems->caught( 'log', 'Attempts could not be logged; their results are kept.', $error );
		}
		foreach ( $outcomes as $outcome ) {
			unset( $this->known[ (int) $outcome['id'] ] );
		}
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
		$this->unhold();
	}

	/** Without SKIP LOCKED, and where binlog_format is STATEMENT, workers take turns. */
	private function locked( callable $work ): array {
		if ( ! $this->byKey() ) {
			return $this->db->transaction( $work );
		}
		$name = 'kivihook.lease.' . $this->db->place();
		if ( ! $this->db->acquire( $name ) ) {
			return array();
		}
		try {
			return $this->db->transaction( $work );
		} finally {
			$this->db->release( $name );
		}
	}

	/** Rows are then locked by their full primary key only, so that no gap is. */
	private function byKey(): bool {
		return ! $this->db->skipsLocked() || $this->db->statementBinlog();
	}

	/** Within a transaction: marks what it takes, and gives those rows with their webhooks. */
	private function take( Demand $demand ): array {
		$this->died = array();
		$batch      = new Batch( $demand, min( self::MAX_LIMIT, $demand->limit ) );
		if ( $demand->events ) {
			$sequences = $this->sequences( $demand->events );
			if ( $sequences ) {
				$this->takeOldest( $batch, $sequences );
			}
		} elseif ( $this->byKey() ) {
			$this->takeOldest( $batch, null );
		} else {
			if ( ! $this->backlog && ! $batch->full() ) {
				$this->backlog = $this->takeSome( $batch, $batch->wanted(), array() );
			} else {
				$this->backlog = true;
			}
			if ( $this->backlog && $batch->wanted() > 0 ) {
				$this->backlog = $this->takeInTurn( $batch );
			}
		}
		return $batch->taken();
	}

	/** The oldest first, whosever they are; webhooks that are full make room for others, as far as a few rounds go. */
	private function takeOldest( Batch $batch, ?array $sequences ): void {
		for ( $round = 0; $round < self::ROUNDS && $batch->wanted() > 0; $round++ ) {
			if ( ! $this->takeSome( $batch, $batch->wanted(), array( 'sequences' => $sequences ) ) ) {
				return;
			}
		}
	}

	/**
	 * Where more is due than can be taken, webhooks take turns, the oldest first within each: one with a long queue, or a
	 * dead one, delays nobody. True: there may be more.
	 */
	private function takeInTurn( Batch $batch ): bool {
		$states = array( 'pending' );
		$second = intdiv( hrtime( true ), 1_000_000_000 );
		if ( $second - $this->reclaimedAt >= self::RECLAIM_SECONDS ) {
			$this->reclaimedAt = $second;
			array_unshift( $states, 'leased' ); // What dead workers left.
		}
		$more = false;
		foreach ( $states as $state ) {
			$queues = $batch->open( $this->dueWebhooks( $state ), $this->turn );
			while ( $queues && $batch->wanted() > 0 ) {
				$each = max( 1, intdiv( $batch->wanted(), count( $queues ) ) );
				foreach ( $queues as $i => $webhook ) {
					$limit = min( $each, $batch->wanted(), $batch->room( $webhook ) );
					if ( $batch->wanted() > 0 ) {
						$this->turn = $webhook;
					}
					if ( $limit <= 0 || ! $this->takeSome( $batch, $limit, array( 'webhook' => $webhook, 'state' => $state ) ) ) {
						unset( $queues[ $i ] );
					}
				}
			}
			$more = $more || $queues;
		}
		return $more || $batch->full();
	}

	/** Takes from what is due. True: there may be more of that. */
	private function takeSome( Batch $batch, int $limit, array $of ): bool {
		$rows   = $this->due( $limit, $batch->without(), $of );
		$sorted = $this->sort( $rows, $batch );
		$this->mark( $sorted, $batch );
		return count( $rows ) >= $limit;
	}

	/** The webhooks that have something due: one look into the index for each, however long its queue. @return int[] */
	private function dueWebhooks( string $state ): array {
		return array_map(
			'intval',
			$this->db->column(
				"SELECT w.id, (SELECT d.due_at FROM `{$this->table()}` d FORCE INDEX (`webhook`) WHERE d.webhook = w.id"
				. " AND d.state = ? ORDER BY d.due_at LIMIT 1) AS first FROM `{$this->schema->table( 'webhooks' )}` w"
				. ' HAVING first <= UTC_TIMESTAMP(3)',
				array( $state )
			)
		);
	}

	/** @return int[] */
	private function sequences( array $events ): array {
		return array_map(
			'intval',
			$this->db->column(
				"SELECT sequence FROM `{$this->schema->table( 'events' )}` WHERE id IN (?) ORDER BY sequence",
				array( array_map( 'strval', array_values( $events ) ) )
			)
		);
	}

	/**
	 * Due rows, locked.
	 *
	 * @param int[] $without
	 * @param array{sequences?: int[]|null, webhook?: int, state?: string} $of
	 */
	private function due( int $limit, array $without, array $of ): array {
		$where  = 'due_at <= UTC_TIMESTAMP(3)';
		$values = array();
		$index  = 'due';
		if ( isset( $of['webhook'] ) ) {
			$index   = 'webhook';
			$where   = "webhook = ? AND state = ? AND $where";
			$values  = array( $of['webhook'], $of['state'] );
			$without = array();
		}
		if ( isset( $of['sequences'] ) ) {
			$index    = 'event';
			$where   .= ' AND event IN (?)';
			$values[] = $of['sequences'];
		}
		if ( $without ) {
			$where   .= ' AND webhook NOT IN (?)';
			$values[] = $without;
		}
		$columns = 'id, event, webhook, state, attempt, resends, lost, due_at';
		$table   = $this->table();
		$found   = "FROM `$table` FORCE INDEX (`$index`) WHERE $where ORDER BY due_at LIMIT " . $limit;
		if ( ! $this->byKey() ) {
			return $this->db->rows( "SELECT $columns $found FOR UPDATE SKIP LOCKED", $values );
		}
		$ids = array_map( 'intval', $this->db->column( "SELECT id $found", $values ) );
		sort( $ids );
		return $ids
			? $this->db->rows(
				"SELECT $columns FROM `$table` FORCE INDEX (PRIMARY) WHERE id IN (?) AND due_at <= UTC_TIMESTAMP(3) ORDER BY id FOR UPDATE",
				array( $ids )
			)
			: array();
	}

	/** What becomes of each due row. */
	private function sort( array $rows, Batch $batch ): array {
		$sorted   = array( 'take' => array(), 'cancel' => array(), 'hold' => array(), 'fail' => array() );
		$webhooks = $this->webhooks->findAll( array_values( array_unique( array_column( $rows, 'webhook' ) ) ) );
		foreach ( $rows as $row ) {
			$id      = (int) $row['id'];
			$webhook = $webhooks[ (int) $row['webhook'] ] ?? null;
			if ( null === $webhook ) {
				$sorted['cancel'][] = $id;
			} elseif ( ! $webhook->active ) {
				$sorted['hold'][] = $id;
			} elseif ( 'leased' === $row['state'] && (int) $row['lost'] + 1 >= self::MAX_LOST ) {
				$sorted['fail'][] = $row;
			} elseif ( $batch->room( $webhook->id ) > 0 ) {
				$row += array( 'of' => $webhook );
				$batch->add( $row );
				$sorted['take'][] = $row;
			}
		}
		return $sorted;
	}

	private function mark( array $sorted, Batch $batch ): void {
		$this->end( $sorted['cancel'], 'cancelled', Reasons::DELETED );
		$this->end( $sorted['hold'], 'held', Reasons::OFF );
		$this->end( array_map( fn ( array $row ): int => (int) $row['id'], $sorted['fail'] ), 'failed', Reasons::DIED );
		array_push( $this->died, ...$sorted['fail'] );
		$groups = array();
		foreach ( $sorted['take'] as $row ) {
			$groups[ self::leaseMs( $row['of'], $batch->demand ) ][] = (int) $row['id'];
		}
		ksort( $groups );
		foreach ( $groups as $ms => $ids ) {
			sort( $ids );
			// Assignments run from left to right: `lost` looks at the state before.
			$this->db->run(
				"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY)"
				. " SET lost = IF(state = 'leased', lost + 1, 0), state = 'leased', attempt = attempt + 1,"
				. ' lease = ?, owner = ?, due_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, updated_at = UTC_TIMESTAMP(3)'
				. ' WHERE id IN (?)',
				array( $batch->token, Text::ascii( $batch->demand->owner, 64 ), $ms * 1_000, $ids )
			);
		}
	}

	/** @param int[] $ids */
	private function end( array $ids, string $state, string $reason ): void {
		if ( $ids ) {
			sort( $ids );
			$this->db->run(
				"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY)"
				. ' SET state = ?, due_at = NULL, lease = NULL, last_error = ?, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?)',
				array( $state, $reason, $ids )
			);
		}
	}

	/** What no worker could tell any more stands in the log as well. */
	private function logDied(): void {
		if ( ! $this->died ) {
			return;
		}
		$events = $this->events( array_column( $this->died, 'event' ) );
		$this->log->add(
			array_map(
				fn ( array $row ): array => array(
					'delivery'  => (int) $row['id'],
					'webhook'   => (int) $row['webhook'],
					'event'     => (int) $row['event'],
					'type'      => $events[ (int) $row['event'] ]['type'] ?? '',
					'record_id' => $events[ (int) $row['event'] ]['record_id'] ?? null,
					'number'    => (int) $row['attempt'],
					'driver'    => $this->driver,
					'state'     => 'failed',
					'trace'     => array( 'error_code' => 'worker_died', 'error' => Reasons::DIED ),
				),
				$this->died
			)
		);
		$this->problems->add( 'worker', count( $this->died ) . ' deliveries failed: ' . Reasons::DIED );
		$this->died = array();
	}

	private static function leaseMs( Webhook $webhook, Demand $demand ): int {
		return max( $demand->leaseMs, $webhook->timeoutMs() + self::LEASE_MARGIN_MS );
	}

	/** Adds the events to leased rows; holds those whose snapshot can't be opened. */
	private function open( array $taken, int $since ): array {
		$events = $this->events( array_map( 'intval', array_column( $taken, 'event' ) ) );
		$leased = array();
		$held   = array();
		foreach ( $taken as $row ) {
			$id    = (int) $row['id'];
			$event = $events[ (int) $row['event'] ] ?? null;
			if ( ! isset( $event['data'] ) ) {
				$held[ $event['why'] ?? Reasons::DAMAGED ][] = $id;
				continue;
			}
			$this->known[ $id ] = array( (int) $row['event'], $event['type'], $event['record_id'] );
			$leased[]           = array(
				'id'           => $id,
				'lease'        => $row['lease'],
				'message_id'   => "{$event['id']}_{$row['webhook']}",
				'attempt'      => (int) $row['attempt'] + 1,
				'resend'       => (int) $row['resends'] > 0,
				'remaining_ms' => $row['of']->timeoutMs() + self::LEASE_MARGIN_MS,
				'event'        => array_intersect_key( $event, array_flip( array( 'id', 'type', 'timestamp', 'data' ) ) ),
				'webhook'      => $this->webhooks->toEngine( $row['of'] ),
			);
		}
		$lease = $taken[0]['lease'] ?? '';
		foreach ( $held as $why => $ids ) {
			sort( $ids );
			$this->db->run(
				"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY)"
				. " SET state = 'held', due_at = NULL, lease = NULL, attempt = GREATEST(attempt, 1) - 1,"
				. ' lost = 0, last_error = ?, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?) AND lease = ?',
				array( $why, $ids, $lease )
			);
			$this->problems->add( 'held', count( $ids ) . " deliveries are held: $why" );
		}
		$spent = intdiv( hrtime( true ) - $since, 1_000_000 ) + 1;
		foreach ( $leased as &$one ) {
			$one['remaining_ms'] = max( 0, $one['remaining_ms'] - $spent );
		}
		return $leased;
	}

	/** @return array<int, array> sequence => id, type, record_id, timestamp, and data (JSON) or why */
	private function events( array $sequences ): array {
		$sequences = self::sorted( $sequences );
		if ( ! $sequences ) {
			return array();
		}
		$events = array();
		$parts  = array();
		$rows   = $this->db->rows(
			"SELECT sequence, id, type, record_id, DATE_FORMAT(created_at, '%Y-%m-%dT%H:%i:%s.%f') AS at, parts, snapshot"
			. " FROM `{$this->schema->table( 'events' )}` WHERE sequence IN (?)",
			array( $sequences )
		);
		if ( array_filter( array_column( $rows, 'parts' ) ) ) {
			$more = $this->db->rows(
				"SELECT event, data FROM `{$this->schema->table( 'event_parts' )}` WHERE event IN (?) ORDER BY event, part",
				array( $sequences )
			);
			foreach ( $more as $part ) {
				$parts[ $part['event'] ][] = $part['data'];
			}
		}
		foreach ( $rows as $row ) {
			$event = array(
				'id'        => (string) $row['id'],
				'type'      => (string) $row['type'],
				'record_id' => null === $row['record_id'] ? null : (int) $row['record_id'],
				'timestamp' => substr( (string) $row['at'], 0, 23 ) . 'Z',
			);
			$more  = $parts[ $row['sequence'] ] ?? array();
			$events[ (int) $row['sequence'] ] = $event + ( count( $more ) === (int) $row['parts'] && null !== $row['snapshot']
				? $this->snapshot( $event['id'], $row['snapshot'] . implode( '', $more ) )
				: array( 'why' => Reasons::DAMAGED ) );
		}
		return $events;
	}

	private function snapshot( string $event, string $sealed ): array {
		if ( ! $this->keyring->holds( $sealed ) ) {
			return array( 'why' => Reasons::KEY );
		}
		try {
			$context = $this->keyring->context( 'events', $event, 'snapshot' );
			return array( 'data' => Pack::unpack( $this->keyring->open( $sealed, $context ) ) );
		} catch ( Exception $error ) {
			return array( 'why' => Reasons::DAMAGED );
		}
	}

	/** Within a transaction. @return int[] ids whose lease was lost */
	private function settleStates( array $outcomes ): array {
		$rows = array();
		foreach ( $this->db->rows(
			"SELECT id, state, lease FROM `{$this->table()}` FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE",
			array( self::sorted( array_column( $outcomes, 'id' ) ) )
		) as $row ) {
			$rows[ (int) $row['id'] ] = $row;
		}
		$lost   = array();
		$groups = array();
		foreach ( $outcomes as $outcome ) {
			$id  = (int) $outcome['id'];
			$row = $rows[ $id ] ?? null;
			if ( null === $row || $row['lease'] !== $outcome['lease'] ) {
				$lost[] = $id;
				if ( null !== $row && 'succeeded' === $outcome['state']
					&& in_array( $row['state'], array( 'pending', 'leased', 'held', 'failed' ), true ) ) {
					$groups[ serialize( $this->target( $outcome ) ) ][] = $id;
				}
			} elseif ( 'leased' === $row['state'] ) {
				$groups[ serialize( $this->target( $outcome ) ) ][] = $id;
			} // Else it is settled: an earlier COMMIT went through and its answer was lost.
		}
		foreach ( $groups as $target => $ids ) {
			list( $state, $delay, $status, $error ) = unserialize( $target, array( 'allowed_classes' => false ) );
			$this->db->run(
				"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY) SET state = ?, due_at = "
				. ( null === $delay ? 'NULL' : 'UTC_TIMESTAMP(3) + INTERVAL ' . $delay * 1_000 . ' MICROSECOND' )
				. ', lost = 0, last_status = ?, last_error = ?, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?)',
				array( $state, $status, $error, $ids )
			);
		}
		return $lost;
	}

	/** What a row becomes: state, delay in ms (null: never due), status, error. */
	private function target( array $outcome ): array {
		$state = in_array( $outcome['state'], array( 'succeeded', 'pending', 'failed', 'held' ), true )
			? $outcome['state']
			: 'held';
		$trace  = (array) ( $outcome['trace'] ?? array() );
		$status = (int) ( $trace['status'] ?? 0 );
		$error  = 'succeeded' === $state ? null : Text::line( (string) ( $trace['error'] ?? '' ), 255 );
		if ( 'held' === $state && 'sealed' === ( $trace['error_code'] ?? '' ) ) {
			$error = Reasons::KEY;
		}
		return array(
			$state,
			'pending' === $state ? max( 0, (int) ( $outcome['delay_ms'] ?? 0 ) ) : null,
			$status > 0 ? min( 65_535, $status ) : null,
			$error,
		);
	}

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

	/** Rows for the log. */
	private function attempts( array $outcomes ): array {
		$attempts = array();
		foreach ( $outcomes as $outcome ) {
			list( $event, $type, $record ) = $this->known[ (int) $outcome['id'] ] ?? array( 0, '', null );
			$attempts[]                    = array(
				'delivery'  => (int) $outcome['id'],
				'webhook'   => (int) $outcome['webhook'],
				'event'     => $event,
				'type'      => $type,
				'record_id' => $record,
				'number'    => (int) $outcome['attempt'],
				'driver'    => $this->driver,
				'state'     => (string) $outcome['state'],
				'trace'     => (array) ( $outcome['trace'] ?? array() ),
			);
		}
		return $attempts;
	}

	/** Lets go what was held for want of a key that is here again. */
	private function unhold(): void {
		$table = $this->table();
		$held  = $this->db->rows(
			"SELECT d.id, d.webhook, e.snapshot FROM `{$this->schema->table( 'webhooks' )}` w"
			. " JOIN `$table` d ON d.webhook = w.id AND d.state = 'held'"
			. " JOIN `{$this->schema->table( 'events' )}` e ON e.sequence = d.event"
			. ' WHERE w.active = 1 AND d.last_error = ? ORDER BY d.id LIMIT 200',
			array( Reasons::KEY )
		);
		$webhooks = $this->webhooks->findAll( array_values( array_unique( array_column( $held, 'webhook' ) ) ) );
		$free     = array();
		foreach ( $held as $row ) {
			try {
				$webhook = $webhooks[ (int) $row['webhook'] ] ?? null;
				if ( null !== $webhook && null !== $row['snapshot'] && $this->keyring->holds( (string) $row['snapshot'] ) ) {
					$this->webhooks->secrets( $webhook );
					$free[] = (int) $row['id'];
				}
			} catch ( SealError $still ) {
				continue;
			}
		}
		if ( $free ) {
			$this->db->run(
				"UPDATE `$table` FORCE INDEX (PRIMARY) SET state = 'pending', due_at = UTC_TIMESTAMP(3),"
				. " last_error = NULL, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?) AND state = 'held'",
				array( $free )
			);
		}
	}

	private function table(): string {
		return $this->schema->table( 'deliveries' );
	}

	/** @return int[] */
	private static function sorted( array $ids ): array {
		$ids = array_values( array_unique( array_map( 'intval', $ids ) ) );
		sort( $ids );
		return $ids;
	}
}
