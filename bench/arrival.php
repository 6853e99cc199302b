<?php

/**
 * How soon after its response a booking's webhook arrives, at a steady rate: sent inline by the PHP-FPM process that booked,
 * and by a worker.
 *
 * Usage: php bench/arrival.php [--rate=50] [--seconds=20] [--fpm=8]
 *
 * A booking is reduced to what the add-on sees of it (a transaction with one row and its event), because a whole one of
 * KiviCare costs more CPU than a small machine has at that rate; WordPress, PHP-FPM and nginx are all there. The rate that was
 * really reached is printed.
 */

declare(strict_types=1);

use KiviHook\Bench\Arrivals;
use KiviHook\Bench\Bench;
use KiviHook\Bench\Clinic;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Receiver;

require __DIR__ . '/Support/autoload.php';

$options = Bench::options(__FILE__, ['rate' => 50, 'seconds' => 20, 'fpm' => 8]);
Bench::machine();
$clinic = Clinic::start(['workers' => $options['fpm'], 'kivicare' => 'none', 'mariadb' => ['--innodb-buffer-pool-size=512M']]);
$run = $clinic->run();
$receiver = Receiver::start($run, false, 'receiver', 0, ["--journal=$run/arrivals.jsonl"]);
$clinic->webhook($receiver->url('/ok/arrival'));
$clinic->rows('CREATE TABLE [bench_bookings] (id BIGINT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(50)) ENGINE=InnoDB');
$clinic->mu('emit');

$arrivals = new Arrivals("$run/arrivals.jsonl");
$measure = static function (int $first) use ($clinic, $options, $arrivals): array {
	$count = $options['rate'] * $options['seconds'];
	$done = [];
	$multi = curl_multi_init();
	$idle = [];
	$next = 0;
	$began = microtime(true);
	$active = 0;
	$turn = static function (float $wait) use ($multi, &$idle, &$active, &$done): void {
		curl_multi_exec($multi, $still);
		while (($info = curl_multi_info_read($multi)) !== false) {
			$number = (int) curl_getinfo($info['handle'], CURLINFO_PRIVATE);
			if (curl_getinfo($info['handle'], CURLINFO_RESPONSE_CODE) === 201) {
				$done[$number] = microtime(true) * 1000;
			}
			curl_multi_remove_handle($multi, $info['handle']);
			$idle[] = $info['handle'];
			$active--;
		}
		if ($wait > 0 && curl_multi_select($multi, $wait) === -1) {
			usleep((int) ($wait * 1e6));
		}
	};
	while ($next < $count || $active > 0) {
		$now = microtime(true);
		if ($next < $count && $now >= $began + $next / $options['rate'] && $active < 64) {
			$handle = array_pop($idle) ?? curl_init();
			$number = $first + $next++;
			curl_setopt_array($handle, [CURLOPT_URL => $clinic->site->url() . "/?bench_book=$number", CURLOPT_PRIVATE => (string) $number,
				CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30, CURLOPT_PROXY => '']);
			curl_multi_add_handle($multi, $handle);
			$active++;
			$turn(0);
		} else {
			$turn(min(0.01, max(0.0005, $next < $count ? $began + $next / $options['rate'] - $now : 0.01)));
		}
	}
	$seconds = microtime(true) - $began;
	// Who is not quick enough inline leaves it to the schedule.
	$clinic->idle();
	Process::waitUntil(fn (): bool => $clinic->value("SELECT COUNT(*) FROM {deliveries} WHERE state IN ('pending', 'leased')") === '0', 60);
	$arrivals->read();
	$times = [];
	foreach ($done as $number => $at) {
		if (isset($arrivals->at[$number])) {
			$times[] = max(0.0, $arrivals->at[$number] - $at); // Before the browser has read its answer to the end: at once.
		}
	}
	return [$times, count($done) / $seconds, count($done)];
};
// Inline goes only to endpoints that are known to be quick: let a worker find out, and leave.
$clinic->fill(50);
$clinic->startWorker();
Process::waitUntil(fn (): bool => $clinic->value("SELECT COUNT(*) FROM {deliveries} WHERE state = 'succeeded'") === '50', 60);
$clinic->stopWorkers();
$told = ['inline' => $measure(1)];
$clinic->startWorker();
$told['worker'] = $measure(1_000_000);
foreach ($told as $sender => [$times, $rate, $booked]) {
	printf(
		"%-8s %4d booked at %4.1f/s (asked for %d/s), %4d arrived: p50 %6.1f ms, p99 %6.1f ms after the response\n",
		$sender,
		$booked,
		$rate,
		$options['rate'],
		count($times),
		Bench::percentile($times, 50),
		Bench::percentile($times, 99)
	);
}
