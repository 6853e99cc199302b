--TEST--
410 switches the webhook off; 0 tries means one; credentials that can't be opened hold the delivery
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$store = new ArrayStore();
$vault = new KiviHook\Vault(['k1' => str_repeat('k', 32)]);
$other = new KiviHook\Vault(['k1' => str_repeat('o', 32)]);
$secrets = json_encode(['signing_secrets' => [TEST_SECRET], 'bearer_token' => 't0ken-s3cret']);
$sealed = ['secrets' => null, 'sealed_context' => 'site|webhooks|1|secrets', 'auth' => ['method' => 'bearer', 'scheme' => 'Bearer']];
$store->subscribe(webhook("{$receiver->url}/status/410"), 'a');
$store->subscribe(webhook("{$receiver->url}/status/500", ['retry' => ['never' => true]], 2), 'a');
$store->subscribe(['sealed' => $other->seal($secrets, 'site|webhooks|1|secrets')] + webhook("{$receiver->url}/ok/held", $sealed, 3), 'a');
$store->subscribe(['sealed' => $vault->seal($secrets, 'site|webhooks|1|secrets')] + webhook("{$receiver->url}/ok/open", $sealed, 4), 'a');
foreach ([3, 4] as $id) {
	unset($store->webhooks[$id]['secrets']);
}
$engine = new KiviHook\Engine($store, ['vault' => $vault]);
$engine->emit('a', ['x' => 1]);
$engine->flush(5000);
$outcomes = array_column($store->outcomes, null, 'webhook');
ksort($outcomes);
foreach ($outcomes as $outcome) {
	printf("%d %s %s %s\n", $outcome['webhook'], $outcome['state'], $outcome['switch_off'] ? 'off' : 'on', $outcome['trace']['error_code']);
}
foreach ($receiver->requests(3) as $request) {
	if ($request['path'] !== '/status/410' && $request['path'] !== '/status/500') {
		echo $request['path'], ' ', Receiver::header($request, 'Authorization'), "\n";
	}
}
?>
--EXPECT--
1 failed off http_status
2 failed on http_status
3 held on sealed
4 succeeded on 
/ok/open Bearer t0ken-s3cret
