<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** A private PHP-FPM with a fixed number of workers, behind a socket in the run folder. */
final class Fpm
{
	/**
	 * @param array<string, string> $pool more lines of the pool's configuration, or others instead: pm is static unless named
	 * @param array<string, string> $ini php.ini's, for what has to be there at the start
	 */
	public static function start(string $run, Php $php, int $workers, array $pool = [], array $ini = []): void
	{
		$pool += ['pm' => 'static', 'pm.max_children' => (string) $workers];
		$lines = implode("\n", array_map(static fn (string $name, string $value): string => "$name = $value", array_keys($pool), $pool));
		$least = $pool['pm'] === 'static' ? $workers : 0;
		$owner = posix_geteuid() === 0
			? "user = www-data\ngroup = www-data\nlisten.owner = www-data\nlisten.group = www-data\n"
			: '';
		file_put_contents("$run/fpm.conf", <<<CONF
			[global]
			pid = $run/fpm.pid
			error_log = $run/logs/fpm.log
			daemonize = no
			process_control_timeout = 5s
			[clinic]
			{$owner}listen = $run/fpm.sock
			listen.mode = 0660
			listen.backlog = 511
			$lines
			pm.status_path = /fpm-status
			catch_workers_output = yes
			decorate_workers_output = no
			clear_env = yes
			CONF . "\n");
		$command = [self::program(), '--nodaemonize', '--fpm-config', "$run/fpm.conf", '-c', "$run/php.ini"];
		foreach ($ini as $name => $value) {
			array_push($command, '-d', "$name=$value");
		}
		if (posix_geteuid() === 0) {
			touch("$run/logs/php.log");
			chown("$run/logs/php.log", 'www-data');
		}
		$pid = Process::start($run, 'fpm', $command, $php->environment());
		$up = Process::waitUntil(static function () use ($run, $pid, $least): bool {
			if (!Process::alive($pid)) {
				throw new SiteException("PHP-FPM ended at once:\n" . self::lastWords($run));
			}
			return file_exists("$run/fpm.sock") && count(Process::childrenOf($pid)) >= $least;
		}, 20);
		if (!$up) {
			throw new SiteException("PHP-FPM does not come up:\n" . self::lastWords($run));
		}
	}

	/** SIGQUIT lets workers finish what they do. */
	public static function stop(string $run): void
	{
		Process::stop($run, 'fpm', 15, SIGQUIT);
	}

	/** @return int[] ids of the workers */
	public static function workers(string $run): array
	{
		$master = Process::find($run, 'fpm');
		return $master === null ? [] : Process::childrenOf($master);
	}

	/** The FPM of the PHP that runs us; PHP_FPM names another. */
	private static function program(): string
	{
		$named = getenv('PHP_FPM');
		$version = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;
		foreach ($named ? [$named] : ["/usr/sbin/php-fpm$version", PHP_BINDIR . '/../sbin/php-fpm'] as $candidate) {
			if (is_executable($candidate)) {
				return $candidate;
			}
		}
		throw new SiteException("no PHP-FPM $version found; as root, dev/install-packages site brings it");
	}

	private static function lastWords(string $run): string
	{
		$text = (string) @file_get_contents("$run/logs/fpm.out") . (string) @file_get_contents("$run/logs/fpm.log");
		return Process::tail($text, 20);
	}
}
