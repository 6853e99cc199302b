<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/**
 * What happens to the clinic while it works, by lot: PHP-FPM's processes, delivery workers and the database server are
 * killed (SIGKILL), the log's tables take no rows for a while, and a worker's clock stands still past its leases.
 */
final class Misfortune
{
	private const LOG_TABLES = ['attempts', 'statistics'];
	/** Long enough for a lease to end: the webhooks' 5 s and a minute. */
	private const STOP_MS = 66_000;

	/** @var array<string, float> what => when it is due */
	private array $next = [];

	/** Until when the log's tables refuse; 0: they don't. */
	private float $refusedSince = 0.0;
	private float $refusedUntil = 0.0;

	private float $fullSince = 0.0;
	private float $fullUntil = 0.0;

	/** @var array{int, float, float}|null process id, since, until */
	private ?array $stopped = null;

	/**
	 * @param list<Node> $nodes
	 * @param array<string, int> $every how often in ms, on average: fpm, worker, database, log, stop, disk (once); 0: never
	 * @param bool $hurried a minute is too short for a lease to end: those of a stopped worker are brought to their end
	 */
	public function __construct(
		private array $nodes,
		private Workers $workers,
		private Diary $diary,
		private array $every,
		private bool $hurried,
		private string $prefix,
		private ?Disk $disk = null
	) {
		foreach (array_keys($every) as $what) {
			$this->plan($what);
		}
	}

	/** To be called often. */
	public function strike(): void
	{
		$this->workers->keep();
		$now = Diary::now();
		if ($this->stopped !== null && $now >= $this->stopped[2]) {
			$this->goOn();
		}
		if ($this->refusedUntil > 0.0 && $now >= $this->refusedUntil) {
			$this->allowLog();
		}
		if ($this->fullUntil > 0.0 && $now >= $this->fullUntil) {
			$this->freeDisk();
		}
		foreach ($this->next as $what => $at) {
			if ($now >= $at) {
				$this->$what();
				$this->plan($what);
			}
		}
	}

	/** Nothing more happens, and what was stopped goes on. */
	public function end(): void
	{
		if ($this->stopped !== null) {
			$this->goOn();
		}
		if ($this->refusedUntil > 0.0) {
			$this->allowLog();
		}
		if ($this->fullUntil > 0.0) {
			$this->freeDisk();
		}
		$this->next = [];
	}

	private function plan(string $what): void
	{
		$every = $this->every[$what];
		if ($every > 0) {
			$this->next[$what] = Diary::now() + $every * mt_rand(30, 170) / 100;
		}
	}

	private function node(): Node
	{
		return $this->nodes[mt_rand(0, count($this->nodes) - 1)];
	}

	private function fpm(): void
	{
		$pids = $this->node()->fpmWorkers();
		if ($pids !== []) {
			$this->diary->kill($pids[mt_rand(0, count($pids) - 1)], false);
		}
	}

	private function worker(): void
	{
		$pids = array_values(array_diff($this->workers->pids(), [$this->stopped[0] ?? 0]));
		if ($pids !== []) {
			$this->diary->kill($pids[mt_rand(0, count($pids) - 1)], true);
		}
	}

	private function database(): void
	{
		$since = Diary::now();
		$this->node()->crashDatabase();
		$this->diary->outages[] = [$since, Diary::now()];
	}

	private function log(): void
	{
		if ($this->refusedUntil > 0.0) {
			return;
		}
		$this->refusedSince = Diary::now();
		$this->refusedUntil = $this->refusedSince + mt_rand(2000, 5000);
		foreach (self::LOG_TABLES as $table) {
			$this->ask("CREATE TRIGGER ledger_refuses_$table BEFORE INSERT ON {$this->prefix}kivihook_$table FOR EACH ROW"
				. " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'The ledger refuses this row.'");
		}
	}

	private function allowLog(): void
	{
		foreach (self::LOG_TABLES as $table) {
			$this->ask("DROP TRIGGER IF EXISTS ledger_refuses_$table");
		}
		$this->diary->unwritable[] = [$this->refusedSince, Diary::now()];
		$this->refusedUntil = 0.0;
	}

	private function stop(): void
	{
		$pids = $this->workers->pids();
		if ($this->stopped !== null || $pids === []) {
			return;
		}
		$pid = $pids[mt_rand(0, count($pids) - 1)];
		posix_kill($pid, SIGSTOP);
		$now = Diary::now();
		$this->stopped = [$pid, $now, $now + ($this->hurried ? 6000 : self::STOP_MS)];
		if ($this->hurried) {
			Leases::end($this->node(), $this->prefix, static fn (int $owner): bool => $owner === $pid);
		}
	}

	/** The database's disk is full, for so many seconds; the server may end itself of that, and is started when there is room. */
	private function disk(): void
	{
		$this->fullSince = Diary::now();
		$this->disk->fill();
		$this->fullUntil = $this->fullSince + 12_000;
		$this->every['disk'] = 0;
		unset($this->next['disk']);
	}

	private function freeDisk(): void
	{
		$this->disk->free();
		$this->fullUntil = 0.0;
		if (!$this->nodes[0]->hasDatabase()) {
			$this->diary->diedOfDisk++;
			$this->nodes[0]->startDatabase();
		}
		$this->diary->outages[] = [$this->fullSince, Diary::now()];
		$this->diary->fullDisks++;
	}

	private function goOn(): void
	{
		[$pid, $since] = $this->stopped;
		posix_kill($pid, SIGCONT);
		$this->diary->stopped[$pid][] = [$since, Diary::now()];
		$this->stopped = null;
	}

	private function ask(string $sql): void
	{
		for ($try = 0; $try < 50; $try++) {
			try {
				$link = $this->nodes[$try % count($this->nodes)]->database();
				$link->query($sql);
				$link->close();
				return;
			} catch (\mysqli_sql_exception $error) {
				usleep(100000);
			}
		}
		throw new \RuntimeException("the ledger's own statement fails: " . $error->getMessage());
	}
}
