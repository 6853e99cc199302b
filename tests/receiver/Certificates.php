<?php

declare(strict_types=1);

namespace KiviHook\Tests\Receiver;

/** A throw-away CA and a certificate of it for 127.0.0.1 and localhost, good for two days. */
final class Certificates
{
	/** Leaves ca.pem and server.pem (certificate and key) in $folder; returns the path of server.pem. */
	public static function make(string $folder): string
	{
		if (!is_dir($folder) && !mkdir($folder, 0700, true)) {
			throw new \RuntimeException('receiver: cannot make ' . $folder);
		}
		$config = $folder . '/openssl.cnf';
		file_put_contents($config, implode("\n", [
			'[req]', 'distinguished_name = dn', '[dn]',
			'[ca]', 'basicConstraints = critical,CA:true', 'keyUsage = critical,keyCertSign,cRLSign',
			'subjectKeyIdentifier = hash',
			'[server]', 'basicConstraints = CA:false', 'subjectAltName = IP:127.0.0.1,DNS:localhost',
			'extendedKeyUsage = serverAuth', '',
		]));
		$kind = ['config' => $config, 'digest_alg' => 'sha256'];
		// PHP wants the bits even where the curve says it all.
		$newKey = ['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1', 'private_key_bits' => 2048]
			+ ['config' => $config];

		$caKey = self::checked(openssl_pkey_new($newKey));
		$request = self::checked(openssl_csr_new(['CN' => 'KiviHook test CA'], $caKey, $kind));
		$ca = self::checked(openssl_csr_sign($request, null, $caKey, 2, $kind + ['x509_extensions' => 'ca'], 1));
		$key = self::checked(openssl_pkey_new($newKey));
		$request = self::checked(openssl_csr_new(['CN' => 'localhost'], $key, $kind));
		$serial = random_int(2, PHP_INT_MAX);
		$server = self::checked(
			openssl_csr_sign($request, $ca, $caKey, 2, $kind + ['x509_extensions' => 'server'], $serial)
		);

		self::checked(openssl_x509_export($ca, $caText));
		self::checked(openssl_x509_export($server, $serverText));
		self::checked(openssl_pkey_export($key, $keyText, null, $newKey));
		file_put_contents($folder . '/ca.pem', $caText);
		file_put_contents($folder . '/server.pem', $serverText . $keyText);
		chmod($folder . '/server.pem', 0600);
		return $folder . '/server.pem';
	}

	/**
	 * @template T
	 * @param T|false $result
	 * @return T
	 */
	private static function checked($result)
	{
		if ($result === false) {
			throw new \RuntimeException('receiver: OpenSSL says ' . openssl_error_string());
		}
		return $result;
	}
}
