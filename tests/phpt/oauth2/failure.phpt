--TEST--
OAuth2: no token is an outcome in plain words, without a secret in it; nobody asks again at once; others go on
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
$logged = [];
$engine = new KiviHook\Engine($store, ['vault' => $vault, 'log' => static function (string $message, ?Throwable $error) use (&$logged): void {
	$logged[] = $message . ' ' . ($error ? $error->getMessage() : '');
}]);
$store->subscribe(oauth2_webhook($provider, '/token/60?fail=invalid_client'), 'a');
$store->subscribe(webhook("$provider->url/api", [], 2), 'a');
$show = static function () use ($store): void {
	usort($store->outcomes, static fn (array $a, array $b): int => $a['id'] <=> $b['id']);
	foreach ($store->outcomes as $outcome) {
		$trace = $outcome['trace'];
		echo "{$outcome['webhook']} {$outcome['state']} {$trace['status']} {$trace['error_code']} {$trace['error']}\n";
	}
	$store->outcomes = [];
};

echo "-- refused\n";
$engine->emit('a', []);
$engine->emit('a', []);
echo json_encode($engine->run(10)), "\n";
$lines = explode("\n", trim($provider->log()));
sort($lines); // they come at the same time
echo implode("\n", $lines), "\n";
$all = [$store->outcomes];
$show();

echo "-- another engine does not ask again\n";
$all[] = $trace = (new KiviHook\Engine($store, ['vault' => $vault]))->test($store->webhooks[1], []);
echo $trace['error_code'], ' ', $trace['error'], "\n", $provider->log();

echo "-- not to be reached\n";
$webhook = oauth2_webhook($provider, '/');
$webhook['auth']['token_url'] = 'http://127.0.0.1:1/token';
$all[] = $trace = $engine->test($webhook, []);
echo $trace['error_code'], ' ', $trace['error'], "\n";
$webhook['auth']['token_url'] = 'https://10.0.0.1/token';
$all[] = $trace = $engine->test($webhook, []);
echo $trace['error_code'], ' ', $trace['error'], "\n";

echo "-- without a secret, without a vault\n";
$all[] = $trace = $engine->test(oauth2_webhook($provider, '/token/60', [], ['client_secret' => '']), []);
echo $trace['error_code'], ' ', $trace['error'], "\n";
$all[] = $trace = (new KiviHook\Engine($store))->test(oauth2_webhook($provider, '/token/60'), []);
echo $trace['error_code'], ' ', $trace['error'], "\n", $provider->log();

echo "-- a store that fails\n";
$store->before['token'] = static function (): void {
	throw new RuntimeException('no connection');
};
$all[] = $trace = $engine->test(oauth2_webhook($provider, '/token/61'), []);
echo $trace['error_code'], ' ', $trace['error'], "\n", implode("\n", $logged), "\n", $provider->log();

echo "-- none of it has the secret, as it is or as Basic sends it\n";
$text = json_encode([$all, $logged], JSON_UNESCAPED_SLASHES);
echo strlen($text) > 5000 ? 'looked at ' : 'NOTHING TO LOOK AT ', count($all), "\n";
foreach (['cl1ent-s3cret', base64_encode('clinic:cl1ent-s3cret'), substr(base64_encode('cl1ent-s3cret'), 0, -4)] as $secret) {
	echo strpos($text, $secret) === false ? "absent\n" : "LEAKED $secret\n";
}
?>
--EXPECT--
-- refused
{"sent":4,"succeeded":2,"left":2}
api -
api -
token client_credentials
1 pending 0 oauth2 No access token: the token endpoint does not know this client id, or its secret is wrong: check both (400 invalid_client, grant_type=client_credentials Basic ***).
2 succeeded 200  
1 pending 0 oauth2 No access token: the token endpoint does not know this client id, or its secret is wrong: check both (400 invalid_client, grant_type=client_credentials Basic ***).
2 succeeded 200  
-- another engine does not ask again
oauth2 No access token: the token endpoint does not know this client id, or its secret is wrong: check both (400 invalid_client, grant_type=client_credentials Basic ***).
-- not to be reached
oauth2 No access token: the token endpoint could not be reached. 127.0.0.1 refused the connection: nothing answers on port 1.
oauth2 No access token: the token endpoint could not be reached. 10.0.0.1 is in a private network (10.0.0.0/8, RFC 1918): KiviHook sends nothing there. If this endpoint is meant, the server's owner can allow it in php.ini: kivihook.allow_networks = 10.0.0.1
-- without a secret, without a vault
oauth2 auth: the client secret is missing: enter it (client_secret)
oauth2 auth: OAuth2 needs the engine's option "vault": tokens are only kept sealed
-- a store that fails
oauth2 The stored access token could not be reached: see the error log.
Store::token() failed. no connection
-- none of it has the secret, as it is or as Basic sends it
looked at 7
absent
absent
absent
