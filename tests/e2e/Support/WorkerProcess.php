<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/** A delivery worker: what `wp kivihook work` runs, in a process of its own. */
final class WorkerProcess
{
	/** @var resource */
	private $process;

	public function __construct(Site $site, int $seconds = 600, bool $once = false)
	{
		$info = $site->info();
		$load = var_export($info['wordpress']['path'] . '/wp-load.php', true);
		$run = 'KiviHook\\WordPress\\Plugin::container()->worker()->run(' . $seconds . ', ' . var_export($once, true) . ');';
		$process = proc_open(
			Process::asUser('www-data', [$info['php']['command'], '-r', "require $load; $run"]),
			[['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
			$pipes
		);
		if ($process === false) {
			throw new \RuntimeException('a worker does not start');
		}
		$this->process = $process;
	}

	public function pid(): int
	{
		return proc_get_status($this->process)['pid'];
	}

	/** How long it took to end, in seconds. */
	public function stop(int $signal = SIGTERM): float
	{
		$since = hrtime(true);
		proc_terminate($this->process, $signal);
		proc_close($this->process);
		return (hrtime(true) - $since) / 1e9;
	}

	public function wait(): void
	{
		proc_close($this->process);
	}
}
