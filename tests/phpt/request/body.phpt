--TEST--
JSON and form bodies, URL, query and headers take variables, each escaped for its place, none expanded twice
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$engine = new KiviHook\Engine(new ArrayStore());
$data = ['patient_name' => "Anne \"A\" {{api_key}} & <b>\n", 'id' => 12, 'amount' => 10.50, 'tags' => ['a', 'b'], 'none' => null,
	'api_key' => 'MUST NOT APPEAR', 'city' => "K\u{f6}ln/x"];
$trace = $engine->test(webhook("{$receiver->url}/ok/{{city}}/p?q={{patient_name}}", [
	'method' => 'PUT',
	'query' => [['id', '{{id}}'], ['n', '{{none}}']],
	'headers' => [['X-City', 'c={{ city }}']],
	'body' => '{"text":"Hi {{patient_name}}!","id":{{id}},"amount":{{amount}},"tags":{{tags}},"none":{{none}},"gone":{{gone}}}',
]), $data);
$request = $receiver->requests(1)[0];
echo $request['method'], ' ', $request['path'], '?', $request['query'], "\n", Receiver::header($request, 'X-City'), "\n", $request['body'], "\n";

$engine->test(webhook("{$receiver->url}/ok/form", [
	'content_type' => 'application/x-www-form-urlencoded',
	'body' => "To={{phone}}\nFrom=+15550100\nBody=Hello {{patient_name}}, see you = soon & well",
]), $data + ['phone' => '+49 221 555']);
$request = $receiver->requests(2)[1];
echo Receiver::header($request, 'Content-Type'), "\n", $request['body'], "\n";
parse_str($request['body'], $fields);
echo $fields['To'], '|', $fields['From'], '|', $fields['Body'], "\n";
?>
--EXPECT--
PUT /ok/K%C3%B6ln%2Fx/p?q=Anne%20%22A%22%20%7B%7Bapi_key%7D%7D%20%26%20%3Cb%3E%0A&id=12&n=
c=Köln/x
{"text":"Hi Anne \"A\" {{api_key}} & <b>\n!","id":12,"amount":10.5,"tags":["a","b"],"none":null,"gone":null}
application/x-www-form-urlencoded
To=%2B49+221+555&From=%2B15550100&Body=Hello+Anne+%22A%22+%7B%7Bapi_key%7D%7D+%26+%3Cb%3E%0A%2C+see+you+%3D+soon+%26+well
+49 221 555|+15550100|Hello Anne "A" {{api_key}} & <b>
, see you = soon & well
