<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;

/** What a monitoring system reads: PHP's error log at a chosen level. (Metrics: WpCliTest.) */
final class MonitoringTest extends EndToEnd
{
	public function testTheErrorLogTellsAsMuchAsIsAskedFor(): void
	{
		$bad = $this->webhook('patient.registered', $this->receiver()->url('/status/404'));
		$good = $this->webhook('patient.registered', $this->receiver()->url('/ok/journal'));

		$lines = $this->linesOf(fn () => $this->register('Wilma'));
		$this->assertSame([], $lines, 'what is tried again is no error yet, and nobody asked for more');

		$config = $this->site()->info()['wordpress']['path'] . '/wp-config.php';
		$before = (string) file_get_contents($config);
		try {
			file_put_contents($config, str_replace('<?php', "<?php\ndefine( 'KIVIHOOK_LOG', 'info' );", $before));
			$this->site()->restartFpm();
			$lines = $this->linesOf(fn () => $this->register('Xaver'));
			sort($lines);
			$this->assertSame([['info', 'succeeded', $good, 200], ['warning', 'pending', $bad, 404]], $lines);

			file_put_contents($config, str_replace('<?php', "<?php\ndefine( 'KIVIHOOK_LOG', 'warning' );", $before));
			$this->site()->restartFpm();
			$this->assertSame([['warning', 'pending', $bad, 404]], $this->linesOf(fn () => $this->register('Yvonne')));
		} finally {
			file_put_contents($config, $before);
			$this->site()->restartFpm();
		}
	}

	private function register(string $name): void
	{
		$this->desk()->addPatient($name);
		$this->settle();
	}

	/** Level, state, webhook and status of what is written meanwhile, none of it about anybody. @return list<array<mixed>> */
	private function linesOf(callable $work): array
	{
		$before = array_map('strlen', $this->logs());
		$work();
		$written = implode("\n", array_map(static fn (string $log, int $from): string => substr($log, $from), $this->logs(), $before));
		preg_match_all('/KiviHook (\{.*\})$/m', $written, $found);
		foreach ($found[0] as $line) {
			$this->assertDoesNotMatchRegularExpression('/Wilma|Xaver|Yvonne|127\.0\.0\.1|@/', $line);
		}
		return array_map(static function (string $json): array {
			$one = json_decode($json, true);
			return [$one['level'], $one['state'] ?? $one['message'], $one['webhook'] ?? 0, $one['status'] ?? 0];
		}, $found[1]);
	}

	/** WordPress' debug log takes PHP's place where it is on. @return list<string> */
	private function logs(): array
	{
		return [$this->site()->log('debug'), $this->site()->log('php')];
	}
}
