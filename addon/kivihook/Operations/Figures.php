<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Operations;

use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Value;

/** The numbers behind `wp kivihook status`, `stats` and the metrics. Nothing about a patient. */
final class Figures {

	public function __construct( private Plugin $plugin ) {
	}

	/** @return array<string, int|float|string|null> @throws \KiviHook\Exception */
	public function now(): array {
		$cards = $this->plugin->cards()->numbers( gmdate( 'Y-m-d H:i:s', time() - DAY_IN_SECONDS ) );
		$ran   = Value::number( $this->plugin->options()->fresh( Watch::RAN ) );
		$depth = $this->plugin->queue()->depth();
		return array(
			'version'           => Plugin::VERSION,
			'extension'         => Extension::state(),
			'key'               => $this->plugin->keyring()->state(),
			'webhooks_active'   => $cards['active_webhooks'],
			'pending'           => $depth['pending'],
			'due'               => $depth['due'],
			'leased'            => $depth['leased'],
			'held'              => $depth['held'],
			'oldest_due_s'      => $depth['oldest_due_s'],
			'workers'           => count( array_filter( array_column( $this->plugin->workers()->all(), 'alive' ) ) ),
			'schedule_ran_s'    => $ran > 0 ? max( 0, time() - $ran ) : null,
			'events_today'      => $cards['events_today'],
			'failed_last_day'   => $cards['failed_deliveries'],
			'success_rate'      => $cards['success_rate'],
			'problems_unseen'   => count( $this->plugin->problems()->latest( 100, true ) ),
		);
	}

	/**
	 * Of every webhook there is, also where nothing was sent: id, name, active, and a point of Statistics::perWebhook().
	 *
	 * @return array<int, array<string, mixed>>
	 * @throws \KiviHook\Exception
	 */
	public function perWebhook( ?string $from, ?string $to, ?int $only = null ): array {
		$figures  = $this->plugin->statistics()->perWebhook( $from, $to );
		$nothing  = array( 'succeeded' => 0, 'failed' => 0, 'retried' => 0, 'expired' => 0, 'success_rate' => null, 'mean_ms' => null, 'p50_ms' => null, 'p95_ms' => null, 'p99_ms' => null );
		$webhooks = null === $only ? $this->plugin->webhooks()->page( 1, 500 )['items'] : $this->plugin->webhooks()->findAll( array( $only ) );
		usort( $webhooks, static fn ( Webhook $a, Webhook $b ): int => $a->id <=> $b->id );
		return array_map(
			static fn ( Webhook $webhook ): array => array(
				'id'     => $webhook->id,
				'name'   => $webhook->name,
				'active' => $webhook->active,
			) + ( $figures[ $webhook->id ] ?? array() ) + $nothing,
			$webhooks
		);
	}
}
