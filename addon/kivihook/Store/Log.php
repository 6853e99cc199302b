<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Store;

use KiviHook\Exception;
use KiviHook\WordPress\Operations\Journal;
use KiviHook\WordPress\Seal\Keyring;
use KiviHook\WordPress\Value;

/**
 * The log: one row per attempt, its request and response sealed with the key of the day.
 *
 * @phpstan-type Attempt array{delivery: int, webhook: int, event?: int, type?: string, record_id?: int|string|null, number?: int, driver?: string, state: string, trace?: array<string, mixed>}
 */
final class Log {

	/** Of one stored value; see EventWriter::PART_BYTES. */
	private const TRACE_BYTES  = 32_768;
	private const ROWS_AT_ONCE = 128;
	/** How much of a request's and a response's body is kept, less where it would not fit. */
	private const BODY_BYTES   = array( 16_384, 8_192, 4_096, 1_024, 0 );
	/** What became of the delivery, as it stands in the column `outcome`. */
	private const OUTCOMES     = array( 'success', 'failed', 'pending' );

	/** Pages end here, and counts. */
	public const MOST   = 10_000;
	/** A total is counted so far beyond the page: turning pages leads on. */
	private const AHEAD = 1_000;

	public function __construct(
		private Connection $db,
		private Schema $schema,
		private Keyring $keyring,
		private Statistics $statistics,
		private ?Journal $journal = null
	) {
	}

	/**
	 * Adds attempts. Each: delivery, webhook, event (sequence), type, record_id, number, driver, state, trace.
	 *
	 * @param list<Attempt> $attempts
	 * @throws DatabaseError
	 */
	public function add( array $attempts ): void {
		$this->tell( $attempts );
		foreach ( array_chunk( $attempts, self::ROWS_AT_ONCE ) as $some ) {
			$this->db->run( ...$this->insert( $some ) );
		}
	}

	/**
	 * The same for many: the last statement's end is not waited for.
	 *
	 * @param list<Attempt> $attempts
	 * @param \Closure(DatabaseError):void $failed
	 * @throws DatabaseError
	 */
	public function addLater( array $attempts, \Closure $failed ): void {
		$this->tell( $attempts );
		foreach ( array_chunk( $attempts, self::ROWS_AT_ONCE ) as $some ) {
			$insert = $this->insert( $some );
			$this->db->begin( $insert[0], $insert[1], $failed );
		}
	}

	/**
	 * PHP's error log first: it is to be had when the table is not.
	 *
	 * @param list<Attempt> $attempts
	 */
	private function tell( array $attempts ): void {
		if ( null !== $this->journal ) {
			array_map( array( $this->journal, 'attempt' ), $attempts );
		}
	}

	/**
	 * @param non-empty-list<array> $attempts
	 * @return array{string, list<mixed>} statement, values
	 */
	private function insert( array $attempts ): array {
		$rows   = array_map( array( $this, 'columns' ), $attempts );
		$values = array_map( 'array_values', $rows );
		return array(
			"INSERT INTO `{$this->schema->table( 'attempts' )}` (" . implode( ', ', array_keys( $rows[0] ) ) . ') VALUES '
				. implode( ', ', array_fill( 0, count( $values ), '(?)' ) ),
			$values,
		);
	}

	/**
	 * Logs a test send, and gives its id.
	 *
	 * @param array<string, mixed> $trace
	 * @throws DatabaseError
	 */
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
	 * Attempts without request and response, the newest first. Filters: webhook (int), webhooks (int[]), status ('success',
	 * 'failed', 'pending'), type (dotted id), record (int), delivery (int), from, to (UTC). Items: id, delivery, webhook,
	 * webhook_name (?string), event (sequence), type, record_id (?int), number, driver, started_at (UTC), state, outcome
	 * ('success', 'failed', 'pending'), status (?int), error_code, error, peer, http_version, dns_us, connect_us, tls_us,
	 * first_byte_us, total_us, reused (bool). The total is counted to AHEAD rows after the page, to
	 * MOST at most; later pages are empty.
	 *
	 * @param array<string, mixed> $filters
	 * @return array{items: list<array<string, mixed>>, total: int}
	 * @throws DatabaseError
	 */
	public function page( array $filters, int $page, int $perPage ): array {
		list( $where, $values ) = $this->where( $filters );
		$perPage                = max( 1, min( 500, $perPage ) );
		$offset                 = ( max( 1, $page ) - 1 ) * $perPage;
		$from                   = $this->from( $where );
		// The ids first, from an index alone where there is one: rows that are skipped are never read.
		$ids = $offset >= self::MOST ? array() : $this->db->column(
			"SELECT a.id $from ORDER BY a.id DESC LIMIT ? OFFSET ?",
			array( ...$values, min( $perPage, self::MOST - $offset ), $offset )
		);
		return array(
			'items' => $this->items( $ids ),
			'total' => $this->count( $where, $values, min( self::MOST, $offset + $perPage + self::AHEAD ) ),
		);
	}

	private function from( string $where ): string {
		return "FROM `{$this->schema->table( 'attempts' )}` a WHERE $where";
	}

	/** @param mixed[] $values */
	private function count( string $where, array $values, int $most ): int {
		return (int) $this->db->value( "SELECT COUNT(*) FROM (SELECT 1 {$this->from( $where )} LIMIT $most) AS found", $values );
	}

	/**
	 * How many attempts of each outcome there are; where that is more than MOST, how many the hourly statistics
	 * counted in that time, which know webhooks and times only.
	 *
	 * @param array<string, mixed> $filters
	 * @return array{success: int, failed: int, pending: int}
	 * @throws DatabaseError
	 */
	public function counts( array $filters ): array {
		$counts = array();
		foreach ( self::OUTCOMES as $status ) {
			list( $where, $values ) = $this->where( array( 'status' => $status ) + $filters );
			$counts[ $status ]      = $this->count( $where, $values, self::MOST );
		}
		// Statistics know no clinics: who sees only some gets no more than was counted for them.
		if ( max( $counts ) < self::MOST || isset( $filters['webhooks'] ) || isset( $filters['clinics'] ) ) {
			return $counts;
		}
		$sums = $this->statistics->sums( self::bound( $filters['from'] ?? '' ), self::bound( $filters['to'] ?? '' ), empty( $filters['webhook'] ) ? null : Value::number( $filters['webhook'] ) );
		return array(
			'success' => max( $counts['success'], $sums['succeeded'] ),
			'failed'  => max( $counts['failed'], $sums['failed'] ),
			'pending' => max( $counts['pending'], $sums['retried'] ),
		);
	}

	/**
	 * The attempts of a delivery, the newest first, as in page(), each with 'trace'.
	 *
	 * @return list<array<string, mixed>>
	 * @throws DatabaseError
	 */
	public function ofDelivery( int $delivery, int $limit = 100 ): array {
		return array_map(
			fn ( array $row ): array => self::item( $row ) + array( 'trace' => $this->trace( $row ) ),
			$this->db->rows(
				$this->select( ', a.trace' ) . ' WHERE a.delivery = ? ORDER BY a.id DESC LIMIT ?',
				array( $delivery, max( 1, min( 500, $limit ) ) )
			)
		);
	}

	/**
	 * One attempt, as in page(), and 'trace' (as Engine::test() gives it, or null when it has been removed or can't be
	 * opened), 'event_id' (?string).
	 *
	 * @return array<string, mixed>|null
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

	/**
	 * Those of them that filters (webhooks, clinics) let through.
	 *
	 * @param int[] $ids
	 * @param array<string, mixed> $filters
	 * @return int[]
	 * @throws DatabaseError
	 */
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
		$table   = $this->schema->table( 'attempts' );
		$before  = gmdate( 'Y-m-d H:i:s', time() - max( 0, $days ) * 86_400 );
		$last    = ( new IdRange( $this->db, $this->schema ) )->between( 'attempts', 'id', 'started_at', null, $before )[1];
		$removed = 0;
		for ( $after = 0; ; ) {
			$ids = array_map(
				'intval',
				$this->db->column(
					"SELECT id FROM `$table` WHERE id > ? AND id <= ? AND started_at < ? ORDER BY id LIMIT 1000",
					array( $after, $last, $before )
				)
			);
			if ( ! $ids ) {
				return $removed;
			}
			$this->db->run( "DELETE old FROM `$table` old FORCE INDEX (PRIMARY) WHERE id IN (?)", array( $ids ) );
			$removed += $this->db->affected();
			$after    = end( $ids );
		}
	}

	private function select( string $more = '' ): string {
		return 'SELECT a.id, a.delivery, a.webhook, w.name AS webhook_name, a.event, a.type, a.record_id, a.number, a.driver,'
			. ' a.started_at, a.state, a.status, a.error_code, a.error, a.peer, a.http_version, a.dns_us, a.connect_us, a.tls_us,'
			. " a.first_byte_us, a.total_us, a.reused$more FROM `{$this->schema->table( 'attempts' )}` a"
			. " LEFT JOIN `{$this->schema->table( 'webhooks' )}` w ON w.id = a.webhook";
	}

	/**
	 * @param array<int, int|string|null> $ids in the order of the list
	 * @return list<array<string, mixed>>
	 */
	private function items( array $ids ): array {
		$rows = array();
		foreach ( $ids ? $this->db->rows( $this->select() . ' WHERE a.id IN (?)', array( array_map( 'intval', $ids ) ) ) : array() as $row ) {
			$rows[ (int) $row['id'] ] = self::item( $row );
		}
		krsort( $rows );
		return array_values( $rows );
	}

	/**
	 * @param array<string, mixed> $filters
	 * @return array{string, list<mixed>}
	 */
	private function where( array $filters ): array {
		$where  = array( '1 = 1' );
		$values = array();
		foreach ( array( 'webhook' => 'a.webhook = ?', 'delivery' => 'a.delivery = ?', 'record' => 'a.record_id = ?' ) as $name => $term ) {
			if ( ! empty( $filters[ $name ] ) ) {
				$where[]  = $term;
				$values[] = Value::number( $filters[ $name ] );
			}
		}
		if ( isset( $filters['webhooks'] ) ) {
			$where[]  = 'a.webhook IN (?)';
			$values[] = Value::numbers( $filters['webhooks'] );
		}
		if ( isset( $filters['clinics'] ) ) {
			// Tests have no event.
			$where[]  = "(a.event = 0 OR EXISTS (SELECT 1 FROM `{$this->schema->table( 'events' )}` e WHERE e.sequence = a.event"
				. " AND CONCAT(',', e.clinic_ids, ',') REGEXP ?))";
			$values[] = ',(' . ( implode( '|', Value::numbers( $filters['clinics'] ) ) ?: 'none' ) . '),';
		}
		if ( '' !== Value::text( $filters['type'] ?? '' ) ) {
			$where[]  = 'a.type = ?';
			$values[] = Value::text( $filters['type'] );
		}
		$outcome = array_search( $filters['status'] ?? null, self::OUTCOMES, true );
		if ( false !== $outcome ) {
			$where[]  = 'a.outcome = ?';
			$values[] = $outcome;
		}
		list( $from, $to ) = array( self::bound( $filters['from'] ?? '' ), Statistics::end( self::bound( $filters['to'] ?? '' ) ) );
		if ( null !== $from || null !== $to ) {
			$where[] = 'a.id BETWEEN ? AND ?';
			array_push( $values, ...( new IdRange( $this->db, $this->schema ) )->between( 'attempts', 'id', 'started_at', $from, $to ) );
		}
		foreach ( array( 'a.started_at >= ?' => $from, 'a.started_at <= ?' => $to ) as $term => $time ) {
			if ( null !== $time ) {
				$where[]  = $term;
				$values[] = $time;
			}
		}
		return array( implode( ' AND ', $where ), $values );
	}

	private static function bound( mixed $time ): ?string {
		return is_string( $time ) && 1 === preg_match( '/\A\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?\z/', $time ) ? $time : null;
	}

	private static function outcome( string $state ): int {
		return array( 'succeeded' => 0, 'pending' => 2 )[ $state ] ?? 1;
	}

	/**
	 * @param array<string, string|null> $row
	 * @return array<string, mixed>
	 */
	private static function item( array $row ): array {
		$item = array( 'outcome' => self::OUTCOMES[ self::outcome( (string) $row['state'] ) ] );
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

	/**
	 * @param Attempt $attempt
	 * @return array<string, scalar|null>
	 */
	private function columns( array $attempt ): array {
		$trace = $attempt['trace'] ?? array();
		$row   = array(
			'delivery'     => (int) $attempt['delivery'],
			'webhook'      => (int) $attempt['webhook'],
			'event'        => (int) ( $attempt['event'] ?? 0 ),
			'type'         => Text::ascii( (string) ( $attempt['type'] ?? '' ), 64 ),
			'record_id'    => isset( $attempt['record_id'] ) ? (int) $attempt['record_id'] : null,
			'number'       => max( 0, min( 65_535, (int) ( $attempt['number'] ?? 0 ) ) ),
			'driver'       => Text::ascii( (string) ( $attempt['driver'] ?? '' ), 10 ),
			'started_at'   => self::time( Value::text( $trace['started_at'] ?? '' ) ),
			'state'        => Text::ascii( (string) $attempt['state'], 10 ),
			'outcome'      => self::outcome( (string) $attempt['state'] ),
			'status'       => Value::number( $trace['status'] ?? 0 ) > 0 ? min( 65_535, Value::number( $trace['status'] ) ) : null,
			'error_code'   => Text::ascii( Value::text( $trace['error_code'] ?? '' ), 20 ),
			'error'        => Text::line( Value::text( $trace['error'] ?? '' ), 500 ),
			'peer'         => Text::ascii( Value::text( $trace['peer'] ?? '' ), 64 ),
			'http_version' => Text::ascii( Value::text( $trace['http_version'] ?? '' ), 8 ),
			'reused'       => ! empty( $trace['reused'] ),
		);
		foreach ( array( 'dns_us', 'connect_us', 'tls_us', 'first_byte_us', 'total_us' ) as $name ) {
			$row[ $name ] = max( 0, min( 4_294_967_295, Value::number( $trace[ $name ] ?? 0 ) ) );
		}
		$row['trace'] = $trace ? $this->sealed( $trace, $this->context( $row ) ) : null;
		return $row;
	}

	/**
	 * The attempt's own id is not known yet when it is sealed; these together name it just as well.
	 *
	 * @param array<string, scalar|null> $row
	 */
	private function context( array $row ): string {
		return $this->keyring->context(
			'attempts',
			"{$row['delivery']}.{$row['webhook']}.{$row['number']}.{$row['started_at']}",
			'trace'
		);
	}

	/**
	 * Null where it can't be sealed: the row is worth keeping without it, and never in the clear.
	 *
	 * @param array<string, mixed> $trace
	 */
	private function sealed( array $trace, string $context ): ?string {
		foreach ( self::BODY_BYTES as $bytes ) {
			foreach ( array( 'request', 'response' ) as $side ) {
				$part = Value::map( $trace[ $side ] ?? null );
				$body = Value::text( $part['body'] ?? null );
				if ( strlen( $body ) > $bytes ) {
					$trace[ $side ] = array( 'body' => substr( $body, 0, $bytes ), 'truncated' => true ) + $part;
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

	/**
	 * @param array<string, string|null> $row
	 * @return array<string, mixed>|null
	 */
	private function trace( array $row ): ?array {
		try {
			$trace = null === $row['trace']
				? null
				: json_decode( Pack::unpack( $this->keyring->open( $row['trace'], $this->context( $row ) ) ), true );
		} catch ( Exception $error ) {
			return null;
		}
		return is_array( $trace ) ? Value::map( $trace ) : null;
	}

	/** A DATETIME(3) from ISO 8601; now, where there is none. */
	private static function time( string $iso ): string {
		return 1 === preg_match( '/\A(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,3})?\d*Z\z/', $iso, $found )
			? "{$found[1]} {$found[2]}" . str_pad( $found[3] ?? '.', 4, '0' )
			: gmdate( 'Y-m-d H:i:s.000' );
	}
}
