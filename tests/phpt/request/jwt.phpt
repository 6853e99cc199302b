--TEST--
A token is signed for each attempt: the receiver verifies it with PHP's own functions
--EXTENSIONS--
kivihook
openssl
sodium
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';

function decode(string $part): string
{
	return (string) base64_decode(strtr($part, '-_', '+/'));
}

/** r and s, 32 bytes each, as the DER that OpenSSL reads. */
function der(string $signature): string
{
	$integer = static function (string $bytes): string {
		$bytes = ltrim($bytes, "\0");
		$bytes = $bytes === '' || ord($bytes[0]) > 127 ? "\0" . $bytes : $bytes;
		return "\x02" . chr(strlen($bytes)) . $bytes;
	};
	$both = $integer(substr($signature, 0, 32)) . $integer(substr($signature, 32));
	return "\x30" . chr(strlen($both)) . $both;
}

$pair = static function (array $options): array {
	$key = openssl_pkey_new($options);
	openssl_pkey_export($key, $pem);
	return [$pem, openssl_pkey_get_details($key)['key']];
};
[$rsa, $rsaPublic] = $pair(['private_key_type' => OPENSSL_KEYTYPE_RSA, 'private_key_bits' => 2048]);
[$ec, $ecPublic] = $pair(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1']);
$seed = random_bytes(32);
$ed = "-----BEGIN PRIVATE KEY-----\n" . base64_encode(hex2bin('302e020100300506032b657004220420') . $seed)
	. "\n-----END PRIVATE KEY-----\n";
$edPublic = sodium_crypto_sign_publickey(sodium_crypto_sign_seed_keypair($seed));
$secret = 'a shared secret of some length';
$hmac = static fn (string $digest): callable => static fn (string $text, string $signature): bool
	=> hash_equals(hash_hmac($digest, $text, $secret, true), $signature);

$cases = [
	'HS256' => [$secret, $hmac('sha256')],
	'HS384' => [$secret, $hmac('sha384')],
	'HS512' => [$secret, $hmac('sha512')],
	'RS256' => [$rsa, static fn ($text, $signature) => openssl_verify($text, $signature, $rsaPublic, 'sha256') === 1],
	'ES256' => [$ec, static fn ($text, $signature) => openssl_verify($text, der($signature), $ecPublic, 'sha256') === 1],
	'EdDSA' => [$ed, static fn ($text, $signature) => sodium_crypto_sign_verify_detached($signature, $text, $edPublic)],
];
$receiver = new Receiver();
$engine = new KiviHook\Engine(new ArrayStore());
$count = 0;
foreach ($cases as $algorithm => [$key, $verifies]) {
	$auth = [
		'method' => 'jwt', 'algorithm' => $algorithm, 'issuer' => 'clinic', 'subject' => 'kivihook', 'audience' => 'lab',
		'lifetime_s' => 60, 'key_id' => "key-$algorithm", 'claims' => ['scope' => 'write'],
	];
	$trace = $engine->test(webhook("{$receiver->url}/ok", ['auth' => $auth, 'secrets' => ['jwt_key' => $key]]), ['x' => 1]);
	$request = $receiver->requests(++$count)[$count - 1];
	[$scheme, $token] = explode(' ', Receiver::header($request, 'Authorization'));
	[$header, $claims, $signature] = explode('.', $token);
	$claims64 = $claims;
	$claims = json_decode(decode($claims), true);
	printf("%s %d %s %s %s\n", $scheme, $trace['status'], decode($header),
		$verifies("$header.$claims64", decode($signature)) ? 'valid' : 'NOT VALID',
		$verifies("$header.$claims64.", decode($signature)) ? 'ALWAYS VALID' : 'only so');
	if (abs($claims['iat'] - time()) > 60 || $claims['exp'] !== $claims['iat'] + 60 || $claims['nbf'] !== $claims['iat']
		|| $claims['jti'] !== Receiver::header($request, 'webhook-id')) {
		echo 'WRONG: ', json_encode($claims), "\n";
	}
	$shown = json_encode($trace, JSON_UNESCAPED_SLASHES);
	foreach ([$token, decode($signature), trim($key)] as $credential) {
		if (strpos($shown, $credential) !== false) {
			echo "LEAKED\n";
		}
	}
}
unset($claims['iat'], $claims['nbf'], $claims['exp'], $claims['jti']);
echo json_encode($claims), "\n";
$auth = ['method' => 'jwt', 'algorithm' => 'ES256'];
try {
	$engine->preview(webhook('https://example.com/', ['auth' => $auth, 'secrets' => ['jwt_key' => $rsa]]), []);
} catch (KiviHook\InvalidException $e) {
	echo $e->getMessage(), "\n";
}
?>
--EXPECT--
Bearer 200 {"alg":"HS256","typ":"JWT","kid":"key-HS256"} valid only so
Bearer 200 {"alg":"HS384","typ":"JWT","kid":"key-HS384"} valid only so
Bearer 200 {"alg":"HS512","typ":"JWT","kid":"key-HS512"} valid only so
Bearer 200 {"alg":"RS256","typ":"JWT","kid":"key-RS256"} valid only so
Bearer 200 {"alg":"ES256","typ":"JWT","kid":"key-ES256"} valid only so
Bearer 200 {"alg":"EdDSA","typ":"JWT","kid":"key-EdDSA"} valid only so
{"iss":"clinic","sub":"kivihook","aud":"lab","scope":"write"}
auth: jwt_key: ES256 needs a private key on the curve P-256, but this one is of the type RSA
