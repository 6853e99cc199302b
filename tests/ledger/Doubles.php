<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/**
 * Names the cause of each double: of two requests of one message that the receiver took in, what the sender did not come to
 * know, or could not commit, about the first. A double without a cause is a fault.
 */
final class Doubles
{
	public const NONE = 'no cause known';

	/** So soon after it goes on a process has sent what it was about to send. */
	private const WAKING_MS = 2_000;

	/** @var array<string, int> */
	public array $causes = [];

	/** @var list<string> those without one */
	public array $unexplained = [];
	public int $count = 0;

	public function __construct(private History $history, private Diary $diary)
	{
	}

	/** @param list<array{at: float, fate: string, end: string}> $times of one message */
	public function look(string $message, int $delivery, array $times): void
	{
		usort($times, static fn (array $a, array $b): int => $a['at'] <=> $b['at']);
		$taken = array_values(array_filter($times, static fn (array $time): bool => in_array($time['fate'], Requests::TAKEN, true)));
		for ($i = 0; $i < count($taken) - 1; $i++) {
			$cause = $this->cause($delivery, $taken[$i]);
			if ($cause === self::NONE && $this->wokeUp($delivery, $taken[$i]['at'], $taken[$i + 1]['at'])) {
				$cause = 'clock of the sender stood still past its lease';
			}
			$this->count++;
			$this->causes[$cause] = ($this->causes[$cause] ?? 0) + 1;
			if ($cause === self::NONE) {
				$lease = $this->history->lease($delivery, $taken[$i]['at']);
				$this->unexplained[] = "$message (delivery $delivery): " . json_encode([$taken[$i], $taken[$i + 1], $lease]);
			}
		}
	}

	/** @param array{at: float, fate: string, end: string} $time */
	private function cause(int $delivery, array $time): string
	{
		if (in_array($time['fate'], ['reset', 'half', 'garbage'], true)) {
			return "answer lost on the way: {$time['fate']}";
		}
		$lease = $this->history->lease($delivery, $time['at']);
		if ($lease === null) {
			return self::NONE;
		}
		$pid = Leases::pid($lease['owner']);
		$until = min($lease['until'], $time['at'] + 120_000);
		$stopped = Diary::touches($this->diary->stopped[$pid] ?? [], $lease['since'], $until);
		// failed: given up, because the third lease in a row had ended without a result.
		if (in_array($lease['state'], ['none', 'failed'], true) && $this->diary->killedBetween($pid, $time['at'] - 50, $until)) {
			return 'sender killed before its result was committed';
		}
		if ($stopped) {
			return 'clock of the sender stood still past its lease';
		}
		if ($lease['state'] === 'none' && Diary::touches($this->diary->outages, $time['at'] - 100, $time['at'] + 10_000)) {
			return 'database killed before the result was committed';
		}
		if ($lease['state'] === 'pending' && Diary::touches($this->diary->outages, $time['at'], $until)) {
			// A cluster that has lost a node takes no writes for seconds; who waits for it does not read answers.
			return 'database stood still for longer than the time limit, with the answer unread';
		}
		if ($lease['state'] === 'released' && $time['end'] !== 'sent') {
			return 'sender had to end: budget or stop';
		}
		return $time['end'] !== 'sent' && $lease['state'] === 'pending' ? 'answer slower than the time limit' : self::NONE;
	}

	/** Is the second request that of an earlier lease, whose sender had stood still and went on just then? */
	private function wokeUp(int $delivery, float $first, float $second): bool
	{
		foreach ($this->history->leases($delivery) as [$since, $owner]) {
			foreach ($since < $first ? $this->diary->stopped[Leases::pid($owner)] ?? [] : [] as [$begin, $end]) {
				if ($begin >= $since - self::WAKING_MS && $begin <= $first && $end <= $second && $end >= $second - self::WAKING_MS) {
					return true;
				}
			}
		}
		return false;
	}
}
