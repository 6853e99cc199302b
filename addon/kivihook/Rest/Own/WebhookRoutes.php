<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Rest\Access;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Editor\View;
use KiviHook\WordPress\Webhooks\Refused;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1/webhooks: list, read, make, change, copy, switch, delete. */
final class WebhookRoutes {

	public function __construct( private Parts $parts ) {
	}

	public function index( WP_REST_Request $request ): WP_REST_Response {
		list( $page, $per_page ) = Ask::page( $request );
		$filters                 = array_filter(
			array(
				'search'  => Ask::text( $request, 'search' ),
				'event'   => Ask::text( $request, 'event' ),
				'active'  => $request->get_param( 'active' ),
				'orderby' => Ask::text( $request, 'orderby' ),
				'order'   => Ask::text( $request, 'order' ),
				'clinics' => $this->parts->viewer()->clinics,
			),
			static fn ( mixed $value ): bool => null !== $value && '' !== $value
		);
		$state                   = Ask::text( $request, 'state' );
		if ( '' !== $state ) {
			$filters['ids'] = $this->inState( $state, $filters );
		}
		$found  = $this->parts->query()->page( $filters, $page, $per_page );
		$health = $this->parts->health()->of( $found['items'] );
		$items  = array_map( static fn ( Webhook $webhook ): array => View::short( $webhook ) + array( 'health' => $health[ $webhook->id ] ), $found['items'] );
		return Answer::ok( Ask::paged( $items, $found['total'], $per_page ) );
	}

	public function create( WP_REST_Request $request ): WP_REST_Response {
		$saved = $this->parts->editor()->create( Ask::members( $request ), $this->parts->viewer()->clinics, get_current_user_id() );
		return $this->made( $saved );
	}

	public function show( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( Value::number( $request['id'] ) );
		return Answer::ok( $this->full( $webhook, $this->parts->service()->secrets( $webhook ) ) );
	}

	public function update( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( Value::number( $request['id'] ) );
		$sent    = Ask::members( $request );
		$version = isset( $sent['version'] ) && is_numeric( $sent['version'] ) ? (int) $sent['version'] : null;
		$saved   = $this->parts->editor()->update( $webhook, $sent, $this->parts->viewer()->clinics, $version );
		$this->parts->sendNow( $saved['webhook']->active && ! $webhook->active ? array( $webhook->id ) : array() );
		return Answer::ok(
			array(
				'webhook' => $this->full( $saved['webhook'], $saved['secrets'], $saved['notes'] ),
				'notes'   => $saved['notes'],
			)
		);
	}

	public function duplicate( WP_REST_Request $request ): WP_REST_Response {
		return $this->made( $this->parts->editor()->duplicate( $this->parts->webhook( Value::number( $request['id'] ) ), get_current_user_id() ) );
	}

	public function delete( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( Value::number( $request['id'] ) );
		$this->parts->service()->delete( array( $webhook->id ) );
		return Answer::ok( array( 'deleted' => array( $webhook->id ) ) );
	}

	public function active( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( Value::number( $request['id'] ) );
		$active  = (bool) $request->get_param( 'active' );
		$this->parts->service()->setActive( array( $webhook->id ), $active );
		$this->parts->sendNow( $active ? array( $webhook->id ) : array() );
		$webhook = $this->parts->webhook( $webhook->id );
		return Answer::ok( $this->full( $webhook, $this->parts->service()->secrets( $webhook ) ) );
	}

	public function bulk( WP_REST_Request $request ): WP_REST_Response {
		$ids    = Ask::ids( $request );
		$action = Ask::text( $request, 'action' );
		if ( ! Access::granted( 'delete' === $action ? Access::DELETE : Access::EDIT ) ) {
			throw new Refused( __( 'Your account may not do this. Ask an administrator of this site.', 'kivihook' ), 403 );
		}
		$viewer = $this->parts->viewer();
		$theirs = array_filter( $this->parts->plugin->webhooks()->findAll( $ids ), static fn ( Webhook $webhook ): bool => $viewer->owns( $webhook ) );
		$done   = array_keys( $theirs );
		if ( 'delete' === $action ) {
			$this->parts->service()->delete( $done );
		} else {
			$this->parts->service()->setActive( $done, 'enable' === $action );
			$this->parts->sendNow( 'enable' === $action ? $done : array() );
		}
		return Answer::ok(
			array(
				'done'    => $done,
				'skipped' => array_values( array_diff( $ids, $done ) ),
			)
		);
	}

	/** The only moment at which a signing secret is shown. */
	public function rotate( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( Value::number( $request['id'] ) );
		return Answer::ok( $this->parts->service()->rotateSigning( $webhook->id, 'whsk' === $request->get_param( 'kind' ) ? 'whsk' : 'whsec' ), 201 );
	}

	public function endPrevious( WP_REST_Request $request ): WP_REST_Response {
		$webhook = $this->parts->webhook( Value::number( $request['id'] ) );
		return Answer::ok( array( 'count' => $this->parts->service()->endPreviousSigning( $webhook->id ) ) );
	}

	/** Where the browser goes to log in at the provider. */
	public function oauth2( WP_REST_Request $request ): WP_REST_Response {
		return Answer::ok( $this->parts->authorization()->start( $this->parts->webhook( Value::number( $request['id'] ) ), get_current_user_id() ) );
	}

	/** @param array{webhook: Webhook, secrets: array<string, mixed>, notes: list<array<string, mixed>>} $saved */
	private function made( array $saved ): WP_REST_Response {
		return Answer::ok(
			array(
				'webhook'        => $this->full( $saved['webhook'], $saved['secrets'], $saved['notes'] ),
				'signing_secret' => Value::texts( $saved['secrets']['signing_secrets'] ?? null )[0] ?? '',
				'notes'          => $saved['notes'],
			),
			201
		);
	}

	/**
	 * @param array<string, mixed> $secrets
	 * @param list<array<string, mixed>>|null $notes
	 * @return array<string, mixed>
	 */
	private function full( Webhook $webhook, array $secrets, ?array $notes = null ): array {
		$waiting = $this->parts->health()->waiting( $webhook->id );
		// Who may not change a webhook has no use for an address that is a credential.
		$shown = Access::granted( Access::EDIT, Access::ADD ) ? array() : array( 'url' => View::short( $webhook )['url'] );
		return $shown + View::full( $webhook, $secrets ) + array(
			'held'    => $waiting['held'],
			'waiting' => $waiting['pending'],
			'health'  => $this->parts->health()->of( array( $webhook ) )[ $webhook->id ],
			'notes'   => $notes ?? $this->parts->editor()->notes( $webhook, $secrets ),
		);
	}

	/**
	 * @param array<string, mixed> $filters
	 * @return int[] Those in a state of health, among what the other filters leave.
	 */
	private function inState( string $state, array $filters ): array {
		if ( 'off' === $state ) {
			return $this->parts->query()->ids( array( 'active' => false ) + $filters ) ?: array( 0 );
		}
		$ids = $this->parts->query()->ids( array( 'active' => true ) + $filters );
		return $this->parts->health()->inState( $state, $ids ) ?: array( 0 );
	}
}
