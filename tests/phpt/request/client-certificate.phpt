--TEST--
A client certificate is opened from PKCS#12 once, goes with any authentication, and is refused in plain words
--EXTENSIONS--
kivihook
openssl
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
function made(string $name, int $days): array
{
	$key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1', 'private_key_bits' => 2048]);
	$request = openssl_csr_new(['CN' => $name], $key);
	return [openssl_csr_sign($request, null, $key, $days), $key];
}
[$certificate, $key] = made('clinic', 3);
[$other, $otherKey] = made('other', 3);
openssl_pkcs12_export($certificate, $p12, $key, 'p4ss', ['extracerts' => [$other]]);

$opened = KiviHook\Engine::openPkcs12($p12, 'p4ss');
openssl_x509_export($certificate, $pem);
openssl_x509_export($other, $otherPem);
var_dump(array_keys($opened), $opened['certificate'] === $pem, $opened['chain'] === $otherPem);
var_dump(openssl_x509_check_private_key($opened['certificate'], $opened['key']));
$ends = openssl_x509_parse($certificate)['validTo_time_t'];
var_dump($opened['not_after'] === gmdate('Y-m-d\TH:i:s', $ends) . '.000Z');

function tell(callable $do): void
{
	try {
		$do();
		echo "accepted\n";
	} catch (KiviHook\InvalidException $e) {
		echo $e->getMessage(), "\n";
	}
}
tell(static fn () => KiviHook\Engine::openPkcs12($p12, 'wrong'));
tell(static fn () => KiviHook\Engine::openPkcs12($pem, 'p4ss'));

$engine = new KiviHook\Engine(new ArrayStore());
$preview = static function (array $secrets, array $auth = ['method' => 'none']) use ($engine): void {
	$webhook = webhook('https://example.com/', ['tls' => ['client_certificate' => true], 'auth' => $auth, 'secrets' => $secrets]);
	tell(static fn () => $engine->preview($webhook, []));
};
$good = ['client_certificate_pem' => $opened['certificate'] . $opened['chain'], 'client_key_pem' => $opened['key']];
$preview($good);
$preview($good + ['bearer_token' => 't0ken'], ['method' => 'bearer']);
$preview([]);
$preview(['client_certificate_pem' => $otherPem] + $good);
openssl_pkey_export($key, $encrypted, 'p4ss');
$preview(['client_key_pem' => $encrypted] + $good);
$preview(['client_key_pem' => $encrypted, 'client_key_password' => 'wrong'] + $good);
$preview(['client_key_pem' => $encrypted, 'client_key_password' => 'p4ss'] + $good);
tell(static fn () => KiviHook\Engine::check(webhook('http://example.com/', ['tls' => ['client_certificate' => true]])));
?>
--EXPECT--
array(4) {
  [0]=>
  string(11) "certificate"
  [1]=>
  string(3) "key"
  [2]=>
  string(5) "chain"
  [3]=>
  string(9) "not_after"
}
bool(true)
bool(true)
bool(true)
bool(true)
the file can't be opened with this password: enter the one that it was exported with
this is not a PKCS#12 file (.p12 or .pfx); a certificate that begins with "-----BEGIN" is PEM, and is entered as text
accepted
accepted
tls: the client certificate is missing: enter it (client_certificate_pem)
tls: the client certificate and the private key do not belong together: enter the key that the certificate was made for
tls: the private key is encrypted: enter its password (client_key_password)
tls: the private key can't be opened with this password: enter the right one (client_key_password)
accepted
tls: a client certificate needs an address that begins with https:
