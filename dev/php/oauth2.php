<?php

/**
 * The engine against OAuth2 servers that were not written here; run by dev/test-oauth2.
 *
 * php oauth2.php NODE SERVERS.MJS
 */

declare(strict_types=1);

require __DIR__ . '/../../tests/phpt/inc/store.inc';
require __DIR__ . '/Verdict.php';

use KiviHook\Engine;

final class OAuth2Servers
{
	public string $issuer;
	public string $mock;
	public string $api;
	public string $privateKey = '';

	/** @var resource */
	private $process;
	/** @var resource[] the first is its standard input: it ends when that is closed */
	private array $pipes = [];

	public function __construct(string $node, string $script)
	{
		$key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_RSA, 'private_key_bits' => 2048]);
		openssl_pkey_export($key, $this->privateKey);
		$environment = ['PATH' => (string) getenv('PATH'), 'ASSERTION_PUBLIC_KEY' => openssl_pkey_get_details($key)['key']];
		$streams = [['pipe', 'r'], ['pipe', 'w'], ['file', dirname($script) . '/servers.log', 'w']];
		$this->process = proc_open([$node, $script], $streams, $this->pipes, dirname($script), $environment);
		$line = (string) fgets($this->pipes[1]);
		$urls = json_decode($line, true);
		if (!is_array($urls)) {
			throw new RuntimeException('The OAuth2 servers did not start: ' . file_get_contents(dirname($script) . '/servers.log'));
		}
		['issuer' => $this->issuer, 'mock' => $this->mock, 'api' => $this->api] = $urls;
	}

	public function __destruct()
	{
		fclose($this->pipes[0]);
		proc_close($this->process);
	}

	public function granted(string $grant): int
	{
		return json_decode((string) file_get_contents("$this->api/count"), true)[$grant] ?? 0;
	}

	public function revoke(): void
	{
		file_get_contents("$this->api/revoke", false, stream_context_create(['http' => ['method' => 'POST']]));
	}

	/** Goes where a browser would, with its cookies, until the provider sends it back to $end. */
	public function browse(string $url, string $end): string
	{
		$cookies = [];
		for ($step = 0; $step < 12 && !str_starts_with($url, $end); $step++) {
			$pairs = array_map(static fn (string $name): string => "$name={$cookies[$name]}", array_keys($cookies));
			$context = stream_context_create(['http' => [
				'follow_location' => 0, 'ignore_errors' => true, 'header' => 'Cookie: ' . implode('; ', $pairs),
			]]);
			$body = (string) file_get_contents($url, false, $context);
			$next = null;
			foreach ($http_response_header as $line) {
				if (preg_match('/^Set-Cookie: ([^=]+)=([^;]*)/i', $line, $found)) {
					$cookies[$found[1]] = $found[2];
				} elseif (preg_match('/^Location: (.+)$/i', $line, $found)) {
					$next = $found[1];
				}
			}
			if ($next === null) {
				throw new RuntimeException("The provider stopped at $url: $http_response_header[0] " . substr(strip_tags($body), 0, 500));
			}
			$url = str_starts_with($next, '/') ? $this->issuer . $next : $next;
		}
		return $url;
	}
}

/** @param array<string, mixed> $auth @param array<string, mixed> $secrets @return array<string, mixed> */
function hook(OAuth2Servers $servers, array $auth, array $secrets): array
{
	return webhook("$servers->api/api", ['auth' => $auth + ['method' => 'oauth2', 'token_url' => "$servers->issuer/token"], 'secrets' => $secrets]);
}

/** Sends three deliveries; the statuses that came. @param array<string, mixed> $webhook */
function deliver(Engine $engine, ArrayStore $store, array $webhook): string
{
	$store->webhooks = $store->subscriptions = $store->outcomes = [];
	$store->subscribe($webhook, 'a');
	for ($i = 0; $i < 3; $i++) {
		$engine->emit('a', ['i' => $i]);
	}
	$engine->run(20);
	return implode(' ', array_map(static fn (array $outcome): string => "{$outcome['trace']['status']}{$outcome['trace']['error_code']}", $store->outcomes));
}

[, $node, $script] = $argv;
$servers = new OAuth2Servers($node, $script);
$store = new ArrayStore();
$engine = new Engine($store, ['vault' => new KiviHook\Vault(['k1' => random_bytes(32)])]);
$verdict = new KiviHook\Dev\Verdict();
$check = static function (string $what, $actual, $expected) use ($verdict): void {
	$verdict->expect($what, $actual === $expected, 'got ' . json_encode($actual, JSON_UNESCAPED_SLASHES));
};

$basic = hook($servers, ['client_id' => 'machine basic', 'scope' => 'api'], ['client_secret' => 'b4sic & s3cret']);
$check('client credentials, client_secret_basic', deliver($engine, $store, $basic), '200 200 200');
$check('one token for all of them', $servers->granted('client_credentials'), 1);
$servers->revoke();
$check('a revoked token is replaced', deliver($engine, $store, $basic), '200 200 200');
$check('once', $servers->granted('client_credentials'), 2);
$post = hook($servers, ['client_id' => 'machine-post', 'client_authentication' => 'post'], ['client_secret' => 'p0st+s3cret']);
$check('client credentials, client_secret_post', deliver($engine, $store, $post), '200 200 200');
$wrong = hook($servers, ['client_id' => 'machine basic'], ['client_secret' => 'wr0ng-s3cret']);
$trace = $engine->test($wrong, []);
$check('a wrong secret is told', [$trace['error_code'], strpos($trace['error'], 'invalid_client') !== false], ['oauth2', true]);
$check('and not shown', strpos(json_encode($trace), 'wr0ng'), false);
$scope = hook($servers, ['client_id' => 'machine basic', 'scope' => 'offline_access'], ['client_secret' => 'b4sic & s3cret']);
$check('a wrong scope is told', strpos($engine->test($scope, [])['error'], 'the scope is unknown') !== false, true);

$back = "$servers->issuer/back";
$person = ['client_id' => 'person', 'grant' => 'authorization_code', 'authorization_url' => "$servers->issuer/auth", 'scope' => 'openid offline_access api'];
$secrets = ['client_secret' => 'p3rson-s3cret'];
$start = Engine::authorizationUrl(hook($servers, $person, $secrets), $back);
parse_str((string) parse_url($servers->browse($start['url'], $back), PHP_URL_QUERY), $answer);
$check('the state comes back', hash_equals($start['state'], $answer['state'] ?? ''), true);
try {
	$engine->exchangeCode(hook($servers, $person, $secrets), $answer['code'], str_repeat('x', 43), $back);
	$check('another verifier is refused', 'accepted', 'refused');
} catch (KiviHook\Exception $e) {
	$check('another verifier is refused', strpos($e->getMessage(), 'invalid_grant') !== false, true);
}
$start = Engine::authorizationUrl(hook($servers, $person, $secrets), $back);
parse_str((string) parse_url($servers->browse($start['url'], $back), PHP_URL_QUERY), $answer);
$tokens = $engine->exchangeCode(hook($servers, $person, $secrets), $answer['code'], $start['verifier'], $back);
$check('the code is exchanged', [$tokens['access_token'] !== '', $tokens['refresh_token'] !== null, $tokens['expires_in']], [true, true, 3600]);
$connected = hook($servers, $person, $secrets + ['access_token' => $tokens['access_token'], 'refresh_token' => $tokens['refresh_token']]);
$check('what came with the code is used', [deliver($engine, $store, $connected), $servers->granted('refresh_token')], ['200 200 200', 0]);
$servers->revoke();
$check('refresh', [deliver($engine, $store, $connected), $servers->granted('refresh_token')], ['200 200 200', 1]);
$servers->revoke();
$check('and again, with the refresh token that was rotated', [deliver($engine, $store, $connected), $servers->granted('refresh_token')], ['200 200 200', 2]);
$engine->renewToken($connected);
$check('asked for, though the token is good', [$servers->granted('refresh_token'), deliver($engine, $store, $connected), $servers->granted('refresh_token')], [3, '200 200 200', 3]);
$only = hook($servers, ['grant' => 'refresh_token'] + $person, $secrets + ['refresh_token' => 'made-up']);
$check('a refresh token that is not one is told', strpos($engine->test($only, [])['error'], 'connect to the provider again') !== false, true);

$assertion = ['grant' => 'jwt_bearer', 'token_url' => "$servers->mock/token", 'issuer' => 'clinic@example.test', 'subject' => 'clinic@example.test', 'scope' => 'api'];
$check('JWT bearer assertion', deliver($engine, $store, hook($servers, $assertion, ['jwt_key' => $servers->privateKey])), '200 200 200');
$check('one token for all of them', $servers->granted('urn:ietf:params:oauth:grant-type:jwt-bearer'), 1);
openssl_pkey_export(openssl_pkey_new(['private_key_bits' => 2048]), $otherKey);
$trace = $engine->test(hook($servers, $assertion, ['jwt_key' => $otherKey]), []);
$check('another key is refused', [$trace['error_code'], strpos($trace['error'], 'invalid_grant') !== false], ['oauth2', true]);
$check('and the assertion is not shown', preg_match('/ey[A-Za-z0-9_-]{20}/', json_encode($trace)), 0);
echo $verdict->line(), "\n";
exit($verdict->failed() > 0 ? 1 : 0);
