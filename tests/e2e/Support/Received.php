<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

/** One request as the endpoint got it. */
final class Received
{
	public string $method;
	public string $path;
	public string $body;
	public float $atMs;
	public ?bool $verified;
	public string $reason;
	/** What it answered; 0: nothing. */
	public int $status;

	/** @var array<string, string> names in lower case */
	public array $headers = [];

	/** @param array<string, mixed> $record see tests/receiver/receiver.php */
	public function __construct(array $record)
	{
		$this->method = $record['method'];
		$this->path = $record['path'];
		$this->body = $record['body'];
		$this->atMs = (float) $record['at_ms'];
		$this->verified = $record['verified'];
		$this->reason = $record['reason'];
		$this->status = (int) ($record['status'] ?? 0);
		foreach ($record['headers'] as [$name, $value]) {
			$this->headers[strtolower($name)] = $value;
		}
	}

	/** @return array<string, mixed> the body, which has to be JSON */
	public function json(): array
	{
		$value = json_decode($this->body, true, 64, JSON_THROW_ON_ERROR);
		return (array) $value;
	}

	/** @return array<string, mixed> the data of a standard body */
	public function data(): array
	{
		return (array) $this->json()['data'];
	}
}
