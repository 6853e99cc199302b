<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Rest\Own\Parts;
use KiviHook\WordPress\Store\Log;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Refused;
use KiviHook\WordPress\Webhooks\TableConfig;
use WP_REST_Request;
use WP_REST_Response;

/** kivicare/v1/webhook-logs…: what KiviCare's Events Log screen asks for. */
final class LogsController {

	private const STATES = array( 'success', 'failed', 'pending' );

	private const MAX_EXPORTED_ROWS = 10000;

	public function __construct( private Parts $parts, private Log $log, private Catalogue $catalogue ) {
	}

	public function index( WP_REST_Request $request ): WP_REST_Response {
		list( $page, $per_page ) = Input::page( $request );
		$found                   = $this->log->page( $this->filter( $request ), $page, $per_page );
		return Envelope::ok(
			array(
				'logs'       => array_map( array( $this, 'detailed' ), $found['items'] ),
				'pagination' => Input::pagination( $page, $per_page, $found['total'] ),
			)
		);
	}

	public function show( WP_REST_Request $request ): WP_REST_Response {
		$attempt = $this->visible( array( Input::id( $request ) ) ) ? $this->log->find( Input::id( $request ) ) : null;
		if ( null === $attempt ) {
			throw new Refused( __( 'There is no such log entry (any more).', 'kivihook' ), 404 );
		}
		return Envelope::ok( $this->row( $attempt ) );
	}

	public function delete( WP_REST_Request $request ): WP_REST_Response {
		$id = Input::id( $request );
		$this->log->delete( $this->visible( array( $id ) ) );
		return Envelope::ok( array( 'id' => $id ), __( 'Log entry deleted.', 'kivihook' ) );
	}

	public function bulkDelete( WP_REST_Request $request ): WP_REST_Response {
		$ids = Input::ids( $request );
		$this->log->delete( $this->visible( $ids ) );
		return Envelope::ok( array( 'ids' => $ids ), __( 'Log entries deleted.', 'kivihook' ) );
	}

	/**
	 * Those that this person may see.
	 *
	 * @param int[] $ids
	 * @return int[]
	 */
	private function visible( array $ids ): array {
		$bounds = $this->parts->bounds();
		return null === $bounds ? $ids : $this->log->among( $ids, $bounds );
	}

	public function clear( WP_REST_Request $request ): WP_REST_Response {

		$days = $request->get_param( 'days' ) ?? 30;
		$days = is_bool( $days ) ? false : filter_var( $days, FILTER_VALIDATE_INT );
		if ( false === $days || $days < 1 || $days > 3650 ) {
			throw new Refused( __( 'days must be a whole number from 1 to 3650.', 'kivihook' ), 400 );
		}
		return Envelope::ok(
			array( 'deleted' => $this->removeOlder( $days ) ),
			sprintf(
				/* translators: %d: a number of days */
				_n(
					'Log entries older than %d day deleted.',
					'Log entries older than %d days deleted.',
					$days,
					'kivihook'
				),
				$days
			)
		);
	}

	/** The whole log's, or what somebody who is no administrator sees of it. */
	private function removeOlder( int $days ): int {
		$bounds = $this->parts->bounds();
		if ( null === $bounds ) {
			return $this->log->clear( $days );
		}
		$removed = 0;
		$bounds += array( 'to' => gmdate( 'Y-m-d H:i:s', time() - $days * DAY_IN_SECONDS ) );
		do {
			$ids = array_column( $this->log->page( $bounds, 1, 500 )['items'], 'id' );
			$this->log->delete( Value::numbers( $ids ) );
			$removed += count( $ids );
		} while ( array() !== $ids );
		return $removed;
	}

	public function stats( WP_REST_Request $request ): WP_REST_Response {
		$counts = $this->log->counts( $this->filter( $request ) );
		$ended = $counts['success'] + $counts['failed'];
		return Envelope::ok(
			array( 'total' => array_sum( $counts ) ) + $counts + array(
				'success_rate' => 0 === $ended ? 0 : round( 100 * $counts['success'] / $ended, 1 ),
			)
		);
	}

	/** What happened, without what was sent: a table that leaves the building holds no patient data. */
	public function export( WP_REST_Request $request ): WP_REST_Response {
		$filter = $this->filter( $request );
		$rows   = array();
		for ( $page = 1; count( $rows ) < self::MAX_EXPORTED_ROWS; $page++ ) {
			$found = $this->log->page( $filter, $page, 100 );
			foreach ( $found['items'] as $attempt ) {
				$row    = $this->row( $attempt );
				$rows[] = array(
					$row['id'],
					$row['webhook_id'],
					$row['webhook_name'],
					$row['event_type'],
					$row['status'],
					$row['attempt'],
					$row['response_code'],
					$row['execution_time'],
					$row['created_at'],
					$row['error_message'],
				);
			}
			if ( $page * 100 >= $found['total'] ) {
				break;
			}
		}
		return Envelope::ok(
			array(
				'filename'  => 'webhook-logs-' . gmdate( 'Y-m-d' ) . '.csv',
				'mime_type' => 'text/csv; charset=utf-8',
				'rows'      => count( $rows ),
				'content'   => Csv::text(
					array(
						'id',
						'webhook_id',
						'webhook_name',
						'event_type',
						'status',
						'attempt',
						'response_code',
						'execution_time_ms',
						'created_at',
						'error_message',
					),
					$rows
				),
			)
		);
	}

	/**
	 * The screen's detail window asks for nothing more: what was sent and answered has to be in the list's row.
	 *
	 * @param array<string, mixed> $item
	 * @return array<string, mixed>
	 */
	private function detailed( array $item ): array {
		return $this->row( $this->log->find( Value::number( $item['id'] ) ) ?? $item );
	}

	/**
	 * The event is called here as it is in KiviCare's list of webhooks.
	 *
	 * @param array<string, mixed> $attempt
	 * @return array<string, mixed>
	 */
	private function row( array $attempt ): array {
		$row   = LogRow::of( $attempt );
		$event = $this->catalogue->event( Value::text( $row['event_type'] ) );
		if ( null !== $event ) {
			$row['event_type'] = TableConfig::value( $event );
		}
		return $row;
	}

	/** @return array{webhook?: int, status?: string, from?: string, to?: string} */
	private function filter( WP_REST_Request $request ): array {
		$filter  = $this->parts->bounds() ?? array();
		$webhook = $request->get_param( 'webhook_id' );
		if ( null !== $webhook && '' !== $webhook ) {
			$webhook = is_bool( $webhook ) ? false : filter_var( $webhook, FILTER_VALIDATE_INT );
			if ( false === $webhook || $webhook < 1 ) {
				throw new Refused( __( 'webhook_id must be a number.', 'kivihook' ), 400 );
			}
			$filter['webhook'] = $webhook;
		}
		$status = $request->get_param( 'status' );
		if ( null !== $status && '' !== $status ) {
			if ( ! in_array( $status, self::STATES, true ) ) {
				throw new Refused( __( 'status must be success, failed or pending.', 'kivihook' ), 400 );
			}
			$filter['status'] = $status;
		}
		list( $from, $to ) = Input::range( $request, 'date_from', 'date_to' );
		if ( null !== $from ) {
			$filter['from'] = $from;
		}
		if ( null !== $to ) {
			$filter['to'] = $to;
		}
		return $filter;
	}
}
