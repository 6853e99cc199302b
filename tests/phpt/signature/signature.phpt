--TEST--
Signatures for receivers: sign, verify, several secrets, tolerance
--EXTENSIONS--
kivihook
--FILE--
<?php
use KiviHook\Signature;

// The example that the Standard Webhooks libraries publish in their tests.
var_dump(Signature::sign('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}'));

$secret = Signature::secret();
$other = Signature::secret();
var_dump($secret !== $other, preg_match('~^whsec_[A-Za-z0-9+/]{43}=$~', $secret));
$now = time();
$both = Signature::sign([$other, $secret], 'id', $now, 'body');
var_dump(count(explode(' ', $both)));
$headers = ['Webhook-Id' => 'id', 'WEBHOOK-TIMESTAMP' => (string) $now, 'webhook-signature' => $both];
var_dump(Signature::verify($secret, $headers, 'body'), Signature::verify([$other], $headers, 'body'));
var_dump(Signature::verify($secret, $headers, 'Body'), Signature::verify(Signature::secret(), $headers, 'body'));
var_dump(Signature::verify($secret, ['webhook-id' => 'id2'] + array_change_key_case($headers), 'body'));
var_dump(Signature::verify($secret, [], 'body'));
foreach ([-400, 400] as $shift) {
	$signature = Signature::sign($secret, 'id', $now + $shift, 'body');
	$headers = ['webhook-id' => 'id', 'webhook-timestamp' => $now + $shift, 'webhook-signature' => [$signature]];
	var_dump(Signature::verify($secret, $headers, 'body'), Signature::verify($secret, $headers, 'body', 500));
}
try {
	Signature::sign('whsec_short', 'id', 1, 'body');
} catch (KiviHook\InvalidException $e) {
	echo "refused\n";
}
?>
--EXPECT--
string(47) "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
bool(true)
int(1)
int(2)
bool(true)
bool(true)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(true)
bool(false)
bool(true)
refused
