--TEST--
API key, Basic and Bearer arrive as their standards say, and never show in the trace
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
$cases = [
	[['method' => 'apikey', 'location' => 'header', 'name' => 'X-API-Key'], ['api_key' => 'k3y-s3cret']],
	[['method' => 'apikey', 'location' => 'query', 'name' => 'token'], ['api_key' => 'k3y & s3cret']],
	[['method' => 'basic'], ['username' => "J\u{f6}rg", 'password' => 'pa:ss w0rd']],
	[['method' => 'bearer', 'scheme' => 'Bearer'], ['bearer_token' => 'b3arer-s3cret']],
	[['method' => 'bearer', 'scheme' => 'Token'], ['bearer_token' => 'b3arer-s3cret']],
];
foreach ($cases as $i => [$auth, $secrets]) {
	$trace = $engine->test(webhook("{$receiver->url}/ok?a=1", ['auth' => $auth, 'secrets' => $secrets]), ['x' => 1]);
	$request = $receiver->requests($i + 1)[$i];
	printf("%s %d | %s | %s | %s\n", $auth['method'], $trace['status'], $request['query'],
		Receiver::header($request, 'X-API-Key') ?? '-', Receiver::header($request, 'Authorization') ?? '-');
	$shown = json_encode($trace, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
	foreach ($secrets + ['b64' => base64_encode(implode(':', $secrets)), 'signing' => TEST_SECRET] as $name => $secret) {
		if ($name !== 'username' && strpos($shown, $secret) !== false) {
			echo "LEAKED $name: $shown\n";
		}
	}
}
try {
	$engine->preview(webhook('https://example.com/', ['auth' => ['method' => 'bearer'], 'secrets' => ['bearer_token' => '']]), []);
} catch (KiviHook\InvalidException $e) {
	echo strtok($e->getMessage(), "\n") !== '' ? "an empty credential is refused\n" : '';
}
?>
--EXPECT--
apikey 200 | a=1 | k3y-s3cret | -
apikey 200 | a=1&token=k3y%20%26%20s3cret | - | -
basic 200 | a=1 | - | Basic SsO2cmc6cGE6c3MgdzByZA==
bearer 200 | a=1 | - | Bearer b3arer-s3cret
bearer 200 | a=1 | - | Token b3arer-s3cret
an empty credential is refused
