<?php

declare(strict_types=1);

namespace KiviHook\Tests\Receiver;

/**
 * Every request that was read to its end, however many, as lines of JSON in a file:
 * {"n", "at_ms", "path", "id", "timestamp", "signature", "body", "fate"} when it has been read, then {"n", "end"} with
 * "sent" (the whole answer is in the kernel's hands) or "gone" (the sender went away, or was cut off, before that).
 */
final class Journal
{
	/** @var resource */
	private $file;
	private int $last = 0;

	public function __construct(string $path)
	{
		$file = fopen($path, 'a');
		if ($file === false) {
			throw new \RuntimeException("receiver: cannot write $path");
		}
		$this->file = $file;
	}

	/** @param array<string, mixed> $request as Connection gives it */
	public function add(array $request, string $fate): int
	{
		$this->write([
			'n' => ++$this->last, 'at_ms' => $request['at_ms'], 'path' => $request['path'],
			'id' => $request['index']['webhook-id'] ?? '', 'timestamp' => $request['index']['webhook-timestamp'] ?? '',
			'signature' => $request['index']['webhook-signature'] ?? '',
			'resend' => isset($request['index']['webhook-resend']),
			'body' => base64_encode($request['body']), 'fate' => $fate,
		]);
		return $this->last;
	}

	public function end(int $number, string $how): void
	{
		$this->write(['n' => $number, 'end' => $how]);
	}

	/** @param array<string, mixed> $line */
	private function write(array $line): void
	{
		// At once: who reads it later reads it whole, whatever becomes of this process.
		fwrite($this->file, json_encode($line, JSON_UNESCAPED_SLASHES) . "\n");
	}
}
