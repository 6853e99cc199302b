--TEST--
The budget ends a flush, and what was not answered is due again at once
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
$store->subscribe(webhook("{$receiver->url}/hang/20", ['timeout_ms' => 30000]), 'a');
$store->subscribe(webhook("{$receiver->url}/ok/quick", [], 2), 'a');
$engine = new KiviHook\Engine($store);
$engine->emit('a', ['x' => 1]);
$start = hrtime(true);
$result = $engine->flush(2000);
$ms = (hrtime(true) - $start) / 1e6;
var_dump($result, $ms >= 1990 && $ms < 15000); // the engine counts in whole milliseconds
foreach ($store->outcomes as $outcome) {
	printf("%d %s %s %s\n", $outcome['webhook'], $outcome['state'], var_export($outcome['delay_ms'], true), $outcome['trace']['error_code']);
}
// The process goes on to work.
$engine->emit('a', ['x' => 2]);
var_dump($engine->flush(2000)['succeeded']);
?>
--EXPECT--
array(3) {
  ["sent"]=>
  int(2)
  ["succeeded"]=>
  int(1)
  ["left"]=>
  int(1)
}
bool(true)
2 succeeded NULL 
1 pending 0 aborted
int(1)
