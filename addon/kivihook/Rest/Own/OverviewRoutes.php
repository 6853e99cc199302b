<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Store\Moment;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Statistics;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1/overview: how deliveries do, what fails and why, and who sends. */
final class OverviewRoutes {

	/** Period => hours, and the step of the series. */
	private const PERIODS = array(
		'24h' => array( 24, 'hour' ),
		'7d'  => array( 168, 'hour' ),
		'30d' => array( 720, 'day' ),
		'90d' => array( 2160, 'day' ),
	);

	private const MOST_FAILING  = 50;
	private const MOST_PROBLEMS = 5;

	public function __construct( private Parts $parts ) {
	}

	public function show( WP_REST_Request $request ): WP_REST_Response {
		$period              = Value::text( $request->get_param( 'period' ) ?? '24h' );
		list( $hours, $step ) = self::PERIODS[ $period ] ?? self::PERIODS['24h'];
		$to                  = gmdate( 'Y-m-d H:00:00' );
		$from                = gmdate( 'Y-m-d H:00:00', time() - ( $hours - 1 ) * HOUR_IN_SECONDS );
		$webhook             = $request->get_param( 'webhook' );
		$bounds              = $this->parts->bounds();
		$webhooks            = null === $webhook ? ( $bounds['webhooks'] ?? null ) : array( $this->parts->webhook( Value::number( $webhook ) )->id );
		return Answer::ok(
			array(
				'period'   => $period,
				'from'     => Moment::iso( $from ),
				'to'       => Moment::iso( $to ),
				'step'     => $step,
				'series'   => $this->series( $from, $to, $step, $webhooks ),
				'totals'   => $this->totals( $from, $to, $webhooks ),
				'queue'    => $this->queue( $webhooks ),
				'duty'     => ( new Duty( $this->parts->plugin ) )->now(),
				'failing'  => $this->failing( $webhooks ),
				'webhooks' => $this->counts( $bounds['webhooks'] ?? null ),
				'problems' => null === $bounds ? $this->problems() : array(),
				'clone'    => null === $bounds ? $this->clone() : null,
			)
		);
	}

	public function seen( WP_REST_Request $request ): WP_REST_Response {
		$this->parts->plugin->problems()->markSeen( Value::number( $request->get_param( 'up_to' ) ) );
		return Answer::ok( array( 'seen' => true ) );
	}

	/** "moved": this is the real one now. "copy": it stays quiet. */
	public function confirmClone( WP_REST_Request $request ): WP_REST_Response {
		$answer = Value::text( $request->get_param( 'answer' ) );
		if ( 'moved' === $answer ) {
			$this->parts->plugin->guard()->confirm();
		}
		$this->parts->audit()->add( 'site.' . ( 'moved' === $answer ? 'confirmed' : 'is_copy' ), 0, home_url() );
		return Answer::ok( array( 'clone' => $this->clone() ) );
	}

	/**
	 * @param int[]|null $webhooks Null: all.
	 * @return list<array<string, mixed>>
	 */
	private function series( string $from, string $to, string $step, ?array $webhooks ): array {
		$points = $this->parts->plugin->statistics()->series( $from, $to, $webhooks, $step, 'day' === $step ? wp_timezone() : null );
		$shown  = array_flip( array( 'at', 'succeeded', 'failed', 'retried', 'p50_ms', 'p95_ms' ) );
		return array_map(
			static fn ( array $point ): array => array( 'at' => Moment::iso( Value::text( $point['at'] ) ) ) + array_intersect_key( $point, $shown ),
			$points
		);
	}

	/**
	 * @param int[]|null $webhooks
	 * @return array<string, mixed>
	 */
	private function totals( string $from, string $to, ?array $webhooks ): array {
		$statistics  = $this->parts->plugin->statistics();
		$sums        = $statistics->sums( $from, $to, $webhooks );
		$attempts    = $sums['succeeded'] + $sums['failed'] + $sums['retried'];
		$percentiles = $statistics->percentiles( $from, $to, $webhooks );
		return array(
			'succeeded'    => $sums['succeeded'],
			'failed'       => $sums['failed'],
			'retried'      => $sums['retried'],
			'success_rate' => Statistics::rate( $sums['succeeded'], $sums['failed'] ),
			'p50_ms'       => $percentiles['p50_ms'],
			'p95_ms'       => $percentiles['p95_ms'],
			'mean_ms'      => $attempts > 0 ? round( $sums['total_us'] / 1000 / $attempts, 1 ) : null,
		);
	}

	/**
	 * @param int[]|null $webhooks
	 * @return array<string, mixed>
	 */
	private function queue( ?array $webhooks ): array {
		$late = $this->parts->plugin->watch()->isLate();
		return $this->parts->plugin->queue()->depth( $webhooks ) + array(
			'late'   => $late,
			'reason' => $late ? $this->parts->plugin->watch()->cause() : '',
		);
	}

	/**
	 * The worst first: those that have failed for longest.
	 *
	 * @param int[]|null $webhooks
	 * @return list<array<string, mixed>>
	 */
	private function failing( ?array $webhooks ): array {
		$ids    = $this->parts->health()->suspects();
		$ids    = null === $webhooks ? $ids : array_intersect( $ids, $webhooks );
		$ids    = $this->parts->health()->longestFailing( array_values( $ids ), self::MOST_FAILING );
		$found  = $this->parts->plugin->webhooks()->findAll( $ids );
		$health = $this->parts->health()->of( array_values( $found ) );
		$list   = array();
		foreach ( $found as $id => $webhook ) {
			if ( in_array( $health[ $id ]['state'], array( 'failing', 'off' ), true ) ) {
				$list[] = array(
					'webhook' => array(
						'id'   => $id,
						'name' => $webhook->name,
					),
					'health'  => $health[ $id ],
				);
			}
		}
		usort( $list, static fn ( array $a, array $b ): int => array( $a['health']['since'] ?? '9', $a['webhook']['id'] ) <=> array( $b['health']['since'] ?? '9', $b['webhook']['id'] ) );
		return $list;
	}

	/**
	 * @param int[]|null $webhooks
	 * @return array{total: int, active: int, off_by_us: int}
	 */
	private function counts( ?array $webhooks ): array {
		$among  = null === $webhooks ? array() : array( 'ids' => $webhooks ?: array( 0 ) );
		$by_us  = $this->parts->plugin->webhooks()->switchedOff( array( Reasons::FAILING, Reasons::GONE ) );
		$by_us  = array_filter( $by_us, static fn ( Webhook $webhook ): bool => null === $webhooks || in_array( $webhook->id, $webhooks, true ) );
		return array(
			'total'     => $this->parts->query()->count( $among ),
			'active'    => $this->parts->query()->count( array( 'active' => true ) + $among ),
			'off_by_us' => count( $by_us ),
		);
	}

	/** @return array<array<string, mixed>> */
	private function problems(): array {
		return array_map(
			static fn ( array $problem ): array => array( 'happened_at' => Moment::iso( $problem['happened_at'] ) ) + $problem,
			$this->parts->plugin->problems()->latest( self::MOST_PROBLEMS, true )
		);
	}

	/** @return array{reason: string, since: ?string}|null */
	private function clone(): ?array {
		$guard = $this->parts->plugin->guard();
		return null === $guard->reason() ? null : array(
			'reason' => $guard->text(),
			'since'  => Moment::iso( $guard->since() ),
		);
	}
}
