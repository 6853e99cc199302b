<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/** Makes the next booking stand still at a point of it; see mu/hold.php. */
final class Hold
{
	private MuPlugin $plugin;
	private string $folder;

	public function __construct(Site $site, string $point)
	{
		$this->folder = $site->info()['run'] . '/tmp';
		posix_mkfifo("$this->folder/gate", 0666);
		chmod("$this->folder/gate", 0666);
		file_put_contents("$this->folder/hold", $point);
		$this->plugin = new MuPlugin($site, 'hold');
	}

	/** Waits until a process stands there, and gives its id. */
	public function held(): int
	{
		$file = "$this->folder/held";
		if (!Process::waitUntil(static fn (): bool => is_file($file), 30)) {
			throw new \RuntimeException('nobody came to the point');
		}
		return (int) file_get_contents($file);
	}

	public function end(): void
	{
		$this->plugin->remove();
		foreach (['hold', 'held', 'gate'] as $file) {
			@unlink("$this->folder/$file");
		}
	}
}
