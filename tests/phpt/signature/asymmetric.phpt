--TEST--
Asymmetric signatures: a key pair, both kinds at once, on the wire, and as sodium verifies them
--EXTENSIONS--
kivihook
sodium
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
use KiviHook\Signature;

$pair = Signature::keyPair();
echo implode(',', array_keys($pair)), ' ', preg_match('~^whsk_[A-Za-z0-9+/]{86}==$~', $pair['private']),
	preg_match('~^whpk_[A-Za-z0-9+/]{43}=$~', $pair['public']), "\n";
$public = base64_decode(substr($pair['public'], 5));
$private = base64_decode(substr($pair['private'], 5));
$now = time();

$signature = Signature::sign($pair['private'], 'id', $now, 'body');
[$version, $bytes] = explode(',', $signature);
echo $version, ' ', var_export(sodium_crypto_sign_verify_detached(base64_decode($bytes), "id.$now.body", $public), true), "\n";
echo var_export($signature === 'v1a,' . base64_encode(sodium_crypto_sign_detached("id.$now.body", $private)), true), "\n";

$secret = Signature::secret();
$both = Signature::sign([$secret, $pair['private']], 'id', $now, 'body');
echo preg_replace('~[A-Za-z0-9+/=]{40,}~', '…', $both), "\n";
$headers = ['webhook-id' => 'id', 'webhook-timestamp' => $now, 'webhook-signature' => $both];
var_dump(Signature::verify($pair['public'], $headers, 'body'), Signature::verify($secret, $headers, 'body'));
var_dump(Signature::verify([$secret, $pair['public']], $headers, 'Body'));
var_dump(Signature::verify(Signature::keyPair()['public'], $headers, 'body'));

$receiver = new Receiver();
$engine = new KiviHook\Engine(new ArrayStore());
$secrets = ['signing_secrets' => [TEST_SECRET, $pair['private']]];
$trace = $engine->test(webhook("{$receiver->url}/ok", ['secrets' => $secrets]), ['x' => 1]);
$request = $receiver->requests()[0];
$headers = array_column($request['headers'], 1, 0);
var_dump(Signature::verify($pair['public'], $headers, $request['body']), Signature::verify(TEST_SECRET, $headers, $request['body']));
var_dump(strpos(json_encode($trace, JSON_UNESCAPED_SLASHES), substr($pair['private'], 5)));
try {
	Signature::sign($pair['public'], 'id', $now, 'body');
} catch (KiviHook\InvalidException $e) {
	echo $e->getMessage(), "\n";
}
?>
--EXPECT--
private,public 11
v1a true
true
v1,… v1a,…
bool(true)
bool(true)
bool(false)
bool(false)
bool(true)
bool(true)
bool(false)
a public key (whpk_) can't sign: it belongs to the receiver; enter the private one (whsk_)
