<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/**
 * Makes the deliveries that are not there yet: of events that were kept while the extension was missing, by the
 * subscriptions of now; and of routed events whose deliveries did not all get into the table.
 */
final class Router {

	private const BATCH     = 200;
	private const SWEEP_MIN = 120;

	public function __construct( private Connection $db, private Schema $schema, private WebhookRepository $webhooks ) {
	}

	/** Routes what waits, in batches; says how many events that were. @throws DatabaseError */
	public function route( int $limit = 5_000 ): int {
		$routed = 0;
		do {
			$now     = $this->db->transaction( fn (): int => $this->routeSome() );
			$routed += $now;
		} while ( self::BATCH === $now && $routed < $limit );
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

	private function routeSome(): int {
		$table = $this->schema->table( 'events' );
		// The lock is on the rows' own keys; who comes second finds them routed, or takes others.
		$skip = $this->db->skipsLocked() ? ' SKIP LOCKED' : '';
		$due  = $this->db->column( "SELECT sequence FROM `$table` WHERE routed = 0 ORDER BY sequence LIMIT " . self::BATCH );
		if ( ! $due ) {
			return 0;
		}
		$rows = $this->db->rows(
			"SELECT sequence, type FROM `$table` FORCE INDEX (PRIMARY) WHERE sequence IN (?) AND routed = 0"
			. " ORDER BY sequence FOR UPDATE$skip",
			array( array_map( 'intval', $due ) )
		);
		foreach ( $rows as $row ) {
			$webhooks = $this->webhooks->activeFor( (string) $row['type'] );
			sort( $webhooks );
			$this->deliver( (int) $row['sequence'], $webhooks );
			$this->db->run(
				"UPDATE `$table` SET routed = 1, webhooks = ? WHERE sequence = ?",
				array( substr( implode( ',', array_slice( $webhooks, 0, 46 ) ), 0, 1024 ), (int) $row['sequence'] )
			);
		}
		return count( $rows );
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
		return array_map( 'intval', array_filter( explode( ',', (string) $list ), 'strlen' ) );
	}
}
