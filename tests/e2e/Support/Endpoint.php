<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

/** An endpoint in the test's own hands, step by step: it accepts, reads and answers when it is told, or never. */
final class Endpoint
{
	/** @var resource */
	private $listener;

	/** @var resource|null */
	private $connection = null;

	/** @var list<resource> connections of our own that fill the queue of those who wait */
	private array $fillers = [];
	private string $name;

	/** $deaf: nobody else can even connect. */
	public function __construct(bool $deaf = false)
	{
		$context = stream_context_create(['socket' => ['backlog' => $deaf ? 0 : 8]]);
		$flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
		$listener = stream_socket_server('tcp://127.0.0.1:0', $code, $message, $flags, $context);
		if ($listener === false) {
			throw new \RuntimeException("the endpoint cannot listen: $message");
		}
		$this->listener = $listener;
		$this->name = (string) stream_socket_get_name($listener, false);
		while ($deaf && ($filler = @stream_socket_client("tcp://$this->name", $code, $message, 0.2)) !== false) {
			$this->fillers[] = $filler;
		}
	}

	public function port(): int
	{
		return (int) substr($this->name, (int) strrpos($this->name, ':') + 1);
	}

	/** Accepts one connection and reads one request; gives its head, names in lower case, and body. */
	public function read(float $seconds = 30): string
	{
		$connection = stream_socket_accept($this->listener, $seconds);
		if ($connection === false) {
			throw new \RuntimeException('nobody sends anything');
		}
		stream_set_timeout($connection, 10);
		$this->connection = $connection;
		$head = '';
		while (($line = fgets($connection)) !== false && trim($line) !== '') {
			$head .= strtolower($line);
		}
		preg_match('/^content-length: *(\d+)/m', $head, $found);
		return $head . "\n" . stream_get_contents($connection, (int) ($found[1] ?? 0));
	}

	public function answer(): void
	{
		fwrite($this->connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
	}

	/** The port is free again. */
	public function close(): void
	{
		foreach (array_filter([$this->listener, $this->connection, ...$this->fillers]) as $socket) {
			if (is_resource($socket)) {
				fclose($socket);
			}
		}
	}
}
