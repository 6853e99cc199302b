<?php

/**
 * A small OAuth2 provider and API for tests, run by PHP's own web server: php -S 127.0.0.1:0 provider.php
 * State lies in the folder PROVIDER_STATE. What real servers do is tested by dev/test-oauth2.
 *
 *   POST /token/SECONDS      a new token: t1, t2, …; ?fail=CODE answers that error, repeating all it was sent
 *   POST /api                200 for the token whose number is in the file "valid" (any, without the file), else 401
 *   any  /headers?NAME=VALUE answers with these headers
 *   GET  /log                what was asked for, one line each
 */

declare(strict_types=1);

$state = (string) getenv('PROVIDER_STATE');
$path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/log') {
	echo (string) @file_get_contents("$state/log");
	return;
}
if ($path === '/headers') {
	foreach ($_GET as $name => $value) {
		header("$name: $value", true, 200);
	}
	return;
}
header('Content-Type: application/json');
if (str_starts_with($path, '/token/')) {
	file_put_contents("$state/log", "token {$_POST['grant_type']}" . (isset($_POST['refresh_token']) ? " {$_POST['refresh_token']}" : '') . "\n", FILE_APPEND);
	usleep((int) ($_GET['wait_ms'] ?? 0) * 1000);
	if (isset($_GET['fail'])) {
		http_response_code(400);
		$sent = file_get_contents('php://input') . ' ' . ($_SERVER['HTTP_AUTHORIZATION'] ?? '');
		echo json_encode(['error' => $_GET['fail'], 'error_description' => $sent]);
		return;
	}
	$number = (int) @file_get_contents("$state/number") + 1;
	file_put_contents("$state/number", (string) $number);
	$answer = ['access_token' => "t0ken-$number", 'token_type' => 'Bearer', 'expires_in' => (int) substr($path, 7)];
	if ($_POST['grant_type'] === 'refresh_token') {
		$answer['refresh_token'] = "r3fresh-$number";
	}
	echo json_encode($answer);
	return;
}
$token = $_SERVER['HTTP_AUTHORIZATION'] ?? '-';
$valid = @file_get_contents("$state/valid");
$good = $valid === false || $token === "Bearer t0ken-$valid";
file_put_contents("$state/log", 'api ' . $token . ($good ? '' : ' refused') . "\n", FILE_APPEND);
http_response_code($good ? 200 : 401);
echo '{}';
