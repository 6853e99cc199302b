<?php

/**
 * A small HTTP(S) endpoint for the demo and the tests: one process, any number of connections, nothing but php -n.
 *
 * php tests/receiver/receiver.php [--port=0] [--tls] [--folder=DIR] [--keep=2000] [--owned]
 *                                    [--chaos] [--journal=FILE] [--seed=N]
 *
 * Prints one line when it listens, its address (http://127.0.0.1:41234), then nothing more. --tls makes a throw-away
 * CA in --folder (needed then): ca.pem is what a client has to trust. Ends on SIGTERM and SIGINT, and with --owned when
 * its standard input is closed, so that it never outlives a test that was killed. --chaos: also connections and handshakes
 * fail by lot, see Chaos.php; --journal: every request is kept in a file, see Journal.php.
 *
 * What the path asks for (any method; the rest of the path and the query are free, and recorded):
 *   /ok/…            200, {"ok":true}
 *   /status/500      that status; ?retry_after=7 adds the header
 *   /flaky/3/…       500 for the first 3 requests of that very path, then 200
 *   /close           closes without an answer
 *   /close-half      announces a body, sends half of it, closes
 *   /hang/5          waits 5 s, then 200
 *   /huge/10         200 with a body of 10 MB
 *   /redirect        302 to /ok/redirected
 *   /chaos/…         one of these by lot: 200, 200 with a slow body, 500, 429, 301, a reset, half an answer, garbage
 * About itself:
 *   GET  /           a page that shows arriving requests live
 *   GET  /_inbox     ?since=N: what came after number N; ?wait=MS: waits so long for ?count=1 of them
 *                    {"last": N, "dropped": N, "requests": [{number, at_ms, method, path, query,
 *                    headers: [[name, value]], body, body_bytes, body_base64 (bool), truncated, peer,
 *                    connection, verified, reason, status}]}
 *                    at_ms: Unix time in ms with fractions, when the request was complete. verified: true, false, or
 *                    null when no secret is known for that path; reason says why not.
 *   GET  /_events    the same as a stream of server-sent events
 *   POST /_secret    {"path": "/ok/signed", "secret": "whsec_…"}: requests below that path are to be signed with it
 *   GET  /_chaos     {"resets_before": N, "bad_handshakes": N}
 *   POST /_reset     forgets requests and secrets (the numbers go on)
 */

declare(strict_types=1);

namespace KiviHook\Tests\Receiver;

require __DIR__ . '/Connection.php';
require __DIR__ . '/Inbox.php';
require __DIR__ . '/Chaos.php';
require __DIR__ . '/Journal.php';
require __DIR__ . '/Server.php';
require __DIR__ . '/Certificates.php';

$options = getopt('', ['port:', 'tls', 'folder:', 'keep:', 'owned', 'chaos', 'journal:', 'seed:', 'help']);
if (isset($options['help'])) {
	$text = (string) file_get_contents(__FILE__);
	echo preg_replace('/^ \* ?/m', '', substr($text, 11, (int) strpos($text, '*/') - 11)), "\n";
	exit(0);
}

$certificate = null;
if (isset($options['tls'])) {
	if (!isset($options['folder'])) {
		fwrite(STDERR, "receiver: --tls needs --folder=DIR for its throw-away CA\n");
		exit(1);
	}
	$certificate = Certificates::make((string) $options['folder']);
}

mt_srand((int) ($options['seed'] ?? random_int(1, 1 << 30)));
$server = new Server(
	new Inbox((int) ($options['keep'] ?? 2000)),
	(int) ($options['port'] ?? 0),
	$certificate,
	new Chaos(isset($options['chaos'])),
	isset($options['journal']) ? new Journal((string) $options['journal']) : null
);
if (isset($options['owned'])) {
	$server->endWith(STDIN);
}
if (function_exists('pcntl_async_signals')) {
	pcntl_async_signals(true);
	foreach ([SIGTERM, SIGINT] as $signal) {
		pcntl_signal($signal, static function () use ($server): void {
			$server->stop();
		});
	}
}
echo $server->url(), "\n";
$server->run();
