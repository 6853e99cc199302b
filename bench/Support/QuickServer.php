<?php

declare(strict_types=1);

namespace KiviHook\Bench;

use KiviHook\Tests\Site\Process;

/** An endpoint that is never what one waits for: nginx with one worker, on a free loopback port, 200 for everything. */
final class QuickServer
{
	private function __construct(private string $run, private int $port)
	{
	}

	public static function start(string $run): self
	{
		@mkdir("$run/quick");
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
					server { listen 127.0.0.1:$port; location / { return 200 "ok"; } }
				}
				CONF . "\n");
			$pid = Process::start($run, 'quick', ['nginx', '-p', "$run/quick", '-c', "$run/quick/nginx.conf", '-e', "$run/logs/quick.log"]);
			$up = Process::waitUntil(
				static fn (): bool => !Process::alive($pid) || @fsockopen('127.0.0.1', $port, $code, $message, 1.0) !== false,
				10
			);
			if ($up && Process::alive($pid)) {
				return new self($run, $port);
			}
		}
		throw new \RuntimeException('nginx does not come up: ' . @file_get_contents("$run/logs/quick.log"));
	}

	public function url(string $path = '/'): string
	{
		return "http://127.0.0.1:$this->port$path";
	}

	public function stop(): void
	{
		Process::stop($this->run, 'quick');
	}
}
