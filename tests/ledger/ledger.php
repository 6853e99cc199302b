<?php

/** What dev/ledger runs; see there. */

declare(strict_types=1);

use KiviHook\Tests\Ledger\Ledger;

require __DIR__ . '/autoload.php';

$options = getopt('', ['seconds:', 'bookings:', 'nodes:', 'seed:', 'run:', 'wp-cli:', 'every:', 'disk-full']);
// --every=database:5000,fpm:0: how often in ms instead of the usual, to hunt for something.
preg_match_all('/(fpm|worker|database|log|stop):(\d+)/', (string) ($options['every'] ?? ''), $every);
pcntl_async_signals(true);
foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
	pcntl_signal($signal, static function (int $signal): void {
		throw new RuntimeException("interrupted (signal $signal)"); // So that what runs is ended.
	});
}
try {
	$report = (new Ledger([
		'seconds' => (int) ($options['seconds'] ?? 60),
		'bookings' => (int) ($options['bookings'] ?? 0),
		'nodes' => (int) ($options['nodes'] ?? 1),
		'seed' => (int) ($options['seed'] ?? random_int(1, 1 << 30)),
		'run' => (string) ($options['run'] ?? ''),
		'wp_cli' => (string) ($options['wp-cli'] ?? ''),
		'disk' => isset($options['disk-full']),
		'every' => array_combine($every[1], array_map('intval', $every[2])),
		'say' => static function (string $line): void {
			fwrite(STDERR, gmdate('H:i:s') . " $line\n");
		},
	]))->run();
} catch (RuntimeException $error) {
	fwrite(STDERR, 'ledger: ' . $error->getMessage() . "\n");
	exit(2);
}
echo $report->text();
exit($report->faults === [] ? 0 : 1);
