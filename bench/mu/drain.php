<?php

/** What bench/drain.php runs inside WordPress. Each prints JSON: done, seconds. */

declare(strict_types=1);

function bench_drain_ours(): void
{
	$before = getrusage();
	$since = hrtime(true);
	$result = KiviHook\WordPress\Plugin::container()->worker()->run(3600, true);
	$seconds = (hrtime(true) - $since) / 1e9;
	$after = getrusage();
	$cpu = 0.0;
	foreach (['ru_utime', 'ru_stime'] as $kind) {
		$cpu += $after["$kind.tv_sec"] - $before["$kind.tv_sec"] + ($after["$kind.tv_usec"] - $before["$kind.tv_usec"]) / 1e6;
	}
	echo json_encode(['done' => $result['succeeded'], 'seconds' => $seconds, 'cpu' => $cpu, 'peak_mb' => memory_get_peak_usage(true) / 1048576]);
}

function bench_drain_rival(string $url, int $count, string $trusted): void
{
	$body = json_encode(['id' => wp_generate_uuid4(), 'type' => 'appointment.booked', 'data' => [
		'appointment_id' => 1, 'appointment_date' => '2026-11-23', 'appointment_time' => '09:15:00', 'clinic_name' => 'Harbour Clinic',
		'clinic_email' => 'desk@example.org', 'doctor_name' => 'Ines Almeida', 'doctor_email' => 'ines.almeida@example.org',
		'patient_name' => 'Rosa Costa', 'patient_id' => 7, 'patient_email' => 'rosa.costa@example.org',
		'service_names' => str_repeat('Check-up, ', 40)]]);
	$done = 0;
	add_action('bench_drain', static function (int $number) use ($url, $body, $trusted, &$done): void {
		$answer = wp_remote_post($url, ['body' => $body, 'timeout' => 30, 'headers' => ['Content-Type' => 'application/json',
			'X-Signature' => hash_hmac('sha256', $body, 'secret')]] + ('' === $trusted ? [] : ['sslcertificates' => $trusted]));
		$done += (int) (wp_remote_retrieve_response_code($answer) === 200);
	});
	for ($i = 0; $i < $count; $i++) {
		as_enqueue_async_action('bench_drain', [$i], 'bench');
	}
	// As its own WP-CLI command does: without the time limit of a web request.
	add_filter('action_scheduler_queue_runner_time_limit', static fn (): int => 3600);
	add_filter('action_scheduler_queue_runner_batch_size', static fn (): int => 100);
	$since = hrtime(true);
	while ($done < $count && ActionScheduler_QueueRunner::instance()->run('WP CLI') > 0) {
		continue;
	}
	echo json_encode(['done' => $done, 'seconds' => (hrtime(true) - $since) / 1e9]);
}
