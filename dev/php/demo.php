<?php

/** What dev/demo runs; see there. */

declare(strict_types=1);

namespace KiviHook\Dev;

use KiviHook\Tests\Site\SiteException;

require __DIR__ . '/../../tests/site/autoload.php';
require __DIR__ . '/Demo.php';
require __DIR__ . '/Verdict.php';

$options = ['check' => false, 'bookings' => null, 'kivicare' => null, 'wordpress' => null];
foreach (array_slice($argv, 1) as $argument) {
	if (!preg_match('/^--(check|bookings|kivicare|wordpress)(?:=(.+))?$/sD', $argument, $found)) {
		fwrite(STDERR, "demo: unknown argument $argument (--help explains)\n");
		exit(1);
	}
	$options[$found[1]] = $found[1] === 'check' ? true : ($found[2] ?? '');
}
$bookings = $options['bookings'] ?? ($options['check'] ? '200' : '5');
if (!preg_match('/^[1-9]\d{0,3}$/D', $bookings)) {
	fwrite(STDERR, "demo: --bookings is a number from 1 to 9999\n");
	exit(1);
}

// Every way out passes the clean-up below.
pcntl_async_signals(true);
foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
	pcntl_signal($signal, static function (): void {
		throw new Interrupted();
	});
}

$verdict = new Verdict();
$demo = new Demo($verdict, (int) $bookings);
$code = 0;
try {
	$demo->run(array_filter(['kivicare' => $options['kivicare'], 'wordpress' => $options['wordpress']]));
	if ($options['check']) {
		echo "\n", $verdict->line(), "\n";
		$code = $verdict->failed() > 0 ? 1 : 0;
	} else {
		$demo->invite();
		while (true) {
			sleep(3600);
		}
	}
} catch (Interrupted $interrupted) {
	echo "\nending\n";
	$code = $options['check'] ? 130 : 0;
} catch (SiteException $error) {
	fwrite(STDERR, 'demo: ' . $error->getMessage() . "\n");
	$code = 1;
} finally {
	// A second Ctrl-C must not leave half of it running.
	foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
		pcntl_signal($signal, SIG_IGN);
	}
	$demo->end($code !== 0 && $code !== 130);
}
exit($code);
