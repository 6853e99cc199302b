<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use PHPUnit\Framework\TestCase;

/**
 * The ledger (tests/ledger, dev/ledger --help), for as long as the test command has patience: with a clinic, a database and
 * endpoints of its own, because it kills all of them.
 */
final class LedgerTest extends TestCase
{
	private const SECONDS = 40;

	public function testEveryNumberIsAccountedForThoughEverythingIsKilled(): void
	{
		$root = dirname(__DIR__, 2);
		$cli = getenv('WP_CLI') ?: "$root/.build/wp-cli/vendor/wp-cli/wp-cli/php/boot-fs.php";
		$process = proc_open([
			PHP_BINARY, '-d', "extension=$root/.build/ext/modules/kivihook.so", "$root/tests/ledger/ledger.php",
			'--seconds=' . self::SECONDS, '--wp-cli=' . (is_file($cli) ? $cli : ''),
		], [['file', '/dev/null', 'r'], ['pipe', 'w'], STDERR], $pipes);
		$this->assertIsResource($process);
		$report = (string) stream_get_contents($pipes[1]);
		$code = proc_close($process);
		fwrite(STDERR, "\n$report");
		$this->assertSame(0, $code, $report);
		$this->assertStringContainsString('every number is accounted for', $report);
	}
}
