<?php

/**
 * Chooses for each request of bench/booking.php what it meets: the header X-Bench names a variant, RUN/tmp/bench.json says
 * what that is: {"addon": bool, "webhooks": [ids], "rival": "" | "actions" | "blocking", "urls": [address]}.
 */

declare(strict_types=1);

(static function (): void {
	$variants = json_decode((string) @file_get_contents(dirname(ABSPATH) . '/tmp/bench.json'), true);
	$variant = $variants[$_SERVER['HTTP_X_BENCH'] ?? ''] ?? null;
	if ($variant === null) {
		return;
	}
	if (!$variant['addon']) {
		add_filter('option_active_plugins', static fn ($plugins): array => array_values(
			array_filter((array) $plugins, static fn (string $plugin): bool => !str_starts_with($plugin, 'kivihook/'))
		));
	}
	// What the add-on knows of subscriptions, for this request.
	add_filter('alloptions', static function ($options) use ($variant): array {
		if (isset($options['kivihook_subscriptions'])) {
			$chosen = array_map(
				static fn (array $webhooks): array => array_values(array_intersect($webhooks, $variant['webhooks'])),
				maybe_unserialize($options['kivihook_subscriptions'])
			);
			$options['kivihook_subscriptions'] = serialize(array_filter($chosen));
		}
		return $options;
	});
	if ($variant['rival'] !== '') {
		add_action('kc_after_create_appointment', static function ($id, $data) use ($variant): void {
			foreach ($variant['urls'] as $url) {
				if ($variant['rival'] === 'actions') {
					as_enqueue_async_action('bench_send', [$url, (int) $id, $data], 'bench');
					continue;
				}
				wp_remote_post($url, ['body' => wp_json_encode(['id' => $id, 'data' => $data]), 'timeout' => 30,
					'headers' => ['Content-Type' => 'application/json']]);
			}
		}, 10, 2);
	}
})();

// The rival's actions are not what is measured here.
add_filter('action_scheduler_queue_runner_concurrent_batches', static fn (): int => 0);
add_filter('action_scheduler_allow_async_request_runner', '__return_false');
