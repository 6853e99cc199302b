<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** What came back. Times are Unix time in ms with fractions, the clock that the receiver uses too. */
final class Response
{
	/** @param array<string, string[]> $headers names in lower case */
	public function __construct(
		public int $status,
		public array $headers,
		public string $body,
		public float $sentMs,
		public float $doneMs
	) {
	}

	/** @return mixed */
	public function json()
	{
		$value = json_decode($this->body, true);
		if ($value === null && trim($this->body) !== 'null') {
			throw new SiteException("no JSON, but (HTTP $this->status): " . $this->text());
		}
		return $value;
	}

	/** The beginning of the body, for messages. */
	public function text(): string
	{
		return substr(trim((string) preg_replace('/\s+/', ' ', strip_tags($this->body))), 0, 600);
	}
}
