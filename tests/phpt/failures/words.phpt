--TEST--
Every way to fail has its own words; the others are not affected
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$socket = stream_socket_server('tcp://127.0.0.1:0');
$closed = stream_socket_get_name($socket, false);
fclose($socket);
$urls = [
	'ok' => "{$receiver->url}/ok", 'refused' => "http://$closed/", 'dns' => 'https://nothing.invalid/',
	'timeout' => "{$receiver->url}/hang/30", '500' => "{$receiver->url}/status/500", '404' => "{$receiver->url}/status/404",
	'closed' => "{$receiver->url}/close", 'half' => "{$receiver->url}/close-half", 'huge' => "{$receiver->url}/huge/10",
	'redirect' => "{$receiver->url}/redirect", 'internal' => 'https://10.0.0.1/', 'metadata' => 'http://169.254.169.254/',
];
$store = new ArrayStore();
foreach (array_keys($urls) as $i => $name) {
	$store->subscribe(webhook($urls[$name], ['timeout_ms' => $name === 'timeout' ? 1000 : 15000], $i + 1), 'a');
}
$engine = new KiviHook\Engine($store);
$engine->emit('a', ['x' => 1]);
var_dump($engine->flush(20000));
$outcomes = array_column($store->outcomes, null, 'webhook');
foreach (array_keys($urls) as $i => $name) {
	$outcome = $outcomes[$i + 1];
	printf("%-9s %-9s %3d %-15s %s%s\n", $name, $outcome['state'], $outcome['trace']['status'], $outcome['trace']['error_code'],
		str_replace([substr($closed, 10), substr($receiver->url, 7)], ['PORT', 'HOST'], $outcome['trace']['error']), $outcome['trace']['note']);
}
printf("%d kept of %d, %s\n", strlen($outcomes[9]['trace']['response']['body']), $outcomes[9]['trace']['response']['body_bytes'],
	$outcomes[9]['trace']['response']['truncated'] ? 'truncated' : 'whole');
?>
--EXPECTF--
array(3) {
  ["sent"]=>
  int(12)
  ["succeeded"]=>
  int(2)
  ["left"]=>
  int(10)
}
ok        succeeded 200                 
refused   pending     0 connect_refused 127.0.0.1 refused the connection: nothing answers on port PORT.
dns       pending     0 dns             The name nothing.invalid could not be found: check the address for typing errors.
timeout   pending     0 timeout         The endpoint took the request, but had not answered after 1 s.
500       pending   500 http_status     The endpoint answered 500 Internal Server Error.
404       pending   404 http_status     The endpoint answered 404 Not Found.
closed    pending     0 closed          The endpoint closed the connection without an answer.
half      pending   200 closed          The endpoint closed the connection in the middle of its answer.
huge      succeeded 200                 The answer was larger than 1 MB; the rest was not read.
redirect  pending   302 redirect        The endpoint redirects to http://HOST/ok/redirected; redirects are not followed: enter the final address.
internal  pending     0 blocked         10.0.0.1 is in a private network (10.0.0.0/8, RFC 1918): KiviHook sends nothing there. If this endpoint is meant, the server's owner can allow it in php.ini: kivihook.allow_networks = 10.0.0.1
metadata  pending     0 blocked         169.254.169.254 is a cloud metadata service (169.254.169.254/32, AWS, Azure, Google Cloud): KiviHook sends nothing there. If this endpoint is meant, the server's owner can allow it in php.ini: kivihook.allow_networks = 169.254.169.254
16384 kept of %d, truncated
