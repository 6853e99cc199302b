<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/** What the ledger itself has done to whom, and when (Unix ms): it is what explains a double. */
final class Diary
{
	/** @var array<int, list<float>> process id => when it was killed */
	public array $killed = [];

	/** @var list<array{float, float}> from SIGKILL of a database server, or a full disk, until it answered again */
	public array $outages = [];

	/** @var list<array{float, float}> while the log's tables refused every row */
	public array $unwritable = [];

	/** @var array<int, list<array{float, float}>> process id => SIGSTOP, SIGCONT */
	public array $stopped = [];

	public int $fullDisks = 0;
	/** How often the database server ended itself of that. */
	public int $diedOfDisk = 0;
	public int $fpmKills = 0;
	public int $workerKills = 0;

	public static function now(): float
	{
		return microtime(true) * 1000;
	}

	public function kill(int $pid, bool $isWorker): void
	{
		if (posix_kill($pid, SIGKILL)) {
			$this->killed[$pid][] = self::now();
			$isWorker ? $this->workerKills++ : $this->fpmKills++;
		}
	}

	/** Was it killed between these two moments? */
	public function killedBetween(int $pid, float $from, float $to): bool
	{
		foreach ($this->killed[$pid] ?? [] as $at) {
			if ($at >= $from && $at <= $to) {
				return true;
			}
		}
		return false;
	}

	public function anyKilledBetween(float $from, float $to): bool
	{
		foreach (array_keys($this->killed) as $pid) {
			if ($this->killedBetween($pid, $from, $to)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Does one of these spans touch that one?
	 *
	 * @param list<array{float, float}> $spans
	 */
	public static function touches(array $spans, float $from, float $to): bool
	{
		foreach ($spans as [$begin, $end]) {
			if ($begin <= $to && $end >= $from) {
				return true;
			}
		}
		return false;
	}
}
