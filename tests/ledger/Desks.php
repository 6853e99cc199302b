<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/** The front desks, each a process of its own (desk.php), and what they were answered. */
final class Desks
{
	/** @var list<array{process: resource, in: resource, out: resource}> */
	private array $desks = [];

	/** @var list<array<string, mixed>> {"n", "kind", "status", "id"} */
	public array $answers = [];

	/** @param list<Node> $nodes */
	public function __construct(string $run, array $nodes, int $count, int $numbers, int $seed)
	{
		for ($i = 0; $i < $count; $i++) {
			$process = proc_open(
				[PHP_BINARY, __DIR__ . '/desk.php', $run, $nodes[$i % count($nodes)]->url, (string) $i, (string) $count,
					(string) $numbers, (string) ($seed + $i)],
				[['pipe', 'r'], ['pipe', 'w'], STDERR],
				$pipes
			);
			if ($process === false) {
				throw new \RuntimeException('a desk does not open');
			}
			// One after the other: of simultaneous log-ins of one user WordPress forgets some.
			if (($said = (string) fgets($pipes[1])) !== "ready\n") {
				throw new \RuntimeException("a desk does not open: $said");
			}
			stream_set_blocking($pipes[1], false);
			$this->desks[] = ['process' => $process, 'in' => $pipes[0], 'out' => $pipes[1]];
		}
	}

	public function open(): void
	{
		foreach ($this->desks as $desk) {
			fwrite($desk['in'], "go\n");
		}
	}

	/** @var array<int, string> the beginning of a desk's next line */
	private array $rest = [];

	/** Reads what they were answered meanwhile. False: all have gone home. */
	public function read(): bool
	{
		$open = false;
		foreach ($this->desks as $i => $desk) {
			// A pipe that does not block may give half a line.
			$this->rest[$i] = ($this->rest[$i] ?? '') . stream_get_contents($desk['out']);
			$lines = explode("\n", $this->rest[$i]);
			$this->rest[$i] = (string) array_pop($lines);
			foreach ($lines as $line) {
				$this->answers[] = (array) json_decode($line, true, 8, JSON_THROW_ON_ERROR);
			}
			$open = $open || !feof($desk['out']);
		}
		return $open;
	}

	/** They finish what they are at. */
	public function close(): void
	{
		foreach ($this->desks as $desk) {
			if (is_resource($desk['in'])) {
				fclose($desk['in']);
			}
		}
		while ($this->read()) {
			usleep(50000);
		}
		foreach ($this->desks as $desk) {
			proc_close($desk['process']);
		}
		$this->desks = [];
	}
}
