<?php

/** What dev/ledger runs; see there. */

declare(strict_types=1);

use KiviHook\Tests\Ledger\Ledger;

require __DIR__ . '/autoload.php';

$options = getopt('', ['seconds:', 'bookings:', 'nodes:', 'seed:', 'run:', 'wp-cli:']);
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
