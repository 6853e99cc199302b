<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Which webhooks have deliveries, deleted ones as well: one look into the index for each, however many deliveries there are. */
final class Present {

	/** @return int[] @throws DatabaseError */
	public static function webhooks( Connection $db, Schema $schema ): array {
		$present = array();
		for ( $last = 0; ; $last = (int) $next ) {
			$next = $db->value( "SELECT MIN(webhook) FROM `{$schema->table( 'deliveries' )}` FORCE INDEX (webhook) WHERE webhook > ?", array( $last ) );
			if ( null === $next ) {
				return $present;
			}
			$present[] = (int) $next;
		}
	}
}
