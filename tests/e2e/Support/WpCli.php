<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/** The real WP-CLI on a site, as the site's user. */
final class WpCli
{
	private string $boot;

	public function __construct(private Site $site)
	{
		$run = $site->info()['run'];
		$this->boot = "$run/wp-cli/vendor/wp-cli/wp-cli/php/boot-fs.php";
		if (!is_file($this->boot)) {
			// The site's user can't read the checkout, possibly: it gets a copy.
			$locate = dirname(__DIR__, 3) . '/dev/wp-cli';
			$found = trim(Process::run([$locate, '--locate']));
			Process::run(['cp', '-rL', dirname($found, 5), "$run/wp-cli"]);
			Process::run(['chmod', '-R', 'a+rX', "$run/wp-cli"]);
		}
	}

	/**
	 * Runs `wp kivihook …`.
	 *
	 * @param string[] $arguments
	 * @return array{code: int, out: string, err: string}
	 */
	public function kivihook(array $arguments, string $input = ''): array
	{
		$run = $this->site->info()['run'];
		$command = Process::asUser('www-data', array_merge(
			["$run/bin/php", '-d', 'error_reporting=8191', $this->boot, '--path=' . $this->site->info()['wordpress']['path'], 'kivihook'],
			$arguments
		));
		$process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], ['file', "$run/tmp/wp-cli.err", 'w']], $pipes, $run);
		if ($process === false) {
			throw new \RuntimeException('WP-CLI does not start');
		}
		fwrite($pipes[0], $input);
		fclose($pipes[0]);
		$out = (string) stream_get_contents($pipes[1]);
		$code = proc_close($process);
		// Old WP-CLI on new PHP, and WordPress with WP_DEBUG, talk about themselves there.
		$err = preg_grep('/^(Deprecated|PHP Deprecated|Warning: Undefined array key "HTTP_HOST"|Notice): |^$/', file("$run/tmp/wp-cli.err") ?: [], PREG_GREP_INVERT);
		return ['code' => $code, 'out' => $out, 'err' => implode('', (array) $err)];
	}
}
