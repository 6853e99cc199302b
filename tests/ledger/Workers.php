<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

use KiviHook\Tests\Site\Process;

/** Delivery workers, so many on each node: `wp kivihook work`, as its users run it. */
final class Workers
{
	/** @var array<int, array{process: resource, node: int}> by process id */
	private array $running = [];

	/**
	 * @param list<Node> $nodes
	 * @param string $wpCli WP-CLI's boot-fs.php or its phar; '': the command's own class, without WP-CLI around it
	 */
	public function __construct(private array $nodes, private string $root, private int $each, private string $wpCli)
	{
	}

	/** Starts those that are missing. */
	public function keep(): void
	{
		$there = array_fill(0, count($this->nodes), 0);
		foreach ($this->running as $pid => $worker) {
			if (proc_get_status($worker['process'])['running']) {
				$there[$worker['node']]++;
			} else {
				proc_close($worker['process']);
				unset($this->running[$pid]);
			}
		}
		foreach ($there as $node => $count) {
			for (; $count < $this->each; $count++) {
				$this->start($node);
			}
		}
	}

	/** @return int[] */
	public function pids(): array
	{
		return array_keys($this->running);
	}

	/** Tells all of them to stop; how long the slowest took, in seconds. */
	public function stop(int $signal = SIGTERM): float
	{
		$since = hrtime(true);
		foreach ($this->running as $worker) {
			proc_terminate($worker['process'], $signal);
		}
		foreach ($this->running as $worker) {
			proc_close($worker['process']);
		}
		$this->running = [];
		return (hrtime(true) - $since) / 1e9;
	}

	private function start(int $node): void
	{
		$of = $this->nodes[$node];
		$load = var_export("$this->root/wp-load.php", true);
		$command = $this->wpCli !== ''
			? [$of->php(), '-d', 'error_reporting=0', $this->wpCli, "--path=$this->root", 'kivihook', 'work', '--seconds=86400']
			: [$of->php(), '-r', "require $load; KiviHook\\WordPress\\Plugin::container()->worker()->run(86400);"];
		$log = "$of->run/logs/workers.out";
		$process = proc_open(
			Process::asUser('www-data', $command),
			[['file', '/dev/null', 'r'], ['file', $log, 'a'], ['file', $log, 'a']],
			$pipes,
			$this->root
		);
		if ($process === false) {
			throw new \RuntimeException('a worker does not start');
		}
		$this->running[proc_get_status($process)['pid']] = ['process' => $process, 'node' => $node];
	}
}
