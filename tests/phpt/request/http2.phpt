--TEST--
HTTP/2 over TLS with nginx: many deliveries over one connection, and the certificate's facts in the trace
--EXTENSIONS--
kivihook
--SKIPIF--
<?php
$nginx = trim((string) shell_exec('PATH=$PATH:/usr/sbin command -v nginx'));
if ($nginx === '') {
	die('skip HTTP/2 IS NOT TESTED: nginx is missing (as root: apt-get install nginx-light)');
}
if (!str_contains((string) shell_exec("$nginx -V 2>&1"), 'http_v2_module')) {
	die('skip HTTP/2 IS NOT TESTED: this nginx has no HTTP/2');
}
if (!extension_loaded('openssl')) {
	die('skip HTTP/2 IS NOT TESTED: no openssl in PHP to make a certificate with');
}
?>
--INI--
kivihook.allow_networks=127.0.0.0/8
kivihook.ca_file={PWD}/http2/ca.pem
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../../receiver/Certificates.php';
$folder = __DIR__ . '/http2';
$pem = KiviHook\Tests\Receiver\Certificates::make($folder);
$socket = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($socket, false), ':'), 1);
fclose($socket);
file_put_contents("$folder/nginx.conf", "daemon off; master_process off; pid $folder/pid; error_log $folder/error.log;
events { worker_connections 64; }
http { access_log off; client_body_temp_path $folder/body; proxy_temp_path $folder/p; fastcgi_temp_path $folder/f; uwsgi_temp_path $folder/u;
	scgi_temp_path $folder/s;
	server { listen 127.0.0.1:$port ssl http2; ssl_certificate $pem; ssl_certificate_key $pem;
		location / { default_type text/plain; return 200 'protocol \$server_protocol connection \$connection\n'; }
		location /404 { return 404; } } }");
$nginx = proc_open(['/bin/sh', '-c', 'PATH=$PATH:/usr/sbin exec nginx -p "$0" -c "$0/nginx.conf"', $folder], [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', "$folder/stderr", 'w']], $pipes);
register_shutdown_function(static function () use ($nginx): void {
	proc_terminate($nginx);
	proc_close($nginx);
});
for ($end = microtime(true) + 10; !($probe = @stream_socket_client("tcp://127.0.0.1:$port")); usleep(20000)) {
	if (microtime(true) > $end) {
		die('nginx did not start: ' . file_get_contents("$folder/stderr"));
	}
}
fclose($probe);

$store = new ArrayStore();
$engine = new KiviHook\Engine($store);
$trace = $engine->test(webhook("https://127.0.0.1:$port/ok"), ['x' => 1]);
echo $trace['status'], ' ', $trace['http_version'], ' ', strstr($trace['response']['body'], ' connection', true), "\n";
echo $trace['tls_subject'], ' | ', $trace['tls_issuer'], ' | ', strtok($trace['tls'], ' '), "\n";
$left = strtotime($trace['tls_expires_at']) - time();
var_dump((bool) preg_match('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/', $trace['tls_expires_at']), $left > 86400 && $left <= 2 * 86400);

for ($i = 1; $i <= 20; $i++) {
	$store->subscribe(webhook("https://127.0.0.1:$port/" . ($i === 20 ? '404' : $i), [], $i), 'a');
}
$engine->emit('a', ['x' => 1]);
$counts = $engine->flush(10000);
echo $counts['sent'], ' sent, ', $counts['succeeded'], " succeeded\n";
$connections = [];
foreach ($store->outcomes as $outcome) {
	$connections[strrchr($outcome['trace']['response']['body'], ' ')] = true;
	$versions[$outcome['trace']['http_version']] = true;
	if ($outcome['trace']['status'] === 404) {
		echo $outcome['trace']['error'], ' ', $outcome['trace']['advice'], "\n";
	}
}
echo implode(',', array_keys($versions)), "\n";
// All of them in one connection, and nginx' own page for the 404, which names none.
var_dump(count($connections) <= 3);
?>
--CLEAN--
<?php
foreach (glob(__DIR__ . '/http2/{,*/}*', GLOB_BRACE) as $file) {
	is_dir($file) ? @rmdir($file) : unlink($file);
}
@rmdir(__DIR__ . '/http2');
?>
--EXPECTF--
200 2 protocol HTTP/2.0
localhost | KiviHook test CA | TLSv1.%d
bool(true)
bool(true)
20 sent, 19 succeeded
The endpoint answered 404 Not Found. Check the URL's path: 127.0.0.1 has nothing there.
2
bool(true)
