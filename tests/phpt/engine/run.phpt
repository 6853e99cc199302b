--TEST--
run() takes whatever is due until nothing is, over one kept-open connection
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
kivihook.max_in_flight=1
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$store = new ArrayStore();
$store->subscribe(webhook("{$receiver->url}/ok"), 'a');
$emitter = new KiviHook\Engine($store);
for ($i = 0; $i < 20; $i++) {
	$emitter->emit('a', ['i' => $i]);
}
$worker = new KiviHook\Engine($store, ['owner' => 'worker']);
var_dump($worker->run(0)['sent'], $worker->run(20, 5)['sent'], $worker->run(20));
$requests = $receiver->requests(20);
var_dump(count($requests), count(array_unique(array_column($requests, 'connection'))));
var_dump(count(array_unique(array_map(static fn ($r) => Receiver::header($r, 'webhook-id'), $requests))));
$reused = array_count_values(array_map(static fn ($o) => (int) $o['trace']['reused'], $store->outcomes));
var_dump($reused);
?>
--EXPECT--
int(0)
int(5)
array(3) {
  ["sent"]=>
  int(15)
  ["succeeded"]=>
  int(15)
  ["left"]=>
  int(0)
}
int(20)
int(1)
int(20)
array(2) {
  [0]=>
  int(1)
  [1]=>
  int(19)
}
