<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Which webhooks have deliveries, deleted ones as well: one look into the index for each, however many deliveries there are. */
final class Present {

	/** @return int[] @throws DatabaseError */
	public static function webhooks( Connection $db, Schema $schema ): array {
		$deliveries = "`{$schema->table( 'deliveries' )}` d FORCE INDEX (webhook)";
		$known      = array_fill_keys( array_map( 'intval', $db->column( "SELECT id FROM `{$schema->table( 'webhooks' )}`" ) ), true );
		// Behind each webhook the next that has deliveries. All looks in one question: there may be a thousand.
		$present = $db->column(
			"SELECT (SELECT MIN(d.webhook) FROM $deliveries WHERE d.webhook > w.id) AS next FROM"
			. " (SELECT 0 AS id UNION ALL SELECT id FROM `{$schema->table( 'webhooks' )}`) w HAVING next IS NOT NULL"
		);
		$present = array_fill_keys( array_map( 'intval', $present ), true );
		// Deleted ones may stand side by side.
		foreach ( array_keys( array_diff_key( $present, $known ) ) as $webhook ) {
			do {
				$next    = $db->value( "SELECT MIN(d.webhook) FROM $deliveries WHERE d.webhook > ?", array( $webhook ) );
				$webhook = (int) $next;
				$seen    = null === $next || isset( $present[ $webhook ] );
				if ( ! $seen ) {
					$present[ $webhook ] = true;
				}
			} while ( ! $seen );
		}
		ksort( $present );
		return array_keys( $present );
	}
}
