<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/** Webhooks as lists want them, and which of them belong to clinics. */
final class WebhookQuery {

	private const ORDERS = array( 'id', 'name', 'updated_at' );

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * Filters: search (name, or the URL's host: the rest may be a credential, which nobody shall guess by searching), active (bool), event (dotted id), ids (int[]), clinics (int[]: only webhooks whose clinics
	 * are all among them), orderby, order.
	 *
	 * @param array<string, mixed> $filters
	 * @return array{items: Webhook[], total: int}
	 * @throws DatabaseError
	 */
	public function page( array $filters, int $page, int $perPage ): array {
		list( $where, $values ) = $this->where( $filters );
		$from                   = "FROM `{$this->schema->table( 'webhooks' )}` WHERE $where";
		$orderby                = in_array( $filters['orderby'] ?? '', self::ORDERS, true ) ? $filters['orderby'] : 'id';
		$order                  = 'asc' === strtolower( Value::text( $filters['order'] ?? 'desc' ) ) ? 'ASC' : 'DESC';
		$rows                   = $this->db->rows( "SELECT * $from ORDER BY $orderby $order, id DESC LIMIT ? OFFSET ?", array( ...$values, $perPage, ( $page - 1 ) * $perPage ) );
		return array(
			'items' => array_map( array( Webhook::class, 'fromRow' ), $rows ),
			'total' => (int) $this->db->value( "SELECT COUNT(*) $from", $values ),
		);
	}

	/**
	 * @param array<string, mixed> $filters
	 * @throws DatabaseError
	 */
	public function count( array $filters ): int {
		list( $where, $values ) = $this->where( $filters );
		return (int) $this->db->value( "SELECT COUNT(*) FROM `{$this->schema->table( 'webhooks' )}` WHERE $where", $values );
	}

	/**
	 * @param array<string, mixed> $filters
	 * @return int[]
	 * @throws DatabaseError
	 */
	public function ids( array $filters ): array {
		list( $where, $values ) = $this->where( $filters );
		return array_map( 'intval', $this->db->column( "SELECT id FROM `{$this->schema->table( 'webhooks' )}` WHERE $where ORDER BY id", $values ) );
	}

	/**
	 * @param int[] $ids
	 * @return array<int, array{name: string, active: bool}> By id.
	 * @throws DatabaseError
	 */
	public function names( array $ids ): array {
		$names = array();
		foreach ( $ids ? $this->db->rows( "SELECT id, name, active FROM `{$this->schema->table( 'webhooks' )}` WHERE id IN (?)", array( $ids ) ) : array() as $row ) {
			$names[ (int) $row['id'] ] = array(
				'name'   => (string) $row['name'],
				'active' => (bool) (int) $row['active'],
			);
		}
		return $names;
	}

	/**
	 * Those of these deliveries that belong to one of the webhooks and whose event names one of the clinics.
	 *
	 * @param int[] $ids
	 * @param int[] $webhooks
	 * @param int[] $clinics
	 * @return int[]
	 * @throws DatabaseError
	 */
	public function deliveries( array $ids, array $webhooks, array $clinics ): array {
		$rows = $ids && $webhooks && $clinics ? $this->db->rows(
			"SELECT d.id, e.clinic_ids FROM `{$this->schema->table( 'deliveries' )}` d JOIN `{$this->schema->table( 'events' )}` e ON e.sequence = d.event"
			. ' WHERE d.id IN (?) AND d.webhook IN (?) ORDER BY d.id',
			array( $ids, $webhooks )
		) : array();
		return array_map(
			static fn ( array $row ): int => (int) $row['id'],
			array_values( array_filter( $rows, static fn ( array $row ): bool => (bool) array_intersect( array_map( 'intval', explode( ',', (string) $row['clinic_ids'] ) ), $clinics ) ) )
		);
	}

	/**
	 * @param array<string, mixed> $filters
	 * @return array{string, list<mixed>}
	 */
	private function where( array $filters ): array {
		$where  = array( '1 = 1' );
		$values = array();
		if ( isset( $filters['active'] ) ) {
			$where[]  = 'active = ?';
			$values[] = (bool) $filters['active'];
		}
		if ( '' !== Value::text( $filters['search'] ?? '' ) ) {
			$like    = '%' . addcslashes( Value::text( $filters['search'] ), '%_\\' ) . '%';
			$where[] = "(name LIKE ? OR SUBSTRING_INDEX(SUBSTRING_INDEX(JSON_UNQUOTE(JSON_EXTRACT(config, '$.url')), '/', 3), '/', -1) LIKE ?)";
			array_push( $values, $like, $like );
		}
		if ( '' !== Value::text( $filters['event'] ?? '' ) ) {
			$where[]  = "JSON_CONTAINS(config, ?, '$.events')";
			$values[] = (string) json_encode( Value::text( $filters['event'] ) );
		}
		if ( isset( $filters['ids'] ) ) {
			$where[]  = 'id IN (?)';
			$values[] = Value::numbers( $filters['ids'] );
		}
		if ( isset( $filters['clinics'] ) ) {
			$where[]  = "CAST(JSON_EXTRACT(config, '$.clinics') AS CHAR) REGEXP ?";
			$values[] = self::subset( Value::numbers( $filters['clinics'] ) );
		}
		return array( implode( ' AND ', $where ), $values );
	}

	/**
	 * Matches a JSON list of numbers, at least one, of which each is among these.
	 *
	 * @param int[] $ids
	 */
	private static function subset( array $ids ): string {
		$one = $ids ? '(' . implode( '|', array_map( 'intval', $ids ) ) . ')' : '(none)';
		return "^\\[{$one}(, ?{$one})*\\]$";
	}
}
