<?php

declare(strict_types=1);

namespace KiviHook\Tests\Receiver;

/** The last requests that came, bounded in number and bytes, and whether their signatures were right. */
final class Inbox
{
	private const MAX_BYTES = 64 * 1024 * 1024;
	private const MAX_BODY = 64 * 1024;

	/** @var array<int, array<string, mixed>> number => record */
	private array $requests = [];

	/** @var array<string, string> path => whsec_… */
	private array $secrets = [];

	private int $last = 0;
	private int $dropped = 0;
	private int $bytes = 0;

	public function __construct(private int $keep)
	{
	}

	/** @param array<string, mixed> $request as Connection gives it */
	public function add(array $request, int $status): array
	{
		$body = (string) $request['body'];
		[$verified, $reason] = $this->verify($request['path'], $request['headers'], $body);
		$isText = preg_match('//u', $body) === 1;
		$kept = substr($body, 0, self::MAX_BODY);
		if ($isText && strlen($body) > self::MAX_BODY) {
			// Not in the middle of a character.
			$kept = (string) preg_replace('/[\xC0-\xFF][\x80-\xBF]*$/D', '', $kept);
		}
		$record = [
			'number' => ++$this->last,
			'at_ms' => $request['at_ms'],
			'method' => $request['method'],
			'path' => $request['path'],
			'query' => $request['query'],
			'headers' => $request['headers'],
			'body' => $isText ? $kept : base64_encode($kept),
			'body_bytes' => strlen($body),
			'body_base64' => !$isText,
			'truncated' => strlen($body) > self::MAX_BODY,
			'peer' => $request['peer'],
			'connection' => $request['connection'],
			'verified' => $verified,
			'reason' => $reason,
			'status' => $status,
		];
		$this->requests[$this->last] = $record;
		$this->bytes += strlen($kept);
		while (count($this->requests) > $this->keep || $this->bytes > self::MAX_BYTES) {
			$oldest = (int) array_key_first($this->requests);
			$this->bytes -= strlen((string) $this->requests[$oldest]['body']);
			unset($this->requests[$oldest]);
			$this->dropped++;
		}
		return $record;
	}

	public function last(): int
	{
		return $this->last;
	}

	public function countSince(int $since): int
	{
		return count(array_filter(array_keys($this->requests), static fn (int $number): bool => $number > $since));
	}

	/** @return array{last: int, dropped: int, requests: list<array<string, mixed>>} */
	public function since(int $since): array
	{
		$found = [];
		foreach ($this->requests as $number => $record) {
			if ($number > $since) {
				$found[] = $record;
			}
		}
		return ['last' => $this->last, 'dropped' => $this->dropped, 'requests' => $found];
	}

	public function reset(): void
	{
		$this->requests = [];
		$this->secrets = [];
		$this->bytes = 0;
	}

	public function expectSignature(string $path, string $secret): void
	{
		$this->secrets[$path] = $secret;
	}

	/**
	 * Standard Webhooks, v1: base64 of HMAC-SHA256 over "id.timestamp.body". Written here anew, on purpose: a verifier
	 * that shares code with the signer proves nothing.
	 *
	 * @param list<array{string, string}> $headers
	 * @return array{?bool, string}
	 */
	private function verify(string $path, array $headers, string $body): array
	{
		$secret = null;
		foreach ($this->secrets as $prefix => $candidate) {
			if ($path === $prefix || str_starts_with($path, rtrim($prefix, '/') . '/')) {
				$secret = $candidate;
			}
		}
		if ($secret === null) {
			return [null, ''];
		}
		$given = ['webhook-id' => [], 'webhook-timestamp' => [], 'webhook-signature' => []];
		foreach ($headers as [$name, $value]) {
			if (isset($given[strtolower($name)])) {
				$given[strtolower($name)][] = $value;
			}
		}
		foreach ($given as $name => $values) {
			if (count($values) !== 1) {
				return [false, $name . ($values === [] ? ' is missing' : ' came more than once')];
			}
		}
		[$id, $time, $signatures] = [
			$given['webhook-id'][0], $given['webhook-timestamp'][0], $given['webhook-signature'][0],
		];
		if (preg_match('/^\d{1,12}$/D', $time) !== 1 || abs(time() - (int) $time) > 300) {
			return [false, 'the timestamp is more than five minutes off'];
		}
		$key = base64_decode(str_starts_with($secret, 'whsec_') ? substr($secret, 6) : $secret, true);
		if ($key === false || $key === '') {
			return [false, 'the secret is not base64'];
		}
		$expected = 'v1,' . base64_encode(hash_hmac('sha256', $id . '.' . $time . '.' . $body, $key, true));
		foreach (explode(' ', $signatures) as $signature) {
			if (hash_equals($expected, $signature)) {
				return [true, ''];
			}
		}
		return [false, 'no signature fits'];
	}
}
