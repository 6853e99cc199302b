<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** How much there is to do, counted by indices. */
final class Backlog {

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/** @return array{pending: int, leased: int, held: int, unrouted: int} @throws DatabaseError */
	public function counts(): array {
		$counts = array( 'pending' => 0, 'leased' => 0, 'held' => 0 );
		// By webhook and state, as the index is: what has ended is never read.
		$webhooks = $this->schema->table( 'webhooks' );
		foreach ( $this->db->rows(
			"SELECT d.state, COUNT(*) AS count FROM `$webhooks` w JOIN `{$this->schema->table( 'deliveries' )}` d FORCE INDEX (webhook)"
			. " ON d.webhook = w.id WHERE d.state IN ('pending', 'leased', 'held') GROUP BY d.state"
		) as $row ) {
			$counts[ (string) $row['state'] ] = (int) $row['count'];
		}
		return $counts + array(
			'unrouted' => (int) $this->db->value( "SELECT COUNT(*) FROM `{$this->schema->table( 'events' )}` WHERE routed = 0" ),
		);
	}

	/** All webhooks. @return int[] @throws DatabaseError */
	public function webhooks(): array {
		return array_map( 'intval', $this->db->column( "SELECT id FROM `{$this->schema->table( 'webhooks' )}` ORDER BY id" ) );
	}
}
