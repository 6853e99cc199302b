<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Exception;
use KiviHook\WordPress\Seal\Keyring;

/** The log: one row per attempt, its request and response sealed with the key of the day. */
final class Log {

	/** Of one stored value; see EventWriter::PART_BYTES. */
	private const TRACE_BYTES  = 32_768;
	/** How much of a request's and a response's body is kept, less where it would not fit. */
	private const BODY_BYTES   = array( 16_384, 8_192, 4_096, 1_024, 0 );
	private const STATES       = array(
		'success' => array( 'succeeded' ),
		'failed'  => array( 'failed', 'held' ),
		'pending' => array( 'pending' ),
	);

	public function __construct(
		private Connection $db,
		private Schema $schema,
		private Keyring $keyring,
		private Statistics $statistics
	) {
	}

	/**
	 * Adds attempts. Each: delivery, webhook, event (sequence), type, record_id, number, driver, state, trace.
	 *
	 * @throws DatabaseError
	 */
	public function add( array $attempts ): void {
		foreach ( array_chunk( $attempts, 32 ) as $some ) {
			$rows   = array();
			$values = array();
			foreach ( $some as $attempt ) {
				$columns = $this->columns( $attempt );
				$rows[]  = '(?)';
				$values[] = array_values( $columns );
			}
			if ( $rows ) {
				$this->db->run(
					"INSERT INTO `{$this->schema->table( 'attempts' )}` (" . implode( ', ', array_keys( $columns ) ) . ') VALUES '
					. implode( ', ', $rows ),
					$values
				);
			}
		}
	}

	/** Logs a test send, and gives its id. @throws DatabaseError */
	public function recordTest( int $webhook, string $type, array $trace ): int {
		$this->add(
			array(
				array(
					'delivery' => 0,
					'webhook'  => $webhook,
					'event'    => 0,
					'type'     => $type,
					'number'   => 1,
					'driver'   => 'test',
					'state'    => empty( $trace['succeeded'] ) ? 'failed' : 'succeeded',
					'trace'    => $trace,
				),
			)
		);
		return $this->db->insertId();
	}

	/**
	 * Attempts without request and response, the newest first. Filters: webhook (int), status ('success', 'failed',
	 * 'pending'), from, to (UTC). Items: id, delivery, webhook, webhook_name (?string), event (sequence), type, record_id
	 * (?int), number, driver, started_at (UTC), state, outcome ('success', 'failed', 'pending'), status (?int), error_code,
	 * error, peer, http_version, dns_us, connect_us, tls_us, first_byte_us, total_us, reused (bool).
	 *
	 * @return array{items: array<int, array>, total: int}
	 * @throws DatabaseError
	 */
	public function page( array $filters, int $page, int $perPage ): array {
		list( $where, $values ) = $this->where( $filters );
		$perPage                = max( 1, min( 500, $perPage ) );
		$rows                   = $this->db->rows(
			$this->select() . " WHERE $where ORDER BY a.id DESC LIMIT ? OFFSET ?",
			array( ...$values, $perPage, ( max( 1, $page ) - 1 ) * $perPage )
		);
		return array(
			'items' => array_map( array( self::class, 'item' ), $rows ),
			'total' => (int) $this->db->value(
				"SELECT COUNT(*) FROM `{$this->schema->table( 'attempts' )}` a WHERE $where",
				$values
			),
		);
	}

	/**
	 * One attempt, as in page(), and 'trace' (as Engine::test() gives it, or null when it has been removed or can't be
	 * opened), 'event_id' (?string).
	 *
	 * @throws DatabaseError
	 */
	public function find( int $id ): ?array {
		$row = $this->db->row( $this->select( ', a.trace' ) . ' WHERE a.id = ?', array( $id ) );
		if ( null === $row ) {
			return null;
		}
		return self::item( $row ) + array(
			'trace'    => $this->trace( $row ),
			'event_id' => $this->db->value(
				"SELECT id FROM `{$this->schema->table( 'events' )}` WHERE sequence = ?",
				array( (int) $row['event'] )
			),
		);
	}

	/** Those of them that filters (webhooks, clinics) let through. @param int[] $ids @return int[] @throws DatabaseError */
	public function among( array $ids, array $filters ): array {
		list( $where, $values ) = $this->where( $filters );
		return array_map(
			'intval',
			$this->db->column( "SELECT a.id FROM `{$this->schema->table( 'attempts' )}` a WHERE $where AND a.id IN (?) ORDER BY a.id", array( ...$values, $ids ) )
		);
	}

	/** @param int[] $ids @throws DatabaseError */
	public function delete( array $ids ): void {
		$ids = array_values( array_unique( array_map( 'intval', $ids ) ) );
		sort( $ids );
		foreach ( array_chunk( $ids, 500 ) as $some ) {
			$this->db->run( "DELETE FROM `{$this->schema->table( 'attempts' )}` WHERE id IN (?)", array( $some ) );
		}
	}

	/** Removes what is older than so many days, and says how much that was. @throws DatabaseError */
	public function clear( int $days ): int {
		$removed = 0;
		do {
			$this->db->run(
				"DELETE FROM `{$this->schema->table( 'attempts' )}`"
				. ' WHERE started_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY ORDER BY started_at LIMIT 1000',
				array( max( 0, $days ) )
			);
			$removed += $this->db->affected();
		} while ( 1000 === $this->db->affected() );
		return $removed;
	}

	/**
	 * For the cards on KiviCare's dashboard; dates in UTC. The rate counts attempts that ended a delivery.
	 *
	 * @return array{active_webhooks: int, success_rate: float, failed_deliveries: int, events_today: int}
	 * @throws DatabaseError
	 */
	public function statistics( ?string $from = null, ?string $to = null, ?int $webhook = null, ?array $webhooks = null ): array {
		if ( null !== $webhooks ) {
			return $this->statisticsOf( $webhooks, $from, $to );
		}
		$sums  = $this->statistics->sums( $from, $to, $webhook );
		$ended = $sums['succeeded'] + $sums['failed'];
		$today = null === $webhook
			? $this->db->value( "SELECT COUNT(*) FROM `{$this->schema->table( 'events' )}` WHERE created_at >= UTC_DATE()" )
			: $this->db->value(
				"SELECT COUNT(*) FROM `{$this->schema->table( 'deliveries' )}` d"
				. " JOIN `{$this->schema->table( 'events' )}` e ON e.sequence = d.event"
				. ' WHERE d.webhook = ? AND e.created_at >= UTC_DATE()',
				array( $webhook )
			);
		return array(
			'active_webhooks'   => (int) $this->db->value(
				"SELECT COUNT(*) FROM `{$this->schema->table( 'webhooks' )}` WHERE active = 1"
			),
			'success_rate'      => $ended > 0 ? round( 100 * $sums['succeeded'] / $ended, 1 ) : 0.0,
			'failed_deliveries' => $sums['failed'],
			'events_today'      => (int) $today,
		);
	}

	/** The same, of some webhooks together. @param int[] $webhooks */
	private function statisticsOf( array $webhooks, ?string $from, ?string $to ): array {
		$sum = array( 'succeeded' => 0, 'failed' => 0, 'active' => 0, 'today' => 0 );
		foreach ( $webhooks as $webhook ) {
			$one               = $this->statistics->sums( $from, $to, $webhook );
			$sum['succeeded'] += $one['succeeded'];
			$sum['failed']    += $one['failed'];
			$sum['today']     += $this->statistics( $from, $to, $webhook )['events_today'];
		}
		$ended = $sum['succeeded'] + $sum['failed'];
		return array(
			'active_webhooks'   => $webhooks ? (int) $this->db->value(
				"SELECT COUNT(*) FROM `{$this->schema->table( 'webhooks' )}` WHERE active = 1 AND id IN (?)",
				array( $webhooks )
			) : 0,
			'success_rate'      => $ended > 0 ? round( 100 * $sum['succeeded'] / $ended, 1 ) : 0.0,
			'failed_deliveries' => $sum['failed'],
			'events_today'      => $sum['today'],
		);
	}

	private function select( string $more = '' ): string {
		return 'SELECT a.id, a.delivery, a.webhook, w.name AS webhook_name, a.event, a.type, a.record_id, a.number, a.driver,'
			. ' a.started_at, a.state, a.status, a.error_code, a.error, a.peer, a.http_version, a.dns_us, a.connect_us, a.tls_us,'
			. " a.first_byte_us, a.total_us, a.reused$more FROM `{$this->schema->table( 'attempts' )}` a"
			. " LEFT JOIN `{$this->schema->table( 'webhooks' )}` w ON w.id = a.webhook";
	}

	private function where( array $filters ): array {
		$where  = array( '1 = 1' );
		$values = array();
		if ( ! empty( $filters['webhook'] ) ) {
			$where[]  = 'a.webhook = ?';
			$values[] = (int) $filters['webhook'];
		}
		if ( isset( $filters['webhooks'] ) ) {
			$where[]  = 'a.webhook IN (?)';
			$values[] = array_map( 'intval', $filters['webhooks'] );
		}
		if ( isset( $filters['clinics'] ) ) {
			// Tests have no event.
			$where[]  = "(a.event = 0 OR EXISTS (SELECT 1 FROM `{$this->schema->table( 'events' )}` e WHERE e.sequence = a.event"
				. " AND CONCAT(',', e.clinic_ids, ',') REGEXP ?))";
			$values[] = ',(' . ( implode( '|', array_map( 'intval', $filters['clinics'] ) ) ?: 'none' ) . '),';
		}
		if ( isset( self::STATES[ $filters['status'] ?? '' ] ) ) {
			$where[]  = 'a.state IN (?)';
			$values[] = self::STATES[ $filters['status'] ];
		}
		foreach ( array( 'from' => 'a.started_at >= ?', 'to' => 'a.started_at <= ?' ) as $name => $term ) {
			$time = (string) ( $filters[ $name ] ?? '' );
			if ( 1 === preg_match( '/\A\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?\z/', $time ) ) {
				$where[]  = $term;
				$values[] = 'to' === $name ? Statistics::end( $time ) : $time;
			}
		}
		return array( implode( ' AND ', $where ), $values );
	}

	private static function item( array $row ): array {
		$outcome = 'pending';
		foreach ( self::STATES as $name => $states ) {
			$outcome = in_array( $row['state'], $states, true ) ? $name : $outcome;
		}
		$item = array( 'outcome' => $outcome );
		foreach ( $row as $name => $value ) {
			if ( 'trace' !== $name ) {
				$text          = in_array(
					$name,
					array( 'webhook_name', 'type', 'driver', 'started_at', 'state', 'error_code', 'error', 'peer', 'http_version' ),
					true
				);
				$item[ $name ] = $text || null === $value ? $value : (int) $value;
			}
		}
		$item['reused'] = (bool) $item['reused'];
		return $item;
	}

	private function columns( array $attempt ): array {
		$trace = (array) ( $attempt['trace'] ?? array() );
		$row   = array(
			'delivery'     => (int) $attempt['delivery'],
			'webhook'      => (int) $attempt['webhook'],
			'event'        => (int) ( $attempt['event'] ?? 0 ),
			'type'         => Text::ascii( (string) ( $attempt['type'] ?? '' ), 64 ),
			'record_id'    => isset( $attempt['record_id'] ) ? (int) $attempt['record_id'] : null,
			'number'       => max( 0, min( 65_535, (int) ( $attempt['number'] ?? 0 ) ) ),
			'driver'       => Text::ascii( (string) ( $attempt['driver'] ?? '' ), 10 ),
			'started_at'   => self::time( (string) ( $trace['started_at'] ?? '' ) ),
			'state'        => Text::ascii( (string) $attempt['state'], 10 ),
			'status'       => (int) ( $trace['status'] ?? 0 ) > 0 ? min( 65_535, (int) $trace['status'] ) : null,
			'error_code'   => Text::ascii( (string) ( $trace['error_code'] ?? '' ), 20 ),
			'error'        => Text::line( (string) ( $trace['error'] ?? '' ), 500 ),
			'peer'         => Text::ascii( (string) ( $trace['peer'] ?? '' ), 64 ),
			'http_version' => Text::ascii( (string) ( $trace['http_version'] ?? '' ), 8 ),
			'reused'       => ! empty( $trace['reused'] ),
		);
		foreach ( array( 'dns_us', 'connect_us', 'tls_us', 'first_byte_us', 'total_us' ) as $name ) {
			$row[ $name ] = max( 0, min( 4_294_967_295, (int) ( $trace[ $name ] ?? 0 ) ) );
		}
		$row['trace'] = $trace ? $this->sealed( $trace, $this->context( $row ) ) : null;
		return $row;
	}

	/** The attempt's own id is not known yet when it is sealed; these together name it just as well. */
	private function context( array $row ): string {
		return $this->keyring->context(
			'attempts',
			"{$row['delivery']}.{$row['webhook']}.{$row['number']}.{$row['started_at']}",
			'trace'
		);
	}

	/** Null where it can't be sealed: the row is worth keeping without it, and never in the clear. */
	private function sealed( array $trace, string $context ): ?string {
		foreach ( self::BODY_BYTES as $bytes ) {
			foreach ( array( 'request', 'response' ) as $side ) {
				if ( isset( $trace[ $side ]['body'] ) && strlen( (string) $trace[ $side ]['body'] ) > $bytes ) {
					$trace[ $side ]['body']      = substr( (string) $trace[ $side ]['body'], 0, $bytes );
					$trace[ $side ]['truncated'] = true;
				}
			}
			$json = json_encode(
				$trace,
				JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR
			);
			try {
				$sealed = $this->keyring->sealBody( Pack::pack( (string) $json ), $context );
			} catch ( Exception $error ) {
				return null;
			}
			if ( strlen( $sealed ) <= self::TRACE_BYTES ) {
				return $sealed;
			}
		}
		return null;
	}

	private function trace( array $row ): ?array {
		try {
			$trace = null === $row['trace']
				? null
				: json_decode( Pack::unpack( $this->keyring->open( $row['trace'], $this->context( $row ) ) ), true );
		} catch ( Exception $error ) {
			return null;
		}
		return is_array( $trace ) ? $trace : null;
	}

	/** A DATETIME(3) from ISO 8601; now, where there is none. */
	private static function time( string $iso ): string {
		return 1 === preg_match( '/\A(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,3})?\d*Z\z/', $iso, $found )
			? "{$found[1]} {$found[2]}" . str_pad( $found[3] ?? '.', 4, '0' )
			: gmdate( 'Y-m-d H:i:s.000' );
	}
}
