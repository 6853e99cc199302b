<?php

/**
 * What a booking costs whoever waits for it, at the browser's end: with the add-on and no, 1, 10 quick, 10 slow (5 s) and 10
 * dead webhooks, against the same clinic without the add-on, and against what stands for the original: an Action Scheduler
 * action per webhook, and a blocking wp_remote_post() per webhook.
 *
 * Usage: php bench/booking.php [--rounds=100] [--sender=inline|worker] [--rivals=20]
 *
 * Each round books once with every variant, in turns, on one site; differences are taken within a round, so that a busy machine
 * hurts all alike. With inline (the default) the PHP-FPM process that booked sends after its response; with worker somebody
 * else does. --rivals: how many rounds the rivals take part in (the blocking one is also shown with one slow endpoint, twice).
 * KIVICARE_DIR and WORDPRESS_DIR choose a real clinic; Action Scheduler needs KiviCare 4.
 */

declare(strict_types=1);

use KiviHook\Bench\Bench;
use KiviHook\Bench\Clinic;
use KiviHook\Bench\QuickServer;
use KiviHook\Tests\Site\Clinic as FrontDesk;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Receiver;

require __DIR__ . '/Support/autoload.php';

$options = Bench::options(__FILE__, ['rounds' => 100, 'sender' => 'inline', 'rivals' => 20]);
Bench::machine();
$clinic = Clinic::start(['workers' => 12, 'mariadb' => ['--innodb-buffer-pool-size=512M', '--innodb-log-file-size=256M']]);
$info = $clinic->site->info();
$quick = QuickServer::start($clinic->run());
$slow = Receiver::start($clinic->run());
$dead = 'http://127.0.0.1:' . Process::freePort() . '/dead'; // Nobody listens.
$urls = ['quick' => [], 'slow' => [], 'dead' => []];
$ids = $urls;
for ($i = 0; $i < 10; $i++) {
	foreach (['quick' => $quick->url("/$i"), 'slow' => $slow->url("/hang/5/$i"), 'dead' => "$dead/$i"] as $kind => $url) {
		$urls[$kind][] = $url;
		$ids[$kind][] = $clinic->webhook($url);
	}
}
$variant = static fn (array $webhooks, bool $addon = true, string $rival = '', array $to = []): array
	=> ['addon' => $addon, 'webhooks' => $webhooks, 'rival' => $rival, 'urls' => $to];
$variants = [
	'without the add-on' => $variant([], false),
	'no webhook' => $variant([]),
	'1 quick' => $variant([$ids['quick'][0]]),
	'10 quick' => $variant($ids['quick']),
	'10 slow (5 s)' => $variant($ids['slow']),
	'10 dead' => $variant($ids['dead']),
];
$hasActions = trim($clinic->site->wp("echo function_exists( 'as_enqueue_async_action' ) ? 'yes' : '';")) === 'yes';
$rivals = ($hasActions ? ['10 Action Scheduler actions' => $variant([], false, 'actions', $urls['quick'])] : [])
	+ ['10 blocking wp_remote_post(), quick' => $variant([], false, 'blocking', $urls['quick'])];
$worst = ['1 blocking wp_remote_post(), slow (5 s)' => $variant([], false, 'blocking', [$urls['slow'][0]])];
file_put_contents("{$clinic->run()}/tmp/bench.json", json_encode($variants + $rivals + $worst));
$clinic->mu('booking');
$clinic->site->restartFpm();
if ($options['sender'] === 'worker') {
	$clinic->startWorker();
}

$client = $clinic->site->client('desk');
$client->rest('GET', 'kivicare/v1/appointments');
$slot = 0;
$book = static function (string $name) use ($client, $info, &$slot): float {
	[$date, $time] = FrontDesk::slot($slot++);
	$since = hrtime(true);
	$answer = $client->rest('POST', 'kivicare/v1/appointments', [
		'appointmentStartDate' => $date, 'appointmentStartTime' => $time, 'clinicId' => $info['ids']['clinic'],
		'doctorId' => $info['ids']['doctor'], 'patientId' => $info['ids']['patient'],
		'serviceId' => [$info['ids']['service_mapping']], 'status' => 1, 'description' => 'Benched',
	], ["X-Bench: $name"]);
	if ($answer->status !== 201) {
		Bench::end("$name: HTTP $answer->status: " . $answer->text());
	}
	return (hrtime(true) - $since) / 1e6;
};
if ($info['kivicare']['generation'] !== 4) {
	Bench::end('this bench books by REST: it needs a KiviCare 4, real or the stand-in');
}
foreach (array_keys($variants + $rivals) as $name) {
	$book($name); // Warm.
}
$times = [];
for ($round = 0; $round < $options['rounds']; $round++) {
	$names = array_keys($round < $options['rivals'] ? $variants + $rivals : $variants);
	shuffle($names);
	foreach ($names as $name) {
		$times[$name][$round] = $book($name);
	}
	if ($round % 20 === 19) {
		Bench::say('round ' . ($round + 1));
	}
}
foreach ([0, 1] as $i) {
	$times[array_key_first($worst)][$i] = $book((string) array_key_first($worst));
}
$appended = (int) $clinic->value('SELECT COUNT(*) FROM {deliveries}');
// One round more, to warm up.
if ($appended !== ($options['rounds'] + 1) * array_sum(array_map(static fn (array $one): int => count($one['webhooks']), $variants))) {
	Bench::end("$appended deliveries were recorded, which are not the variants'");
}

$base = $times['without the add-on'];
printf("KiviCare %s (%s), %d rounds, sender: %s; ms at the browser's end; difference: median within a round\n", $info['kivicare']['version'], $info['kivicare']['kind'], $options['rounds'], $options['sender']);
printf("%-42s %8s %8s %8s %12s\n", '', 'n', 'p50', 'p99', 'difference');
foreach ($times as $name => $list) {
	$differences = [];
	foreach ($list as $round => $time) {
		$differences[] = $time - $base[$round];
	}
	printf("%-42s %8d %8.1f %8.1f %+12.1f\n", $name, count($list), Bench::percentile(array_values($list), 50), Bench::percentile(array_values($list), 99), Bench::median($differences));
}
echo "deliveries recorded: $appended", $hasActions ? '' : '; no Action Scheduler here, so that rival is missing', "\n";
