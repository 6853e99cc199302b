--TEST--
A trace shows no secret field of a body, no sealed value, and nothing of what log_mask names; the wire carries all of it
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
require __DIR__ . '/../inc/provider.inc';
$receiver = new Receiver();
$engine = new KiviHook\Engine(new ArrayStore());
$data = ['patient_email' => 'anne@example.org', 'patient_phone' => '+4922155512', 'city' => 'Bonn', 'id' => 12];
$config = webhook("{$receiver->url}/ok?to={{patient_email}}", [
	'headers' => [['X-To', 'mailto:{{patient_email}}'], ['X-City', '{{city}}']],
	'body' => '{"id":{{id}},"city":"{{city}}","mail":"{{patient_email}}","nested":{"Password":["a",{"b":1}],"patient_phone":{{patient_phone}}},"k":"s3cret-key-1"}',
	'auth' => ['method' => 'apikey', 'location' => 'header', 'name' => 'X-Custom'],
	'secrets' => ['api_key' => 's3cret-key-1'],
	'log_mask' => ['patient_email', 'patient_phone'],
]);
$trace = $engine->test($config, $data);
echo parse_url($trace['request']['url'], PHP_URL_QUERY), "\n", $trace['request']['body'], "\n";
$headers = array_column($trace['request']['headers'], 1, 0);
echo $headers['X-To'], ' ', $headers['X-City'], ' ', $headers['X-Custom'], "\n";
echo $receiver->requests(1)[0]['body'], "\n";
// What an endpoint repeats in its headers, as it is or encoded.
$provider = new Provider();
$trace = $engine->test(['url' => "{$provider->url}/headers?" . http_build_query(['X-Echo' => 'hello anne@example.org!', 'Location' => '/?m=' . rawurlencode('anne@example.org'),
	'X-Basic' => 'Basic ' . base64_encode('me:s3cret-key-1'), 'X-Fine' => 'Bonn'])] + $config, $data);
foreach ($trace['response']['headers'] as [$name, $value]) {
	if (in_array($name, ['X-Echo', 'Location', 'X-Basic', 'X-Fine'], true)) {
		echo "$name: $value\n";
	}
}
$trace = $engine->test(webhook("{$receiver->url}/ok", [
	'content_type' => 'application/x-www-form-urlencoded', 'body' => 'a=1&client_secret=x y&patient_phone={{patient_phone}}', 'log_mask' => ['patient_phone'],
]), $data);
echo $trace['request']['body'], "\n";
$trace = $engine->test(webhook("{$receiver->url}/ok", [
	'content_type' => 'application/xml', 'body' => '<a token="t"><password>{{city}}</password><b>{{city}}</b></a>',
]), $data);
echo $trace['request']['body'], "\n";
var_dump($trace['advice'], $trace['tls_expires_at']);
try {
	KiviHook\Engine::check(webhook('https://example.org/', ['log_mask' => [12]]));
} catch (KiviHook\InvalidException $e) {
	echo $e->getMessage(), "\n";
}
?>
--EXPECT--
to=***
{"id":12,"city":"Bonn","mail":"***","nested":{"Password":"***","patient_phone":"***"},"k":"***"}
mailto:*** Bonn ***
{"id":12,"city":"Bonn","mail":"anne@example.org","nested":{"Password":["a",{"b":1}],"patient_phone":"+4922155512"},"k":"s3cret-key-1"}
X-Echo: hello ***!
Location: /?m=***
X-Basic: Basic bWU6***
X-Fine: Bonn
a=1&client_secret=***&patient_phone=***
<a token="***"><password>***</password><b>Bonn</b></a>
string(0) ""
string(0) ""
log_mask[0]: must be the name of a variable, of 1 to 128 bytes
