<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/** What came out, for people and for tests. */
final class Report
{
	/** @var list<string> what must not be; empty: every number is accounted for */
	public array $faults;

	/** @param array<string, mixed> $counts */
	public function __construct(public Account $account, public Diary $diary, public array $counts)
	{
		$this->faults = $account->faults();
		// A run in which nothing went wrong proves nothing.
		$never = $counts['disk'] ? ['disk was full' => $diary->fullDisks] : ['PHP-FPM process was killed' => $diary->fpmKills,
			'delivery worker was killed' => $diary->workerKills, 'database server was killed' => count($diary->outages)];
		foreach (array_keys($never, 0, true) as $what) {
			$this->faults[] = "no $what";
		}
		if ($counts['deadlocks'] > 0) {
			$this->faults[] = "{$counts['deadlocks']} deadlocks";
		}
		if ($counts['stop_s'] > 30) {
			$this->faults[] = "workers took {$counts['stop_s']} s to stop";
		}
	}

	public function text(): string
	{
		$account = $this->account;
		$counts = $this->counts;
		$lines = [
			"KiviCare {$counts['kivicare']['version']} ({$counts['kivicare']['kind']}), {$counts['nodes']} node(s), {$counts['seconds']} s, workers by {$counts['workers']}, seed {$counts['seed']}",
			'asked for: ' . self::list($counts['asked']) . '; cut off or refused: ' . self::list($counts['cut off or refused']),
			sprintf(
				'killed: %d PHP-FPM processes, %d delivery workers, %d database servers; log unwritable %d times (%.0f s), worker clocks stopped %d times',
				$this->diary->fpmKills,
				$this->diary->workerKills,
				count($this->diary->outages),
				count($this->diary->unwritable),
				self::seconds($this->diary->unwritable),
				array_sum(array_map('count', $this->diary->stopped))
			),
			...$counts['disk'] ? ["the database's disk was full {$this->diary->fullDisks} time(s), " . ($this->diary->diedOfDisk > 0
				? 'of which the server ended itself' : 'which the server survived')] : [],
			...["{$account->requests->count} requests: " . self::list($account->requests->fates) . '; never read: ' . self::list($counts['connections'])],
		];
		foreach ($account->types as $name => $type) {
			$lines[] = sprintf(
				'%s: %d committed, %d received (%d found by the reconciler), %d lost, %d phantom, %d with two events',
				$name,
				$type['committed'],
				$type['arrived'],
				$type['reconciled'],
				count($type['lost']),
				count($type['phantom']),
				count($type['twice'])
			);
		}
		array_push(
			$lines,
			'deliveries: ' . self::list($account->states) . "; given up after three dead workers and sent again: {$counts['resent']}",
			"doubles: {$account->doubles->count}" . ($account->doubles->causes === [] ? '' : ' (' . self::list($account->doubles->causes) . ')'),
			"log: $account->settled results, $account->logged logged" . ($account->notLogged === [] ? '' : '; not logged: ' . self::list($account->notLogged)),
			sprintf('badly signed: %d; deadlocks: %d; SIGTERM to the end of the workers: %.1f s', $account->requests->badlySigned, $counts['deadlocks'], $counts['stop_s']),
			'lost by KiviCare itself, whose connection was silently reopened within its transaction: ' . self::list($account->own),
			...$this->faults === [] ? [] : $account->evidence,
			...[$this->faults === [] ? 'every number is accounted for' : "FAULTS:\n  " . implode("\n  ", $this->faults)]
		);
		return implode("\n", $lines) . "\n";
	}

	/** @param array<string, int> $counts */
	private static function list(array $counts): string
	{
		ksort($counts);
		$texts = [];
		foreach ($counts as $name => $count) {
			$texts[] = "$count $name";
		}
		return $texts === [] ? 'none' : implode(', ', $texts);
	}

	/** @param list<array{float, float}> $spans */
	private static function seconds(array $spans): float
	{
		return array_sum(array_map(static fn (array $span): float => $span[1] - $span[0], $spans)) / 1000;
	}
}
