<?php

declare(strict_types=1);

namespace KiviHook\Bench;

use KiviHook\Tests\Site\Process;

/** An endpoint that is never what one waits for: nginx with one worker, on a free loopback port, 200 for everything. */
final class QuickServer
{
	private function __construct(private string $run, private int $port, private bool $tls)
	{
	}

	/** $tls: with a certificate of an authority of its own, which PHP's command line trusts beside those that WordPress brings. */
	public static function start(string $run, bool $tls = false, string $wordpress = ''): self
	{
		@mkdir("$run/quick");
		$listen = '';
		if ($tls) {
			self::certify("$run/quick");
			file_put_contents("$run/quick/trusted.pem", file_get_contents("$wordpress/wp-includes/certificates/ca-bundle.crt") . file_get_contents("$run/quick/ca.pem"));
			file_put_contents("$run/php.d/95-bench.ini", "kivihook.ca_file = $run/quick/trusted.pem\n");
			$listen = " ssl; ssl_certificate $run/quick/server.pem; ssl_certificate_key $run/quick/server.key";
		}
		for ($try = 0; $try < 10; $try++) {
			$port = Process::freePort();
			$user = posix_geteuid() === 0 ? 'user www-data;' : '';
			file_put_contents("$run/quick/nginx.conf", <<<CONF
				$user daemon off; worker_processes 1; pid $run/quick/nginx.pid; error_log $run/logs/quick.log;
				events { worker_connections 1024; }
				http {
					access_log off; keepalive_requests 100000000; client_body_buffer_size 64k;
					client_body_temp_path $run/quick/body; proxy_temp_path $run/quick/proxy;
					fastcgi_temp_path $run/quick/fastcgi; uwsgi_temp_path $run/quick/uwsgi; scgi_temp_path $run/quick/scgi;
					server { listen 127.0.0.1:$port$listen; location / { return 200 "ok"; } }
				}
				CONF . "\n");
			$pid = Process::start($run, 'quick', ['nginx', '-p', "$run/quick", '-c', "$run/quick/nginx.conf", '-e', "$run/logs/quick.log"]);
			$up = Process::waitUntil(
				static fn (): bool => !Process::alive($pid) || @fsockopen('127.0.0.1', $port, $code, $message, 1.0) !== false,
				10
			);
			if ($up && Process::alive($pid)) {
				return new self($run, $port, $tls);
			}
		}
		throw new \RuntimeException('nginx does not come up: ' . @file_get_contents("$run/logs/quick.log"));
	}

	public function url(string $path = '/'): string
	{
		return ($this->tls ? 'https' : 'http') . "://127.0.0.1:$this->port$path";
	}

	/** What a client has to trust: the authorities that WordPress trusts, and this server's. */
	public function trusted(): string
	{
		return $this->tls ? "$this->run/quick/trusted.pem" : '';
	}

	private static function certify(string $folder): void
	{
		$key = static fn (string $file): array => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', "$folder/$file"];
		Process::run(['openssl', 'req', '-x509', ...$key('ca.key'), '-days', '2', '-subj', '/CN=KiviHook bench authority', '-out', "$folder/ca.pem"]);
		Process::run(['openssl', 'req', ...$key('server.key'), '-subj', '/CN=127.0.0.1', '-out', "$folder/server.csr"]);
		file_put_contents("$folder/names", "subjectAltName=IP:127.0.0.1\n");
		Process::run(['openssl', 'x509', '-req', '-in', "$folder/server.csr", '-CA', "$folder/ca.pem", '-CAkey', "$folder/ca.key", '-CAcreateserial',
			'-days', '2', '-extfile', "$folder/names", '-out', "$folder/server.pem"]);
	}

	public function stop(): void
	{
		Process::stop($this->run, 'quick');
	}
}
