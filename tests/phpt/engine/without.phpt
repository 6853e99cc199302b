--TEST--
What a webhook may not carry is in no form of its body, sent or shown
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
$engine = new KiviHook\Engine($store);
$bodies = [
	['application/json', ''], ['text/plain', ''], ['application/x-www-form-urlencoded', ''], ['multipart/form-data', ''],
	['application/json', '{"all": [{{id}}, {{diagnosis}}, "{{diagnosis | upper}}"]}'],
];
foreach ($bodies as $i => [$type, $body]) {
	$store->subscribe(webhook("{$receiver->url}/ok", [
		'content_type' => $type, 'body' => $body, 'without' => ['diagnosis'], 'query' => [['q', '{{diagnosis}}']],
		'headers' => [['X-D', '{{diagnosis}}']],
	], $i + 1), 'a');
}
// The one of all webhooks that looks at nothing: neither variables nor masks.
$store->subscribe(webhook("{$receiver->url}/ok", ['without' => ['diagnosis']], 9), 'a');
$engine->emit('a', ['id' => 12, 'diagnosis' => 'J45.0']);
echo json_encode($engine->run(10)), "\n";
$arrived = $receiver->requests(6);
echo count($arrived), ' ', preg_match_all('/J45|diagnosis/i', json_encode($arrived)), "\n";
echo json_encode(json_decode($arrived[5]['body'], true)['data']), "\n";
echo preg_match_all('/J45/', json_encode($store->outcomes)), "\n";
echo preg_match_all('/J45/', json_encode($engine->test($store->webhooks[9], ['id' => 12, 'diagnosis' => 'J45.0']))), "\n";
echo preg_match_all('/J45/', json_encode($engine->preview($store->webhooks[9], ['id' => 12, 'diagnosis' => 'J45.0']))), "\n";
?>
--EXPECT--
{"sent":6,"succeeded":6,"left":0}
6 0
{"id":12}
0
0
0
