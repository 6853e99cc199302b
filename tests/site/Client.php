<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** A browser's part of the site: cookies, log-in, the nonces of REST and of KiviCare 3's ajax. One kept connection. */
final class Client
{
	private \CurlHandle $curl;

	/** @var array<string, string> */
	private array $cookies = [];

	private string $restNonce = '';
	private string $ajaxNonce = '';

	public function __construct(private string $url)
	{
		$this->curl = curl_init();
	}

	public function logIn(string $user, string $password): void
	{
		$this->cookies['wordpress_test_cookie'] = 'WP%20Cookie%20check';
		$answer = $this->request('POST', '/wp-login.php', http_build_query([
			'log' => $user, 'pwd' => $password, 'wp-submit' => 'Log In', 'testcookie' => '1',
			'redirect_to' => $this->url . '/wp-admin/',
		]), ['Content-Type: application/x-www-form-urlencoded']);
		if ($answer->status !== 302) {
			throw new SiteException("cannot log in as $user: HTTP $answer->status\n" . $answer->text());
		}
		$this->restNonce = '';
		$this->ajaxNonce = '';
	}

	/**
	 * One request. $path is below the site's address, or a whole address.
	 *
	 * @param string[] $headers
	 */
	public function request(string $method, string $path, ?string $body = null, array $headers = []): Response
	{
		$received = [];
		$cookies = [];
		foreach ($this->cookies as $name => $value) {
			$cookies[] = $name . '=' . $value;
		}
		curl_setopt_array($this->curl, [
			CURLOPT_URL => str_starts_with($path, 'http') ? $path : $this->url . $path,
			CURLOPT_CUSTOMREQUEST => $method,
			CURLOPT_NOBODY => $method === 'HEAD',
			CURLOPT_RETURNTRANSFER => true,
			CURLOPT_TIMEOUT => 150,
			CURLOPT_PROXY => '',
			CURLOPT_COOKIE => implode('; ', $cookies),
			CURLOPT_HTTPHEADER => array_merge(['Expect:'], $headers),
			CURLOPT_POSTFIELDS => $body ?? '',
			CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$received): int {
				if (strpos($line, ':') !== false) {
					[$name, $value] = explode(':', $line, 2);
					$received[strtolower($name)][] = trim($value);
				}
				return strlen($line);
			},
		]);
		if ($body === null) {
			curl_setopt($this->curl, CURLOPT_POSTFIELDS, '');
			curl_setopt($this->curl, CURLOPT_HTTPGET, true);
			curl_setopt($this->curl, CURLOPT_CUSTOMREQUEST, $method);
		}
		$sent = microtime(true) * 1000;
		$text = curl_exec($this->curl);
		$done = microtime(true) * 1000;
		if ($text === false) {
			throw new SiteException("$method $path: " . curl_error($this->curl));
		}
		foreach ($received['set-cookie'] ?? [] as $cookie) {
			[$name, $value] = explode('=', explode(';', $cookie)[0], 2) + [1 => ''];
			$this->cookies[trim($name)] = $value;
		}
		$status = (int) curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE);
		return new Response($status, $received, (string) $text, $sent, $done);
	}

	/**
	 * A REST call as the logged-in user, e.g. rest('POST', 'kivicare/v1/appointments', […]).
	 *
	 * @param array<mixed>|null $body
	 * @param string[] $more headers
	 */
	public function rest(string $method, string $route, ?array $body = null, array $more = []): Response
	{
		if ($this->restNonce === '') {
			$answer = $this->request('GET', '/wp-admin/admin-ajax.php?action=rest-nonce');
			$this->restNonce = $answer->status === 200 ? trim($answer->body) : '';
		}
		$headers = ['X-WP-Nonce: ' . $this->restNonce, 'Accept: application/json', ...$more];
		if ($body !== null) {
			$headers[] = 'Content-Type: application/json';
		}
		$text = $body === null ? null : (string) json_encode($body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
		return $this->request($method, '/wp-json/' . ltrim($route, '/'), $text, $headers);
	}

	/**
	 * A call of KiviCare 3's ajax routes, as its dashboard makes it.
	 *
	 * @param array<mixed> $parameters
	 */
	public function ajax(string $route, array $parameters): Response
	{
		if ($this->ajaxNonce === '') {
			$answer = $this->request('GET', '/wp-admin/admin-ajax.php?action=kivihook_test_nonce');
			$this->ajaxNonce = (string) $answer->json();
		}
		$body = ['action' => 'ajax_post', 'route_name' => $route, '_ajax_nonce' => $this->ajaxNonce] + $parameters;
		return $this->request(
			'POST',
			'/wp-admin/admin-ajax.php?action=ajax_post',
			(string) json_encode($body),
			['Content-Type: application/json']
		);
	}
}
