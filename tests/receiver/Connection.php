<?php

declare(strict_types=1);

namespace KiviHook\Tests\Receiver;

/** One client's connection: bytes in, requests out, bytes back. Bounded, never blocking. */
final class Connection
{
	private const MAX_HEAD = 64 * 1024;
	private const MAX_BODY = 16 * 1024 * 1024;

	private string $input = '';
	private string $output = '';

	/** @var array<string, mixed>|null the request whose body is still coming */
	private ?array $current = null;

	public bool $closing = false;
	public bool $handshaking = false;

	/** Until when nothing more is read, because an answer is held back; Unix time, 0: not held. */
	public float $heldUntil = 0.0;

	/** @var callable(): void|null what is done when the hold ends */
	public $onRelease = null;

	/** How many bytes of filler are still to be sent. */
	public int $filler = 0;

	public bool $isStream = false;

	/** Which line of the journal waits for its end; 0: none. */
	public int $journaled = 0;

	/** PHP's sockets extension can make a close a reset; without it only unread bytes do. */
	private ?\Socket $raw = null;

	/** @param resource $socket */
	public function __construct(public $socket, public int $number, public string $peer)
	{
		// Now: PHP no longer gives it once TLS has begun.
		$raw = function_exists('socket_import_stream') ? socket_import_stream($socket) : false;
		$this->raw = $raw === false ? null : $raw;
	}

	/** The close that follows is a reset, and what was to be written is lost. */
	public function resetOnClose(): void
	{
		$this->output = '';
		$this->filler = 0;
		$this->closing = true;
		if ($this->raw !== null) {
			socket_set_option($this->raw, SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
		}
	}

	/** Between two requests. */
	public function isIdle(): bool
	{
		return $this->input === '' && $this->current === null;
	}

	public function wantsToWrite(): bool
	{
		return $this->output !== '' || $this->filler > 0;
	}

	/** How much a slow reader has let pile up. */
	public function backlog(): int
	{
		return strlen($this->output);
	}

	public function send(string $bytes): void
	{
		$this->output .= $bytes;
	}

	/** Reads what there is. False: the other side is gone. */
	public function read(): bool
	{
		// Until nothing is left: stream_select() doesn't see what OpenSSL has already decrypted.
		for ($round = 0; $round < 16; $round++) {
			$bytes = @fread($this->socket, 65536);
			if ($bytes === false || ($bytes === '' && feof($this->socket))) {
				return $round > 0;
			}
			if ($bytes === '') {
				break;
			}
			$this->input .= $bytes;
		}
		return true;
	}

	/** Writes what can be written. False: the other side is gone. */
	public function write(): bool
	{
		if ($this->output === '' && $this->filler > 0) {
			$size = min($this->filler, 65536);
			$this->output = str_repeat('x', $size);
			$this->filler -= $size;
		}
		if ($this->output === '') {
			return true;
		}
		$written = @fwrite($this->socket, $this->output);
		if ($written === false || ($written === 0 && feof($this->socket))) {
			return false;
		}
		$this->output = (string) substr($this->output, $written);
		return true;
	}

	/**
	 * The next complete request, or null. A list of what was wrong ends the connection: ['refuse' => 4xx].
	 *
	 * @return array<string, mixed>|null
	 */
	public function nextRequest(): ?array
	{
		if ($this->current === null) {
			$end = strpos($this->input, "\r\n\r\n");
			if ($end === false) {
				return strlen($this->input) > self::MAX_HEAD ? ['refuse' => 431] : null;
			}
			$head = substr($this->input, 0, $end);
			$this->input = (string) substr($this->input, $end + 4);
			$request = self::parseHead($head);
			if (isset($request['refuse'])) {
				return $request;
			}
			$this->current = $request;
			if (strtolower($request['index']['expect'] ?? '') === '100-continue') {
				$this->send("HTTP/1.1 100 Continue\r\n\r\n");
			}
		}
		$body = $this->takeBody();
		if (is_int($body)) {
			return ['refuse' => $body];
		}
		if ($body === null) {
			return null;
		}
		$request = $this->current;
		$this->current = null;
		$request['body'] = $body;
		$request['at_ms'] = round(microtime(true) * 1000, 3);
		$request['peer'] = $this->peer;
		$request['connection'] = $this->number;
		return $request;
	}

	/** @return array<string, mixed> */
	private static function parseHead(string $head): array
	{
		$lines = explode("\r\n", $head);
		$parts = explode(' ', (string) array_shift($lines));
		if (count($parts) !== 3 || !str_starts_with($parts[2], 'HTTP/1.')) {
			return ['refuse' => 400];
		}
		$headers = [];
		$index = [];
		foreach ($lines as $line) {
			$colon = strpos($line, ':');
			if ($colon === false || $colon === 0) {
				return ['refuse' => 400];
			}
			$name = substr($line, 0, $colon);
			$value = trim(substr($line, $colon + 1), " \t");
			$headers[] = [$name, $value];
			$index[strtolower($name)] = $value;
		}
		$target = explode('?', $parts[1], 2);
		$keepAlive = strtolower($index['connection'] ?? '') !== 'close' && $parts[2] === 'HTTP/1.1';
		return [
			'method' => $parts[0],
			'path' => $target[0],
			'query' => $target[1] ?? '',
			'headers' => $headers,
			'index' => $index,
			'keep_alive' => $keepAlive,
		];
	}

	/** The body if it is complete, null if not yet, a status if it can't be taken. */
	private function takeBody(): string|int|null
	{
		$index = $this->current['index'];
		if (strtolower($index['transfer-encoding'] ?? '') === 'chunked') {
			return $this->takeChunks();
		}
		$length = $index['content-length'] ?? '0';
		if (preg_match('/^\d{1,12}$/D', $length) !== 1) {
			return 400;
		}
		if ((int) $length > self::MAX_BODY) {
			return 413;
		}
		if (strlen($this->input) < (int) $length) {
			return null;
		}
		$body = substr($this->input, 0, (int) $length);
		$this->input = (string) substr($this->input, (int) $length);
		return $body;
	}

	private function takeChunks(): string|int|null
	{
		$body = '';
		$at = 0;
		while (true) {
			$end = strpos($this->input, "\r\n", $at);
			if ($end === false) {
				return strlen($this->input) > self::MAX_BODY * 2 ? 413 : null;
			}
			$size = trim(explode(';', substr($this->input, $at, $end - $at))[0]);
			if (preg_match('/^[0-9a-f]{1,8}$/Di', $size) !== 1) {
				return 400;
			}
			$size = (int) hexdec($size);
			if (strlen($body) + $size > self::MAX_BODY) {
				return 413;
			}
			if (strlen($this->input) < $end + 2 + $size + 2) {
				return null;
			}
			$body .= substr($this->input, $end + 2, $size);
			$at = $end + 2 + $size + 2;
			if ($size === 0) {
				$this->input = (string) substr($this->input, $at);
				return $body;
			}
		}
	}
}
