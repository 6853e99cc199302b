<?php

declare(strict_types=1);

namespace KiviHook\Dev;

/** Ctrl-C, or its like. */
final class Interrupted extends \RuntimeException
{
}

/** What was expected, and whether it was so. */
final class Verdict
{
	private int $passed = 0;
	private int $failed = 0;

	/** $why is printed only if it isn't so. */
	public function expect(string $what, bool $isSo, string $why = ''): void
	{
		if ($isSo) {
			$this->passed++;
			echo '  ✓ ', $what, "\n";
			return;
		}
		$this->failed++;
		echo '  ✗ ', $what, $why === '' ? '' : ': ' . $why, "\n";
	}

	public function failed(): int
	{
		return $this->failed;
	}

	public function line(): string
	{
		return "$this->passed passed, $this->failed failed";
	}
}
