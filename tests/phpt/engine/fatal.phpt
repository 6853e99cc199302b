--TEST--
A fatal error in the store while transfers are on their way leaves a process that can send
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
$store->subscribe(webhook("{$receiver->url}/ok"), 'a');
$store->subscribe(webhook("{$receiver->url}/hang/20", ['timeout_ms' => 30000], 2), 'a');
$engine = new KiviHook\Engine($store);
$engine->emit('a', ['x' => 1]);
$store->before['settle'] = static function (): void {
	@trigger_error('the store dies', E_USER_ERROR); // the one fatal error that a script can cause at will
};
register_shutdown_function(static function () use ($store): void {
	$store->before = [];
	$other = new KiviHook\Engine($store);
	$other->emit('a', ['x' => 2]);
	try {
		$other->flush(300);
	} catch (KiviHook\Exception $e) {
		echo $e->getMessage(), "\n";
	}
});
$engine->flush(5000);
?>
--EXPECTF--
%AFatal error: the store dies in %s on line %d
Something is being sent already: flush(), run() and test() can't be nested.
