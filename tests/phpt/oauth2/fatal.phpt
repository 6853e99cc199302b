--TEST--
OAuth2: a store that ends the script while a token is dealt with leaves nothing behind
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
error_reporting=24575
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/provider.inc';
$provider = new Provider();
$store = new ArrayStore();
$engine = new KiviHook\Engine($store, ['vault' => new KiviHook\Vault(['k1' => str_repeat('k', 32)])]);
$store->subscribe(oauth2_webhook($provider, '/token/3600'), 'a');
$calls = 0;
$store->before['token'] = static function () use (&$calls): void {
	if (++$calls === 3) { // the token is there, and is to be kept
		trigger_error('the store dies', E_USER_ERROR);
	}
};
$engine->emit('a', []);
$engine->emit('a', []);
register_shutdown_function(static function () use ($provider): void {
	echo "\n", $provider->log();
});
$engine->run(10);
echo "not reached\n";
?>
--EXPECTF--
Fatal error: the store dies in %s on line %d

token client_credentials
