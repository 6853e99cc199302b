--TEST--
A listener without subscribers asks nobody and gives its first argument back
--EXTENSIONS--
kivihook
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
$store = new ArrayStore();
$engine = new KiviHook\Engine($store, ['types' => ['patient.registered']]);
$listener = $engine->listener('appointment.booked', function () {
	echo "the snapshot must not be taken\n";
});
var_dump($listener(12, ['status' => 1]), $listener(), $store->calls);

// Without the option the store is asked; it knows of nobody.
$engine = new KiviHook\Engine($store);
$listener = $engine->listener('appointment.booked', fn (int $id): array => ['data' => ['appointment_id' => $id]]);
var_dump($listener(13), $store->calls);
?>
--EXPECT--
int(12)
NULL
array(0) {
}
int(13)
array(1) {
  [0]=>
  string(11) "webhooksFor"
}
