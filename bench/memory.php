<?php

/**
 * Does a worker grow? The resident memory of one worker process over many deliveries, against what it had after its first
 * 10,000.
 *
 * Usage: php bench/memory.php [--deliveries=100000]
 *
 *   --deliveries   how many in all; a million takes minutes
 *
 * 10,000 deliveries go round and round: what has succeeded is made due again by hand, and the log is emptied, so that disk and
 * time go to the worker.
 */

declare(strict_types=1);

use KiviHook\Bench\Bench;
use KiviHook\Bench\Clinic;
use KiviHook\Bench\QuickServer;

require __DIR__ . '/Support/autoload.php';

const ROUND = 10000;
$options = Bench::options(__FILE__, ['deliveries' => 100000]);
Bench::machine();
$clinic = Clinic::start(['kivicare' => 'none', 'mariadb' => ['--innodb-buffer-pool-size=512M', '--innodb-log-file-size=256M',
	'--innodb-flush-log-at-trx-commit=2']]);
$server = QuickServer::start($clinic->run());
$clinic->webhook($server->url('/'));
$clinic->fill(ROUND);
$rss = static function (int $pid): float {
	preg_match('/^VmRSS:\s+(\d+)/m', (string) file_get_contents("/proc/$pid/status"), $found);
	return (int) ($found[1] ?? 0) / 1024;
};
$own = static function (int $pid): float {
	preg_match('/^RssAnon:\s+(\d+)/m', (string) file_get_contents("/proc/$pid/status"), $found);
	return (int) ($found[1] ?? 0) / 1024;
};
$since = hrtime(true);
$pid = $clinic->startWorker();
$samples = [];
for ($done = 0; $done < $options['deliveries'];) {
	usleep(200000);
	if ((int) $clinic->value("SELECT COUNT(*) FROM {deliveries} WHERE state IN ('pending', 'leased')") > 0) {
		continue;
	}
	$done += ROUND;
	$samples[$done] = $rss($pid);
	if ($samples[$done] === 0.0) {
		Bench::end('the worker has ended; its last words: ' . @file_get_contents("{$clinic->run()}/logs/worker.out"));
	}
	if ($done % 100000 === 0) {
		Bench::say(sprintf('%d deliveries, %.1f MB', $done, $samples[$done]));
	}
	$clinic->rows('TRUNCATE {attempts}');
	$clinic->rows("UPDATE {deliveries} SET state = 'pending', attempt = 0, due_at = UTC_TIMESTAMP(3)");
}
$anonymous = $own($pid);
$clinic->stopWorkers();
$seconds = (hrtime(true) - $since) / 1e9;
printf(
	"%d deliveries by one worker in %.0f s: %.1f MB resident after the first %d, %.1f MB at the end, %.1f MB at most; growth %+.1f MB; its own pages (without"
		. " what it shares with other processes): %.1f MB\n",
	$done,
	$seconds,
	$samples[ROUND],
	ROUND,
	end($samples),
	max($samples),
	end($samples) - $samples[ROUND],
	$anonymous
);
