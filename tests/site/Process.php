<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/**
 * Starts programs and ends exactly those. A server gets a file RUN/pids/NAME.pid with its id and its start time (a
 * stranger who got the id later is left alone), survives the starter, and isn't reached by the terminal's Ctrl-C.
 */
final class Process
{
	/** @var array<int, resource> what this very PHP process started: their parent has to fetch their ends */
	private static array $children = [];

	/**
	 * Starts a server.
	 *
	 * @param string[] $command
	 * @param array<string, string> $environment added to ours
	 */
	public static function start(string $run, string $name, array $command, array $environment = []): int
	{
		$log = $run . '/logs/' . $name . '.out';
		$process = proc_open(
			array_merge(['setsid'], $command),
			[['file', '/dev/null', 'r'], ['file', $log, 'a'], ['file', $log, 'a']],
			$pipes,
			$run,
			$environment + getenv()
		);
		if ($process === false) {
			throw new SiteException("cannot start $command[0]");
		}
		$pid = proc_get_status($process)['pid'];
		self::$children[$pid] = $process;
		file_put_contents("$run/pids/$name.pid", $pid . ' ' . self::startTime($pid) . "\n");
		return $pid;
	}

	/** The id of a running server, or null. */
	public static function find(string $run, string $name): ?int
	{
		$file = "$run/pids/$name.pid";
		if (!is_file($file)) {
			return null;
		}
		[$pid, $started] = array_map('intval', explode(' ', trim((string) file_get_contents($file)) . ' 0'));
		return $pid > 1 && self::startTime($pid) === $started && self::alive($pid) ? $pid : null;
	}

	/** Ends a server: a friendly signal first, the hard one when the time is over. */
	public static function stop(string $run, string $name, int $seconds = 15, int $signal = SIGTERM): void
	{
		$pid = self::find($run, $name);
		if ($pid !== null) {
			posix_kill($pid, $signal);
			if (!self::waitUntil(static fn (): bool => !self::alive($pid), $seconds)) {
				posix_kill($pid, SIGKILL);
				self::waitUntil(static fn (): bool => !self::alive($pid), 5);
			}
		}
		@unlink("$run/pids/$name.pid");
	}

	public static function alive(int $pid): bool
	{
		if (isset(self::$children[$pid]) && !proc_get_status(self::$children[$pid])['running']) {
			proc_close(self::$children[$pid]);
			unset(self::$children[$pid]);
			return false;
		}
		$state = self::statFields($pid)[0] ?? 'X';
		return $state !== 'X' && $state !== 'Z';
	}

	/** @return int[] */
	public static function childrenOf(int $pid): array
	{
		$list = @file_get_contents("/proc/$pid/task/$pid/children");
		return $list === false ? [] : array_map('intval', array_filter(explode(' ', trim($list))));
	}

	/** Waits for a condition, at most so many seconds. */
	public static function waitUntil(callable $condition, float $seconds): bool
	{
		$end = hrtime(true) + (int) ($seconds * 1e9);
		while (!$condition()) {
			if (hrtime(true) > $end) {
				return false;
			}
			usleep(20000);
		}
		return true;
	}

	/**
	 * Runs a command to its end and returns what it printed on both channels. A failure is an exception that shows it.
	 *
	 * @param string[] $command
	 * @param array<string, string> $environment
	 */
	public static function run(
		array $command,
		?string $folder = null,
		array $environment = [],
		string $input = ''
	): string {
		$output = tmpfile();
		$given = tmpfile();
		fwrite($given, $input);
		rewind($given);
		$process = proc_open($command, [$given, $output, $output], $pipes, $folder, $environment + getenv());
		$code = $process === false ? -1 : proc_close($process);
		rewind($output);
		$text = (string) stream_get_contents($output);
		if ($code !== 0) {
			throw new SiteException(implode(' ', $command) . " failed ($code):\n" . self::tail($text));
		}
		return $text;
	}

	/** The command as that user; unchanged if we are not root. @param string[] $command @return string[] */
	public static function asUser(string $user, array $command): array
	{
		if (posix_geteuid() !== 0) {
			return $command;
		}
		return array_merge(['setpriv', "--reuid=$user", "--regid=$user", '--clear-groups'], $command);
	}

	public static function tail(string $text, int $lines = 40): string
	{
		return implode("\n", array_slice(explode("\n", rtrim($text)), -$lines));
	}

	/** A loopback port that is free now; who binds it later has to be ready for a loss. */
	public static function freePort(): int
	{
		$socket = stream_socket_server('tcp://127.0.0.1:0');
		if ($socket === false) {
			throw new SiteException('no free port on 127.0.0.1');
		}
		$name = (string) stream_socket_get_name($socket, false);
		fclose($socket);
		return (int) substr($name, (int) strrpos($name, ':') + 1);
	}

	private static function startTime(int $pid): int
	{
		return (int) (self::statFields($pid)[19] ?? 0);
	}

	/** @return string[] the fields of /proc/PID/stat from the third, the state, on */
	private static function statFields(int $pid): array
	{
		$stat = @file_get_contents("/proc/$pid/stat");
		return $stat === false ? [] : explode(' ', substr($stat, (int) strrpos($stat, ')') + 2));
	}
}
