<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

use KiviHook\Tests\Site\Database;
use KiviHook\Tests\Site\Fpm;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/** One machine of the clinic, as far as one machine can play several: a database server, PHP-FPM, nginx, PHP. */
final class Node
{
	/** @param string[] $options of its mariadbd, for a start after the first */
	public function __construct(
		public string $run,
		public string $url,
		private Site $site,
		private array $options = []
	) {
	}

	/** @return int[] */
	public function fpmWorkers(): array
	{
		return Fpm::workers($this->run);
	}

	public function php(): string
	{
		return "$this->run/bin/php";
	}

	/** Errors are exceptions. */
	public function database(): \mysqli
	{
		mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
		$db = $this->site->info()['db'];
		$link = new \mysqli('localhost', $db['user'], $db['password'], $db['name'], 0, "$this->run/db/mysqld.sock");
		$link->set_charset('utf8mb4');
		// What the ledger asks must not hold back, or deadlock with, those it watches.
		$link->query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
		return $link;
	}

	/** SIGKILL, and up again. Returns when it takes writes. */
	public function crashDatabase(): void
	{
		$pid = Process::find($this->run, 'mariadb');
		if ($pid === null) {
			throw new \RuntimeException('the database server is not there to be killed');
		}
		posix_kill($pid, SIGKILL);
		Process::waitUntil(static fn (): bool => !Process::alive($pid), 10);
		$this->startDatabase();
	}

	public function hasDatabase(): bool
	{
		return Process::find($this->run, 'mariadb') !== null;
	}

	public function startDatabase(): void
	{
		Database::start($this->run, $this->site->info()['db']['password'], $this->options);
		$this->waitUntilReady();
	}

	/** Until it takes writes: a node of a cluster first catches up with the others. */
	public function waitUntilReady(): void
	{
		$ready = Process::waitUntil(function (): bool {
			try {
				$link = $this->database();
				$row = $link->query("SHOW STATUS LIKE 'wsrep_ready'")->fetch_row();
				$link->close();
				return $this->options === [] || ($row[1] ?? '') === 'ON';
			} catch (\mysqli_sql_exception) {
				return false;
			}
		}, 60);
		if (!$ready) {
			throw new \RuntimeException("the database server in $this->run does not come back");
		}
	}

	/** What only nodes after the first have started; the site ends the first. */
	public function stop(): void
	{
		foreach (['nginx' => SIGQUIT, 'fpm' => SIGQUIT, 'mariadb' => SIGTERM] as $name => $signal) {
			Process::stop($this->run, $name, 20, $signal);
		}
	}
}
