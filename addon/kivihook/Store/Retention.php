<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Value;

/**
 * Removes what is old, in bounded batches by primary key. Snapshots and logged bodies go some days after the last delivery
 * of their event ended, rows long after that. What still waits after the longest time is given up as `expired`: counted,
 * logged, told. How long, say the settings.
 *
 * Every question begins at an index's end or at a place that is kept (OPTION), so that it costs the same at any size.
 */
final class Retention {

	public const OPTION = 'kivihook_retention';
	/** A shared token that nobody replaced for so long belongs to a webhook that is gone. */
	public const TOKEN_DAYS = 90;
	/** Of an event: its snapshot was removed. Beside 0 (not routed yet) and 1. */
	public const EMPTIED = 2;

	private const BATCH = 500;

	private IdRange $range;

	public function __construct(
		private Connection $db,
		private Schema $schema,
		private Problems $problems,
		private Settings $settings,
		private Options $options,
		private Log $log,
		private Statistics $statistics
	) {
		$this->range = new IdRange( $db, $schema );
	}

	/** One bounded round of one process; says how many deliveries it gave up. @throws DatabaseError */
	public function run(): int {
		$lock = 'kivihook.retention.' . $this->db->place();
		if ( ! $this->db->acquire( $lock ) ) {
			return 0;
		}
		try {
			$expired = $this->expire();
			$this->giveUpUnrouted();
			$this->emptyEvents();
			$this->emptyAttempts();
			$this->removeAttempts();
			$this->removeEvents();
			$this->removeCounters();
			$this->removeTokens();
			$this->removeKeys();
			return $expired;
		} finally {
			$this->db->release( $lock );
		}
	}

	private function expire(): int {
		$before = $this->before( 'waiting_days' );
		$last   = $this->range->between( 'deliveries', 'id', 'created_at', null, $before )[1];
		$rows   = array();
		$table  = $this->schema->table( 'deliveries' );
		foreach ( $last > 0 ? Present::webhooks( $this->db, $this->schema ) : array() as $webhook ) {
			foreach ( array( 'pending', 'leased', 'held' ) as $state ) {
				$most = self::BATCH - count( $rows );
				array_push(
					$rows,
					...$this->db->rows(
						"SELECT id, webhook, event, attempt FROM `$table` FORCE INDEX (webhook) WHERE webhook = ? AND state = ?"
						. ' AND id <= ? AND created_at < ? AND (resends = 0 OR updated_at < ?) LIMIT ' . max( 0, $most ),
						array( (int) $webhook, $state, $last, $before, $before )
					)
				);
			}
		}
		/** @var list<array{id: string, webhook: string, event: string, attempt: string}> $rows The columns that are selected above. */
		return $rows ? $this->giveUp( $rows ) : 0;
	}

	/** @param list<array{id: string, webhook: string, event: string, attempt: string}> $rows */
	private function giveUp( array $rows ): int {
		$ids = array_map( 'intval', array_column( $rows, 'id' ) );
		sort( $ids );
		$this->db->run(
			"UPDATE `{$this->schema->table( 'deliveries' )}` FORCE INDEX (PRIMARY)"
			. " SET state = 'expired', due_at = NULL, lease = NULL, last_error = ?, updated_at = UTC_TIMESTAMP(3)"
			. " WHERE id IN (?) AND state IN ('pending', 'leased', 'held')",
			array( Reasons::EXPIRED, $ids )
		);
		$expired = $this->db->affected();
		$this->problems->add( 'expired', "$expired deliveries were given up after {$this->settings->number( 'waiting_days' )} days." );
		$this->statistics->addExpired( array_count_values( array_map( 'intval', array_column( $rows, 'webhook' ) ) ) );
		$events = array_column(
			$this->db->rows(
				"SELECT sequence, type, record_id FROM `{$this->schema->table( 'events' )}` WHERE sequence IN (?)",
				array( array_map( 'intval', array_column( $rows, 'event' ) ) )
			),
			null,
			'sequence'
		);
		$this->log->add( AttemptRows::unsent( $rows, $events, 'schedule', 'expired', 'expired', Reasons::EXPIRED ) );
		return $expired;
	}

	/** Kept without the extension, and it never came back. */
	private function giveUpUnrouted(): void {
		$events = $this->schema->table( 'events' );
		$ids    = $this->numbers(
			"SELECT sequence FROM `$events` WHERE routed = 0 AND created_at < ? ORDER BY sequence LIMIT " . self::BATCH,
			array( $this->before( 'waiting_days' ) )
		);
		if ( $ids ) {
			$this->db->run( "UPDATE `$events` FORCE INDEX (PRIMARY) SET routed = 1 WHERE sequence IN (?)", array( $ids ) );
			$this->problems->add( 'expired', count( $ids ) . ' events that were kept without the extension were given up.' );
		}
	}

	private function emptyEvents(): void {
		$events = $this->schema->table( 'events' );
		$before = $this->before( 'body_days' );
		$ids    = $this->numbers(
			"SELECT e.sequence FROM `$events` e FORCE INDEX (routed) WHERE e.routed = 1 AND e.sequence <= ? AND e.created_at < ?"
			. " AND NOT EXISTS (SELECT 1 FROM `{$this->schema->table( 'deliveries' )}` d WHERE d.event = e.sequence"
			. "  AND (d.state IN ('pending', 'leased', 'held') OR d.updated_at >= ?))"
			. ' ORDER BY e.sequence LIMIT ' . self::BATCH,
			array( $this->range->between( 'events', 'sequence', 'created_at', null, $before )[1], $before, $before )
		);
		if ( $ids ) {
			$this->db->run( "DELETE FROM `{$this->schema->table( 'event_parts' )}` WHERE event IN (?)", array( $ids ) );
			$this->db->run(
				"UPDATE `$events` FORCE INDEX (PRIMARY) SET snapshot = NULL, routed = ? WHERE sequence IN (?)",
				array( self::EMPTIED, $ids )
			);
		}
	}

	/** All up to the kept place are empty already; the last two hours before the limit are looked at again. */
	private function emptyAttempts(): void {
		$table  = $this->schema->table( 'attempts' );
		$before = $this->before( 'body_days' );
		$after  = $this->emptied();
		$ids    = $this->numbers(
			"SELECT id FROM `$table` WHERE id > ? AND id <= ? AND started_at < ? AND trace IS NOT NULL ORDER BY id LIMIT " . self::BATCH,
			array( $after, $this->range->between( 'attempts', 'id', 'started_at', null, $before )[1], $before )
		);
		if ( $ids ) {
			$this->db->run( "UPDATE `$table` FORCE INDEX (PRIMARY) SET trace = NULL WHERE id IN (?)", array( $ids ) );
		}
		$place = count( $ids ) === self::BATCH
			? end( $ids )
			: $this->range->between( 'attempts', 'id', 'started_at', null, $this->before( 'body_days', 3 ) )[1];
		if ( $place > $after ) {
			$this->options->put( self::OPTION, array( 'attempts' => $place ) );
		}
	}

	/** @throws DatabaseError */
	private function emptied(): int {
		$kept = $this->options->fresh( self::OPTION );
		return is_array( $kept ) ? Value::number( $kept['attempts'] ?? 0 ) : 0;
	}

	private function removeAttempts(): void {
		$before = $this->before( 'row_days' );
		$this->remove(
			'attempts',
			'id',
			$this->numbers(
				"SELECT id FROM `{$this->schema->table( 'attempts' )}` WHERE id <= ? AND started_at < ? ORDER BY id LIMIT " . self::BATCH,
				array( $this->range->between( 'attempts', 'id', 'started_at', null, $before )[1], $before )
			)
		);
	}

	/** The newest stays, however old: by its number the clone guard knows an older database. */
	private function removeEvents(): void {
		$before = $this->before( 'row_days' );
		$range  = $this->range->between( 'events', 'sequence', 'created_at', null, $before );
		$ids    = $this->numbers(
			"SELECT sequence FROM `{$this->schema->table( 'events' )}` FORCE INDEX (routed) WHERE routed = ? AND sequence <= ?"
			. " AND created_at < ? AND sequence < (SELECT MAX(sequence) FROM `{$this->schema->table( 'events' )}`)"
			. ' ORDER BY sequence LIMIT ' . self::BATCH,
			array( self::EMPTIED, $range[1], $before )
		);
		if ( $ids ) {
			// The event first: the sweep must not find one without deliveries.
			$this->remove( 'events', 'sequence', $ids );
			$sql = "SELECT id FROM `{$this->schema->table( 'deliveries' )}` WHERE event IN (?) ORDER BY id";
			foreach ( array_chunk( $this->numbers( $sql, array( $ids ) ), self::BATCH ) as $some ) {
				$this->remove( 'deliveries', 'id', $some );
			}
		}
	}

	/** Found without a lock, removed by their keys: whoever counts meanwhile waits for nobody. */
	private function removeCounters(): void {
		foreach ( array(
			'statistics' => array( 'hour', $this->before( 'row_days' ) ),
			'health'     => array( 'minute', gmdate( 'Y-m-d H:i:s', time() - Breakers::KEPT_SECONDS ) ),
		) as $name => list( $time, $before ) ) {
			$table = $this->schema->table( $name );
			$rows  = $this->db->rows( "SELECT webhook, $time AS at FROM `$table` WHERE $time < ? LIMIT " . self::BATCH, array( $before ) );
			$each  = array();
			foreach ( $rows as $row ) {
				$each[ (int) $row['webhook'] ][] = (string) $row['at'];
			}
			ksort( $each );
			foreach ( $each as $webhook => $times ) {
				sort( $times );
				$this->db->run( "DELETE FROM `$table` WHERE webhook = ? AND $time IN (?)", array( $webhook, $times ) );
			}
		}
	}

	private function removeTokens(): void {
		$this->db->run(
			"DELETE FROM `{$this->schema->table( 'tokens' )}` WHERE written_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
			. ' ORDER BY written_at LIMIT ' . self::BATCH,
			array( self::TOKEN_DAYS )
		);
	}

	/** @param int[] $ids of the primary key */
	private function remove( string $table, string $key, array $ids ): void {
		if ( $ids ) {
			$this->db->run(
				"DELETE old FROM `{$this->schema->table( $table )}` old FORCE INDEX (PRIMARY) WHERE $key IN (?)",
				array( $ids )
			);
		}
	}

	/** A day's key goes when nothing that it could have sealed is left. It may have stood in for some days (Keyring). */
	private function removeKeys(): void {
		$margin = Keyring::STAND_IN_DAYS + 1;
		$keys   = $this->schema->table( 'keys' );
		$events = $this->schema->table( 'events' );
		$oldest = $this->db->value(
			"SELECT MIN(at) FROM ((SELECT created_at AS at FROM `$events` WHERE routed = 0 ORDER BY sequence LIMIT 1) UNION ALL"
			. " (SELECT created_at FROM `$events` WHERE routed = 1 ORDER BY sequence LIMIT 1) UNION ALL"
			. " (SELECT started_at FROM `{$this->schema->table( 'attempts' )}` WHERE id > ? ORDER BY id LIMIT 1)) AS sealed",
			array( $this->emptied() )
		);
		$this->db->run(
			"DELETE FROM `$keys` WHERE purpose = 'bodies' AND created_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
			. ' AND created_at < COALESCE(?, UTC_TIMESTAMP(3)) - INTERVAL ? DAY ORDER BY id LIMIT ' . self::BATCH,
			array( $this->settings->number( 'body_days' ) + $margin, $oldest, $margin )
		);
	}

	/** So many days ago, and hours before that; UTC. */
	private function before( string $setting, int $hours = 0 ): string {
		return gmdate( 'Y-m-d H:i:s', time() - $this->settings->number( $setting ) * 86_400 - $hours * 3_600 );
	}

	/**
	 * @param mixed[] $values
	 * @return int[]
	 */
	private function numbers( string $sql, array $values ): array {
		return array_map( 'intval', $this->db->column( $sql, $values ) );
	}
}
