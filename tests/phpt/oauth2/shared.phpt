--TEST--
OAuth2: while one process fetches, others wait or use what is left; refresh tokens rotate; a mark left behind ends
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
$webhook = oauth2_webhook($provider, '/token/3600', ['grant' => 'refresh_token'], ['refresh_token' => 'r3fresh-0']);
$store->subscribe($webhook, 'a');
$key = null;
$store->before['token'] = static function (string $asked) use (&$key): void {
	$key = $asked;
};
/** As another process would write it. */
$put = static function (array $token, int $ageMs = 0) use ($store, $vault, &$key): void {
	$store->tokens[$key] = ['value' => $vault->seal(json_encode($token), "kivihook:token:$key"), 'at' => hrtime(true) - $ageMs * 1_000_000];
};
$got = static function () use ($store, $vault, &$key): array {
	return json_decode($vault->open($store->tokens[$key]['value'], "kivihook:token:$key"), true);
};
$send = static function () use (&$engine, $store, $provider): void {
	$engine->emit('a', []);
	echo json_encode($engine->run(10)), "\n", $provider->log();
};

echo "-- the refresh token that came back is the next one's\n";
$send();
echo $got()['refresh'], "\n";
$provider->valid(2);
$send();
echo $got()['refresh'], "\n";

echo "-- due in 30 s: fetched anew\n";
$put(['access' => 't0ken-2', 'refresh' => 'r3fresh-2', 'left_ms' => 3_600_000, 'lifetime_ms' => 3_600_000], 3_570_000);
$provider->valid(3);
$send();

echo "-- another fetches, and what is left is used\n";
$put(['access' => 't0ken-3', 'refresh' => 'r3fresh-3', 'left_ms' => 30_000, 'lifetime_ms' => 3_600_000, 'fetching_ms' => 30_000]);
$send();

echo "-- another fetches, and is waited for\n";
$put(['access' => '', 'refresh' => 'r3fresh-3', 'left_ms' => -1, 'lifetime_ms' => -1, 'fetching_ms' => 30_000]);
$looks = 0;
$store->before['token'] = static function () use (&$looks, $put): void {
	if (++$looks === 3) {
		$put(['access' => 't0ken-3', 'refresh' => 'r3fresh-3', 'left_ms' => 3_600_000, 'lifetime_ms' => 3_600_000]);
	}
};
$send();
echo "looked $looks times\n";
unset($store->before['token']);

echo "-- another died while it fetched\n";
$put(['access' => '', 'refresh' => 'r3fresh-3', 'left_ms' => -1, 'lifetime_ms' => -1, 'fetching_ms' => 30_000], 30_000);
$provider->valid(4);
$send();

echo "-- lost the swap: somebody else was quicker\n";
$put(['access' => '', 'refresh' => 'r3fresh-4', 'left_ms' => -1, 'lifetime_ms' => -1]);
$store->before['token'] = static function (string $key, ?array $replace) use ($store, $put): void {
	if ($replace !== null) {
		unset($store->before['token']);
		$put(['access' => 't0ken-4', 'refresh' => 'r3fresh-4', 'left_ms' => 3_600_000, 'lifetime_ms' => 3_600_000]);
	}
};
$send();

echo "-- what can't be opened is fetched anew\n";
$store->tokens[$key]['value'] = 'kh1:gone:AAAA';
$provider->valid(5);
$send();

echo "-- the sealing key was replaced: the refresh token that is nowhere else is found under its old name\n";
$rotated = new KiviHook\Vault(['k2' => str_repeat('n', 32), 'k1' => str_repeat('k', 32)]);
$engine = new KiviHook\Engine($store, ['vault' => $rotated]);
$put(['access' => '', 'refresh' => 'r3fresh-5', 'left_ms' => -1, 'lifetime_ms' => -1]);
$provider->valid(6);
$send();
$send();
echo count($store->tokens), "\n";

echo "-- the time is up while it is waited for: given back, not counted\n";
$engine = new KiviHook\Engine($store, ['vault' => $vault]);
$put(['access' => '', 'refresh' => '', 'left_ms' => -1, 'lifetime_ms' => -1, 'fetching_ms' => 30_000]);
$engine->emit('a', []);
echo json_encode($engine->flush(300)), "\nreleased ", count($store->released), "\n", $provider->log();
?>
--EXPECT--
-- the refresh token that came back is the next one's
{"sent":1,"succeeded":1,"left":0}
token refresh_token r3fresh-0
api Bearer t0ken-1
r3fresh-1
{"sent":1,"succeeded":1,"left":0}
api Bearer t0ken-1 refused
token refresh_token r3fresh-1
api Bearer t0ken-2
r3fresh-2
-- due in 30 s: fetched anew
{"sent":1,"succeeded":1,"left":0}
token refresh_token r3fresh-2
api Bearer t0ken-3
-- another fetches, and what is left is used
{"sent":1,"succeeded":1,"left":0}
api Bearer t0ken-3
-- another fetches, and is waited for
{"sent":1,"succeeded":1,"left":0}
api Bearer t0ken-3
looked 3 times
-- another died while it fetched
{"sent":1,"succeeded":1,"left":0}
token refresh_token r3fresh-3
api Bearer t0ken-4
-- lost the swap: somebody else was quicker
{"sent":1,"succeeded":1,"left":0}
api Bearer t0ken-4
-- what can't be opened is fetched anew
{"sent":1,"succeeded":1,"left":0}
token refresh_token r3fresh-0
api Bearer t0ken-5
-- the sealing key was replaced: the refresh token that is nowhere else is found under its old name
{"sent":1,"succeeded":1,"left":0}
token refresh_token r3fresh-5
api Bearer t0ken-6
{"sent":1,"succeeded":1,"left":0}
api Bearer t0ken-6
2
-- the time is up while it is waited for: given back, not counted
{"sent":0,"succeeded":0,"left":1}
released 1
