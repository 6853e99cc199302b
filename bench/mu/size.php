<?php

/** What bench/size.php runs inside WordPress: prints name => median ms as JSON. */

declare(strict_types=1);

function bench_size(int $calls): void
{
	global $wpdb;
	$plugin = KiviHook\WordPress\Plugin::container();
	$log = $plugin->log();
	$list = $plugin->deliveryList();
	$recent = gmdate('Y-m-d H:i:s', time() - 86400);
	$month = gmdate('Y-m-d', time() - 30 * 86400);
	$last = (int) $wpdb->get_var("SELECT MAX(id) FROM {$wpdb->prefix}kivihook_attempts");
	$middle = intdiv($last, 2);
	$data = ['appointment_id' => 1, 'patient_name' => 'Rosa Costa', 'service_names' => str_repeat('Check-up, ', 40)];
	$work = [
		'append within a booking (10 webhooks)' => static function () use ($wpdb, $plugin, $data): void {
			$plugin->emitter()->emit('appointment.booked', ['record_id' => 1, 'clinic_ids' => [1], 'data' => $data]);
		},
		'log: first page' => static fn () => $log->page([], 1, 20),
		'log: first page of a webhook' => static fn () => $log->page(['webhook' => 3], 1, 20),
		'log: first page of what failed' => static fn () => $log->page(['status' => 'failed'], 1, 20),
		'log: failed of a webhook' => static fn () => $log->page(['webhook' => 3, 'status' => 'failed'], 1, 20),
		'log: the last day' => static fn () => $log->page(['from' => $recent], 1, 20),
		'log: page 50' => static fn () => $log->page([], 50, 20),
		'deliveries: first page' => static fn () => $list->page([], 25),
		'deliveries: of a type' => static fn () => $list->page(['type' => 'appointment.booked'], 25),
		'deliveries: failed of a webhook' => static fn () => $list->page(['webhooks' => [3], 'states' => ['failed']], 25),
		'log: one attempt' => static fn () => $log->find($middle),
		'statistics: a month' => static fn () => $plugin->cards()->numbers($month),
		'statistics: a month of a webhook' => static fn () => $plugin->cards()->numbers($month, null, 3),
		'watch: the oldest due' => static fn () => $plugin->watch()->lateSeconds(),
		'lease with nothing due' => static fn () => $plugin->engines()->store()->lease(bench_demand()),
	];
	$told = [];
	foreach ($work as $name => $step) {
		$isAppend = str_starts_with($name, 'append');
		$times = [];
		$until = hrtime(true) + 20_000_000_000; // What takes long is not called as often.
		for ($i = 0; $i < $calls && (hrtime(true) < $until || $i < 3); $i++) {
			if ($isAppend) {
				$wpdb->query('START TRANSACTION');
				$wpdb->insert("{$wpdb->prefix}bench_bookings", ['note' => 'Booking']);
			}
			$since = hrtime(true);
			$step();
			$times[] = (hrtime(true) - $since) / 1e6;
			if ($isAppend) {
				$wpdb->query('ROLLBACK');
			}
		}
		sort($times);
		$told[$name] = $times[intdiv(count($times), 2)];
	}
	echo json_encode($told);
}

function bench_demand(): KiviHook\Demand
{
	$demand = new KiviHook\Demand();
	$demand->limit = 32;
	$demand->owner = 'bench:1:0';
	$demand->leaseMs = 60000;
	$demand->share = 32;
	return $demand;
}
