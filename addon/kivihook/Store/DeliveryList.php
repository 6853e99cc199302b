<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\WordPress\Value;

/**
 * Deliveries, the newest first, page by page, at the same price for ten thousand and ten million rows: each filter walks an
 * index in the order of the list and stops at the page's end. A page begins after the last row of the one before
 * (`next`), so it stays right while new ones arrive. Totals are counted to MOST.
 *
 * @phpstan-type Delivery array{id: int, event: int, event_id: string|null, webhook: int, webhook_name: string|null, webhook_active: bool|null, type: string|null, record_id: int|null, clinic_ids: int[], event_at: string|null, state: string, attempt: int, resends: int, due_at: string|null, last_status: int|null, last_error: string|null, created_at: string, updated_at: string, data_kept: bool}
 */
final class DeliveryList {

	public const MOST = 1_000;

	public const STATES = array( 'pending', 'leased', 'held', 'failed', 'cancelled', 'expired', 'succeeded' );
	/** Their due_at is NULL, so that the index (webhook, state, due_at) has them by id. */
	private const ENDED = array( 'held', 'failed', 'cancelled', 'expired', 'succeeded' );

	private const COLUMNS = 'd.id, d.event, d.webhook, d.state, d.attempt, d.resends, d.due_at, d.last_status, d.last_error,'
		. ' d.created_at, d.updated_at, e.id AS event_id, e.type, e.record_id, e.clinic_ids, e.created_at AS event_at,'
		. ' e.snapshot IS NOT NULL AS data_kept, w.name AS webhook_name, w.active AS webhook_active';

	public function __construct( private Connection $db, private Schema $schema ) {
	}

	/**
	 * Filters, all of them optional: webhooks (int[], these only), clinics (int[], events that name one of them), states
	 * (string[]), type (dotted id), record (int), from, to (UTC, 'Y-m-d H:i:s', when the delivery was made, both included),
	 * text (a delivery's number, an event's id, or a part of the last error).
	 *
	 * Items: id, event (sequence), event_id, type, record_id (?int), clinic_ids (int[]), event_at, webhook, webhook_name
	 * (?string), webhook_active (?bool), state, attempt, resends, due_at (?string), last_status (?int), last_error (?string),
	 * created_at, updated_at (UTC, 'Y-m-d H:i:s.v'), data_kept (bool).
	 *
	 * @param array<string, mixed> $filters
	 * @param string $after '' for the first page, else `next` of the page before
	 * @return array{items: list<Delivery>, next: ?string, total: int, total_exact: bool}
	 * @throws DatabaseError
	 */
	public function page( array $filters, int $perPage = 25, string $after = '' ): array {
		$perPage = max( 1, min( 500, $perPage ) );
		$scans   = $this->scans( $filters );
		$byEvent = isset( $filters['record'] ) || isset( $filters['type'] );
		$place   = array_map( 'intval', explode( '.', $after, 2 ) );
		$rows    = array();
		foreach ( $scans as $scan ) {
			array_push( $rows, ...$this->scan( $scan, $byEvent, '' === $after ? array() : $place, $perPage + 1 ) );
		}
		$order = $byEvent ? array( 'event', 'id' ) : array( 'id' );
		usort( $rows, static fn ( array $a, array $b ): int => self::key( $b, $order ) <=> self::key( $a, $order ) );
		$more  = count( $rows ) > $perPage;
		$rows  = array_slice( $rows, 0, $perPage );
		$last  = end( $rows );
		$total = $this->count( $scans );
		return array(
			'items'       => $this->items( array_map( static fn ( array $row ): int => (int) $row['id'], $rows ) ),
			'next'        => $more && $last ? "{$last['event']}.{$last['id']}" : null,
			'total'       => min( self::MOST, $total ),
			'total_exact' => $total <= self::MOST,
		);
	}

	/**
	 * One, as in page().
	 *
	 * @return Delivery|null
	 * @throws DatabaseError
	 */
	public function find( int $id ): ?array {
		return $this->items( array( $id ) )[0] ?? null;
	}

	/**
	 * Whether this one is among what page() would give with these filters (webhooks, clinics).
	 *
	 * @param array<string, mixed> $filters
	 * @throws DatabaseError
	 */
	public function has( int $id, array $filters ): bool {
		return array() !== $this->page( array( 'text' => (string) $id ) + $filters, 1 )['items'];
	}

	/**
	 * @param array<string, mixed> $row
	 * @param string[] $order
	 * @return int[]
	 */
	private static function key( array $row, array $order ): array {
		return array_map( static fn ( string $column ): int => Value::number( $row[ $column ] ), $order );
	}

	/**
	 * The walks that a list needs: each an index, its terms and their values.
	 *
	 * @param array<string, mixed> $filters
	 * @return list<array{string, list<string>, list<mixed>}>
	 */
	private function scans( array $filters ): array {
		list( $terms, $values ) = $this->terms( $filters );
		$text                   = Value::text( $filters['text'] ?? '' );
		$states                 = $this->states( $filters );
		$webhooks               = isset( $filters['webhooks'] ) ? self::numbers( Value::items( $filters['webhooks'] ) ) : null;
		if ( array() === $states || array() === $webhooks ) {
			return array();
		}
		$narrow = null === $states ? array() : array( 'd.state IN (?)' );
		$named  = null === $webhooks ? array() : array( 'd.webhook IN (?)' );
		$given  = array_merge( $narrow ? array( $states ) : array(), $named ? array( $webhooks ) : array() );
		foreach ( array( '/\A\d{1,18}\z/' => array( 'primary', 'd.id = ?' ), '/\A[0-9a-f-]{36}\z/' => array( 'uuid', 'e.id = ?' ) ) as $shape => $scan ) {
			if ( 1 === preg_match( $shape, $text ) ) {
				return array( array( $scan[0], array( $scan[1], ...$terms, ...$narrow, ...$named ), array( $text, ...$values, ...$given ) ) );
			}
		}
		if ( isset( $filters['record'] ) || isset( $filters['type'] ) ) {
			return array( array( isset( $filters['record'] ) ? 'record' : 'type', array( ...$terms, ...$narrow, ...$named ), array( ...$values, ...$given ) ) );
		}
		if ( null === $states && null === $webhooks ) {
			return array( array( 'primary', $terms, $values ) );
		}
		$scans = array();
		foreach ( $webhooks ?? $this->webhooks() as $webhook ) {
			foreach ( $states ?? self::STATES as $state ) {
				$ended   = in_array( $state, self::ENDED, true ) ? array( 'd.due_at IS NULL' ) : array();
				$scans[] = array( 'webhook', array( 'd.webhook = ?', 'd.state = ?', ...$ended, ...$terms ), array( $webhook, $state, ...$values ) );
			}
		}
		return $scans;
	}

	/**
	 * Null: all. What succeeded has no error to search in.
	 *
	 * @param array<string, mixed> $filters
	 * @return list<string>|null
	 */
	private function states( array $filters ): ?array {
		$states = isset( $filters['states'] ) ? array_values( array_intersect( self::STATES, Value::texts( $filters['states'] ) ) ) : null;
		$text   = Value::text( $filters['text'] ?? '' );
		if ( '' !== $text && 1 !== preg_match( '/\A(\d{1,18}|[0-9a-f-]{36})\z/', $text ) ) {
			return array_values( array_diff( $states ?? self::STATES, array( 'succeeded' ) ) );
		}
		return $states;
	}

	/**
	 * What holds for every walk.
	 *
	 * @param array<string, mixed> $filters
	 * @return array{list<string>, list<mixed>}
	 */
	private function terms( array $filters ): array {
		$terms  = array();
		$values = array();
		$add    = static function ( string $term, mixed ...$more ) use ( &$terms, &$values ): void {
			$terms[] = $term;
			array_push( $values, ...$more );
		};
		$from   = isset( $filters['from'] ) ? Value::text( $filters['from'] ) : null;
		$to     = isset( $filters['to'] ) ? Value::text( $filters['to'] ) : null;
		if ( null !== $from || null !== $to ) {
			$range = ( new IdRange( $this->db, $this->schema ) )->between( 'deliveries', 'id', 'created_at', $from, $to );
			$add( 'd.id BETWEEN ? AND ?', ...$range );
			null === $from || $add( 'd.created_at >= ?', $from );
			null === $to || $add( 'd.created_at <= ?', $to );
		}
		isset( $filters['type'] ) && $add( 'e.type = ?', Value::text( $filters['type'] ) );
		isset( $filters['record'] ) && $add( 'e.record_id = ?', Value::number( $filters['record'] ) );
		if ( isset( $filters['clinics'] ) ) {
			$clinics = self::numbers( Value::items( $filters['clinics'] ) );
			$add( $clinics ? '(' . implode( ' OR ', array_fill( 0, count( $clinics ), 'FIND_IN_SET(?, e.clinic_ids)' ) ) . ')' : '1 = 0', ...$clinics );
		}
		$text = Value::text( $filters['text'] ?? '' );
		if ( '' !== $text && 1 !== preg_match( '/\A(\d{1,18}|[0-9a-f-]{36})\z/', $text ) ) {
			$add( 'd.last_error LIKE ?', '%' . addcslashes( $text, '%_\\' ) . '%' );
		}
		return array( $terms, $values );
	}

	/**
	 * @param array{string, list<string>, list<mixed>} $scan
	 * @param array<int, int|string> $after
	 * @return list<array<string, string|null>>
	 */
	private function scan( array $scan, bool $byEvent, array $after, int $limit ): array {
		list( $index, $terms, $values ) = $scan;
		if ( $byEvent ) {
			return $this->scanEvents( $scan, $after, $limit );
		}
		if ( $after ) {
			$terms[]  = 'd.id < ?';
			$values[] = $after[1] ?? 0;
		}
		return $this->db->rows( "SELECT d.event, d.id {$this->from( $index, $terms )} ORDER BY d.id DESC LIMIT $limit", $values );
	}

	/**
	 * By events, and within one by deliveries. Nothing but a sort gives that order, and a sort would be of everything that
	 * fits. So the events are walked first, in their index's order, as far as a page needs them; then theirs are sorted.
	 * (The few events of one record are sorted in any case.)
	 *
	 * @param array{string, list<string>, list<mixed>} $scan
	 * @param array<int, int|string> $after
	 * @return list<array<string, string|null>>
	 */
	private function scanEvents( array $scan, array $after, int $limit ): array {
		list( $index, $terms, $values ) = $scan;
		if ( $after ) {
			$terms[] = 'e.sequence <= ? AND (e.sequence < ? OR d.id < ?)';
			array_push( $values, $after[0], $after[0], $after[1] ?? 0 );
		}
		$events = $this->db->column( "SELECT e.sequence {$this->from( $index, $terms )} ORDER BY e.sequence DESC LIMIT $limit", $values );
		if ( ! $events ) {
			return array();
		}
		$terms[]  = 'e.sequence >= ?';
		$values[] = (int) min( $events );
		return $this->db->rows( "SELECT d.event, d.id {$this->from( $index, $terms )} ORDER BY e.sequence DESC, d.id DESC LIMIT $limit", $values );
	}

	/** @param list<array{string, list<string>, list<mixed>}> $scans */
	private function count( array $scans ): int {
		$total = 0;
		foreach ( $scans as list( $index, $terms, $values ) ) {
			$most   = self::MOST + 1 - $total;
			$total += $most <= 0 ? 0 : (int) $this->db->value(
				"SELECT COUNT(*) FROM (SELECT 1 {$this->from( $index, $terms )} LIMIT $most) AS found",
				$values
			);
		}
		return $total;
	}

	/**
	 * The events are joined only where they are asked for.
	 *
	 * @param string[] $terms
	 */
	private function from( string $index, array $terms ): string {
		$deliveries = "`{$this->schema->table( 'deliveries' )}` d";
		$events     = "`{$this->schema->table( 'events' )}` e";
		$where      = $terms ? ' WHERE ' . implode( ' AND ', $terms ) : '';
		if ( in_array( $index, array( 'record', 'type', 'uuid' ), true ) ) {
			$key = 'uuid' === $index ? 'id' : $index;
			return "FROM $events FORCE INDEX (`$key`) STRAIGHT_JOIN $deliveries FORCE INDEX (`event`) ON d.event = e.sequence$where";
		}
		$force = 'primary' === $index ? 'PRIMARY' : "`$index`";
		$join  = false === strpos( $where, 'e.' ) ? '' : " STRAIGHT_JOIN $events ON e.sequence = d.event";
		return "FROM $deliveries FORCE INDEX ($force)$join$where";
	}

	/**
	 * In the order given.
	 *
	 * @param int[] $ids
	 * @return list<Delivery>
	 */
	private function items( array $ids ): array {
		$rows = array();
		foreach ( $ids ? $this->db->rows(
			'SELECT ' . self::COLUMNS . " FROM `{$this->schema->table( 'deliveries' )}` d"
			. " LEFT JOIN `{$this->schema->table( 'events' )}` e ON e.sequence = d.event"
			. " LEFT JOIN `{$this->schema->table( 'webhooks' )}` w ON w.id = d.webhook WHERE d.id IN (?)",
			array( $ids )
		) : array() as $row ) {
			$rows[ (int) $row['id'] ] = self::item( $row );
		}
		return array_values( array_filter( array_map( static fn ( int $id ): ?array => $rows[ $id ] ?? null, $ids ) ) );
	}

	/**
	 * @param array<string, string|null> $row
	 * @return Delivery
	 */
	private static function item( array $row ): array {
		foreach ( array( 'id', 'event', 'webhook', 'attempt', 'resends' ) as $name ) {
			$row[ $name ] = (int) $row[ $name ];
		}
		foreach ( array( 'record_id', 'last_status' ) as $name ) {
			$row[ $name ] = null === $row[ $name ] ? null : (int) $row[ $name ];
		}
		$row['clinic_ids']     = self::numbers( array_filter( explode( ',', (string) $row['clinic_ids'] ), static fn ( string $part ): bool => '' !== $part ) );
		$row['data_kept']      = (bool) (int) $row['data_kept'];
		$row['webhook_active'] = null === $row['webhook_active'] ? null : (bool) (int) $row['webhook_active'];
		/** @var Delivery $row COLUMNS, of which those above are made numbers. */
		return $row;
	}

	/**
	 * All that ever had a delivery.
	 *
	 * @return int[]
	 */
	private function webhooks(): array {
		return Present::webhooks( $this->db, $this->schema );
	}

	/**
	 * @param mixed[] $list
	 * @return int[]
	 */
	private static function numbers( array $list ): array {
		return array_values( array_unique( Value::numbers( $list ) ) );
	}
}
