<?php

/**
 * One measurement of bench/engine: wp_remote_post() sends, one after the other, as it does. Not run by hand.
 *
 * Arguments: WordPress' folder, URL, file of certificate authorities, sends, file with the body. WordPress' own HTTP code,
 * without its database: what else it asks for while it sends is answered by the stand-ins below. Each request has an id,
 * a time and a Standard Webhooks signature, as the others'. Prints one line of JSON as the rival does.
 */

declare(strict_types=1);

[, $wordpress, $url, $authorities, $sends, $file] = $argv;

define('ABSPATH', rtrim($wordpress, '/') . '/');
define('WPINC', 'wp-includes');
define('WP_DEBUG', false);
foreach (['load', 'plugin', 'functions', 'formatting', 'kses', 'class-wp-error', 'http', 'class-wp-http', 'class-wp-http-streams',
	'class-wp-http-curl', 'class-wp-http-proxy', 'class-wp-http-cookie', 'class-wp-http-encoding', 'class-wp-http-response',
	'class-wp-http-requests-response', 'class-wp-http-requests-hooks'] as $name) {
	require_once ABSPATH . WPINC . "/$name.php";
}

/** Stand-ins for what needs WordPress' database. */
add_filter('pre_option', static fn ($value, string $option): string => $option === 'siteurl' ? 'https://clinic.example' : '', 10, 2);
function get_bloginfo(string $show = ''): string
{
	return $show === 'version' ? '6.1' : 'https://clinic.example';
}

$body = (string) file_get_contents($file);
$post = static function () use ($url, $authorities, $body): int {
	$id = bin2hex(random_bytes(16));
	$now = time();
	$signature = base64_encode(hash_hmac('sha256', "$id.$now.$body", '0123456789abcdef0123456789abcdef', true));
	$answer = wp_remote_post($url, [
		'body' => $body, 'timeout' => 30, 'sslcertificates' => $authorities, 'redirection' => 0, 'httpversion' => '1.1',
		'headers' => [
			'Content-Type' => 'application/json', 'webhook-id' => $id, 'webhook-timestamp' => (string) $now,
			'webhook-signature' => "v1,$signature",
		],
	]);
	if (is_wp_error($answer)) {
		fwrite(STDERR, 'engine-wp: ' . $answer->get_error_message() . "\n");
		exit(1);
	}
	return wp_remote_retrieve_response_code($answer);
};
$post(); // loads its classes
$usage = getrusage();
$before = $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
$began = hrtime(true);
for ($i = 0; $i < (int) $sends; $i++) {
	if ($post() !== 200) {
		fwrite(STDERR, "engine-wp: not answered by 200\n");
		exit(1);
	}
}
$took = (hrtime(true) - $began) / 1e9;
$usage = getrusage();
$after = $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
printf("{\"sends\": %d, \"seconds\": %.6f, \"cpu\": %.6f}\n", $sends, $took, $after - $before);
