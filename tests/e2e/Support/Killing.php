<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

/** Desks that book while processes are killed at random. */
trait Killing
{
	/**
	 * @param callable(): list<int> $victims process ids, one of which is killed now and then
	 * @return array{list<array<string, mixed>>, int} the desks' answers, and how many were killed
	 */
	private function bookAndKill(int $slot, int $count, int $each, int $seed, callable $victims): array
	{
		$desks = [];
		for ($i = 0; $i < $count; $i++) {
			$desks[] = $desk = $this->start('booker.php', (string) ($slot + $i * $each), (string) $each);
			// One after the other: of simultaneous log-ins of one user WordPress forgets some.
			$this->assertSame("ready\n", fgets($desk['out']));
		}
		foreach ($desks as $desk) {
			fwrite($desk['in'], "go\n");
		}
		$result = $this->killWhile($desks, $seed, $victims);
		foreach ($desks as $desk) {
			fclose($desk['in']);
			proc_close($desk['process']);
		}
		return $result;
	}

	/**
	 * Collects the desks' answers. About every second success has a worker killed a moment later, within the time
	 * that a booking takes: on any machine and with any KiviCare some are cut off at every point, and a good part
	 * gets through.
	 *
	 * @param list<array{process: resource, in: resource, out: resource}> $desks
	 * @param callable(): list<int> $victims process ids
	 * @return array{list<array<string, mixed>>, int} the answers, and how many were killed
	 */
	private function killWhile(array $desks, int $seed, callable $victims): array
	{
		mt_srand($seed);
		$answers = [];
		$killed = 0;
		$outs = array_column($desks, 'out');
		$last = array_fill(0, count($outs), microtime(true));
		$kills = [];
		$takes = 0.2;
		while ($outs !== []) {
			$read = $outs;
			$none = null;
			$now = microtime(true);
			$wait = $kills === [] ? 1.0 : max(0.0, min($kills) - $now);
			if (stream_select($read, $none, $none, (int) $wait, (int) (fmod($wait, 1.0) * 1e6)) === false) {
				break;
			}
			$now = microtime(true);
			foreach ($read as $number => $out) {
				$line = fgets($out);
				if ($line === false) {
					unset($outs[$number]);
					continue;
				}
				$answers[] = (array) json_decode($line, true);
				if (end($answers)['status'] === 201) {
					$takes = $now - $last[$number];
					if (mt_rand(0, 1) === 1) {
						$kills[] = $now + $takes * mt_rand(0, 1000) / 1000;
					}
				}
				$last[$number] = $now;
			}
			foreach ($kills as $index => $when) {
				$workers = $when <= $now ? $victims() : [];
				if ($workers !== []) {
					posix_kill($workers[mt_rand(0, count($workers) - 1)], SIGKILL);
					$killed++;
					unset($kills[$index]);
				}
			}
		}
		return [$answers, $killed];
	}

	/** @return array{process: resource, in: resource, out: resource} */
	private function start(string $script, string ...$arguments): array
	{
		$process = proc_open(
			array_merge([PHP_BINARY, __DIR__ . "/$script", $this->site()->info()['run']], $arguments),
			[['pipe', 'r'], ['pipe', 'w'], STDERR],
			$pipes
		);
		$this->assertIsResource($process);
		return ['process' => $process, 'in' => $pipes[0], 'out' => $pipes[1]];
	}
}
