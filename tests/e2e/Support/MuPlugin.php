<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Site;

/** A must-use plugin of a test: from Support/mu/NAME.php into the site, and out again. */
final class MuPlugin
{
	private string $file;

	public function __construct(Site $site, string $name)
	{
		$folder = $site->info()['wordpress']['path'] . '/wp-content/mu-plugins';
		if (!is_dir($folder)) {
			mkdir($folder, 0755);
		}
		$this->file = "$folder/$name.php";
		copy(__DIR__ . "/mu/$name.php", $this->file);
		chmod($this->file, 0644);
	}

	public function remove(): void
	{
		@unlink($this->file);
	}
}
