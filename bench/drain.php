<?php

/**
 * Draining a queue that lies in MariaDB: one worker against Action Scheduler's runner with wp_remote_post(), as the original
 * add-on sends. Both send the same body (signed) to the same nginx, in turns: rival, ours, rival, ours, …
 *
 * Usage: php bench/drain.php [--deliveries=100000] [--rival=2000] [--rounds=2] [--https=1]
 *
 *   --https        over TLS, as endpoints are, the rival with the authorities that WordPress gives wp_remote_post()
 *   --deliveries   how many ours has to drain in all; the rival gets --rival a round, and the rates are compared
 *
 * The rival needs Action Scheduler: KIVICARE_DIR with a KiviCare 4 (and WORDPRESS_DIR) brings it; without, ours runs alone.
 */

declare(strict_types=1);

use KiviHook\Bench\Bench;
use KiviHook\Bench\Clinic;
use KiviHook\Bench\QuickServer;

require __DIR__ . '/Support/autoload.php';

$options = Bench::options(__FILE__, ['deliveries' => 100000, 'rival' => 2000, 'rounds' => 2, 'https' => 0]);
Bench::machine();
$clinic = Clinic::start(['mariadb' => ['--innodb-buffer-pool-size=512M', '--innodb-log-file-size=256M']]);
$server = QuickServer::start($clinic->run(), $options['https'] > 0, $clinic->site->info()['wordpress']['path']);
$clinic->webhook($server->url('/ours'));
$clinic->mu('drain');
$each = intdiv($options['deliveries'], $options['rounds']);
$hasRival = trim($clinic->site->wp("echo function_exists( 'as_enqueue_async_action' ) ? 'yes' : '';")) === 'yes';

$ours = $rival = $cpu = $databaseCpu = [];
$peak = 0.0;
for ($round = 0; $round < $options['rounds']; $round++) {
	if ($hasRival) {
		$told = json_decode($clinic->site->wp("bench_drain_rival( '{$server->url('/rival')}', {$options['rival']}, '{$server->trusted()}' );"), true);
		$rival[] = $told['done'] / $told['seconds'];
		Bench::say(sprintf('Action Scheduler: %d in %.1f s', $told['done'], $told['seconds']));
	}
	$clinic->fill($each);
	$before = $clinic->databaseCpu();
	$told = json_decode($clinic->site->wp('bench_drain_ours();'), true);
	$databaseCpu[] = 1e6 * ($clinic->databaseCpu() - $before) / max(1, $told['done']);
	$ours[] = $told['done'] / $told['seconds'];
	$cpu[] = 1e6 * $told['cpu'] / max(1, $told['done']);
	$peak = max($peak, $told['peak_mb']);
	Bench::say(sprintf('ours: %d in %.1f s', $told['done'], $told['seconds']));
	if ($told['done'] !== $each) {
		Bench::end("$each were due, {$told['done']} were delivered");
	}
}
printf("one worker, %d deliveries from MariaDB: %.0f/s (runs: %s); CPU for each: %.0f µs its own, %.0f µs MariaDB's; memory at most %.0f MB\n", $each
	* $options['rounds'], Bench::median($ours), implode(', ', array_map('intval', $ours)), Bench::median($cpu), Bench::median($databaseCpu), $peak);
if ($hasRival) {
	printf(
		"Action Scheduler's runner with wp_remote_post(): %.1f/s (runs: %s)\nratio (ours / rival): %.0f\n",
		Bench::median($rival),
		implode(', ', array_map('intval', $rival)),
		Bench::median($ours) / Bench::median($rival)
	);
} else {
	echo "no Action Scheduler here: KIVICARE_DIR with a KiviCare 4 brings it; the rival did not run\n";
}
