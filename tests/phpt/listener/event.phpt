--TEST--
A listener keeps what the snapshot tells, with its facts; null is nothing
--EXTENSIONS--
kivihook
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
$store = new ArrayStore();
$store->subscribe(webhook('https://example.com/'), 'appointment.booked');
$store->subscribe(webhook('https://example.org/', [], 2), 'appointment.booked');
$engine = new KiviHook\Engine($store, ['types' => ['appointment.booked']]);
$listener = $engine->listener('appointment.booked', function (int $id, array $row): ?array {
	return $row['status'] === 2 ? null : [
		'data' => ['appointment_id' => $id, 'patient_name' => "Ren\xC3\xA9 \xFF", 'amount' => 10.0, 'url' => 'a/b'],
		'record_id' => $id, 'clinic_ids' => [1, 3], 'patient_id' => 7,
	];
});
var_dump($listener(12, ['status' => 1]), $listener(13, ['status' => 2]));
$event = array_values($store->events)[0];
var_dump(count($store->events), count($store->deliveries));
var_dump(preg_match('/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/', $event['id']));
var_dump(preg_match('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/', $event['timestamp']));
unset($event['id'], $event['timestamp']);
echo json_encode($event, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
?>
--EXPECT--
int(12)
int(13)
int(1)
int(2)
int(1)
int(1)
{"type":"appointment.booked","record_id":12,"clinic_ids":[1,3],"patient_id":7,"doctor_id":null,"data":"{\"appointment_id\":12,\"patient_name\":\"René �\",\"amount\":10.0,\"url\":\"a/b\"}"}
