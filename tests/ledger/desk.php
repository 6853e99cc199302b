<?php

/**
 * One front desk of the ledger: desk.php RUN URL INDEX DESKS NUMBERS SEED. Logs in, says "ready", waits for a line on its
 * standard input, then does the numbers INDEX, INDEX + DESKS, … below NUMBERS (0: no end) until its standard input is
 * closed. Prints a line of JSON for each: {"n", "kind", "status", "id"}; status 0: the connection was cut. Nothing is tried
 * again. The number stands in what it writes, so that the database tells of each what became of it.
 */

declare(strict_types=1);

use KiviHook\Tests\Ledger\DeskWork;
use KiviHook\Tests\Site\Site;
use KiviHook\Tests\Site\SiteException;

require __DIR__ . '/autoload.php';

[, $run, $url, $index, $desks, $numbers, $seed] = $argv;
mt_srand((int) $seed);
$work = new DeskWork(Site::open($run), $url);
echo "ready\n";
fgets(STDIN);
stream_set_blocking(STDIN, false);
for ($n = (int) $index; (int) $numbers === 0 || $n < (int) $numbers; $n += (int) $desks) {
	fgets(STDIN);
	if (feof(STDIN)) {
		break;
	}
	$kind = $work->lot();
	try {
		[$status, $id] = $work->do($kind, $n);
	} catch (SiteException | mysqli_sql_exception) {
		[$status, $id] = [0, null];
	}
	echo json_encode(['n' => $n, 'kind' => $kind, 'status' => $status, 'id' => $id]), "\n";
	if ($status === 0 || $status >= 500) {
		usleep(100000); // Nobody at a desk writes a hundred bookings into a server that is away.
	}
}
