<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Rest\Access;
use KiviHook\WordPress\Rest\Csv;
use KiviHook\WordPress\Store\Address;
use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Store\DeliveryList;
use KiviHook\WordPress\Store\Moment;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Editor\Trial;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;
use WP_REST_Response;

/**
 * kivihook/v1/deliveries: what became of each, send again, or not at all.
 *
 * @phpstan-import-type Delivery from DeliveryList
 */
final class DeliveryRoutes {

	private const MOST_EXPORTED = 10_000;
	private const EXPORTED      = array( 'id', 'message_id', 'event', 'record_id', 'happened_at', 'webhook_id', 'webhook', 'state', 'attempts', 'status', 'error', 'updated_at' );

	public function __construct( private Parts $parts ) {
	}

	public function index( WP_REST_Request $request ): WP_REST_Response {
		$per_page = max( 1, min( 100, Value::number( $request->get_param( 'per_page' ) ?? 25 ) ) );
		$found    = $this->list()->page( $this->filters( $request ), $per_page, Ask::text( $request, 'cursor' ) );
		return Answer::ok( array( 'items' => array_map( array( $this, 'item' ), $found['items'] ) ) + $found );
	}

	/** With its attempts, as they were logged: redacted. */
	public function show( WP_REST_Request $request ): WP_REST_Response {
		$id = Value::number( $request['id'] );
		if ( array() === $this->parts->visible( array( $id ) ) ) {
			throw Refused::missing( __( 'There is no such delivery (any more).', 'kivihook' ) );
		}
		$delivery = $this->list()->find( $id );
		if ( null === $delivery ) {
			throw Refused::missing( __( 'There is no such delivery (any more).', 'kivihook' ) );
		}
		$waits   = in_array( $delivery['state'], array( 'pending', 'leased' ), true );
		$webhook = $this->parts->plugin->webhooks()->find( $delivery['webhook'] );
		return Answer::ok(
			$this->item( $delivery ) + array(
				'attempts'      => array_map( array( self::class, 'attempt' ), $this->parts->plugin->log()->ofDelivery( $id ) ),
				'next_try'      => $waits && null !== $delivery['due_at'] ? array(
					'at'     => Moment::iso( $delivery['due_at'] ),
					'number' => $delivery['attempt'] + 1,
				) : null,
				'waiting_for'   => $this->waitingFor( $delivery ),
				'first_failure' => null === $webhook ? null : $this->parts->health()->of( array( $webhook ) )[ $webhook->id ]['first_failure'],
			)
		);
	}

	/** What happened, without what was sent: a table that leaves the building holds no patient data. */
	public function export( WP_REST_Request $request ): WP_REST_Response {
		$filters = $this->filters( $request );
		$items   = array();
		$after   = '';
		do {
			$page  = $this->list()->page( $filters, 500, $after );
			$after = (string) $page['next'];
			array_push( $items, ...$page['items'] );
		} while ( '' !== $after && count( $items ) < self::MOST_EXPORTED );
		$truncated = '' !== $after || count( $items ) > self::MOST_EXPORTED;
		$rows      = array_map( array( self::class, 'exported' ), array_slice( $items, 0, self::MOST_EXPORTED ) );
		$json      = 'json' === $request->get_param( 'format' );
		$header    = self::EXPORTED;
		$this->parts->audit()->add( 'delivery.exported', 0, '', self::count( count( $rows ) ) );
		return Answer::ok(
			array(
				'filename'  => 'kivihook-deliveries-' . gmdate( 'Y-m-d' ) . ( $json ? '.json' : '.csv' ),
				'mime_type' => $json ? 'application/json' : 'text/csv; charset=utf-8',
				'rows'      => count( $rows ),
				'truncated' => $truncated,
				'content'   => $json
					? (string) wp_json_encode( $rows, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) . "\n"
					: Csv::text( $header, array_map( 'array_values', $rows ) ),
			)
		);
	}

	/** Lets go what is held because the webhook's host has changed. */
	public function confirm( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( Value::number( $request['id'] ) );
		$freed   = $this->parts->plugin->webhooks()->confirm( $webhook->id );
		$this->parts->sendNow( array( $webhook->id ) );
		$this->parts->audit()->add( 'webhook.host_confirmed', $webhook->id, $webhook->name, self::count( $freed ) );
		return Answer::ok(
			array(
				'resent'  => $freed,
				'skipped' => 0,
			)
		);
	}

	public function resend( WP_REST_Request $request ): WP_REST_Response {
		$ids     = Ask::ids( $request );
		$visible = $this->parts->visible( $ids );
		$result  = $this->parts->plugin->deliveries()->resend( $visible );
		$this->parts->sendNow( $this->parts->plugin->deliveries()->webhooks( $visible ) );
		$this->note( 'delivery.resent', $result['resent'], $ids );
		return Answer::ok(
			array(
				'resent'  => $result['resent'],
				'skipped' => count( $ids ) - $result['resent'],
			)
		);
	}

	public function cancel( WP_REST_Request $request ): WP_REST_Response {
		$ids       = Ask::ids( $request );
		$cancelled = $this->parts->plugin->deliveries()->cancel( $this->parts->visible( $ids ) );
		$this->note( 'delivery.cancelled', $cancelled, $ids );
		return Answer::ok( array( 'cancelled' => $cancelled ) );
	}

	/** `since`: events from this time on (ISO 8601, or words such as "2 hours ago"; without a zone UTC); without it all that are kept. */
	public function resendFailed( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( Value::number( $request['id'] ) );
		$sent    = Ask::text( $request, 'since' );
		$since   = '' === $sent ? '' : Deliveries::since( $sent );
		if ( '' === $since && '' !== $sent ) {
			throw new Refused( __( 'since must be a time such as 2026-11-23T08:00:00Z.', 'kivihook' ), 400 );
		}
		if ( ! $webhook->active ) {
			throw new Refused( __( 'This webhook is switched off: switch it on first.', 'kivihook' ), 409 );
		}
		$result = $this->parts->plugin->deliveries()->resendFailed( $webhook->id, $since );
		$this->parts->sendNow( array( $webhook->id ) );
		$this->parts->audit()->add( 'webhook.resent_failed', $webhook->id, $webhook->name, self::count( $result['resent'] ) );
		return Answer::ok( $result );
	}

	public function cancelWaiting( WP_REST_Request $request ): WP_REST_Response {
		$webhook   = $this->parts->webhook( Value::number( $request['id'] ) );
		$cancelled = $this->parts->plugin->deliveries()->cancelWaiting( $webhook->id );
		$this->parts->audit()->add( 'webhook.cancelled_waiting', $webhook->id, $webhook->name, self::count( $cancelled ) );
		return Answer::ok( array( 'cancelled' => $cancelled ) );
	}

	/** @return array<string, mixed> As DeliveryList takes them, within what this person may see. */
	private function filters( WP_REST_Request $request ): array {
		$bounds  = $this->parts->bounds();
		$webhook = $request->get_param( 'webhook' );
		$filters = $bounds ?? array();
		if ( null !== $webhook ) {
			$filters['webhooks'] = null === $bounds || in_array( Value::number( $webhook ), $bounds['webhooks'], true ) ? array( Value::number( $webhook ) ) : array();
		}
		$states = array_filter( explode( ',', Ask::text( $request, 'state' ) ), static fn ( string $part ): bool => '' !== $part );
		if ( array_diff( $states, DeliveryList::STATES ) ) {
			/* translators: %s: a list of words */
			throw new Refused( sprintf( __( 'state must be some of these: %s.', 'kivihook' ), implode( ', ', DeliveryList::STATES ) ), 400 );
		}
		if ( $states ) {
			$filters['states'] = array_values( $states );
		}
		$event = Ask::text( $request, 'event' );
		if ( '' !== $event ) {
			$filters['type'] = $this->parts->plugin->catalogue()->event( $event )->id ?? $event;
		}
		if ( null !== $request->get_param( 'record' ) ) {
			$filters['record'] = Value::number( $request->get_param( 'record' ) );
		}
		foreach ( array( 'from', 'to' ) as $name ) {
			$sent = Ask::text( $request, $name );
			$time = '' === $sent ? null : Moment::utc( $sent, 'to' === $name );
			if ( '' !== $sent && null === $time ) {
				/* translators: %s: a parameter's name */
				throw new Refused( sprintf( __( '%s must be a time such as 2026-11-23T08:00:00Z, or a day.', 'kivihook' ), $name ), 400 );
			}
			if ( null !== $time ) {
				$filters[ $name ] = substr( $time, 0, 19 );
			}
		}
		// What people copy is the delivery's own id: the event's, and the webhook's number behind it.
		$text = Ask::text( $request, 'text' );
		if ( 1 === preg_match( '/\A([0-9a-f-]{36})_(\d+)\z/i', $text, $found ) ) {
			$text                = $found[1];
			$filters['webhooks'] = array_values( array_intersect( $filters['webhooks'] ?? array( (int) $found[2] ), array( (int) $found[2] ) ) );
		}
		if ( '' !== $text ) {
			$filters['text'] = 1 === preg_match( '/\A[0-9A-Fa-f-]{36}\z/', $text ) ? strtolower( $text ) : mb_substr( $text, 0, 200 );
		}
		return $filters;
	}

	/**
	 * @param Delivery $delivery
	 * @return array<string, mixed>
	 */
	private function item( array $delivery ): array {
		$event  = $this->parts->plugin->catalogue()->event( (string) $delivery['type'] );
		$exists = null !== $delivery['webhook_name'];
		return array(
			'id'          => $delivery['id'],
			'message_id'  => "{$delivery['event_id']}_{$delivery['webhook']}",
			'event'       => array(
				'id'         => Value::text( $delivery['event_id'] ),
				'sequence'   => $delivery['event'],
				'type'       => (string) $delivery['type'],
				'label'      => null === $event ? (string) $delivery['type'] : $event->label,
				'record_id'  => $delivery['record_id'],
				'clinic_ids' => $delivery['clinic_ids'],
				'created_at' => Moment::iso( $delivery['event_at'] ),
			),
			'webhook'     => array(
				'id'     => $delivery['webhook'],
				'name'   => $delivery['webhook_name'],
				'active' => (bool) $delivery['webhook_active'],
			),
			'state'       => $delivery['state'],
			'attempt'     => $delivery['attempt'],
			'resends'     => $delivery['resends'],
			'due_at'      => Moment::iso( $delivery['due_at'] ),
			'last_status' => $delivery['last_status'],
			'last_error'  => Reasons::words( (string) $delivery['last_error'] ),
			'created_at'  => Moment::iso( $delivery['created_at'] ),
			'updated_at'  => Moment::iso( $delivery['updated_at'] ),
			'data_kept'   => $delivery['data_kept'],
			'can_resend'  => $exists && $delivery['webhook_active'] && $delivery['data_kept'] && 'leased' !== $delivery['state'],
			'can_cancel'  => in_array( $delivery['state'], array( 'pending', 'held' ), true ),
		);
	}

	/**
	 * @param array<string, mixed> $attempt
	 * @return array<string, mixed>
	 */
	private static function attempt( array $attempt ): array {
		$trace   = Value::map( $attempt['trace'] );
		$request = Value::map( $trace['request'] ?? null );
		if ( isset( $request['url'] ) && ! Access::granted( Access::EDIT, Access::ADD ) ) {
			$trace['request'] = array_replace( $request, array( 'url' => Address::masked( Value::text( $request['url'] ) ) ) );
		}
		return array(
			'id'     => Value::number( $attempt['id'] ),
			'number' => Value::number( $attempt['number'] ),
			'driver' => Value::text( $attempt['driver'] ),
			'state'  => Value::text( $attempt['state'] ),
		) + array_replace(
			Trial::trace( array_intersect_key( $attempt, array_flip( array( 'dns_us', 'connect_us', 'tls_us', 'first_byte_us', 'total_us', 'reused', 'peer', 'http_version' ) ) ) + $trace ),
			array(
				'succeeded'  => 'succeeded' === $attempt['state'],
				'status'     => Value::number( $attempt['status'] ?? 0 ),
				'error_code' => Value::text( $attempt['error_code'] ),
				'error'      => Reasons::words( Value::text( $attempt['error'] ) ),
				'started_at' => (string) Moment::iso( Value::text( $attempt['started_at'] ) ),
			)
		);
	}

	/** @param Delivery $delivery */
	private function waitingFor( array $delivery ): string {
		switch ( $delivery['state'] ) {
			case 'pending':
				return 0 === $delivery['attempt']
					? __( 'It has not been tried yet.', 'kivihook' )
					: __( 'It is tried again: the last try did not succeed.', 'kivihook' );
			case 'leased':
				return __( 'It is on its way.', 'kivihook' );
			case 'held':
				return Reasons::words( (string) $delivery['last_error'] );
			default:
				return '';
		}
	}

	/**
	 * @param Delivery $delivery
	 * @return array<string, string|int|null> One row of a table.
	 */
	private static function exported( array $delivery ): array {
		return array(
			'id'          => $delivery['id'],
			'message_id'  => "{$delivery['event_id']}_{$delivery['webhook']}",
			'event'       => (string) $delivery['type'],
			'record_id'   => $delivery['record_id'],
			'happened_at' => (string) Moment::iso( $delivery['event_at'] ),
			'webhook_id'  => $delivery['webhook'],
			'webhook'     => (string) $delivery['webhook_name'],
			'state'       => (string) $delivery['state'],
			'attempts'    => $delivery['attempt'],
			'status'      => $delivery['last_status'],
			'error'       => (string) $delivery['last_error'],
			'updated_at'  => (string) Moment::iso( $delivery['updated_at'] ),
		);
	}

	private function list(): DeliveryList {
		return new DeliveryList( $this->parts->plugin->connection(), $this->parts->plugin->schema() );
	}

	/** @param int[] $ids */
	private function note( string $action, int $count, array $ids ): void {
		if ( $count > 0 ) {
			$this->parts->audit()->add( $action, $ids[0], '', self::count( $count ) );
		}
	}

	/** @return list<array{field: string, old: string|null, new: string|null}> */
	private static function count( int $count ): array {
		return array(
			array(
				'field' => 'count',
				'old'   => null,
				'new'   => (string) $count,
			),
		);
	}
}
