<?php

/** What dev/site runs; see there. */

declare(strict_types=1);

use KiviHook\Tests\Site\Site;
use KiviHook\Tests\Site\SiteException;

require __DIR__ . '/autoload.php';

$verb = (string) ($argv[1] ?? '');
$given = [];
foreach (array_slice($argv, 2) as $argument) {
	if (!preg_match('/^--([a-z0-9-]+)(?:=(.*))?$/s', $argument, $found)) {
		fwrite(STDERR, "site: unknown argument $argument (--help explains)\n");
		exit(1);
	}
	$given[$found[1]] = $found[2] ?? '';
}
$known = [
	'start' => ['run', 'kivicare', 'wordpress', 'extension', 'without-extension', 'without-addon', 'workers', 'e2ee',
		'port', 'quiet'],
	'stop' => ['run', 'keep'],
	'info' => ['run'],
	'cron' => ['run'],
	'fpm-restart' => ['run', 'with-extension', 'without-extension', 'workers'],
	'wp' => ['run'],
];
if (!isset($known[$verb])) {
	fwrite(STDERR, "site: start, stop, info, cron, wp or fpm-restart? (--help explains)\n");
	exit(1);
}
foreach (array_keys($given) as $name) {
	if (!in_array($name, $known[$verb], true)) {
		fwrite(STDERR, "site: $verb knows no --$name (--help explains)\n");
		exit(1);
	}
}

// Ctrl-C while it starts ends what has been started: the exception runs the clean-up.
pcntl_async_signals(true);
foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
	pcntl_signal($signal, static function (int $signal): void {
		throw new SiteException("interrupted (signal $signal)");
	});
}

try {
	if ($verb === 'start') {
		$options = array_intersect_key($given, ['run' => 1, 'kivicare' => 1, 'wordpress' => 1, 'extension' => 1]);
		$options += ['workers' => (int) ($given['workers'] ?? 4), 'port' => (int) ($given['port'] ?? 0)];
		$options += ['addon' => !isset($given['without-addon']), 'e2ee' => isset($given['e2ee'])];
		if (isset($given['without-extension'])) {
			$options['extension'] = false;
		}
		if (!isset($given['quiet'])) {
			$options['say'] = static function (string $line): void {
				fwrite(STDERR, "starting $line\n");
			};
		}
		$info = Site::start($options)->info();
		echo $info['run'], "/site.json\n";
		exit(0);
	}
	if (!isset($given['run'])) {
		throw new SiteException("$verb needs --run=DIR");
	}
	$site = Site::open($given['run']);
	switch ($verb) {
		case 'stop':
			$site->stop(!isset($given['keep']));
			break;
		case 'info':
			echo json_encode($site->info(), JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES), "\n";
			break;
		case 'cron':
			echo $site->cron();
			break;
		case 'wp':
			echo $site->wp((string) stream_get_contents(STDIN));
			break;
		case 'fpm-restart':
			$extension = isset($given['without-extension']) ? false : (isset($given['with-extension']) ? true : null);
			$site->restartFpm($extension, (int) ($given['workers'] ?? 0));
			break;
	}
} catch (SiteException $error) {
	fwrite(STDERR, 'site: ' . $error->getMessage() . "\n");
	exit(1);
}
