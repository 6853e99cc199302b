<?php

/**
 * Books like one of several front desks at once: booker.php RUN FIRST_SLOT COUNT. Logs in, says "ready", waits for a
 * line on its standard input, books; prints one JSON line per booking: {"slot", "status", "id"}. Nothing is tried
 * again.
 */

declare(strict_types=1);

use KiviHook\Tests\Site\Site;
use KiviHook\Tests\Site\SiteException;

require dirname(__DIR__) . '/bootstrap.php';

[, $run, $first, $count] = $argv;
$site = Site::open($run);
$client = $site->client('desk');
$first_answer = $client->rest('GET', 'kivicare/v1/appointments'); // fetches the nonce
$clinic = $site->clinic();
echo $first_answer->status === 200 ? "ready\n" : "not logged in: HTTP $first_answer->status\n";
fgets(STDIN);
for ($slot = (int) $first; $slot < (int) $first + (int) $count; $slot++) {
	try {
		$answer = $clinic->book($client, $slot);
		$body = json_decode($answer->body, true);
		$line = ['slot' => $slot, 'status' => $answer->status, 'id' => $body['data']['appointment_id'] ?? null];
	} catch (SiteException $error) {
		$line = ['slot' => $slot, 'status' => 0, 'id' => null, 'error' => $error->getMessage()];
	}
	echo json_encode($line), "\n";
}
