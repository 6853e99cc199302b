<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Value;

/** Webhooks in their table, on our own connection. After every change the subscriptions are rebuilt. */
final class WebhookRepository {

	private const BATCH = 500;

	private Breakers $breakers;

	public function __construct(
		private Connection $db,
		private Schema $schema,
		private Keyring $keyring,
		private Subscriptions $subscriptions,
		private Allowance $allowance
	) {
		$this->breakers = new Breakers( $db, $schema );
	}

	/** @throws DatabaseError */
	public function find( int $id ): ?Webhook {
		return $this->findAll( array( $id ) )[ $id ] ?? null;
	}

	/**
	 * @param int[] $ids
	 * @return array<int, Webhook> by id
	 * @throws DatabaseError
	 */
	public function findAll( array $ids ): array {
		$found = array();
		if ( $ids ) {
			$sql = "SELECT * FROM `{$this->schema->table( 'webhooks' )}` WHERE id IN (?) ORDER BY id";
			foreach ( $this->db->rows( $sql, array( array_map( 'intval', $ids ) ) ) as $row ) {
				$found[ (int) $row['id'] ] = Webhook::fromRow( $row );
			}
		}
		return $found;
	}

	/**
	 * @param array{active?: bool, search?: string} $filters
	 * @return array{items: Webhook[], total: int}
	 * @throws DatabaseError
	 */
	public function page( int $page, int $perPage, array $filters = array() ): array {
		$where  = array( '1 = 1' );
		$values = array();
		if ( isset( $filters['active'] ) ) {
			$where[]  = 'active = ?';
			$values[] = (bool) $filters['active'];
		}
		$search = $filters['search'] ?? '';
		if ( '' !== $search ) {
			$where[]  = 'name LIKE ?';
			$values[] = '%' . addcslashes( $search, '%_\\' ) . '%';
		}
		$from    = "FROM `{$this->schema->table( 'webhooks' )}` WHERE " . implode( ' AND ', $where );
		$perPage = max( 1, min( 500, $perPage ) );
		$rows    = $this->db->rows(
			"SELECT * $from ORDER BY id DESC LIMIT ? OFFSET ?",
			array( ...$values, $perPage, ( max( 1, $page ) - 1 ) * $perPage )
		);
		return array(
			'items' => array_map( array( Webhook::class, 'fromRow' ), $rows ),
			'total' => (int) $this->db->value( "SELECT COUNT(*) $from", $values ),
		);
	}

	/** Gives the new id. The webhook needs a signing secret by then (withSecrets). @throws \KiviHook\Exception */
	public function insert( Webhook $webhook ): int {
		$sealed = $this->seal( $webhook );
		$this->db->run(
			"INSERT INTO `{$this->schema->table( 'webhooks' )}` (uid, name, active, version, config, secrets, off_reason,"
			. ' created_by, created_at, updated_at) VALUES (?, ?, ?, 1, ?, ?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))',
			array(
				$webhook->uid,
				Text::line( $webhook->name, 191 ),
				$webhook->active,
				self::json( $webhook->config ),
				$sealed,
				Text::line( $webhook->offReason, 191 ),
				$webhook->createdBy,
			)
		);
		$webhook->id      = $this->db->insertId();
		$webhook->version = 1;
		$webhook->stored( $sealed );
		$this->subscriptions->rebuild();
		return $webhook->id;
	}

	/**
	 * Keeps name, active, config and, if they were set anew, the secrets; raises the version. Where the host or scheme is
	 * another one now, what was recorded before is held until confirm().
	 *
	 * @throws \KiviHook\Exception
	 */
	public function update( Webhook $webhook ): void {
		$sealed = $this->seal( $webhook );
		$this->db->transaction( fn () => $this->write( $webhook, $sealed ) );
		$webhook->stored( $sealed );
		$row              = (array) $this->db->row(
			"SELECT version, moved_at FROM `{$this->schema->table( 'webhooks' )}` WHERE id = ?",
			array( $webhook->id )
		);
		$webhook->version = (int) ( $row['version'] ?? $webhook->version );
		$webhook->movedAt = isset( $row['moved_at'] ) ? (string) $row['moved_at'] : null;
		if ( $webhook->active ) {
			$this->free( array( $webhook->id ) );
		}
		$this->breakers->close( array( $webhook->id ) ); // It may be mended: nobody waits for a probe.
		$this->subscriptions->rebuild();
	}

	private function write( Webhook $webhook, string $sealed ): void {
		$table = $this->schema->table( 'webhooks' );
		$old   = $this->db->value( "SELECT config FROM `$table` WHERE id = ? FOR UPDATE", array( $webhook->id ) );
		$moved = Webhook::origin( Value::map( json_decode( (string) $old, true ) ) ) !== Webhook::origin( $webhook->config );
		$this->db->run(
			"UPDATE `$table` SET name = ?, active = ?, version = version + 1, config = ?, secrets = ?, off_reason = ?,"
			. ( $moved ? ' moved_at = UTC_TIMESTAMP(3),' : '' ) . ' updated_at = UTC_TIMESTAMP(3) WHERE id = ?',
			array(
				Text::line( $webhook->name, 191 ),
				$webhook->active,
				self::json( $webhook->config ),
				$sealed,
				$webhook->active ? '' : Text::line( $webhook->offReason, 191 ),
				$webhook->id,
			)
		);
	}

	/**
	 * An administrator has confirmed that what was recorded for another host may go to this one. Says how many deliveries
	 * that lets go.
	 *
	 * @throws DatabaseError
	 */
	public function confirm( int $webhook ): int {
		$this->db->run(
			"UPDATE `{$this->schema->table( 'webhooks' )}` SET moved_at = NULL, version = version + 1 WHERE id = ?",
			array( $webhook )
		);
		return $this->move( array( $webhook ), 'held', "state = 'pending', due_at = UTC_TIMESTAMP(3), last_error = NULL", null, Reasons::MOVED );
	}

	/**
	 * The active webhooks that keep the order of each record.
	 *
	 * @return int[]
	 * @throws DatabaseError
	 */
	public function ordered(): array {
		return array_map(
			'intval',
			$this->db->column(
				"SELECT id FROM `{$this->schema->table( 'webhooks' )}` WHERE active = 1 AND config LIKE '%\"order\":\"record\"%'"
			)
		);
	}

	/**
	 * Switching off records nothing new and holds what comes due; switching on lets that go.
	 *
	 * @param int[] $ids
	 * @throws DatabaseError
	 */
	public function setActive( array $ids, bool $active, string $reason = '' ): void {
		$ids = self::sorted( $ids );
		if ( ! $ids ) {
			return;
		}
		$this->db->run(
			"UPDATE `{$this->schema->table( 'webhooks' )}` SET active = ?, version = version + 1, off_reason = ?,"
			. ' updated_at = UTC_TIMESTAMP(3) WHERE id IN (?)',
			array( $active, $active ? '' : Text::line( $reason, 191 ), $ids )
		);
		if ( $active ) {
			$this->free( $ids );
			$this->breakers->close( $ids );
		}
		$this->subscriptions->rebuild();
	}

	/**
	 * Deletes webhooks and cancels what they still had to send. The log stays.
	 *
	 * @param int[] $ids
	 * @throws DatabaseError
	 */
	public function delete( array $ids ): void {
		$ids = self::sorted( $ids );
		if ( ! $ids ) {
			return;
		}
		$this->db->run( "DELETE FROM `{$this->schema->table( 'webhooks' )}` WHERE id IN (?)", array( $ids ) );
		$this->breakers->forget( $ids );
		$this->subscriptions->rebuild();
		foreach ( array( 'pending', 'held' ) as $state ) {
			$this->move( $ids, $state, "state = 'cancelled', due_at = NULL, last_error = ?", Reasons::DELETED, null );
		}
	}

	/** @return Webhook[] @throws DatabaseError */
	public function all(): array {
		$rows = $this->db->rows( "SELECT * FROM `{$this->schema->table( 'webhooks' )}` ORDER BY id" );
		return array_map( array( Webhook::class, 'fromRow' ), $rows );
	}

	/**
	 * Those that are off for one of these reasons.
	 *
	 * @param string[] $reasons
	 * @return Webhook[]
	 * @throws DatabaseError
	 */
	public function switchedOff( array $reasons ): array {
		return array_map(
			array( Webhook::class, 'fromRow' ),
			$this->db->rows(
				"SELECT * FROM `{$this->schema->table( 'webhooks' )}` WHERE active = 0 AND off_reason IN (?) ORDER BY id",
				array( $reasons )
			)
		);
	}

	/**
	 * The active webhooks that subscribed to an event type. No query.
	 *
	 * @return int[]
	 */
	public function activeFor( string $type ): array {
		return $this->subscriptions->webhooks( $type );
	}

	/**
	 * The secrets, opened.
	 *
	 * @return array<string, mixed>
	 * @throws \KiviHook\WordPress\Seal\SealError
	 */
	public function secrets( Webhook $webhook ): array {
		if ( null !== $webhook->freshSecrets() ) {
			return $webhook->freshSecrets();
		}
		if ( '' === $webhook->sealed ) {
			return array();
		}
		$secrets = json_decode( $this->keyring->open( $webhook->sealed, $this->context( $webhook ) ), true );
		return Value::map( $secrets );
	}

	/**
	 * The webhook as the engine takes it for an event of this type: without the variables that it may not carry, its
	 * secrets sealed, or in clear where they are not stored yet. No type: as if it were about any of its events.
	 *
	 * @return array<string, mixed>
	 */
	public function toEngine( Webhook $webhook, ?string $type = null ): array {
		$engine  = $webhook->toEngine();
		$without = null === $type ? null : $this->allowance->without( $type, $webhook->config );

		$engine['without'] = $without ?? $this->allowance->withoutAny( $webhook->config );
		if ( null !== $webhook->freshSecrets() ) {
			return $engine + array( 'secrets' => $webhook->freshSecrets() );
		}
		return $engine + array(
			'sealed'         => $webhook->sealed,
			'sealed_context' => $this->context( $webhook ),
		);
	}

	/**
	 * Lets go what was held because its webhook was off.
	 *
	 * @param int[] $ids
	 */
	private function free( array $ids ): void {
		$this->move( $ids, 'held', "state = 'pending', due_at = UTC_TIMESTAMP(3), last_error = NULL", null, Reasons::OFF );
	}

	/**
	 * In batches by primary key, so that no lock is held for long. Says how many those were.
	 *
	 * @param int[] $webhooks
	 */
	private function move( array $webhooks, string $state, string $set, ?string $reason, ?string $only ): int {
		$table = $this->schema->table( 'deliveries' );
		$after = 0;
		$moved = 0;
		do {
			$ids = array_map(
				'intval',
				$this->db->column(
					"SELECT id FROM `$table` WHERE webhook IN (?) AND state = ? AND id > ?"
					. ( null === $only ? '' : ' AND last_error = ?' ) . ' ORDER BY id LIMIT ' . self::BATCH,
					array_merge( array( $webhooks, $state, $after ), null === $only ? array() : array( $only ) )
				)
			);
			if ( $ids ) {
				$this->db->run(
					"UPDATE `$table` FORCE INDEX (PRIMARY) SET $set, updated_at = UTC_TIMESTAMP(3) WHERE id IN (?) AND state = ?",
					array_merge( null === $reason ? array() : array( $reason ), array( $ids, $state ) )
				);
				$moved += $this->db->affected();
				$after  = end( $ids );
			}
		} while ( count( $ids ) === self::BATCH );
		return $moved;
	}

	private function seal( Webhook $webhook ): string {
		$fresh = $webhook->freshSecrets();
		return null === $fresh
			? $webhook->sealed
			: $this->keyring->sealCredentials( self::json( (object) $fresh ), $this->context( $webhook ) );
	}

	private function context( Webhook $webhook ): string {
		return $this->keyring->context( 'webhooks', $webhook->uid, 'secrets' );
	}

	/** @param mixed[]|object $value */
	private static function json( array|object $value ): string {
		return json_encode( $value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
	}

	/**
	 * @param int[] $ids
	 * @return list<int>
	 */
	private static function sorted( array $ids ): array {
		$ids = array_values( array_unique( array_map( 'intval', $ids ) ) );
		sort( $ids );
		return $ids;
	}
}
