<?php

declare(strict_types=1);

namespace KiviHook\Bench;

/** From a receiver's journal: how long each request took, in ms, from its event's time (in the body) to its arrival. */
final class Arrivals
{
	private int $offset = 0;

	/** @var array<int, float> record id => when it arrived first (Unix ms), of what was read last */
	public array $at = [];

	public function __construct(private string $file)
	{
	}

	/** What has come since the last call. @return list<float> */
	public function read(): array
	{
		$times = $this->at = [];
		$file = fopen($this->file, 'r');
		fseek($file, $this->offset);
		while (($line = fgets($file)) !== false) {
			$request = (array) json_decode($line, true);
			if (!isset($request['body'])) {
				continue;
			}
			$body = (array) json_decode((string) base64_decode($request['body']), true);
			$event = new \DateTimeImmutable((string) $body['timestamp']);
			$times[] = $request['at_ms'] - ($event->getTimestamp() * 1000 + (int) $event->format('v'));
			$id = (int) ($body['data']['appointment_id'] ?? 0);
			$this->at[$id] ??= (float) $request['at_ms'];
		}
		$this->offset = (int) ftell($file);
		fclose($file);
		return $times;
	}
}
