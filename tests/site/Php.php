<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/**
 * One PHP configuration for the site's FPM and command line: the machine's modules, and ours (or not) by a file of its
 * own in RUN/php.d.
 */
final class Php
{
	private string $command;

	public function __construct(private string $run)
	{
		$this->command = getenv('PHP') ?: PHP_BINARY;
	}

	/** @param array<string, string> $settings more lines of the ini file, kivihook.* among them */
	public function configure(array $settings): void
	{
		@mkdir("$this->run/php.d");
		foreach (array_filter(array_map('trim', explode(',', (string) php_ini_scanned_files()))) as $file) {
			if (strpos(basename($file), 'kivihook') === false) {
				copy($file, "$this->run/php.d/" . basename($file));
			}
		}
		// No mail leaves this machine.
		$log = escapeshellarg("$this->run/logs/mail.log");
		file_put_contents("$this->run/bin/sendmail", "#!/bin/sh\nexec cat >>$log\n");
		chmod("$this->run/bin/sendmail", 0755);
		$lines = [
			'memory_limit = 256M', 'display_errors = 0', 'log_errors = 1', 'error_reporting = E_ALL',
			"error_log = $this->run/logs/php.log", 'date.timezone = UTC', 'upload_max_filesize = 16M',
			'post_max_size = 32M', "session.save_path = $this->run/tmp", "upload_tmp_dir = $this->run/tmp",
			"sys_temp_dir = $this->run/tmp", "sendmail_path = $this->run/bin/sendmail",
		];
		foreach ($settings as $name => $value) {
			$lines[] = "$name = \"$value\"";
		}
		file_put_contents("$this->run/php.ini", implode("\n", $lines) . "\n");
		$script = "#!/bin/sh\n# The command line PHP of this site.\n"
			. 'PHP_INI_SCAN_DIR=' . escapeshellarg("$this->run/php.d")
			. ' exec ' . escapeshellarg($this->command) . ' -c ' . escapeshellarg("$this->run/php.ini") . " \"\$@\"\n";
		file_put_contents("$this->run/bin/php", $script);
		chmod("$this->run/bin/php", 0755);
	}

	/** @return array<string, string> what FPM has to be started with */
	public function environment(): array
	{
		return ['PHP_INI_SCAN_DIR' => "$this->run/php.d"];
	}

	/**
	 * Loads the extension from now on (a copy of it: a build may replace the file while we run), or no longer.
	 *
	 * @param array<string, string> $settings kivihook.*
	 */
	public function useExtension(?string $library, array $settings): void
	{
		$ini = "$this->run/php.d/90-kivihook.ini";
		@unlink($ini);
		if ($library === null) {
			return;
		}
		if (!is_file($library)) {
			throw new SiteException("$library is missing; build it with dev/build");
		}
		$copy = "$this->run/kivihook.so";
		copy($library, "$copy.new");
		chmod("$copy.new", 0755);
		rename("$copy.new", $copy);
		$lines = ["extension = $copy"];
		foreach ($settings as $name => $value) {
			$lines[] = "$name = \"$value\"";
		}
		file_put_contents($ini, implode("\n", $lines) . "\n");
		$version = trim($this->run(['-r', 'echo phpversion("kivihook") ?: "none";']));
		if (!preg_match('/^\d+\.\d+/', $version)) {
			throw new SiteException("$library does not load into PHP:\n$version");
		}
	}

	/**
	 * Runs PHP with the site's configuration as the site's user; returns what it printed on both channels.
	 *
	 * @param string[] $arguments
	 */
	public function run(array $arguments, string $input = ''): string
	{
		$command = Process::asUser('www-data', array_merge(["$this->run/bin/php"], $arguments));
		return Process::run($command, "$this->run", [], $input);
	}
}
