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

	/** @var array<string, array<string, mixed>>|null by event */
	private static ?array $schemas = null;

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

	/** @return array<string, mixed> the data of a standard body, which has to be what docs/events.schema.json says of it */
	public function data(): array
	{
		$body = $this->json();
		$wrong = self::against((string) $body['type'], (array) $body['data']);
		if ($wrong !== []) {
			throw new \UnexpectedValueException("$body[type] is not what its schema says: " . implode(', ', $wrong));
		}
		return (array) $body['data'];
	}

	/**
	 * Events of other plugins have no schema there.
	 *
	 * @param array<string, mixed> $data
	 * @return list<string>
	 */
	private static function against(string $type, array $data): array
	{
		self::$schemas ??= json_decode((string) file_get_contents(dirname(__DIR__, 3) . '/docs/events.schema.json'), true)['$defs'];
		$properties = self::$schemas[$type]['properties']['data']['properties'] ?? null;
		$wrong = [];
		foreach ($properties === null ? [] : $data as $name => $value) {
			$is = ['integer' => 'integer', 'string' => 'string', 'NULL' => 'null', 'array' => array_values((array) $value) === $value ? 'array' : 'object'];
			$kind = $is[gettype($value)] ?? gettype($value);
			if (!isset($properties[$name])) {
				$wrong[] = "$name is not named";
			} elseif (!in_array($kind, (array) $properties[$name]['type'], true)) {
				$wrong[] = "$name is $kind";
			}
		}
		return $wrong;
	}
}
