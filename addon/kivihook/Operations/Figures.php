<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Operations;

use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Store\Webhook;

/** The numbers behind `wp kivihook status`, `stats` and the metrics. Nothing about a patient. */
final class Figures {

	public function __construct( private Plugin $plugin ) {
	}

	/** @return array<string, int|float|string|null> @throws \KiviHook\Exception */
	public function now(): array {
		$log   = $this->plugin->log()->statistics( gmdate( 'Y-m-d H:i:s', time() - DAY_IN_SECONDS ) );
		$ran   = (int) $this->plugin->options()->fresh( Watch::RAN );
		$count = $this->plugin->backlog()->counts();
		return array(
			'version'           => Plugin::VERSION,
			'extension'         => Extension::state(),
			'key'               => $this->plugin->keyring()->state(),
			'webhooks_active'   => $log['active_webhooks'],
			'pending'           => $count['pending'],
			'leased'            => $count['leased'],
			'held'              => $count['held'],
			'unrouted'          => $count['unrouted'],
			'oldest_due_s'      => $this->plugin->watch()->lateSeconds(),
			'workers'           => count( array_filter( array_column( $this->plugin->workers()->all(), 'alive' ) ) ),
			'schedule_ran_s'    => $ran > 0 ? max( 0, time() - $ran ) : null,
			'events_today'      => $log['events_today'],
			'failed_last_day'   => $log['failed_deliveries'],
			'success_rate'      => $log['success_rate'],
			'problems_unseen'   => count( $this->plugin->problems()->latest( 100, true ) ),
		);
	}

	/** @return array<int, array<string, mixed>> @throws \KiviHook\Exception */
	public function perWebhook( ?string $from, ?string $to, ?int $only = null ): array {
		$webhooks = $this->plugin->webhooks()->findAll( null === $only ? $this->plugin->backlog()->webhooks() : array( $only ) );
		return array_values( array_map( fn ( Webhook $webhook ): array => $this->webhook( $webhook, $from, $to ), $webhooks ) );
	}

	private function webhook( Webhook $webhook, ?string $from, ?string $to ): array {
		$sums     = $this->plugin->statistics()->sums( $from, $to, $webhook->id );
		$ended    = $sums['succeeded'] + $sums['failed'];
		$attempts = $ended + $sums['retried'];
		return array(
			'id'           => $webhook->id,
			'name'         => $webhook->name,
			'active'       => $webhook->active,
			'succeeded'    => $sums['succeeded'],
			'failed'       => $sums['failed'],
			'retried'      => $sums['retried'],
			'success_rate' => $ended > 0 ? round( 100 * $sums['succeeded'] / $ended, 1 ) : null,
			'mean_ms'      => $attempts > 0 ? round( $sums['total_us'] / $attempts / 1000, 1 ) : null,
			'total_us'     => $sums['total_us'],
		);
	}
}
