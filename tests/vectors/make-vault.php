<?php
/**
 * Writes vault.json, the sealed values that kh_vault.c and the add-on's Seal/ must both open.
 * Independent of either: openssl_encrypt() with fixed keys and nonces, so that it always writes the same bytes.
 *
 *   php tests/vectors/make-vault.php > tests/vectors/vault.json
 */

declare(strict_types=1);

function base64url(string $bytes): string
{
	return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** Deterministic bytes; what they are does not matter. */
function bytes(string $seed, int $length): string
{
	return substr(hash('sha512', $seed, true) . hash('sha512', $seed . '+', true), 0, $length);
}

function seal(string $keyId, string $key, string $context, string $plain, string $nonce): string
{
	$tag = '';
	$text = openssl_encrypt(
		$plain,
		'aes-256-gcm',
		$key,
		OPENSSL_RAW_DATA,
		$nonce,
		$tag,
		"kh1:$keyId:$context",
		16
	);
	return "kh1:$keyId:" . base64url($nonce . $text . $tag);
}

/** Turns one bit of the sealed bytes; $at counts from the end when it is negative. */
function flip(string $sealed, int $at): string
{
	[$prefix, $id, $text] = explode(':', $sealed);
	$bytes = base64_decode(strtr($text, '-_', '+/'), true);
	$at = $at < 0 ? strlen($bytes) + $at : $at;
	$bytes[$at] = chr(ord($bytes[$at]) ^ 1);
	return "$prefix:$id:" . base64url($bytes);
}

$cases = [
	['short text', 'k1', 'site/webhooks/1/secrets', '{"api_key":"s3cret"}'],
	['empty text', 'k1', 'site/webhooks/2/secrets', ''],
	['empty context', 'k1', '', 'abc'],
	['one byte', 'A', 'x', "\x00"],
	['every byte', 'key_2-B', 'site/events/9', implode('', array_map('chr', range(0, 255)))],
	['not ASCII', '2026-11-23', 'Klinik für Kinder/žurnāls', 'Zoë Müller, 東京'],
	['longest key id', str_repeat('Z', 32), 'site/attempts/7/trace', str_repeat('0123456789', 500)],
	['colons in the context', 'k1', 'a:b:kh1:k1:', 'a:b'],
];

$open = [];
foreach ($cases as $number => [$name, $keyId, $context, $plain]) {
	$key = bytes("key $keyId", 32);
	$nonce = bytes("nonce $number", 12);
	$open[] = [
		'name' => $name,
		'key_id' => $keyId,
		'key_base64' => base64_encode($key),
		'context' => $context,
		'nonce_base64' => base64_encode($nonce),
		'plain_base64' => base64_encode($plain),
		'sealed' => seal($keyId, $key, $context, $plain, $nonce),
	];
}

$first = $open[0];
$sealed = $first['sealed'];
$refused = [
	['another context', $sealed, 'site/webhooks/3/secrets'],
	['no context', $sealed, ''],
	['a bit of the nonce turned', flip($sealed, 0), null],
	['a bit of the text turned', flip($sealed, 14), null],
	['a bit of the tag turned', flip($sealed, -1), null],
	['the last four characters cut off', substr($sealed, 0, -4), null],
	['shorter than nonce and tag', 'kh1:k1:' . base64url(str_repeat('x', 27)), null],
	['nothing behind the key id', 'kh1:k1:', null],
	['a key that is not there', str_replace('kh1:k1:', 'kh1:k9:', $sealed), null],
	['the id of another key', str_replace('kh1:k1:', 'kh1:other:', $sealed), null],
	['the same key under another id', str_replace('kh1:k1:', 'kh1:twin:', $sealed), null],
	['another version', str_replace('kh1:', 'kh2:', $sealed), null],
	['a character outside the alphabet', substr($sealed, 0, 20) . '!' . substr($sealed, 21), null],
	['no key id', str_replace('kh1:k1:', 'kh1::', $sealed), null],
	['clear text', '{"api_key":"s3cret"}', null],
	['nothing', '', null],
];
$keys = [
	'k1' => $first['key_base64'],
	'other' => base64_encode(bytes('key other', 32)),
	'twin' => $first['key_base64'],
];

$vectors = [
	'about' => 'AES-256-GCM, associated data "kh1:" key id ":" context. Written by make-vault.php.',
	'open' => $open,
	'refuse' => array_map(
		fn(array $case): array => [
			'name' => $case[0],
			'keys_base64' => $keys,
			'context' => $case[2] ?? $first['context'],
			'sealed' => $case[1],
		],
		$refused
	),
];
$json = json_encode($vectors, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
/* Two blanks, as .editorconfig has it. */
echo preg_replace('/^( +)\1/m', '$1', $json), "\n";
