<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

/** The endpoint: tests/receiver in a process of its own, on a free loopback port. */
final class Receiver
{
	/** @var resource */
	private $process;

	/** @var array<int, resource> */
	private array $pipes = [];

	private string $url;

	public function __construct(private int $keep = 5000)
	{
		$script = dirname(__DIR__, 2) . '/receiver/receiver.php';
		$process = proc_open(
			[PHP_BINARY, '-n', $script, '--keep=' . $this->keep],
			[['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']],
			$this->pipes
		);
		$url = $process === false ? '' : trim((string) fgets($this->pipes[1]));
		if (!str_starts_with($url, 'http')) {
			throw new \RuntimeException('the receiver does not start');
		}
		$this->process = $process;
		$this->url = $url;
	}

	/** The address of a behaviour, e.g. url('/ok/slack'). */
	public function url(string $path): string
	{
		return $this->url . $path;
	}

	public function stop(): void
	{
		proc_terminate($this->process, SIGTERM);
		fclose($this->pipes[1]);
		proc_close($this->process);
	}

	/** The number of the last request so far. */
	public function mark(): int
	{
		return (int) $this->ask('GET', '/_inbox?since=' . PHP_INT_MAX)['last'];
	}

	/**
	 * Requests after a mark, of one path or of all; it waits until there are $count of them, or the time is over.
	 *
	 * @return list<Received>
	 */
	public function since(int $mark, ?string $path = null, int $count = 0, float $seconds = 15): array
	{
		$end = hrtime(true) + (int) ($seconds * 1e9);
		$ask = $count;
		do {
			$left = max(0, (int) (($end - hrtime(true)) / 1e6));
			$wait = $count > 0 ? '&count=' . $ask . '&wait=' . min(5000, $left) : '';
			$all = $this->ask('GET', "/_inbox?since=$mark$wait")['requests'];
			$found = [];
			foreach ($all as $request) {
				if ($path === null || $request['path'] === $path) {
					$found[] = new Received($request);
				}
			}
			$ask = count($all) + 1; // Others' requests came instead: wait for one more.
		} while (count($found) < $count && $left > 0);
		return $found;
	}

	/** From now on requests below this path are to be signed with this secret. */
	public function expectSignature(string $path, string $secret): void
	{
		$this->ask('POST', '/_secret', (string) json_encode(['path' => $path, 'secret' => $secret]));
	}

	/** @return array<string, mixed> */
	private function ask(string $method, string $path, string $body = ''): array
	{
		$context = stream_context_create(['http' => [
			'method' => $method, 'content' => $body, 'timeout' => 30,
			'header' => "Content-Type: application/json\r\nConnection: close\r\n",
		]]);
		$answer = file_get_contents($this->url . $path, false, $context);
		return (array) json_decode((string) $answer, true);
	}
}
