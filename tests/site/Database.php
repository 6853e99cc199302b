<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** A private MariaDB: own data folder below the run folder, reached by its socket only. */
final class Database
{
	public const NAME = 'clinic';
	public const USER = 'clinic';

	private function __construct(private string $run, private string $password)
	{
	}

	/** @param string[] $options more of mariadbd's options */
	public static function start(string $run, string $password, array $options = []): self
	{
		$database = new self($run, $password);
		$folder = "$run/db";
		if (!is_dir("$folder/data")) {
			$database->create($folder);
		}
		$socket = $database->socket();
		if (strlen($socket) > 100) {
			throw new SiteException("$socket is too long for a socket; choose a shorter run folder");
		}
		$command = ['mariadbd', '--no-defaults', '--skip-networking', '--skip-name-resolve', "--socket=$socket",
			"--datadir=$folder/data", "--pid-file=$folder/mariadbd.pid", "--init-file=$folder/init.sql",
			'--performance-schema=OFF', '--innodb-print-all-deadlocks=ON', '--log-warnings=3',
			'--innodb-buffer-pool-size=64M', '--innodb-log-file-size=16M', '--character-set-server=utf8mb4',
			"--tmpdir=$folder"];
		if (posix_geteuid() === 0) {
			$command[] = '--user=mysql';
		}
		Process::start($run, 'mariadb', array_merge($command, $options));
		$up = Process::waitUntil(static function () use ($database, $run): bool {
			if (Process::find($run, 'mariadb') === null) {
				throw new SiteException("MariaDB ended at once:\n" . $database->lastWords());
			}
			return $database->answers();
		}, 60);
		if (!$up) {
			throw new SiteException("MariaDB does not answer:\n" . $database->lastWords());
		}
		return $database;
	}

	public function socket(): string
	{
		return $this->run . '/db/mysqld.sock';
	}

	public function password(): string
	{
		return $this->password;
	}

	private function create(string $folder): void
	{
		self::makeFolder($folder);
		self::makeFolder("$folder/data");
		// --force: without it the script wants to look up this machine's name, which a bare one can't.
		$command = ['mariadb-install-db', '--no-defaults', "--datadir=$folder/data", '--skip-test-db', '--force',
			'--auth-root-authentication-method=normal', '--innodb-log-file-size=16M'];
		if (posix_geteuid() === 0) {
			$command[] = '--user=mysql';
		}
		Process::run($command);
		// The init file runs at every start, so each statement may meet its own work.
		$quoted = "'" . addslashes($this->password) . "'";
		file_put_contents("$folder/init.sql", implode("\n", [
			'CREATE DATABASE IF NOT EXISTS ' . self::NAME . ' CHARACTER SET utf8mb4;',
			'CREATE USER IF NOT EXISTS ' . self::USER . "@localhost IDENTIFIED BY $quoted;",
			'GRANT ALL ON *.* TO ' . self::USER . '@localhost;',
			"ALTER USER root@localhost IDENTIFIED BY $quoted;",
			'',
		]));
		chmod("$folder/init.sql", 0600);
		if (posix_geteuid() === 0) {
			chown("$folder/init.sql", 'mysql');
		}
	}

	private static function makeFolder(string $folder): void
	{
		// It may be there: a disk of its own.
		if (!is_dir($folder) && !mkdir($folder, 0755, true)) {
			throw new SiteException("cannot make $folder");
		}
		if (posix_geteuid() === 0) {
			chown($folder, 'mysql');
			chgrp($folder, 'mysql');
		}
	}

	private function answers(): bool
	{
		mysqli_report(MYSQLI_REPORT_OFF);
		$link = @mysqli_connect(null, self::USER, $this->password, self::NAME, 0, $this->socket());
		if ($link === false) {
			return false;
		}
		mysqli_close($link);
		return true;
	}

	private function lastWords(): string
	{
		return Process::tail((string) @file_get_contents($this->run . '/logs/mariadb.out'), 20);
	}
}
