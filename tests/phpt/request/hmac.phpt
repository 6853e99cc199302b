--TEST--
An HMAC is over the body as it arrives, or over the query where none is sent
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
$secrets = ['hmac_secret_key' => 'hm4c-s3cret', 'hmac_access_key' => 'acc3ss-k3y'];
$body = '{"name": {{name}}}';
$cases = [
	['POST', [], static fn (array $r): string => hash_hmac('sha256', $r['body'], 'hm4c-s3cret')],
	['PUT', ['algorithm' => 'HMAC-SHA512', 'encoding' => 'base64', 'access_key_name' => 'X-Access'],
		static fn (array $r): string => base64_encode(hash_hmac('sha512', $r['body'], 'hm4c-s3cret', true))],
	['POST', ['algorithm' => 'HMAC-SHA1', 'prefix' => 'sha1='],
		static fn (array $r): string => 'sha1=' . hash_hmac('sha1', $r['body'], 'hm4c-s3cret')],
	['POST', ['algorithm' => 'HMAC-MD5'], static fn (array $r): string => hash_hmac('md5', $r['body'], 'hm4c-s3cret')],
	['GET', [], static fn (array $r): string => hash_hmac('sha256', $r['query'], 'hm4c-s3cret')],
];
$count = 0;
foreach ($cases as [$method, $auth, $expected]) {
	$trace = $engine->test(webhook("{$receiver->url}/ok?a=1", ['method' => $method, 'body' => $body, 'query' => [['n', '{{name}}']],
		'auth' => ['method' => 'hmac'] + $auth, 'secrets' => $secrets]), ['name' => "J\u{f6}rg & Co"]);
	$request = $receiver->requests(++$count)[$count - 1];
	$signature = Receiver::header($request, 'X-Signature');
	printf("%s %d %s %s\n", $method, $trace['status'], $signature === $expected($request) ? 'valid' : "NOT VALID $signature",
		Receiver::header($request, 'X-Access') ?? '-');
	$shown = json_encode($trace, JSON_UNESCAPED_SLASHES);
	foreach ([$signature, 'hm4c-s3cret', 'acc3ss-k3y'] as $credential) {
		if (strpos($shown, $credential) !== false) {
			echo "LEAKED $credential\n";
		}
	}
}
$auth = ['method' => 'hmac', 'location' => 'query', 'name' => 'sig', 'access_key_name' => 'key'];
$engine->test(webhook("{$receiver->url}/ok?a=1", ['method' => 'GET', 'auth' => $auth, 'secrets' => $secrets]), []);
$query = $receiver->requests(++$count)[$count - 1]['query'];
echo $query === 'a=1&key=acc3ss-k3y&sig=' . hash_hmac('sha256', 'a=1', 'hm4c-s3cret') ? "valid\n" : "NOT VALID $query\n";
$shown = json_encode($engine->preview(webhook("{$receiver->url}/ok?a=1", ['method' => 'GET', 'auth' => $auth, 'secrets' => $secrets]), []));
echo strpos($shown, hash_hmac('sha256', 'a=1', 'hm4c-s3cret')) === false && strpos($shown, 'acc3ss-k3y') === false ? "masked\n" : "LEAKED $shown\n";
foreach (['HMAC-MD5', 'HMAC-SHA256'] as $algorithm) {
	$auth = ['method' => 'hmac', 'algorithm' => $algorithm];
	$webhook = webhook("{$receiver->url}/ok", ['auth' => $auth, 'secrets' => $secrets]);
	echo strtok($engine->preview($webhook, [])['warning'] ?: 'no warning', ':'), "\n";
	echo strtok($engine->test($webhook, [])['warning'] ?: 'no warning', ':'), "\n";
	unset($webhook['secrets']); // none are needed to save
	echo json_encode(array_map(static fn (string $text): string => strtok($text, ':'), KiviHook\Engine::warnings($webhook))), "\n";
}
?>
--EXPECT--
POST 200 valid -
PUT 200 valid acc3ss-k3y
POST 200 valid -
POST 200 valid -
GET 200 valid -
valid
masked
HMAC-MD5 is weak
HMAC-MD5 is weak
["HMAC-MD5 is weak"]
no warning
no warning
[]
