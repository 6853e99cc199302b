--TEST--
Any value in path, query and header arrives, decoded by PHP, as the same value; numbers as they were written
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
$pieces = ['"', '\\', '/', "\t", '&', '<', '>', "'", '{{id}}', '%41', '%', '+', ' ', '=', ';', ':', ',', '[', '?', '#', '@', '//', '..', 'é', '日', "\u{1f600}", 'a', '0', '~', '*'];
mt_srand(7);
$wrong = 0;
for ($i = 0; $i < 400; $i++) {
	$text = 'v';
	for ($n = mt_rand(0, 6); $n > 0; $n--) {
		$text .= $pieces[mt_rand(0, count($pieces) - 1)];
	}
	$text .= 'v'; // a header's value has no blanks at its ends
	$webhook = webhook("{$receiver->url}/ok/{{v}}/x?first={{v}}", [
		'query' => [['na me[]', '{{v}}'], ['last', 'a{{v}}']], 'headers' => [['X-Text', '{{v}}']], 'id' => 1,
	]);
	$request = $engine->preview($webhook, ['v' => $text]);
	parse_str((string) parse_url($request['url'], PHP_URL_QUERY), $query);
	$headers = array_column($request['headers'], 1, 0);
	$got = [rawurldecode(substr(parse_url($request['url'], PHP_URL_PATH), 4, -2)), $query['first'], $query['na_me'][0], $query['last'], $headers['X-Text']];
	if ($got !== [$text, $text, $text, "a$text", $text]) {
		$wrong++;
		echo json_encode([$text, $got]), "\n";
	}
	if ($i < 40) { // on the wire as well
		$engine->test($webhook, ['v' => $text]);
		$arrived = $receiver->requests($i + 1)[$i];
		parse_str($arrived['query'], $query);
		if (Receiver::header($arrived, 'X-Text') !== $text || $query['first'] !== $text || $query['last'] !== "a$text") {
			$wrong++;
			echo "on the wire: ", json_encode([$text, $arrived['query']]), "\n";
		}
	}
}
echo "$wrong wrong\n";

// The standard body has the data as they were stored, and a variable its number as it was written.
$numbers = '{"a":1.0,"b":-0,"c":-0.0,"d":1e400,"e":12345678901234567890123,"f":0.1000,"g":1E+2,"h":9223372036854775807,"i":-9223372036854775809}';
$store->subscribe(webhook("{$receiver->url}/ok"), 'n');
$store->subscribe(webhook("{$receiver->url}/ok", ['body' => '[{{a}},{{b}},{{c}},{{d}},{{e}},{{f}},{{g}},{{h}},{{i}},"{{e}}"]'], 2), 'n');
$store->before['lease'] = static function () use ($store, $numbers): void {
	foreach ($store->events as $id => $event) {
		$store->events[$id]['data'] = $numbers;
	}
};
$engine->emit('n', []);
$engine->run(10);
$bodies = array_column(array_slice($receiver->requests(42), 40), 'body');
sort($bodies);
echo $bodies[0], "\n", substr($bodies[1], strpos($bodies[1], '"data"')), "\n";
?>
--EXPECT--
0 wrong
[1.0,-0,-0.0,1e400,12345678901234567890123,0.1000,1E+2,9223372036854775807,-9223372036854775809,"12345678901234567890123"]
"data":{"a":1.0,"b":-0,"c":-0.0,"d":1e400,"e":12345678901234567890123,"f":0.1000,"g":1E+2,"h":9223372036854775807,"i":-9223372036854775809}}
