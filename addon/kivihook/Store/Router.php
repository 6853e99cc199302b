<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Value;

/**
 * Makes the deliveries that are not there yet: of events that were kept while the extension was missing, by the
 * subscriptions, clinics and conditions of now; and of routed events whose deliveries did not all get into the table.
 *
 * @phpstan-import-type Subscriber from \KiviHook\Store
 */
final class Router {

	private const BATCH     = 200;
	private const SWEEP_MIN = 120;

	public function __construct(
		private Connection $db,
		private Schema $schema,
		private WebhookRepository $webhooks,
		private Subscribers $subscribers,
		private Snapshots $snapshots,
		private Problems $problems
	) {
	}

	/** Routes what waits, in batches; says how many events that were. @throws DatabaseError */
	public function route( int $limit = 5_000 ): int {
		$routed = 0;
		$after  = 0;
		do {
			list( $seen, $now, $after ) = $this->db->transaction( fn (): array => $this->routeSome( $after ) );
			$routed += $now;
		} while ( self::BATCH === $seen && $routed < $limit );
		return $routed;
	}

	/** Adds the deliveries that events of the last two hours name and lack. @throws DatabaseError */
	public function sweep(): int {
		$deliveries = $this->schema->table( 'deliveries' );
		$events     = $this->schema->table( 'events' );
		$lacking    = $this->db->rows(
			"SELECT e.sequence, e.webhooks, GROUP_CONCAT(d.webhook) AS present FROM `$events` e"
			. " LEFT JOIN `$deliveries` d ON d.event = e.sequence"
			. " WHERE e.created_at >= UTC_TIMESTAMP(3) - INTERVAL ? MINUTE AND e.routed = 1 AND e.webhooks <> ''"
			. " GROUP BY e.sequence, e.webhooks HAVING COUNT(DISTINCT d.webhook)"
			. " < 1 + LENGTH(e.webhooks) - LENGTH(REPLACE(e.webhooks, ',', ''))"
			. ' ORDER BY e.sequence LIMIT ' . self::BATCH,
			array( self::SWEEP_MIN )
		);
		$added = 0;
		foreach ( $lacking as $event ) {
			$missing = array_diff( self::ids( $event['webhooks'] ), self::ids( $event['present'] ) );
			$missing = array_keys( $this->webhooks->findAll( $missing ) );
			if ( $missing ) {
				$added += $this->db->transaction( fn (): int => $this->deliver( (int) $event['sequence'], $missing ) );
			}
		}
		return $added;
	}

	/** @return array{0: int, 1: int, 2: int} how many were looked at, how many routed, and the last one */
	private function routeSome( int $after ): array {
		$table = $this->schema->table( 'events' );
		// The lock is on the rows' own keys; who comes second finds them routed, or takes others.
		$skip = $this->db->skipsLocked() ? ' SKIP LOCKED' : '';
		$due  = $this->db->column(
			"SELECT sequence FROM `$table` WHERE routed = 0 AND sequence > ? ORDER BY sequence LIMIT " . self::BATCH,
			array( $after )
		);
		if ( ! $due ) {
			return array( 0, 0, $after );
		}
		$rows = $this->db->rows(
			"SELECT sequence, type, clinic_ids FROM `$table` FORCE INDEX (PRIMARY) WHERE sequence IN (?) AND routed = 0"
			. " ORDER BY sequence FOR UPDATE$skip",
			array( array_map( 'intval', $due ) )
		);
		$done = 0;
		foreach ( $rows as $row ) {
			$webhooks = $this->wanting( $row );
			if ( null !== $webhooks ) {
				$this->routeOne( (int) $row['sequence'], $webhooks );
				$done++;
			}
		}
		return array( count( $due ), $done, (int) end( $due ) );
	}

	/**
	 * What nobody wants is not kept.
	 *
	 * @param int[] $webhooks
	 */
	private function routeOne( int $event, array $webhooks ): void {
		if ( ! $webhooks ) {
			$this->db->run( "DELETE FROM `{$this->schema->table( 'event_parts' )}` WHERE event = ?", array( $event ) );
			$this->db->run( "DELETE FROM `{$this->schema->table( 'events' )}` WHERE sequence = ?", array( $event ) );
			return;
		}
		$this->deliver( $event, $webhooks );
		$this->db->run(
			"UPDATE `{$this->schema->table( 'events' )}` SET routed = 1, webhooks = ? WHERE sequence = ?",
			array( substr( implode( ',', array_slice( $webhooks, 0, 46 ) ), 0, 1024 ), $event )
		);
	}

	/**
	 * The webhooks that get an event, by what they ask for now; what the engine does with one that it emits.
	 *
	 * @param array<string, string|null> $row
	 * @return int[]|null Null: it can't be told yet, for want of a key, of the extension, or of a declaration.
	 */
	private function wanting( array $row ): ?array {
		$type = (string) $row['type'];
		if ( ! $this->subscribers->knows( $type ) ) {
			return null;
		}
		$clinics = self::ids( (string) $row['clinic_ids'] );
		$rows    = array_filter(
			$this->subscribers->rows( $type ),
			static fn ( array $one ): bool => Subscribers::inScope( $one, $clinics )
		);
		if ( array_filter( array_column( $rows, 'conditions' ) ) ) {
			$event = Extension::usable()
				? $this->snapshots->read( array( (int) $row['sequence'] ) )[ (int) $row['sequence'] ] ?? array()
				: array( 'why' => Reasons::KEY );
			if ( Reasons::KEY === ( $event['why'] ?? '' ) ) {
				return null;
			}
			// One that can't be read goes to all of them, whose deliveries then say so.
			$data = json_decode( $event['data'] ?? '', true, 512, JSON_BIGINT_AS_STRING );
			$rows = is_array( $data ) ? $this->matching( $rows, Value::map( $data ) ) : $rows;
		}
		$ids = array_column( $rows, 'id' );
		sort( $ids );
		return $ids;
	}

	/**
	 * @param array<Subscriber> $rows
	 * @param array<string, mixed> $data
	 * @return array<Subscriber>
	 */
	private function matching( array $rows, array $data ): array {
		return array_filter(
			$rows,
			function ( array $row ) use ( $data ): bool {
				try {
					return \KiviHook\Engine::matches( $row['conditions'] ?? array(), $data, $row['without'] ?? array() );
				} catch ( \KiviHook\Exception $error ) {
					$this->problems->add( 'conditions', "Webhook {$row['id']} was left out: " . $error->getMessage() );
					return false;
				}
			}
		);
	}

	/** @param int[] $webhooks */
	private function deliver( int $event, array $webhooks ): int {
		$table = $this->schema->table( 'deliveries' );
		$had   = $this->db->column( "SELECT webhook FROM `$table` WHERE event = ?", array( $event ) );
		$new   = array_values( array_diff( $webhooks, $had ) );
		if ( $new ) {
			$this->db->run(
				"INSERT INTO `$table` (event, webhook, state, due_at, created_at, updated_at) VALUES "
				. implode(
					', ',
					array_fill( 0, count( $new ), "(?, ?, 'pending', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))" )
				),
				array_merge( ...array_map( fn ( int $webhook ): array => array( $event, $webhook ), $new ) )
			);
		}
		return count( $new );
	}

	/** @return int[] */
	private static function ids( ?string $list ): array {
		return array_map( 'intval', array_filter( explode( ',', (string) $list ), static fn ( string $part ): bool => '' !== $part ) );
	}
}
