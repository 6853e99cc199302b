<?php

/**
 * Does anything get slower as the tables grow? The append within a booking, a lease, a settle, and each query of the log and
 * of the statistics, at few attempts and at many. Each attempt has its delivery and its event.
 *
 * Usage: php bench/size.php [--rows=1000000] [--base=10000] [--calls=200]
 *
 *   --rows    attempts at the large size (10000000 takes a quarter of an hour and 10 GB)
 *   --base    at the small size
 *   --calls   of each query at each size; the median counts
 *
 * Rows are doubled by INSERT … SELECT, spread over a year, ten webhooks and all states.
 */

declare(strict_types=1);

use KiviHook\Bench\Bench;
use KiviHook\Bench\Clinic;
use KiviHook\Bench\QuickServer;

require __DIR__ . '/Support/autoload.php';

$options = Bench::options(__FILE__, ['rows' => 1000000, 'base' => 10000, 'calls' => 200]);
Bench::machine();
$clinic = Clinic::start(['kivicare' => 'none', 'mariadb' => ['--innodb-buffer-pool-size=2G', '--innodb-log-file-size=1G',
	'--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=OFF']]);
$server = QuickServer::start($clinic->run());
for ($i = 0; $i < 10; $i++) {
	$clinic->webhook($server->url("/$i"));
}
$clinic->fill(1); // One real event, with ten deliveries: what is sent at each size.
$clinic->rows('CREATE TABLE [bench_bookings] (id BIGINT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(50)) ENGINE=InnoDB');
$clinic->mu('size');
$clinic->rows("UPDATE {deliveries} SET state = 'succeeded', due_at = NULL");

[$succeeded, $failed] = [0, 1]; // Log::OUTCOMES
$grow = static function (int $from, int $to) use ($clinic, $succeeded, $failed): void {
	$clinic->rows('SET SESSION unique_checks = 0');
	for ($count = $from; $count < $to;) {
		$add = min($to - $count, max(1000, min($count, 500000)));
		// Numbers from MariaDB's sequence engine; a year, oldest first, as rows lie in a table that grew.
		$at = static fn (string $table): string => "UTC_TIMESTAMP(3) - INTERVAL 365 * 86400 * (1 - (s.seq + $count) / $to) SECOND";
		$first = $count + 1000;
		$clinic->rows("INSERT INTO {events} (sequence, id, type, record_id, clinic_ids, patient_id, doctor_id, created_at, webhooks, routed, parts)"
			. " SELECT s.seq + $first, UUID(), 'appointment.booked', s.seq + $count, '1', 7, 3, {$at('e')}, s.seq % 10 + 1, 1, 0 FROM seq_1_to_$add s");
		$clinic->rows("INSERT INTO {deliveries} (id, event, webhook, state, attempt, due_at, last_status, created_at, updated_at)"
			. " SELECT s.seq + $first, s.seq + $first, s.seq % 10 + 1, IF(s.seq % 50 = 0, 'failed', 'succeeded'), 1, NULL, IF(s.seq % 50 = 0, 500, 200),"
			. " {$at('d')}, {$at('d')} FROM seq_1_to_$add s");
		$clinic->rows("INSERT INTO {attempts} (id, delivery, webhook, event, type, record_id, number, driver, started_at, state, outcome, status, total_us, trace)"
			. " SELECT s.seq + $first, s.seq + $first, s.seq % 10 + 1, s.seq + $first, 'appointment.booked', s.seq + $count, 1, 'worker', {$at('a')},"
			. " IF(s.seq % 50 = 0, 'failed', 'succeeded'), IF(s.seq % 50 = 0, $failed, $succeeded), IF(s.seq % 50 = 0, 500, 200), 1000 + s.seq % 100000, NULL FROM seq_1_to_$add s");
		$count += $add;
		if ($count % 500000 === 0) {
			Bench::say("$count rows");
		}
	}
	$clinic->rows('ANALYZE TABLE {events}, {deliveries}, {attempts}');
};
$measure = static fn (): array => (array) json_decode($clinic->site->wp("bench_size( {$options['calls']} );"), true);
$grow(0, $options['base']);
// The dashboard's numbers come from hourly rows, which there are as many of at either size: a year of ten webhooks.
$clinic->rows("INSERT IGNORE INTO {statistics} (webhook, hour, succeeded, failed, retried, total_us)"
	. " SELECT s.seq % 10 + 1, DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL FLOOR(s.seq / 10) HOUR, '%Y-%m-%d %H:00:00'), 100, 2, 3, 5000000 FROM seq_1_to_87600 s");
$measure(); // Warm.
$small = $measure();
Bench::say('measured at ' . $options['base']);
$grow($options['base'], $options['rows']);
$measure();
$large = $measure();
printf("%-46s %12s %12s %7s\n", 'ms, median', $options['base'] . ' rows', $options['rows'] . ' rows', 'ratio');
foreach ($large as $name => $time) {
	printf("%-46s %12.3f %12.3f %7.2f\n", $name, $small[$name], $time, $time / $small[$name]);
}
