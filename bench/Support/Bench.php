<?php

declare(strict_types=1);

namespace KiviHook\Bench;

/** Options, the machine, and figures: what every bench prints alike. */
final class Bench
{
	/**
	 * Options as --name=value; --help prints the script's own comment. What isn't among the defaults is refused.
	 *
	 * @param array<string, int|string> $defaults
	 * @return array<string, int|string> of the defaults' types
	 */
	public static function options(string $script, array $defaults): array
	{
		foreach (array_slice($_SERVER['argv'], 1) as $argument) {
			if ($argument === '--help' || $argument === '-h') {
				preg_match('~/\*\*\n(.*?)\n \*/~s', (string) file_get_contents($script), $found);
				echo preg_replace('~^ \* ?~m', '', $found[1]), "\n";
				exit(0);
			}
			if (!preg_match('/^--([a-z-]+)=(.*)$/s', $argument, $found) || !isset($defaults[$found[1]])) {
				self::end("unknown argument $argument (--help explains)");
			}
			if (is_int($defaults[$found[1]]) && !ctype_digit($found[2])) {
				self::end("--$found[1] is a number");
			}
			$defaults[$found[1]] = is_int($defaults[$found[1]]) ? (int) $found[2] : $found[2];
		}
		if (!is_file(self::extension())) {
			self::end('the extension is missing; build it with dev/build');
		}
		// Ctrl-C ends what has been started.
		pcntl_async_signals(true);
		foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
			pcntl_signal($signal, static function (int $signal): void {
				throw new \RuntimeException("interrupted (signal $signal)");
			});
		}
		putenv('PATH=' . getenv('PATH') . ':/usr/sbin');
		return $defaults;
	}

	public static function extension(): string
	{
		return dirname(__DIR__, 2) . '/.build/ext/modules/kivihook.so';
	}

	/** Ends the script. */
	public static function end(string $why): void
	{
		fwrite(STDERR, basename($_SERVER['argv'][0]) . ": $why\n");
		exit(2);
	}

	public static function machine(): void
	{
		$cpu = preg_match('/^model name\s*: (.*)$/m', (string) file_get_contents('/proc/cpuinfo'), $found) ? $found[1] : php_uname('m');
		preg_match('/^MemTotal:\s+(\d+)/m', (string) file_get_contents('/proc/meminfo'), $memory);
		preg_match('/Ver (\S+)|Distrib (\S+?),/', (string) shell_exec('mariadbd --version 2>/dev/null'), $maria);
		printf(
			"%s, %d cores, %d GB; PHP %s, MariaDB %s; load when it began: %s\n",
			$cpu,
			(int) shell_exec('nproc'),
			round((int) ($memory[1] ?? 0) / 1048576),
			PHP_VERSION,
			$maria[1] ?? '?',
			implode(' ', array_map(static fn (float $load): string => sprintf('%.1f', $load), sys_getloadavg() ?: []))
		);
	}

	/** @param list<float> $values */
	public static function percentile(array $values, float $percent): float
	{
		if ($values === []) {
			return NAN;
		}
		sort($values);
		return $values[min(count($values) - 1, (int) floor($percent / 100 * count($values)))];
	}

	/** @param list<float> $values */
	public static function median(array $values): float
	{
		return self::percentile($values, 50);
	}

	public static function say(string $line): void
	{
		fwrite(STDERR, gmdate('H:i:s') . " $line\n");
	}
}
