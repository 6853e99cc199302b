<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

/** Which workers are on duty: each tells every few seconds that it is alive. */
final class Workers {

	/** A worker that was not seen for so long is taken for dead. */
	public const ALIVE_SECONDS  = 30;
	/** Workers that let something wait for so long need help. */
	public const BEHIND_SECONDS = 120;

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/** @throws DatabaseError */
	public function beat( string $name, int $slots ): void {
		$this->db->run(
			"INSERT INTO `{$this->table()}` (name, slots, started_at, seen_at)"
			. ' VALUES (?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))'
			. ' ON DUPLICATE KEY UPDATE slots = VALUES(slots), seen_at = VALUES(seen_at)',
			array( Text::ascii( $name, 64 ), max( 0, min( 65_535, $slots ) ) )
		);
	}

	/** @throws DatabaseError */
	public function leave( string $name ): void {
		$this->db->run( "DELETE FROM `{$this->table()}` WHERE name = ?", array( Text::ascii( $name, 64 ) ) );
	}

	/** Whether any is on duty. A database that does not answer, or has no such table yet, knows none. */
	public function alive(): bool {
		try {
			return null !== $this->db->value(
				"SELECT name FROM `{$this->table()}` WHERE seen_at > UTC_TIMESTAMP(3) - INTERVAL ? SECOND LIMIT 1",
				array( self::ALIVE_SECONDS )
			);
		} catch ( DatabaseError $error ) {
			return false;
		}
	}

	/** Whether something has been due for longer than a worker that works lets it wait. @throws DatabaseError */
	public function behind(): bool {
		return null !== $this->db->value(
			"SELECT id FROM `{$this->schema->table( 'deliveries' )}` FORCE INDEX (due)"
			. ' WHERE due_at <= UTC_TIMESTAMP(3) - INTERVAL ? SECOND LIMIT 1',
			array( self::BEHIND_SECONDS )
		);
	}

	/**
	 * Those that were seen within a day, and forgets the others.
	 *
	 * @return array<int, array{name: string, slots: int, started_at: string, seen_at: string, alive: bool}>
	 * @throws DatabaseError
	 */
	public function all(): array {
		$this->db->run( "DELETE FROM `{$this->table()}` WHERE seen_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY" );
		return array_map(
			static fn ( array $row ): array => array(
				'name'       => (string) $row['name'],
				'slots'      => (int) $row['slots'],
				'started_at' => (string) $row['started_at'],
				'seen_at'    => (string) $row['seen_at'],
				'alive'      => (bool) (int) $row['alive'],
			),
			$this->db->rows(
				"SELECT *, seen_at > UTC_TIMESTAMP(3) - INTERVAL ? SECOND AS alive FROM `{$this->table()}` ORDER BY name",
				array( self::ALIVE_SECONDS )
			)
		);
	}

	private function table(): string {
		return $this->schema->table( 'workers' );
	}
}
