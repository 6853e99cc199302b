--TEST--
An AWS signature holds for what arrives, as its documentation computes it
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';

/** The signature of a request as it arrived, from its own list of signed headers. */
function expected(array $request, string $secret, string $path): string
{
	$authorization = Receiver::header($request, 'Authorization');
	preg_match('~^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$~', $authorization, $m);
	[, $scope, $names] = $m;
	parse_str($request['query'], $parameters);
	ksort($parameters, SORT_STRING);
	$headers = '';
	foreach (explode(';', $names) as $name) {
		$headers .= "$name:" . trim(preg_replace('/ +/', ' ', Receiver::header($request, $name))) . "\n";
	}
	$canonical = implode("\n", [$request['method'], $path, http_build_query($parameters, '', '&', PHP_QUERY_RFC3986), $headers, $names,
		hash('sha256', $request['body'])]);
	$text = implode("\n", ['AWS4-HMAC-SHA256', Receiver::header($request, 'X-Amz-Date'), $scope, hash('sha256', $canonical)]);
	$key = "AWS4$secret";
	foreach (explode('/', $scope) as $part) {
		$key = hash_hmac('sha256', $part, $key, true);
	}
	return str_replace($m[3], hash_hmac('sha256', $text, $key), $authorization);
}

$receiver = new Receiver();
$engine = new KiviHook\Engine(new ArrayStore());
$secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
$secrets = ['access_key_id' => 'AKIDEXAMPLE', 'secret_access_key' => $secret];
$cases = [
	['POST', 'execute-api', '/ok/a%2520b', $secrets],
	['PUT', 's3', '/ok/a%20b', $secrets],
	['GET', 'execute-api', '/ok/a%2520b', $secrets + ['session_token' => 's3ssion-t0ken']],
];
$count = 0;
foreach ($cases as [$method, $service, $path, $secrets]) {
	$trace = $engine->test(webhook("{$receiver->url}/ok/{{name}}?z=1&a=%2f", [
		'method' => $method, 'query' => [['name', '{{name}}']], 'headers' => [['X-Note', 'a  b {{name}}']],
		'auth' => ['method' => 'aws_sigv4', 'region' => 'eu-central-1', 'service' => $service], 'secrets' => $secrets,
	]), ['name' => 'a b']);
	$request = $receiver->requests(++$count)[$count - 1];
	$authorization = Receiver::header($request, 'Authorization');
	preg_match('/SignedHeaders=([^,]+)/', $authorization, $m);
	printf("%s %d %s %s %s\n", $method, $trace['status'], $authorization === expected($request, $secret, $path) ? 'valid' : 'NOT VALID', $m[1],
		Receiver::header($request, 'X-Amz-Security-Token') ?? '-');
	$shown = json_encode($trace, JSON_UNESCAPED_SLASHES);
	foreach ([substr($authorization, -64), $secret, 's3ssion-t0ken'] as $credential) {
		if (strpos($shown, $credential) !== false) {
			echo "LEAKED $credential\n";
		}
	}
}
?>
--EXPECT--
POST 200 valid content-type;host;webhook-id;webhook-signature;webhook-test;webhook-timestamp;x-amz-content-sha256;x-amz-date;x-note -
PUT 200 valid content-type;host;webhook-id;webhook-signature;webhook-test;webhook-timestamp;x-amz-content-sha256;x-amz-date;x-note -
GET 200 valid host;webhook-id;webhook-signature;webhook-test;webhook-timestamp;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-note s3ssion-t0ken
