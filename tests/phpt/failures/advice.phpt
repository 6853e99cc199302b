--TEST--
Every failure says what to do about it, and who; the ports of other services and international names are refused with words
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.1
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$engine = new KiviHook\Engine(new ArrayStore());
$urls = ["{$receiver->url}/status/401", "{$receiver->url}/status/404", "{$receiver->url}/status/503", "{$receiver->url}/redirect", 'https://nothing.invalid/',
	'https://8.8.8.8:25/', 'https://127.0.0.1:1/', 'https://[fd00::1]/', "https://b\u{fc}cher.example/"];
foreach ($urls as $url) {
	$trace = $engine->test(webhook($url), ['x' => 1]);
	echo $trace['error_code'], ': ', $trace['advice'], "\n";
}
echo $trace['error'], "\n", $engine->test(webhook('https://8.8.8.8:6379/'), [])['error'], "\n";
$trace = $engine->test(webhook($receiver->url, ['body' => '{{']), []);
echo $trace['error_code'], ': ', $trace['advice'], "\n";
?>
--EXPECT--
http_status: Check the webhook's credentials: 127.0.0.1 does not accept them.
http_status: Check the URL's path: 127.0.0.1 has nothing there.
http_status: The fault is at 127.0.0.1: its owner has to look at its error log. A later try may get through.
redirect: Enter the address that 127.0.0.1 redirects to, if you trust it.
dns: Check the URL's host for typing errors. If nothing.invalid is right, its owner has to mend its DNS, or this server can't reach a name server.
blocked: If 8.8.8.8 is really meant, this server's owner has to allow it in php.ini; the error says how.
connect_refused: Ask the owner of 127.0.0.1 whether the service runs, and check the URL's port. A later try may get through.
blocked: If [fd00::1] is really meant, this server's owner has to allow it in php.ini; the error says how.
invalid_request: Correct the webhook's URL.
url: Write the host's name in its ASCII form: xn--bcher-kva.example.
Port 6379 belongs to a service that is no web server: KiviHook sends nothing there. If this endpoint is meant, the server's owner can allow its address in php.ini: kivihook.allow_networks = 8.8.8.8
template: Correct the webhook's template; the error says where.
