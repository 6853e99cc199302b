<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

use KiviHook\Signature;

/** What the receivers' journals say, message by message (webhook-id). */
final class Requests
{
	/** Fates of a request that the receiver has taken in, whatever the sender came to know of it. */
	public const TAKEN = ['ok', 'slow', 'reset', 'half', 'garbage'];

	/** @var array<string, array{event: string, type: string, record: int, path: string, by: string, times: list<array{at: float, fate: string, end: string}>}> */
	public array $messages = [];

	/** @var array<string, int> */
	public array $fates = [];
	public int $count = 0;
	public int $badlySigned = 0;

	/** @var list<string> what contradicts itself: a message with two bodies' ids, say */
	public array $contradictions = [];

	/** @param array<string, string> $secrets path => whsec_… */
	public function __construct(private array $secrets)
	{
	}

	public function read(string $file): void
	{
		$lines = fopen($file, 'r');
		$waiting = [];
		while ($lines !== false && ($text = fgets($lines)) !== false) {
			$line = (array) json_decode($text, true);
			if (isset($line['end'])) {
				if (isset($waiting[$line['n']])) {
					[$id, $index] = $waiting[$line['n']];
					$this->messages[$id]['times'][$index]['end'] = $line['end'];
					unset($waiting[$line['n']]);
				}
			} elseif (isset($this->secrets[$line['path'] ?? ''])) {
				$waiting[$line['n']] = [$line['id'], $this->add($line)];
			}
		}
	}

	/** @param array<string, mixed> $line */
	private function add(array $line): int
	{
		$this->count++;
		$this->fates[$line['fate']] = ($this->fates[$line['fate']] ?? 0) + 1;
		$text = (string) base64_decode($line['body'], true);
		$this->verify($line, $text);
		$body = (array) json_decode($text, true);
		$type = (string) ($body['type'] ?? '');
		$event = (string) ($body['id'] ?? '');
		$record = (int) ($body['data'][Truth::ID_OF[$type] ?? ''] ?? 0);
		$message = &$this->messages[$line['id']];
		$message ??= ['event' => $event, 'type' => $type, 'record' => $record, 'path' => $line['path'], 'by' => (string) ($body['data']['detected_by'] ?? ''), 'times' => []];
		if ([$message['event'], $message['type'], $message['record'], $message['path']] !== [$event, $type, $record, $line['path']]) {
			$this->contradictions[] = "message {$line['id']} came with different contents";
		}
		$message['times'][] = ['at' => (float) $line['at_ms'], 'fate' => (string) $line['fate'], 'end' => ''];
		return count($message['times']) - 1;
	}

	/** @param array<string, mixed> $line */
	private function verify(array $line, string $body): void
	{
		$headers = ['webhook-id' => $line['id'], 'webhook-timestamp' => $line['timestamp'],
			'webhook-signature' => $line['signature']];
		// The journal is read later than it was written, and a signature ages: the time is compared here.
		$timely = abs((int) $line['timestamp'] - $line['at_ms'] / 1000) < 120;
		if (!$timely || !Signature::verify($this->secrets[$line['path']], $headers, $body, 86400)) {
			$this->badlySigned++;
		}
	}
}
