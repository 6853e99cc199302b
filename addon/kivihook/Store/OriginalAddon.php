<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** The original add-on's tables, which are only read: kc_webhooks and kc_webhooks_logs. */
final class OriginalAddon {

	public function __construct( private Connection $db, private \wpdb $wpdb ) {
	}

	/**
	 * How many rows each has; null where there is no such table.
	 *
	 * @return array{webhooks: ?int, logs: ?int}
	 */
	public function counts(): array {
		return array(
			'webhooks' => $this->count( 'kc_webhooks' ),
			'logs'     => $this->count( 'kc_webhooks_logs' ),
		);
	}

	/** @return array<int, array<string, ?string>> The oldest first, at most 1000. @throws DatabaseError */
	public function webhooks(): array {
		return null === $this->count( 'kc_webhooks' ) ? array() : $this->db->rows( "SELECT * FROM `{$this->wpdb->prefix}kc_webhooks` ORDER BY id LIMIT 1000" );
	}

	/**
	 * A page of its log, the oldest first, after an id.
	 *
	 * @return array<int, array<string, ?string>>
	 * @throws DatabaseError
	 */
	public function logs( int $after, int $limit ): array {
		return null === $this->count( 'kc_webhooks_logs' ) ? array() : $this->db->rows(
			"SELECT * FROM `{$this->wpdb->prefix}kc_webhooks_logs` WHERE id > ? ORDER BY id LIMIT ?",
			array( $after, $limit )
		);
	}

	private function count( string $table ): ?int {
		$exists = $this->db->value( 'SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?', array( $this->wpdb->prefix . $table ) );
		return null === $exists ? null : (int) $this->db->value( "SELECT COUNT(*) FROM `{$this->wpdb->prefix}$table`" );
	}
}
