<?php

/**
 * What the add-on's own start costs a request, measured inside PHP-FPM: µs and files on plugins_loaded and on rest_api_init,
 * for a list of appointments (KiviCare's route) and for one of ours, without a subscriber and with one.
 *
 * Usage: php bench/start.php [--requests=100]
 *
 * KIVICARE_DIR and WORDPRESS_DIR choose a real clinic.
 */

declare(strict_types=1);

use KiviHook\Bench\Bench;
use KiviHook\Bench\Clinic;
use KiviHook\Tests\Site\Client;

require __DIR__ . '/Support/autoload.php';

$options = Bench::options(__FILE__, ['requests' => 100]);
Bench::machine();
$clinic = Clinic::start();
$clinic->mu('start');
$clinic->site->restartFpm();
$file = "{$clinic->run()}/tmp/start.jsonl";
$desk = $clinic->site->client('desk');
$admin = $clinic->site->client('admin');
$measure = static function (string $name, Client $client, string $path) use ($file, $options): void {
	for ($i = 0; $i < $options['requests'] + 5; $i++) {
		$answer = $client->rest('GET', $path, null, ['X-Bench-Start: 1']);
		if ($answer->status !== 200) {
			Bench::end("$path: HTTP $answer->status");
		}
	}
	$rows = array_map(static fn (string $line): array => (array) json_decode($line, true), file($file, FILE_IGNORE_NEW_LINES) ?: []);
	unlink($file);
	$rows = array_slice($rows, 5); // Warm.
	$of = static fn (string $what): float => Bench::median(array_map('floatval', array_column($rows, $what)));
	printf(
		"%-34s plugins_loaded %6.0f µs, %3d files; rest_api_init %6.0f µs, %3d files; at the end %3d files\n",
		$name,
		$of('plugins_loaded_us'),
		$of('plugins_loaded_files'),
		$of('rest_api_init_us'),
		$of('rest_api_init_files'),
		$of('files')
	);
};
foreach (['no webhook', '1 webhook'] as $webhooks) {
	$webhooks === 'no webhook' || $clinic->webhook('http://127.0.0.1:9/');
	$measure("appointments, $webhooks", $desk, 'kivicare/v1/appointments');
	$measure("who is asking (ours), $webhooks", $admin, 'kivihook/v1/me');
}
