<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** A private nginx on a free loopback port, in front of FPM. */
final class Nginx
{
	/** Starts it and returns its port; another one is tried when somebody was quicker. */
	public static function start(string $run, string $root, int $wanted = 0): int
	{
		@mkdir("$run/nginx");
		for ($try = 0; $try < 10; $try++) {
			$port = $wanted > 0 ? $wanted : Process::freePort();
			self::configure($run, $root, $port);
			file_put_contents("$run/logs/nginx.log", '');
			$command = ['nginx', '-p', "$run/nginx", '-c', "$run/nginx.conf", '-e', "$run/logs/nginx.log"];
			$pid = Process::start($run, 'nginx', $command);
			$up = Process::waitUntil(static function () use ($port, $pid): bool {
				$socket = Process::alive($pid) ? @fsockopen('127.0.0.1', $port, $code, $message, 1.0) : null;
				return $socket !== false;
			}, 15);
			// With the port taken nginx tries for seconds and ends, while somebody else answers.
			$log = (string) file_get_contents("$run/logs/nginx.log");
			if ($up && Process::alive($pid) && strpos($log, 'Address already in use') === false) {
				return $port;
			}
			Process::stop($run, 'nginx', 5);
			if ($wanted > 0 || strpos($log, 'Address already in use') === false) {
				break;
			}
		}
		$said = (string) @file_get_contents("$run/logs/nginx.out") . (string) @file_get_contents("$run/logs/nginx.log");
		throw new SiteException("nginx does not come up:\n" . Process::tail($said, 20));
	}

	private static function configure(string $run, string $root, int $port): void
	{
		$user = posix_geteuid() === 0 ? "user www-data;\n" : '';
		file_put_contents("$run/nginx.conf", <<<CONF
			{$user}daemon off;
			worker_processes 1;
			pid $run/nginx/nginx.pid;
			error_log $run/logs/nginx.log;
			events { worker_connections 512; }
			http {
				types {
					text/html html; text/css css; text/javascript js mjs; application/json json map; image/svg+xml svg;
					image/png png; image/jpeg jpg jpeg; image/gif gif; image/webp webp;
					font/woff woff; font/woff2 woff2;
				}
				default_type application/octet-stream;
				access_log $run/logs/nginx-access.log;
				client_body_temp_path $run/nginx/body; proxy_temp_path $run/nginx/proxy;
				fastcgi_temp_path $run/nginx/fastcgi; uwsgi_temp_path $run/nginx/uwsgi; scgi_temp_path $run/nginx/scgi;
				client_max_body_size 32m;
				server_tokens off;
				server {
					listen 127.0.0.1:$port;
					server_name 127.0.0.1 localhost;
					root $root;
					index index.php;
					location / { try_files \$uri \$uri/ /index.php?\$args; }
					location ~ \.php$ {
						try_files \$uri =404;
						fastcgi_pass unix:$run/fpm.sock;
						fastcgi_read_timeout 120s;
						fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
						fastcgi_param SCRIPT_NAME \$fastcgi_script_name;
						fastcgi_param QUERY_STRING \$query_string;
						fastcgi_param REQUEST_METHOD \$request_method;
						fastcgi_param CONTENT_TYPE \$content_type;
						fastcgi_param CONTENT_LENGTH \$content_length;
						fastcgi_param REQUEST_URI \$request_uri;
						fastcgi_param DOCUMENT_URI \$document_uri;
						fastcgi_param DOCUMENT_ROOT \$document_root;
						fastcgi_param SERVER_PROTOCOL \$server_protocol;
						fastcgi_param REQUEST_SCHEME \$scheme;
						fastcgi_param GATEWAY_INTERFACE CGI/1.1;
						fastcgi_param SERVER_SOFTWARE nginx;
						fastcgi_param REMOTE_ADDR \$remote_addr;
						fastcgi_param REMOTE_PORT \$remote_port;
						fastcgi_param SERVER_ADDR \$server_addr;
						fastcgi_param SERVER_PORT \$server_port;
						fastcgi_param SERVER_NAME \$server_name;
						fastcgi_param HTTP_PROXY "";
					}
				}
			}
			CONF . "\n");
	}
}
