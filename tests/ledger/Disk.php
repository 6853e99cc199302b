<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

use KiviHook\Tests\Site\Process;

/** A disk for the database alone, a tmpfs of some MB, that can be filled up and freed again. Needs root. */
final class Disk
{
	private const MB = 260;

	private function __construct(private string $folder)
	{
	}

	/** $run: the site's folder, before the site is started. */
	public static function mount(string $run): self
	{
		if (posix_geteuid() !== 0) {
			throw new \RuntimeException('a disk of its own needs root: it is a tmpfs that is mounted');
		}
		$folder = "$run/db";
		if (!is_dir($folder) && !mkdir($folder, 0755, true)) {
			throw new \RuntimeException("cannot make $folder");
		}
		Process::run(['mount', '-t', 'tmpfs', '-o', 'mode=0755,size=' . self::MB . 'm', 'ledger-disk', $folder]);
		chown($folder, 'mysql');
		return new self($folder);
	}

	/** Leaves some kB: what comes next of any size fails. */
	public function fill(): void
	{
		$file = fopen("$this->folder/filler", 'w');
		foreach ([1048576, 4096] as $piece) {
			while (@fwrite($file, str_repeat("\0", $piece)) === $piece && @fflush($file)) {
				clearstatcache();
			}
		}
		fclose($file);
	}

	public function free(): void
	{
		unlink("$this->folder/filler");
	}

	public function unmount(): void
	{
		Process::waitUntil(function (): bool {
			try {
				Process::run(['umount', $this->folder]);
				return true;
			} catch (\RuntimeException) {
				return false; // Somebody still has a file open there.
			}
		}, 15);
	}
}
