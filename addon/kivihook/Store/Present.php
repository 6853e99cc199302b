<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Which webhooks have deliveries, deleted ones as well: one look into the index for each, however many deliveries there are. */
final class Present {

	/** @return int[] @throws DatabaseError */
	public static function webhooks( Connection $db, Schema $schema ): array {
		$deliveries = "`{$schema->table( 'deliveries' )}` d FORCE INDEX (webhook)";
		$rows       = $db->rows(
			"SELECT w.id, EXISTS (SELECT 1 FROM $deliveries WHERE d.webhook = w.id) AS present FROM `{$schema->table( 'webhooks' )}` w ORDER BY w.id"
		);
		$present    = array();
		$before     = 0;
		foreach ( $rows as $row ) {
			$id = (int) $row['id'];
			array_push( $present, ...self::between( $db, $deliveries, $before, $id ) );
			if ( (int) $row['present'] ) {
				$present[] = $id;
			}
			$before = $id;
		}
		return array_merge( $present, self::between( $db, $deliveries, $before, PHP_INT_MAX ) );
	}

	/**
	 * Deleted ones: they stand in the gaps.
	 *
	 * @return int[]
	 */
	private static function between( Connection $db, string $deliveries, int $after, int $before ): array {
		$found = array();
		while ( $after + 1 < $before ) {
			$next = $db->value( "SELECT MIN(d.webhook) FROM $deliveries WHERE d.webhook > ? AND d.webhook < ?", array( $after, $before ) );
			if ( null === $next ) {
				break;
			}
			$after   = (int) $next;
			$found[] = $after;
		}
		return $found;
	}
}
