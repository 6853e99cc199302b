<?php

declare(strict_types=1);

namespace KiviHook\Tests\Receiver;

/** The loop: accepts, reads, lets the path decide, writes. */
final class Server
{
	private const MAX_CONNECTIONS = 512;
	private const MAX_BACKLOG = 1024 * 1024;
	private const REASONS = [
		200 => 'OK', 201 => 'Created', 204 => 'No Content', 301 => 'Moved Permanently', 302 => 'Found',
		400 => 'Bad Request', 401 => 'Unauthorized', 403 => 'Forbidden', 404 => 'Not Found', 410 => 'Gone',
		413 => 'Content Too Large', 429 => 'Too Many Requests', 431 => 'Request Header Fields Too Large',
		500 => 'Internal Server Error', 502 => 'Bad Gateway', 503 => 'Service Unavailable',
	];

	/** @var resource */
	private $listener;

	/** @var array<int, Connection> by number */
	private array $connections = [];

	/** @var array<string, int> path => requests seen, for /flaky */
	private array $seen = [];

	/** @var array<int, array{connection: Connection, since: int, count: int}> who waits for the inbox */
	private array $waiting = [];

	private int $number = 0;
	private bool $stopped = false;
	private string $url;

	/** @var resource|null the pipe whose end ends the server */
	private $owner = null;

	public function __construct(
		private Inbox $inbox,
		int $port,
		private ?string $certificate,
		private Chaos $chaos,
		private ?Journal $journal = null
	) {
		$context = stream_context_create(['socket' => ['backlog' => 512, 'tcp_nodelay' => true]]);
		if ($certificate !== null) {
			stream_context_set_option($context, 'ssl', 'local_cert', $certificate);
			stream_context_set_option($context, 'ssl', 'verify_peer', false);
		}
		$flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
		$listener = @stream_socket_server('tcp://127.0.0.1:' . $port, $code, $message, $flags, $context);
		if ($listener === false) {
			throw new \RuntimeException('receiver: cannot listen on port ' . $port . ': ' . $message);
		}
		stream_set_blocking($listener, false);
		$this->listener = $listener;
		$this->url = ($certificate === null ? 'http' : 'https') . '://' . stream_socket_get_name($listener, false);
	}

	public function url(): string
	{
		return $this->url;
	}

	/** @param resource $pipe */
	public function endWith($pipe): void
	{
		$this->owner = $pipe;
	}

	public function stop(): void
	{
		$this->stopped = true;
	}

	public function run(): void
	{
		while (!$this->stopped) {
			$read = ['listener' => $this->listener];
			if ($this->owner !== null) {
				$read['owner'] = $this->owner;
			}
			$write = [];
			foreach ($this->connections as $number => $connection) {
				$read[$number] = $connection->socket;
				if ($connection->wantsToWrite()) {
					$write[$number] = $connection->socket;
				}
			}
			$except = null;
			$wait = $this->untilNextRelease();
			if (@stream_select($read, $write, $except, (int) $wait, (int) (fmod($wait, 1.0) * 1e6)) === false) {
				continue; // a signal
			}
			if (isset($read['owner'])) {
				if (fread($this->owner, 64) === '' && feof($this->owner)) {
					return; // whoever started it is gone, by whatever death
				}
				unset($read['owner']);
			}
			if (isset($read['listener'])) {
				$this->accept();
				unset($read['listener']);
			}
			foreach (array_keys($write) as $number) {
				$this->guarded((int) $number, fn (Connection $connection): bool => $connection->write());
			}
			foreach (array_keys($read) as $number) {
				$this->guarded((int) $number, fn (Connection $connection): bool => $this->readFrom($connection));
			}
			$this->release();
			$this->sweep();
		}
		foreach (array_keys($this->connections) as $number) {
			$this->drop($number);
		}
		fclose($this->listener);
	}

	/** @param callable(Connection): bool $step */
	private function guarded(int $number, callable $step): void
	{
		if (isset($this->connections[$number]) && !$step($this->connections[$number])) {
			$this->drop($number);
		}
	}

	private function untilNextRelease(): float
	{
		$wait = 1.0;
		foreach ($this->connections as $connection) {
			if ($connection->heldUntil > 0.0) {
				$wait = min($wait, max(0.0, $connection->heldUntil - microtime(true)));
			}
		}
		return $wait;
	}

	private function accept(): void
	{
		while (($socket = @stream_socket_accept($this->listener, 0.0, $peer)) !== false) {
			if (count($this->connections) >= self::MAX_CONNECTIONS) {
				fclose($socket);
				continue;
			}
			stream_set_blocking($socket, false);
			stream_set_read_buffer($socket, 0);
			$connection = new Connection($socket, ++$this->number, (string) $peer);
			$connection->handshaking = $this->certificate !== null;
			$this->connections[$connection->number] = $connection;
			if ($connection->handshaking && $this->chaos->spoilsHandshake()) {
				$connection->handshaking = false;
				$connection->closing = true;
				$connection->send("This is no handshake.\n");
				$this->guarded($connection->number, fn (Connection $one): bool => $one->write());
			}
		}
	}

	private function readFrom(Connection $connection): bool
	{
		if ($connection->handshaking) {
			$methods = STREAM_CRYPTO_METHOD_TLSv1_2_SERVER | STREAM_CRYPTO_METHOD_TLSv1_3_SERVER;
			$done = @stream_socket_enable_crypto($connection->socket, true, $methods);
			if ($done === false) {
				return false;
			}
			$connection->handshaking = $done !== true;
			return true;
		}
		if ($connection->isIdle() && !$connection->closing && $this->chaos->resetsBeforeReading()) {
			$connection->resetOnClose();
			return false;
		}
		if (!$connection->read()) {
			return false;
		}
		while (!$connection->closing && $connection->heldUntil === 0.0) {
			$request = $connection->nextRequest();
			if ($request === null) {
				break;
			}
			if (isset($request['refuse'])) {
				$connection->closing = true;
				$connection->send(self::response((int) $request['refuse'], '{"refused":true}', [], false));
				break;
			}
			$this->handle($connection, $request);
		}
		return !$connection->wantsToWrite() || $connection->write();
	}

	/** @param array<string, mixed> $request */
	private function handle(Connection $connection, array $request): void
	{
		if (!$request['keep_alive']) {
			$connection->closing = true;
		}
		if ($request['path'] === '/' || str_starts_with($request['path'], '/_')) {
			$this->aboutItself($connection, $request);
			return;
		}
		$parts = explode('/', trim($request['path'], '/'));
		$argument = $parts[1] ?? '';
		switch ($parts[0]) {
			case 'ok':
				$this->answer($connection, $request, 200, '{"ok":true}');
				return;
			case 'chaos':
				$this->byLot($connection, $request, $this->chaos->fate());
				return;
			case 'status':
				parse_str($request['query'], $query);
				$headers = isset($query['retry_after']) ? ['Retry-After: ' . (int) $query['retry_after']] : [];
				$status = (int) $argument >= 200 && (int) $argument <= 599 ? (int) $argument : 400;
				$this->answer($connection, $request, $status, '{"status":' . $status . '}', $headers);
				return;
			case 'flaky':
				$this->seen[$request['path']] = ($this->seen[$request['path']] ?? 0) + 1;
				$status = $this->seen[$request['path']] <= (int) $argument ? 500 : 200;
				$this->answer($connection, $request, $status, '{"status":' . $status . '}');
				return;
			case 'close':
				$this->record($request, 0);
				$connection->closing = true;
				return;
			case 'close-half':
				$this->record($request, 200);
				$connection->closing = true;
				$connection->send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\nonly half");
				return;
			case 'hang':
				$this->hold($connection, (float) $argument, $this->record($request, 200));
				return;
			case 'huge':
				$this->record($request, 200);
				$bytes = max(0, min(200, (int) $argument)) * 1024 * 1024;
				$connection->filler = $bytes;
				$connection->send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: $bytes\r\n\r\n");
				return;
			case 'redirect':
				$this->answer($connection, $request, 302, '', ['Location: ' . $this->url . '/ok/redirected']);
				return;
			default:
				$this->answer($connection, $request, 404, '{"error":"no such behaviour"}');
		}
	}

	/** @param array<string, mixed> $request */
	private function byLot(Connection $connection, array $request, string $fate): void
	{
		if (!in_array($fate, ['reset', 'half', 'garbage', 'slow'], true)) {
			$status = $fate === 'ok' ? 200 : (int) $fate;
			$more = ['429' => ['Retry-After: 1'], '301' => ['Location: ' . $this->url . '/ok/moved']][$fate] ?? [];
			$this->answer($connection, $request, $status, "{\"status\":$status}", $more, $fate);
			return;
		}
		$this->record($request, $fate === 'reset' ? 0 : 200);
		$this->journal($connection, $request, $fate);
		$head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
		if ($fate === 'reset') {
			$connection->resetOnClose();
		} elseif ($fate === 'half') {
			$connection->closing = true;
			$connection->send($head . "Content-Length: 20\r\n\r\nonly half");
		} elseif ($fate === 'garbage') {
			$connection->closing = true;
			$connection->send($head . "Transfer-Encoding: chunked\r\n\r\nnot a number\r\nnor a chunk\r\n");
		} else {
			$connection->send($head . "Content-Length: 30\r\n\r\n");
			$this->drip($connection, 30);
		}
	}

	private function drip(Connection $connection, int $left): void
	{
		[$piece, $seconds] = Chaos::drip();
		$piece = substr($piece, 0, $left);
		$connection->heldUntil = microtime(true) + $seconds;
		$connection->onRelease = function () use ($connection, $piece, $left): void {
			$connection->send($piece);
			if ($left > strlen($piece)) {
				$this->drip($connection, $left - strlen($piece));
			}
		};
	}

	/** @param array<string, mixed> $request */
	private function journal(Connection $connection, array $request, string $fate): void
	{
		if ($this->journal !== null) {
			$connection->journaled = $this->journal->add($request, $fate);
		}
	}

	/** @param array<string, mixed> $record */
	private function hold(Connection $connection, float $seconds, array $record): void
	{
		$connection->heldUntil = microtime(true) + max(0.0, $seconds);
		$connection->onRelease = static function () use ($connection): void {
			$connection->send(self::response(200, '{"ok":true,"late":true}', [], !$connection->closing));
		};
	}

	/**
	 * @param array<string, mixed> $request
	 * @param string[] $headers
	 */
	private function answer(
		Connection $connection,
		array $request,
		int $status,
		string $body,
		array $headers = [],
		string $fate = ''
	): void {
		// First: whoever has the answer finds the request in the journal.
		$this->journal($connection, $request, $fate !== '' ? $fate : ($status === 200 ? 'ok' : (string) $status));
		$connection->send(self::response($status, $body, $headers, !$connection->closing));
		$connection->write();
		$this->record($request, $status);
		$this->journalEnd($connection);
	}

	private function journalEnd(Connection $connection, bool $gone = false): void
	{
		if ($connection->journaled > 0 && ($gone || (!$connection->wantsToWrite() && $connection->heldUntil === 0.0))) {
			$this->journal->end($connection->journaled, $gone ? 'gone' : 'sent');
			$connection->journaled = 0;
		}
	}

	/** @param array<string, mixed> $request */
	private function record(array $request, int $status): array
	{
		$record = $this->inbox->add($request, $status);
		$event = 'data: ' . self::json($record) . "\n\n";
		foreach ($this->connections as $connection) {
			if ($connection->isStream) {
				$connection->send($event);
				$connection->closing = $connection->closing || $connection->backlog() > self::MAX_BACKLOG;
			}
		}
		foreach ($this->waiting as $number => $waiter) {
			if ($this->inbox->countSince($waiter['since']) >= $waiter['count']) {
				$waiter['connection']->heldUntil = microtime(true);
			}
		}
		return $record;
	}

	/** @param array<string, mixed> $request */
	private function aboutItself(Connection $connection, array $request): void
	{
		parse_str($request['query'], $query);
		$keep = !$connection->closing;
		switch ($request['method'] . ' ' . $request['path']) {
			case 'GET /':
				$page = (string) file_get_contents(__DIR__ . '/page.html');
				$policy = "Content-Security-Policy: default-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
				$connection->send(self::response(200, $page, [$policy], $keep, 'text/html; charset=utf-8'));
				return;
			case 'GET /_inbox':
				$this->inboxFor($connection, $query);
				return;
			case 'GET /_events':
				$connection->isStream = true;
				$connection->send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
					. "Connection: close\r\n\r\n");
				foreach ($this->inbox->since((int) ($query['since'] ?? 0))['requests'] as $record) {
					$connection->send('data: ' . self::json($record) . "\n\n");
				}
				return;
			case 'POST /_secret':
				$given = json_decode((string) $request['body'], true);
				if (!is_array($given) || !is_string($given['path'] ?? null) || !is_string($given['secret'] ?? null)) {
					$connection->send(self::response(400, '{"error":"path and secret are needed"}', [], $keep));
					return;
				}
				$this->inbox->expectSignature($given['path'], $given['secret']);
				$connection->send(self::response(200, '{"ok":true}', [], $keep));
				return;
			case 'GET /_chaos':
				$told = ['resets_before' => $this->chaos->resetsBefore, 'bad_handshakes' => $this->chaos->badHandshakes];
				$connection->send(self::response(200, self::json($told), [], $keep));
				return;
			case 'POST /_reset':
				$this->inbox->reset();
				$this->seen = [];
				$connection->send(self::response(200, '{"ok":true,"last":' . $this->inbox->last() . '}', [], $keep));
				return;
			default:
				$connection->send(self::response(404, '{"error":"not found"}', [], $keep));
		}
	}

	/** @param array<string, mixed> $query */
	private function inboxFor(Connection $connection, array $query): void
	{
		$since = (int) ($query['since'] ?? 0);
		$count = max(1, (int) ($query['count'] ?? 1));
		$wait = max(0, min(60000, (int) ($query['wait'] ?? 0)));
		$reply = function () use ($connection, $since): void {
			unset($this->waiting[$connection->number]);
			$body = self::json($this->inbox->since($since));
			$connection->send(self::response(200, $body, [], !$connection->closing));
		};
		if ($wait === 0 || $this->inbox->countSince($since) >= $count) {
			$reply();
			return;
		}
		$this->waiting[$connection->number] = ['connection' => $connection, 'since' => $since, 'count' => $count];
		$connection->heldUntil = microtime(true) + $wait / 1000;
		$connection->onRelease = $reply;
	}

	private function release(): void
	{
		$now = microtime(true);
		foreach ($this->connections as $number => $connection) {
			if ($connection->heldUntil === 0.0 || $connection->heldUntil > $now) {
				continue;
			}
			$connection->heldUntil = 0.0;
			if ($connection->onRelease !== null) {
				$then = $connection->onRelease;
				$connection->onRelease = null;
				$then();
			}
			$this->guarded((int) $number, fn (Connection $connection): bool => $connection->write());
		}
	}

	/** Ends what has said all it had to say. */
	private function sweep(): void
	{
		foreach ($this->connections as $number => $connection) {
			$this->journalEnd($connection);
			if ($connection->closing && !$connection->wantsToWrite() && $connection->heldUntil === 0.0) {
				$this->drop((int) $number);
			}
		}
	}

	private function drop(int $number): void
	{
		if (isset($this->connections[$number])) {
			$this->journalEnd($this->connections[$number], true);
			@fclose($this->connections[$number]->socket);
			unset($this->connections[$number], $this->waiting[$number]);
		}
	}

	/** @param string[] $headers */
	private static function response(
		int $status,
		string $body,
		array $headers,
		bool $keepAlive,
		string $type = 'application/json'
	): string {
		$lines = [
			'HTTP/1.1 ' . $status . ' ' . (self::REASONS[$status] ?? 'Status'),
			'Content-Type: ' . $type,
			'Cache-Control: no-store',
		];
		if ($status !== 204) {
			$lines[] = 'Content-Length: ' . strlen($body);
		}
		if (!$keepAlive) {
			$lines[] = 'Connection: close';
		}
		return implode("\r\n", array_merge($lines, $headers)) . "\r\n\r\n" . ($status === 204 ? '' : $body);
	}

	/** @param mixed $value */
	private static function json($value): string
	{
		return (string) json_encode(
			$value,
			JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE
		);
	}
}
