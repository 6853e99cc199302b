<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Operations;

use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Rest\Access;
use KiviHook\WordPress\Value;

/**
 * GET kivihook/v1/metrics, in Prometheus' text format. For administrators (the numbers are of all clinics), and for who sends the
 * constant KIVIHOOK_METRICS_TOKEN as Bearer token: a Prometheus has no WordPress account. Names of webhooks are labels; nothing else
 * of a configuration, and nothing about a patient.
 */
final class Metrics {

	public const TOKEN     = 'KIVIHOOK_METRICS_TOKEN';
	private const NAMESPACE = 'kivihook/v1';
	private const MIN_BYTES = 20;
	private const TYPE      = 'text/plain; version=0.0.4; charset=utf-8';

	/** name => type, help */
	private const GAUGES = array(
		'pending'         => 'Deliveries that wait for their time.',
		'leased'          => 'Deliveries that are on their way.',
		'held'            => 'Deliveries that are held back.',
		'due'             => 'Deliveries that should be on their way now.',
		'oldest_due_s'    => 'For how many seconds the oldest due delivery has been due.',
		'workers'         => 'Workers on duty.',
		'schedule_ran_s'  => 'Seconds since the schedule ran last.',
		'webhooks_active' => 'Webhooks that are switched on.',
		'problems_unseen' => 'Problems on our side that nobody has marked as seen (100 at most).',
	);
	private const NAMES  = array(
		'oldest_due_s'   => 'oldest_due_seconds',
		'schedule_ran_s' => 'schedule_age_seconds',
	);

	public function __construct( private Plugin $plugin ) {
	}

	/** On rest_api_init, or later. */
	public function route(): void {
		register_rest_route(
			self::NAMESPACE,
			'/metrics',
			array(
				'methods'             => 'GET',
				'callback'            => array( $this, 'answer' ),
				'permission_callback' => array( $this, 'allowed' ),
				'show_in_index'       => false,
			)
		);
		add_filter( 'rest_pre_serve_request', array( $this, 'serve' ), 10, 3 );
	}

	/** @internal */
	public function allowed( \WP_REST_Request $request ): bool|\WP_Error {
		$token = defined( self::TOKEN ) ? Value::text( constant( self::TOKEN ) ) : '';
		$sent  = preg_replace( '/^Bearer\s+/i', '', (string) $request->get_header( 'authorization' ) );
		// A short one could be guessed: it counts as none.
		if ( strlen( $token ) >= self::MIN_BYTES && hash_equals( $token, (string) $sent ) ) {
			return true;
		}
		return Access::isAdministrator() ? true : new \WP_Error(
			'kivihook_forbidden',
			__( 'Log in as an administrator, or send the constant KIVIHOOK_METRICS_TOKEN (20 characters or more) as Bearer token.', 'kivihook' ),
			array( 'status' => is_user_logged_in() ? 403 : 401 )
		);
	}

	/** @internal */
	public function answer(): \WP_REST_Response {
		return new \WP_REST_Response( $this->text(), 200, array( 'Content-Type' => self::TYPE, 'Cache-Control' => 'no-store' ) );
	}

	/** @internal Filter callback: WordPress would answer with JSON. */
	public function serve( mixed $served, mixed $result, mixed $request ): mixed {
		if ( $served || ! $request instanceof \WP_REST_Request || '/' . self::NAMESPACE . '/metrics' !== $request->get_route()
			|| ! $result instanceof \WP_REST_Response || 200 !== $result->get_status() ) {
			return $served;
		}
		echo Value::text( $result->get_data() ); // phpcs:ignore WordPress.Security.EscapeOutput -- text/plain, made by text() below.
		return true;
	}

	/** @throws \KiviHook\Exception */
	public function text(): string {
		$figures = new Figures( $this->plugin );
		$now     = $figures->now();
		$lines   = array(
			...self::head( 'info', 'gauge', 'Versions and states, always 1.' ),
			'kivihook_info{version="' . self::label( (string) $now['version'] ) . '",extension="' . self::label( (string) $now['extension'] )
				. '",key="' . self::label( (string) $now['key'] ) . '"} 1',
		);
		foreach ( self::GAUGES as $figure => $help ) {
			$name = self::NAMES[ $figure ] ?? $figure;
			if ( null !== $now[ $figure ] ) {
				array_push( $lines, ...self::head( $name, 'gauge', $help ), ...array( "kivihook_$name {$now[ $figure ]}" ) );
			}
		}
		$webhooks = $figures->perWebhook( null, null );
		// Sums over the time that statistics are kept: retention makes them fall, which Prometheus takes for a restart.
		array_push( $lines, ...self::head( 'attempts_total', 'counter', 'Attempts by webhook and outcome, within the time that statistics are kept.' ) );
		foreach ( $webhooks as $webhook ) {
			foreach ( array( 'succeeded', 'failed', 'retried', 'expired' ) as $outcome ) {
				$lines[] = 'kivihook_attempts_total{' . self::of( $webhook ) . ",outcome=\"$outcome\"} " . Value::number( $webhook[ $outcome ] );
			}
		}
		array_push( $lines, ...self::head( 'attempt_milliseconds', 'gauge', 'How long attempts took, by webhook and quantile, within the time that statistics are kept.' ) );
		foreach ( $webhooks as $webhook ) {
			foreach ( array( '0.5' => 'p50_ms', '0.95' => 'p95_ms', '0.99' => 'p99_ms' ) as $quantile => $figure ) {
				if ( null !== $webhook[ $figure ] ) {
					$lines[] = 'kivihook_attempt_milliseconds{' . self::of( $webhook ) . ",quantile=\"$quantile\"} " . Value::text( $webhook[ $figure ] );
				}
			}
		}
		array_push( $lines, ...self::head( 'webhook_active', 'gauge', 'Whether the webhook is switched on.' ) );
		foreach ( $webhooks as $webhook ) {
			$lines[] = 'kivihook_webhook_active{' . self::of( $webhook ) . '} ' . Value::number( $webhook['active'] );
		}
		return implode( "\n", $lines ) . "\n";
	}

	/** @return string[] */
	private static function head( string $name, string $type, string $help ): array {
		return array( "# HELP kivihook_$name $help", "# TYPE kivihook_$name $type" );
	}

	/** @param array<string, mixed> $webhook */
	private static function of( array $webhook ): string {
		return 'webhook="' . Value::number( $webhook['id'] ) . '",name="' . self::label( Value::text( $webhook['name'] ) ) . '"';
	}

	private static function label( string $value ): string {
		return str_replace( array( '\\', '"', "\n" ), array( '\\\\', '\\"', '\\n' ), $value );
	}
}
