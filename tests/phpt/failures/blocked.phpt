--TEST--
Without kivihook.allow_networks no internal address is reached, however it is written
--EXTENSIONS--
kivihook
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$port = parse_url($receiver->url, PHP_URL_PORT);
$engine = new KiviHook\Engine(new ArrayStore());
foreach (['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '017700000001', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '127.0.0.1.'] as $host) {
	$trace = $engine->test(webhook("http://$host:$port/ok"), ['x' => 1]);
	printf("%-20s %d %s\n", $host, $trace['status'], $trace['error_code']);
}
$arrived = json_decode(file_get_contents("{$receiver->url}/_inbox?since=0"), true);
var_dump(count($arrived['requests']));
?>
--EXPECTF--
127.0.0.1            0 blocked
localhost            0 blocked
0x7f.1               0 blocked
2130706433           0 blocked
017700000001         0 blocked
[::1]                0 blocked
[::ffff:127.0.0.1]   0 blocked
0.0.0.0              0 blocked
127.0.0.1.           0 %r(dns|blocked)%r
int(0)
