--TEST--
OAuth2: one token for many deliveries, kept sealed, used again, replaced once after a 401
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/provider.inc';
$provider = new Provider();
$store = new ArrayStore();
$vault = new KiviHook\Vault(['k1' => str_repeat('k', 32)]);
$engine = new KiviHook\Engine($store, ['vault' => $vault]);
$store->subscribe(oauth2_webhook($provider, '/token/3600'), 'a');

echo "-- five deliveries\n";
for ($i = 0; $i < 5; $i++) {
	$engine->emit('a', ['i' => $i]);
}
echo json_encode($engine->run(10)), "\n", $provider->log();
echo count($store->tokens), ' ', preg_match('/^kh1:k1:/', reset($store->tokens)['value']), "\n";

echo "-- another engine, another request\n";
$engine->emit('a', []);
echo json_encode((new KiviHook\Engine($store, ['vault' => $vault]))->run(10)), "\n", $provider->log();

echo "-- revoked: replaced once\n";
$provider->valid(2);
$engine->emit('a', []);
$engine->emit('a', []);
echo json_encode($engine->run(10)), "\n", $provider->log();
$trace = end($store->outcomes)['trace'];
echo $trace['status'], ' ', $trace['note'], "\n";

echo "-- and never accepted: one new token, no more\n";
$provider->valid(99);
$engine->emit('a', []);
echo json_encode($engine->run(10)), "\n", $provider->log();
$outcome = end($store->outcomes);
echo $outcome['state'], ' ', $outcome['trace']['status'], ' ', $outcome['trace']['error'], "\n";

echo "-- test()\n";
$provider->valid(4);
$trace = $engine->test(oauth2_webhook($provider, '/token/3600'), []);
echo $trace['status'], ' ', $trace['note'], "\n", $provider->log();
$all = json_encode([$trace, $store->outcomes, $store->tokens]);
echo preg_match('/t0ken-|cl1ent/', $all), "\n";
$headers = array_column($engine->preview(oauth2_webhook($provider, '/token/3600'), [])['headers'], 1, 0);
echo json_encode(['Authorization', $headers['Authorization']]), "\n";
?>
--EXPECT--
-- five deliveries
{"sent":5,"succeeded":5,"left":0}
token client_credentials
api Bearer t0ken-1
api Bearer t0ken-1
api Bearer t0ken-1
api Bearer t0ken-1
api Bearer t0ken-1
1 1
-- another engine, another request
{"sent":1,"succeeded":1,"left":0}
api Bearer t0ken-1
-- revoked: replaced once
{"sent":2,"succeeded":2,"left":0}
api Bearer t0ken-1 refused
api Bearer t0ken-1 refused
token client_credentials
api Bearer t0ken-2
api Bearer t0ken-2
200 The endpoint answered 401 at first; this is its answer to a new access token.
-- and never accepted: one new token, no more
{"sent":1,"succeeded":0,"left":1}
api Bearer t0ken-2 refused
token client_credentials
api Bearer t0ken-3 refused
pending 401 The endpoint answered 401 Unauthorized.
-- test()
200 The endpoint answered 401 at first; this is its answer to a new access token.
api Bearer t0ken-3 refused
token client_credentials
api Bearer t0ken-4
0
["Authorization","***"]
