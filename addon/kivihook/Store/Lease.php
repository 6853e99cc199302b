<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Demand;

/**
 * Takes what is due, each delivery for one worker, and says what becomes of what cannot be taken now. Nothing is handed
 * out before its COMMIT has succeeded: on a cluster two nodes may have locked the same row, and one of them fails there.
 *
 * A lease sets due_at to its own end, so that one range of one index finds both what is due and what a dead worker left.
 * Rows are locked with SKIP LOCKED, the rows of breakers and limits as well: a lease waits for nobody. A lease is one or
 * several short transactions (READ COMMITTED). Each finds ids without a lock, then locks them once, by primary key, in
 * ascending order. Locking by way of an index keeps the entries of rows that it skips, and a row that is skipped counts for
 * a moment as waited for (MariaDB 10.11): leases that hold rows and look for further ones then deadlock.
 *
 * Where rows are named by id, FORCE INDEX (PRIMARY) keeps the optimiser of a small table from reading, and locking, all
 * of it: the row of a booking that is still open would be among them.
 *
 * @phpstan-import-type Due from Batch
 * @phpstan-import-type Ready from Batch
 * @phpstan-import-type Kept from Breakers
 * @phpstan-type Of array{sequences?: int[]|null, webhook?: int, state?: string}
 * @phpstan-type Current array{Webhook, Kept|null, int}
 * @phpstan-type Sorted array{take: list<Ready>, cancel: list<int>, hold: list<int>, fail: list<Due>, park: list<int>, later: array<int, array{int, list<int>}>}
 */
final class Lease {

	/** So many leases in a row may end without a result. */
	private const MAX_LOST = 3;
	/** A lease lasts at least the webhook's timeout and this. */
	public const MARGIN_MS = 60_000;
	private const MAX_LIMIT       = 1_000;
	/** How often one lease looks again, when full webhooks take up the range. */
	private const ROUNDS          = 8;
	private const RECLAIM_SECONDS = 5;
	/** So many times as many are looked at where other leases have locked some. */
	private const LOOK_FURTHER    = 8;
	/** Of an endpoint that is left alone, so many deliveries are put off at once. */
	private const PUT_OFF         = 1_000;

	/** More was due than could be taken: webhooks take turns until that is over. */
	private bool $backlog    = false;
	/** Whose turn it was last. */
	private int $turn        = 0;
	private int $reclaimedAt = 0;
	/** @var array<int, array{0: string, 1: Webhook}> webhook => its version, and what it was then */
	private array $known     = array();

	public function __construct(
		private Connection $db,
		private Schema $schema,
		private WebhookRepository $webhooks,
		private Breakers $breakers,
		private Limits $limits,
		private RecordOrder $order,
		private Quickness $quickness
	) {
	}

	/** @throws DatabaseError */
	public function take( Demand $demand ): Batch {
		$batch = new Batch( $demand, min( self::MAX_LIMIT, $demand->limit ) );
		if ( ! $this->byKey() ) {
			$this->fill( $batch );
		} else {
			// Without SKIP LOCKED, and where binlog_format is STATEMENT, workers take turns.
			$name = 'kivihook.lease.' . $this->db->place();
			if ( $this->db->acquire( $name ) ) {
				try {
					$this->fill( $batch );
				} finally {
					$this->db->release( $name );
				}
			}
		}
		$this->limits->prepare();
		return $batch;
	}

	public static function milliseconds( Webhook $webhook, Demand $demand ): int {
		return max( $demand->leaseMs, $webhook->timeoutMs() + self::MARGIN_MS );
	}

	/** Rows are then waited for: whoever leases is alone. */
	private function byKey(): bool {
		return ! $this->db->skipsLocked() || $this->db->statementBinlog();
	}

	/** What is committed stays taken, whatever happens to the next step. @throws DatabaseError */
	private function fill( Batch &$batch ): void {
		try {
			if ( $batch->demand->events ) {
				$sequences = $this->sequences( $batch->demand->events );
				if ( $sequences ) {
					$this->takeOldest( $batch, array( 'sequences' => $sequences ) );
				}
			} elseif ( $this->byKey() ) {
				$this->takeOldest( $batch, array() );
			} else {
				$this->backlog = $this->backlog || $batch->full() || $this->takeSome( $batch, $batch->wanted(), array() );
				if ( $this->backlog && $batch->wanted() > 0 ) {
					$this->backlog = $this->takeInTurn( $batch );
				}
			}
			$this->putOffMore( $batch );
		} catch ( DatabaseError $error ) {
			if ( ! $batch->taken() && ! $batch->died ) {
				throw $error;
			}
		}
	}

	/**
	 * The oldest first, whosever they are; webhooks that are full make room for others, as far as a few rounds go.
	 *
	 * @param Of $of
	 */
	private function takeOldest( Batch &$batch, array $of ): void {
		for ( $round = 0; $round < self::ROUNDS && $batch->wanted() > 0; $round++ ) {
			if ( ! $this->takeSome( $batch, $batch->wanted(), $of ) ) {
				return;
			}
		}
	}

	/**
	 * Where more is due than can be taken, webhooks take turns, the oldest first within each: one with a long queue, or a
	 * dead one, delays nobody. True: there may be more.
	 */
	private function takeInTurn( Batch &$batch ): bool {
		$states = array( 'pending' );
		$second = intdiv( hrtime( true ), 1_000_000_000 );
		if ( $second - $this->reclaimedAt >= self::RECLAIM_SECONDS ) {
			$this->reclaimedAt = $second;
			array_unshift( $states, 'leased' ); // What dead workers left.
		}
		$more = false;
		foreach ( $states as $state ) {
			$queues = $batch->open( $this->dueWebhooks( $state ), $this->turn );
			for ( $round = 0; $round < self::ROUNDS && $queues && $batch->wanted() > 0; $round++ ) {
				$queues = $this->takeRound( $batch, $queues, $state );
			}
			$more = $more || $queues;
		}
		return $more || $batch->full();
	}

	/**
	 * Some of each, in one step.
	 *
	 * @param int[] $queues webhooks
	 * @return int[] those that may have more
	 */
	private function takeRound( Batch &$batch, array $queues, string $state ): array {
		$left   = $batch->wanted();
		$each   = max( 1, intdiv( $left, count( $queues ) ) );
		$wanted = array();
		foreach ( $queues as $i => $webhook ) {
			$limit = min( $each, $left, $batch->room( $webhook ) );
			if ( $left > 0 ) {
				$this->turn = $webhook;
			}
			if ( $limit > 0 ) {
				$left        -= $limit;
				$wanted[ $i ] = array( 'limit' => $limit, 'of' => array( 'webhook' => $webhook, 'state' => $state ) );
			}
		}
		return array_intersect_key( $queues, array_filter( $this->step( $batch, $wanted ) ) );
	}

	/**
	 * Takes from what is due; what others have locked is left to them, and further ones looked for. True: there may be more.
	 *
	 * @param Of $of
	 */
	private function takeSome( Batch &$batch, int $limit, array $of ): bool {
		$before = count( $batch->taken() );
		$wanted = array( array( 'limit' => $limit, 'of' => $of ) );
		$more   = $this->step( $batch, $wanted )[0];
		if ( $more && count( $batch->taken() ) === $before && ! $this->byKey() ) {
			$more = $this->step( $batch, $wanted, self::LOOK_FURTHER )[0];
		}
		return $more;
	}

	/**
	 * One transaction. The batch is as before if it fails.
	 *
	 * @param array<array{limit: int, of: Of}> $wanted
	 * @param int $further so many times as many are looked at
	 * @return bool[] whether there may be more of each
	 * @throws DatabaseError
	 */
	private function step( Batch &$batch, array $wanted, int $further = 1 ): array {
		list( $batch, $more ) = $this->db->transaction(
			function () use ( $batch, $wanted, $further ): array {
				$next  = clone $batch;
				$more  = array();
				$ids   = array();
				$limit = 0;
				foreach ( $wanted as $i => $one ) {
					$found      = $this->find( $further * $one['limit'], $next->without(), $one['of'] );
					$more[ $i ] = count( $found ) >= $one['limit'];
					$limit     += $one['limit'];
					array_push( $ids, ...$found );
				}
				$rows = $this->lock( $ids, $limit );
				if ( $rows ) {
					$this->mark( $this->sort( $rows, $next ), $next );
				}
				return array( $next, $more );
			}
		);
		return $more;
	}

	/**
	 * The webhooks that have something due: one look into the index for each, however long its queue; MySQL wants its whole
	 * order named.
	 *
	 * @return int[]
	 */
	private function dueWebhooks( string $state ): array {
		return array_map(
			'intval',
			$this->db->column(
				"SELECT w.id, (SELECT d.due_at FROM `{$this->table()}` d FORCE INDEX (`webhook`) WHERE d.webhook = w.id"
				. " AND d.state = ? AND d.due_at IS NOT NULL ORDER BY d.webhook, d.state, d.due_at LIMIT 1) AS first"
				. " FROM `{$this->schema->table( 'webhooks' )}` w HAVING first <= UTC_TIMESTAMP(3)",
				array( $state )
			)
		);
	}

	/**
	 * @param string[] $events
	 * @return int[]
	 */
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
	 * Ids of what is due, the oldest first, without a lock.
	 *
	 * @param int[] $without
	 * @param array{sequences?: int[]|null, webhook?: int, state?: string} $of
	 * @return int[]
	 */
	private function find( int $limit, array $without, array $of ): array {
		$where  = 'due_at <= UTC_TIMESTAMP(3)';
		$values = array();
		$index  = 'due';
		if ( isset( $of['webhook'] ) ) {
			$index   = 'webhook';
			$where   = "webhook = ? AND state = ? AND $where";
			$values  = array( $of['webhook'], $of['state'] ?? 'pending' );
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
		return array_map(
			'intval',
			$this->db->column(
				"SELECT id FROM `{$this->table()}` FORCE INDEX (`$index`) WHERE $where ORDER BY due_at LIMIT $limit",
				$values
			)
		);
	}

	/**
	 * Those of these rows that are still due.
	 *
	 * @param int[] $ids
	 * @return list<Due>
	 */
	private function lock( array $ids, int $limit ): array {
		if ( ! $ids ) {
			return array();
		}
		sort( $ids );
		if ( 1 === count( $ids ) ) {
			array_unshift( $ids, 0 ); // One row by its key is read at once, and waited for in spite of SKIP LOCKED.
		}
		/** @var list<Due> $due The columns that are selected here; of all but due_at the table says NOT NULL. */
		$due = $this->db->rows(
			'SELECT id, event, webhook, state, attempt, resends, lost, due_at, created_at'
			. " FROM `{$this->table()}` FORCE INDEX (PRIMARY) WHERE id IN (?) AND due_at <= UTC_TIMESTAMP(3) ORDER BY id"
			. " LIMIT $limit FOR UPDATE" . ( $this->byKey() ? '' : ' SKIP LOCKED' ),
			array( $ids )
		);
		return $due;
	}

	/**
	 * What becomes of each due row.
	 *
	 * @param list<Due> $rows
	 * @return Sorted
	 */
	private function sort( array $rows, Batch $batch ): array {
		$sorted  = array( 'take' => array(), 'cancel' => array(), 'hold' => array(), 'fail' => array(), 'park' => array(), 'later' => array() );
		$current = $this->current( array_values( array_unique( array_map( 'intval', array_column( $rows, 'webhook' ) ) ) ) );
		$blocked = $this->blocked( $rows, $current );
		foreach ( $rows as $row ) {
			$id = (int) $row['id'];
			list( $webhook, $breaker, $now ) = $current[ (int) $row['webhook'] ] ?? array( null, null, 0 );
			if ( null === $webhook ) {
				$sorted['cancel'][] = $id;
			} elseif ( ! $webhook->active ) {
				$sorted['hold'][] = $id;
			} elseif ( 'leased' === $row['state'] && (int) $row['lost'] + 1 >= self::MAX_LOST ) {
				$sorted['fail'][] = $row;
			} elseif ( isset( $blocked[ $id ] ) ) {
				$sorted['park'][] = $id;
			} elseif ( $this->mayHave( $webhook, $batch ) ) {
				$row['of'] = $webhook;
				if ( $batch->demand->events ) {
					$row['timeout_ms'] = $this->quickness->timeoutMs( $webhook, $batch->demand->leaseMs );
				}
				if ( null !== $breaker ) {
					list( $probe, $later ) = $this->breakers->pass( $webhook->id, $breaker, $now, self::milliseconds( $webhook, $batch->demand ) );
					if ( ! $probe ) {
						$sorted['later'][ $webhook->id ] = array( $later, array_merge( $sorted['later'][ $webhook->id ][1] ?? array(), array( $id ) ) );
						continue;
					}
					$row['probe'] = true;
					// The others wait for its answer.
					$current[ $webhook->id ] = array( $webhook, array( 'state' => 2, 'probe_at_ms' => $later ) + $breaker, $now );
				}
				$batch->add( $row );
				$sorted['take'][] = $row;
			}
		}
		return $sorted;
	}

	/** By the batch's own bounds, by the webhook's limits, and, for inline delivery, by how quick it is. */
	private function mayHave( Webhook $webhook, Batch $batch ): bool {
		if ( ! isset( $batch->asked[ $webhook->id ] ) && $batch->room( $webhook->id ) > 0 ) {
			$batch->asked[ $webhook->id ] = true;
			if ( $batch->demand->events && 0 === $this->quickness->timeoutMs( $webhook, $batch->demand->leaseMs ) ) {
				$batch->leaveOut( $webhook->id );
			} else {
				$room = $this->limits->room( $webhook );
				null === $room || $batch->limit( $webhook->id, $room );
			}
		}
		return $batch->room( $webhook->id ) > 0;
	}

	/**
	 * @param list<Due> $rows
	 * @param array<int, Current> $current
	 * @return array<int, true>
	 */
	private function blocked( array $rows, array $current ): array {
		$ids = array();
		foreach ( $rows as $row ) {
			$webhook = $current[ (int) $row['webhook'] ][0] ?? null;
			if ( null !== $webhook && 'record' === Limits::of( $webhook )['order'] ) {
				$ids[] = (int) $row['id'];
			}
		}
		return $this->order->blocked( $ids );
	}

	/**
	 * The webhooks as they are now, their breakers if those are not closed, and the time. Read anew only when changed.
	 *
	 * @param int[] $ids
	 * @return array<int, Current>
	 */
	private function current( array $ids ): array {
		$rows  = $this->db->rows(
			"SELECT w.id, CONCAT(w.version, ' ', w.updated_at) AS version, " . Breakers::columns() . ', ' . Clock::NOW_MS . ' AS now_ms'
			. " FROM `{$this->schema->table( 'webhooks' )}` w"
			. " LEFT JOIN `{$this->schema->table( 'breakers' )}` b ON b.webhook = w.id AND b.state <> 0 WHERE w.id IN (?)",
			array( $ids )
		);
		$stale = array();
		foreach ( $rows as $row ) {
			if ( ( $this->known[ (int) $row['id'] ][0] ?? null ) !== $row['version'] ) {
				$stale[] = (int) $row['id'];
			}
		}
		$fresh   = $this->webhooks->findAll( $stale );
		$current = array();
		foreach ( $rows as $row ) {
			$id = (int) $row['id'];
			if ( isset( $fresh[ $id ] ) ) {
				$this->known[ $id ] = array( (string) $row['version'], $fresh[ $id ] );
			}
			if ( ! in_array( $id, $stale, true ) || isset( $fresh[ $id ] ) ) {
				$current[ $id ] = array( $this->known[ $id ][1], Breakers::from( $row ), (int) $row['now_ms'] );
			}
		}
		return $current;
	}

	/** @param Sorted $sorted */
	private function mark( array $sorted, Batch $batch ): void {
		$this->end( $sorted['cancel'], 'cancelled', Reasons::DELETED );
		$this->end( $sorted['hold'], 'held', Reasons::OFF );
		$this->end( array_map( fn ( array $row ): int => (int) $row['id'], $sorted['fail'] ), 'failed', Reasons::DIED );
		array_push( $batch->died, ...$sorted['fail'] );
		$this->order->park( $sorted['park'] );
		foreach ( $sorted['later'] as $webhook => list( $at, $ids ) ) {
			$batch->leaveOut( $webhook );
			$batch->later[ $webhook ] = $at;
			$this->putOff( $ids, $at );
		}
		$groups = array();
		$counts = array();
		foreach ( $sorted['take'] as $row ) {
			$groups[ self::milliseconds( $row['of'], $batch->demand ) ][] = (int) $row['id'];
			$counts[ $row['of']->id ] = ( $counts[ $row['of']->id ] ?? 0 ) + 1;
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
		foreach ( $counts as $webhook => $count ) {
			$this->limits->took( $webhook, $count );
		}
	}

	/** What else is due for endpoints that are left alone. @throws DatabaseError */
	private function putOffMore( Batch $batch ): void {
		foreach ( $batch->later as $webhook => $at ) {
			$this->db->transaction(
				function () use ( $webhook, $at ): void {
					$found = $this->find( self::PUT_OFF, array(), array( 'webhook' => $webhook, 'state' => 'pending' ) );
					$this->putOff( array_map( 'intval', array_column( $this->lock( $found, self::PUT_OFF ), 'id' ) ), $at );
				}
			);
		}
		$batch->later = array();
	}

	/**
	 * Their endpoint is left alone until then; no attempt is used up.
	 *
	 * @param int[] $ids locked
	 */
	private function putOff( array $ids, int $untilMs ): void {
		if ( $ids ) {
			sort( $ids );
			$this->db->run(
				"UPDATE `{$this->table()}` FORCE INDEX (PRIMARY) SET lost = IF(state = 'leased', lost + 1, lost), state = 'pending',"
				. ' due_at = ?, lease = NULL, owner = NULL, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?)',
				array( Clock::text( $untilMs ), $ids )
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

	private function table(): string {
		return $this->schema->table( 'deliveries' );
	}
}
