--TEST--
Traces of one run share headers that are the same, and none that are not: each shows and hides what is its own
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
$note = static fn (int $id, string $value, array $more = []): array => ['id' => $id] + webhook("{$receiver->url}/ok", $more + ['headers' => [['X-Note', $value]]]);
$store->subscribe($note(1, 'Bonn'), 'a');
$store->subscribe($note(2, '{{city}}', ['log_mask' => ['city']]), 'a');
$store->subscribe($note(3, '{{city}}'), 'a');
$store->subscribe($note(4, '', ['headers' => [], 'auth' => ['method' => 'apikey', 'location' => 'header', 'name' => 'X-Note'], 'secrets' => ['api_key' => 'Bonn', 'signing_secrets' => [TEST_SECRET]]]), 'a');
$store->subscribe($note(5, 'Bonn'), 'a');
$store->subscribe($note(6, '***'), 'a');
$store->subscribe($note(7, 'Bonn', ['headers' => [['X-Note', 'Bonn'], ['X-Token', 'token-7'], ['X-More', '1']]]), 'a');
$emitter = new KiviHook\Engine($store);
$emitter->emit('a', ['city' => 'Bonn']);
(new KiviHook\Engine($store))->run(20);
foreach ($store->outcomes as $outcome) {
	$shown = array_filter($outcome['trace']['request']['headers'], static fn (array $pair): bool => str_starts_with($pair[0], 'X-'));
	$answer = array_column($outcome['trace']['response']['headers'], 1, 0);
	echo $outcome['webhook'], ' ', json_encode(array_values($shown)), ' ', count($answer) > 0 ? 'answered' : '', "\n";
}
// Whoever changes one changes no other.
$first = $store->outcomes[0];
$first['trace']['request']['headers'][0][1] = 'changed';
$first['trace']['response']['headers'][] = ['X', 'y'];
var_dump(str_contains((string) json_encode(array_slice($store->outcomes, 1)), 'changed'));
foreach ($receiver->requests(7) as $request) {
	echo Receiver::header($request, 'x-note'), ' ';
}
?>
--EXPECT--
1 [["X-Note","Bonn"]] answered
2 [["X-Note","***"]] answered
3 [["X-Note","Bonn"]] answered
4 [["X-Note","***"]] answered
5 [["X-Note","Bonn"]] answered
6 [["X-Note","***"]] answered
7 [["X-Note","Bonn"],["X-Token","***"],["X-More","1"]] answered
bool(false)
Bonn Bonn Bonn Bonn Bonn *** Bonn 
