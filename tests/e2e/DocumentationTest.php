<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\WpCli;

/** What the documents say to type does what they say. */
final class DocumentationTest extends EndToEnd
{
	private static ?WpCli $cli = null;

	protected function setUp(): void
	{
		parent::setUp();
		self::$cli ??= new WpCli($this->site());
	}

	public function testTheFirstWebhook(): void
	{
		$lines = $this->commands('first-webhook.md');
		$this->assertCount(8, $lines);
		$id = 0;
		foreach ($lines as $line) {
			$said = $this->run1(str_replace(['https://example.org/hook', '--webhook=1'], [$this->receiver()->url('/ok/first'), "--webhook=$id"], (string) preg_replace('/^(test|enable|update) 1\b/', "$1 $id", $line)));
			if (str_starts_with($line, 'create')) {
				$this->assertSame(1, preg_match('/Webhook (\d+) is made/', $said, $found), $said);
				$this->assertStringContainsString('Signing secret: whsec_', $said);
				$id = (int) $found[1];
			}
		}
		$this->assertCount(1, $this->receiver()->since($this->mark, '/ok/first', 1), 'a test is sent, a preview is not');
		$this->desk()->book();
		$text = $this->receiver()->since($this->mark, '/ok/first', 2)[1]->json()['text'];
		$this->assertMatchesRegularExpression('/^New appointment on \S.* at \S/', $text);
	}

	/** docs/security.md, "The sealing key". */
	public function testTheSealingKeyIsReplaced(): void
	{
		$this->webhook('appointment.booked', $this->receiver()->url('/ok/rotated'), ['auth_method' => 'basic', 'auth_config' => ['username' => 'lab', 'password' => 'beaker']]);
		$this->desk()->book();
		$this->settle();
		$config = $this->site()->info()['wordpress']['path'] . '/wp-config.php';
		$before = (string) file_get_contents($config);
		$this->assertSame(1, preg_match("/define\( 'KIVIHOOK_KEY', '([^']+)' \);/", $before, $found));
		$new = base64_encode(random_bytes(32));
		$both = str_replace($found[0], "define( 'KIVIHOOK_KEY_PREVIOUS', '$found[1]' ); define( 'KIVIHOOK_KEY', '$new' );", $before);
		try {
			$this->configured($config, $both);
			$this->assertStringContainsString('webhooks: 1 of 1', $said = $this->run1('seal rotate'));
			$this->assertStringContainsString('Remove the line KIVIHOOK_KEY_PREVIOUS', $said);
			$this->configured($config, str_replace($found[0], "define( 'KIVIHOOK_KEY', '$new' );", $before));
			$this->desk()->book();
			$this->settle();
			$got = $this->receiver()->since($this->mark, '/ok/rotated', 2);
			$this->assertSame(['Basic ' . base64_encode('lab:beaker')], array_values(array_unique(array_map(static fn ($one): string => $one->headers['authorization'], $got))));
			$this->assertCount(2, $got);
			$this->run1('resend ' . $this->value('SELECT MIN(id) FROM {deliveries}'));
			$this->settle();
			$this->assertCount(3, $this->receiver()->since($this->mark, '/ok/rotated', 3), 'an old snapshot opens under the new key');
			$this->assertStringContainsString('Everything is sealed', $this->run1('seal rotate'));
		} finally {
			// And back, in the same way.
			$this->configured($config, str_replace($found[0], "define( 'KIVIHOOK_KEY_PREVIOUS', '$new' ); $found[0]", $before));
			self::$cli->kivihook(['seal', 'rotate']);
			$this->configured($config, $before);
		}
		$this->assertSame("ok\n", $this->run1('status --field=key'));
	}

	private function configured(string $file, string $text): void
	{
		file_put_contents($file, $text);
		$this->site()->restartFpm();
	}

	/** @return list<string> what stands behind `wp kivihook` in a page's blocks */
	private function commands(string $page): array
	{
		preg_match_all('/^wp kivihook (.+)$/m', (string) file_get_contents(dirname(__DIR__, 2) . "/docs/$page"), $found);
		return $found[1];
	}

	private function run1(string $line): string
	{
		// As a shell takes it apart: single and double quotes, nothing else is in these pages.
		preg_match_all('/(?:[^\s"\']+|"[^"]*"|\'[^\']*\')+/', $line, $words);
		$arguments = array_map(static fn (string $word): string => (string) preg_replace('/"([^"]*)"|\'([^\']*)\'/', '$1$2', $word), $words[0]);
		$said = self::$cli->kivihook($arguments);
		$this->assertSame(0, $said['code'], "wp kivihook $line: $said[out]$said[err]");
		return $said['out'];
	}
}
