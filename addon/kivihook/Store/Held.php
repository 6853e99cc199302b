<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Seal\SealError;

/** Lets go what was held for want of a key, or of a declaration, that is here again. */
final class Held {

	public function __construct(
		private Connection $db,
		private Schema $schema,
		private Keyring $keyring,
		private WebhookRepository $webhooks,
		private Subscribers $subscribers
	) {
	}

	/** @throws DatabaseError */
	public function letGo(): void {
		$table = $this->schema->table( 'deliveries' );
		$held  = $this->db->rows(
			"SELECT d.id, d.webhook, e.type, e.snapshot FROM `{$this->schema->table( 'webhooks' )}` w"
			. " JOIN `$table` d ON d.webhook = w.id AND d.state = 'held'"
			. " JOIN `{$this->schema->table( 'events' )}` e ON e.sequence = d.event"
			. ' WHERE w.active = 1 AND d.last_error IN (?) ORDER BY d.id LIMIT 200',
			array( array( Reasons::KEY, Reasons::UNDECLARED ) )
		);
		$webhooks = $this->webhooks->findAll( array_map( 'intval', array_unique( array_column( $held, 'webhook' ) ) ) );
		$free     = array();
		foreach ( $held as $row ) {
			try {
				$webhook = $webhooks[ (int) $row['webhook'] ] ?? null;
				if ( null !== $webhook && null !== $row['snapshot'] && $this->subscribers->knows( (string) $row['type'] )
					&& $this->keyring->holds( (string) $row['snapshot'] ) ) {
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
}
