<?php

/**
 * Kills PHP-FPM workers of one site at random until its standard input ends: killer.php RUN SEED. Prints how many.
 * The pause between two kills is the pace of the game, not a synchronisation.
 */

declare(strict_types=1);

use KiviHook\Tests\Site\Site;

require dirname(__DIR__) . '/bootstrap.php';

[, $run, $seed] = $argv;
$site = Site::open($run);
mt_srand((int) $seed);
stream_set_blocking(STDIN, false);
$killed = 0;
while (!feof(STDIN)) {
	fgets(STDIN);
	$workers = $site->workers();
	if ($workers !== [] && posix_kill($workers[mt_rand(0, count($workers) - 1)], SIGKILL)) {
		$killed++;
	}
	usleep(mt_rand(20_000, 150_000));
}
echo $killed, "\n";
