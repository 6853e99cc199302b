--TEST--
A schedule of the webhook's own decides when it is tried again, and how often; a wrong one is refused
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$retry = ['quick_tries' => 3, 'quick_delay_s' => 5, 'schedule_s' => [100, 86400]];
$store = new ArrayStore();
$store->subscribe(webhook("{$receiver->url}/status/500", ['retry' => $retry], 1), 'a');
$store->subscribe(webhook("{$receiver->url}/status/429?retry_after=1000", ['retry' => ['schedule_s' => [1]]], 2), 'a');
$engine = new KiviHook\Engine($store);
$engine->emit('a', ['x' => 1]);
$engine->flush(10000);
$delay = array_column($store->outcomes, 'delay_ms', 'webhook');
var_dump($delay[1] >= 80000 && $delay[1] <= 120000, $delay[2] === 1000000);
foreach ([[], [0], [86401], ['5'], array_fill(0, 26, 1), 'daily'] as $schedule) {
	try {
		KiviHook\Engine::check(webhook('https://example.org/', ['retry' => ['schedule_s' => $schedule]]));
		echo "taken\n";
	} catch (KiviHook\InvalidException $e) {
		echo $e->getMessage(), "\n";
	}
}
?>
--EXPECT--
bool(true)
bool(true)
retry: schedule_s: must be a list of 1 to 25 delays in seconds, such as [60, 600, 3600]; for no retry at all set never to true
retry: schedule_s[0]: must be a whole number of seconds from 1 to 86400
retry: schedule_s[0]: must be a whole number of seconds from 1 to 86400
retry: schedule_s[0]: must be a whole number of seconds from 1 to 86400
retry: schedule_s: must be a list of 1 to 25 delays in seconds, such as [60, 600, 3600]; for no retry at all set never to true
retry: schedule_s: must be a list of 1 to 25 delays in seconds, such as [60, 600, 3600]; for no retry at all set never to true
