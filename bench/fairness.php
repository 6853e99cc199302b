<?php

/**
 * Does an endpoint that times out delay others? One worker, nine quick endpoints, in turns without and with a tenth that never
 * answers within its limit; the time from the event to its arrival at the nine.
 *
 * Usage: php bench/fairness.php [--turns=3] [--seconds=15] [--rate=10] [--timeout=5]
 *
 *   --turns     of each kind, one after the other
 *   --rate      events a second, each for all endpoints
 *   --timeout   of the tenth, in seconds
 */

declare(strict_types=1);

use KiviHook\Bench\Arrivals;
use KiviHook\Bench\Bench;
use KiviHook\Bench\Clinic;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Receiver;

require __DIR__ . '/Support/autoload.php';

$options = Bench::options(__FILE__, ['turns' => 3, 'seconds' => 15, 'rate' => 10, 'timeout' => 5]);
Bench::machine();
$clinic = Clinic::start(['mariadb' => ['--innodb-buffer-pool-size=512M']]);
$run = $clinic->run();
$quick = Receiver::start($run, false, 'receiver', 0, ["--journal=$run/quick.jsonl"]);
$hangs = Receiver::start($run, false, 'receiver-hangs');
for ($i = 0; $i < 9; $i++) {
	$clinic->webhook($quick->url("/ok/$i"));
}
$tenth = $clinic->webhook($hangs->url('/hang/600'), 'appointment.booked', ['timeout_ms' => 1000 * $options['timeout']]);
$clinic->mu('emit');
$clinic->startWorker();
$switch = static fn (bool $on): string => $clinic->site->wp(
	"KiviHook\\WordPress\\Plugin::container()->webhooks()->setActive( array( $tenth ), " . var_export($on, true) . ' );'
);
$turn = static function (bool $with) use ($clinic, $options, $switch): void {
	$switch($with);
	$clinic->site->wp("bench_emit( {$options['rate']}, {$options['seconds']} );");
	Process::waitUntil(fn (): bool => $clinic->value("SELECT COUNT(*) FROM {deliveries} d JOIN {webhooks} w ON w.id = d.webhook"
		. " WHERE d.state IN ('pending', 'leased') AND w.config NOT LIKE '%hang%'") === '0', 60);
	if ($with) {
		$switch(false);
		$clinic->rows("UPDATE {deliveries} SET state = 'cancelled', due_at = NULL WHERE state IN ('pending', 'held')");
	}
};
$turn(false); // Warm.
$arrivals = new Arrivals("$run/quick.jsonl");
$arrivals->read();
$without = $with = [];
for ($i = 0; $i < $options['turns']; $i++) {
	$turn(false);
	array_push($without, ...$arrivals->read());
	$turn(true);
	array_push($with, ...$arrivals->read());
	Bench::say('turn ' . ($i + 1));
}
foreach (['nine quick ones alone' => $without, 'with one that times out' => $with] as $name => $times) {
	printf("%-26s n %5d   p50 %7.1f ms   p99 %7.1f ms\n", $name, count($times), Bench::percentile($times, 50), Bench::percentile($times, 99));
}
printf("ratio of the p99: %.2f\n", Bench::percentile($with, 99) / Bench::percentile($without, 99));
