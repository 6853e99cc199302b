--TEST--
flush() sends what this engine emitted, signed, and settles it
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$receiver->expectSignatures('/ok/one', TEST_SECRET);
$store = new ArrayStore();
$store->subscribe(webhook("{$receiver->url}/ok/one"), 'appointment.booked');
$store->subscribe(webhook("{$receiver->url}/status/500", [], 2), 'appointment.booked');
$engine = new KiviHook\Engine($store);
var_dump($engine->flush(1000));
$id = $engine->emit('appointment.booked', ['appointment_id' => 12, 'patient_name' => 'Jane "J" O\'Neil']);
var_dump($engine->emit('patient.registered', ['x' => 1]));
var_dump($engine->flush(5000), $engine->flush(5000)['sent']);

$requests = array_column($receiver->requests(2), null, 'path');
$request = $requests['/ok/one'];
var_dump($request['verified'], Receiver::header($request, 'webhook-id') === "{$id}_1");
var_dump(Receiver::header($request, 'content-type'), Receiver::header($request, 'user-agent'));
$body = json_decode($request['body'], true);
var_dump($body['id'] === $id, $body['type'], $body['timestamp'] === $store->events[$id]['timestamp']);
echo json_encode($body['data']), "\n";

usort($store->outcomes, static fn ($a, $b) => $a['webhook'] <=> $b['webhook']);
foreach ($store->outcomes as $outcome) {
	printf("%d %s %d %s | %s\n", $outcome['webhook'], $outcome['state'], $outcome['trace']['status'],
		$outcome['trace']['error_code'], $outcome['trace']['error']);
	if ($outcome['webhook'] === 2) {
		var_dump($outcome['delay_ms'] >= 4000 && $outcome['delay_ms'] <= 6000);
	}
}
?>
--EXPECT--
array(3) {
  ["sent"]=>
  int(0)
  ["succeeded"]=>
  int(0)
  ["left"]=>
  int(0)
}
NULL
array(3) {
  ["sent"]=>
  int(2)
  ["succeeded"]=>
  int(1)
  ["left"]=>
  int(1)
}
int(0)
bool(true)
bool(true)
string(16) "application/json"
string(14) "KiviHook/0.1.0"
bool(true)
string(18) "appointment.booked"
bool(true)
{"appointment_id":12,"patient_name":"Jane \"J\" O'Neil"}
1 succeeded 200  | 
2 pending 500 http_status | The endpoint answered 500 Internal Server Error.
bool(true)
