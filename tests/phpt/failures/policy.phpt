--TEST--
A network list that can't be read is told at start, and nothing is sent under it
--EXTENSIONS--
kivihook
--INI--
kivihook.deny_networks=10.0.0.0/8, 300.1.2.3
display_startup_errors=1
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
$store = new ArrayStore();
$store->subscribe(webhook('https://example.com/'), 'a');
$engine = new KiviHook\Engine($store);
$engine->emit('a', ['x' => 1]);
try {
	$engine->flush(1000);
} catch (KiviHook\InvalidException $e) {
	echo $e->getMessage(), "\n";
}
var_dump($store->calls);
?>
--EXPECTF--
%AWarning: PHP Startup: kivihook.deny_networks in php.ini: %s Until then KiviHook sends nothing. in Unknown on line 0
kivihook.deny_networks in php.ini: %s
array(2) {
  [0]=>
  string(11) "webhooksFor"
  [1]=>
  string(6) "append"
}
