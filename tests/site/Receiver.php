<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** The receiver of tests/receiver as a server of a site's run folder: it ends with the site at the latest. */
final class Receiver
{
	private function __construct(private string $run, private string $name, private string $url)
	{
	}

	/**
	 * $tls: https with a CA of its own, RUN/NAME/ca.pem. $port: a fixed one, to come back where it was.
	 *
	 * @param string[] $more options of receiver.php
	 */
	public static function start(
		string $run,
		bool $tls = false,
		string $name = 'receiver',
		int $port = 0,
		array $more = []
	): self {
		$log = "$run/logs/$name.out";
		@unlink($log);
		// sockets: so that a close can be a reset.
		$command = [getenv('PHP') ?: PHP_BINARY, '-n', '-d', 'extension=sockets', '-d', 'display_startup_errors=0'];
		array_push($command, dirname(__DIR__) . '/receiver/receiver.php', "--port=$port", ...$more);
		if ($tls) {
			array_push($command, '--tls', "--folder=$run/$name");
		}
		$pid = Process::start($run, $name, $command);
		$url = '';
		Process::waitUntil(static function () use ($log, $pid, &$url): bool {
			$url = preg_match('~^https?://\S+(?=\n)~', (string) @file_get_contents($log), $found) ? $found[0] : '';
			return $url !== '' || !Process::alive($pid);
		}, 10);
		if ($url === '') {
			throw new SiteException("the receiver does not start:\n" . (string) @file_get_contents($log));
		}
		return new self($run, $name, $url);
	}

	public function url(string $path = ''): string
	{
		return $this->url . $path;
	}

	public function caFile(): string
	{
		return "$this->run/$this->name/ca.pem";
	}

	public function stop(): void
	{
		Process::stop($this->run, $this->name);
	}

	/**
	 * What came after number $since, once there are $count or the time is over.
	 *
	 * @return list<array<string, mixed>> as receiver.php describes them
	 */
	public function requests(int $since = 0, int $count = 0, int $waitMs = 5000): array
	{
		$query = "/_inbox?since=$since" . ($count > 0 ? "&count=$count&wait=$waitMs" : '');
		return $this->call('GET', $query)['requests'];
	}

	/** The number of the newest request so far. */
	public function last(): int
	{
		return $this->call('GET', '/_inbox?since=' . PHP_INT_MAX)['last'];
	}

	/** @return array{resets_before: int, bad_handshakes: int} of a receiver with --chaos: what it never came to read */
	public function chaos(): array
	{
		for ($try = 1;; $try++) {
			try {
				return $this->call('GET', '/_chaos');
			} catch (SiteException $error) {
				if ($try === 20) {
					throw $error; // Its bad days are everybody's.
				}
			}
		}
	}

	/** Requests below that path are to be signed with this secret. */
	public function expectSignatures(string $path, string $secret): void
	{
		$this->call('POST', '/_secret', ['path' => $path, 'secret' => $secret]);
	}

	public function reset(): void
	{
		$this->call('POST', '/_reset', []);
	}

	/** @param array<string, mixed> $request */
	public static function header(array $request, string $name): ?string
	{
		foreach ($request['headers'] as [$key, $value]) {
			if (strcasecmp($key, $name) === 0) {
				return $value;
			}
		}
		return null;
	}

	/** @param array<string, mixed>|null $body */
	private function call(string $method, string $path, ?array $body = null): array
	{
		$curl = curl_init($this->url . $path);
		curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 90, CURLOPT_PROXY => '']);
		if (is_file($this->caFile())) {
			curl_setopt($curl, CURLOPT_CAINFO, $this->caFile());
		}
		if ($method === 'POST') {
			curl_setopt($curl, CURLOPT_POSTFIELDS, (string) json_encode($body, JSON_UNESCAPED_SLASHES));
		}
		$text = curl_exec($curl);
		if ($text === false || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200) {
			throw new SiteException("the receiver does not answer $path: " . curl_error($curl));
		}
		return (array) json_decode((string) $text, true);
	}
}
