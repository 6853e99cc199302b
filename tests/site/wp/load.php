<?php

/**
 * Loads the site's WordPress for the command line and then a script: php load.php ROOT SCRIPT [ARGUMENT…]. With --admin
 * first it is wp-admin to WordPress, and the first user is logged in.
 */

declare(strict_types=1);

$arguments = array_slice($_SERVER['argv'], 1);
$isAdmin = ($arguments[0] ?? '') === '--admin';
if ($isAdmin) {
	array_shift($arguments);
	define('WP_ADMIN', true);
}
[$root, $script] = $arguments;
$arguments = array_slice($arguments, 2);
// KiviCare and WordPress read these even on the command line.
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
$_SERVER['HTTP_HOST'] = (string) parse_url((string) getenv('KIVIHOOK_SITE_URL'), PHP_URL_HOST)
	. ':' . parse_url((string) getenv('KIVIHOOK_SITE_URL'), PHP_URL_PORT);
// A network chooses its site by these.
if (str_starts_with($arguments[0] ?? '', '--url=')) {
	$url = (array) parse_url(substr((string) array_shift($arguments), 6));
	[$_SERVER['HTTP_HOST'], $_SERVER['REQUEST_URI']] = [$url['host'], $url['path'] ?? '/'];
}
// What plugins print on the way is not the script's answer.
ob_start();
require $root . '/wp-load.php';
if ($isAdmin) {
	require_once ABSPATH . 'wp-admin/includes/admin.php';
	wp_set_current_user(1);
}
ob_end_clean();
require $script;
