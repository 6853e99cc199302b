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

	/** Every other command of every document, with the numbers, addresses and files of this site in place of the documents'. */
	public function testEveryOtherCommand(): void
	{
		$good = $this->webhook('appointment.booked', $this->receiver()->url('/ok/documented'));
		$bad = $this->webhook('appointment.booked', $this->receiver()->url('/status/503'));
		$this->desk()->book();
		[$patient] = $this->desk()->addPatient('Jane');
		$this->settle();
		// What is tried again is still there to be taken back, and what failed to be sent again.
		$delivery = (int) $this->value("SELECT MAX(id) FROM {deliveries} WHERE webhook = $bad");
		$other = (int) $this->value("SELECT MAX(id) FROM {deliveries} WHERE webhook = $good");
		$mail = (string) $this->value("SELECT user_email FROM [users] WHERE ID = $patient");
		$file = $this->site()->info()['run'] . '/tmp/webhooks.json';
		file_put_contents($file, $this->run1('export'));
		chmod($file, 0644);
		$commands = $this->commandsOfAll();
		$this->assertGreaterThan(20, count($commands));
		// What ends everything comes last.
		usort($commands, static fn (string $one, string $two): int => (int) ($one === 'place copy') <=> (int) ($two === 'place copy'));
		foreach ($commands as $command) {
			$line = str_replace(
				['jane@example.org', 'https://example.org/', 'webhooks.json', '--webhook=3', '--webhook=1'],
				[$mail, $this->receiver()->url('/ok/reach'), $file, "--webhook=$bad", "--webhook=$good"],
				$command
			);
			$line = (string) preg_replace(['/^(resend|cancel) 17 18$/', '/^(resend|cancel) 17$/', '/^test [17]\b/'], ["$1 $delivery $other", "$1 $delivery", "test $good"], $line);
			// For an hour, otherwise.
			$this->run1(preg_match('/^work\b/', $line) ? "$line --seconds=2" : $line);
		}
		$this->assertSame('0', $this->value('SELECT COUNT(*) FROM {webhooks} WHERE active = 1'), 'place copy switches off');
	}

	/** A service manager takes the files as they are; the pages quote them. */
	public function testTheFilesForServiceManagersAreThoseOfThePage(): void
	{
		$page = (string) preg_replace('/^\t/m', '', (string) file_get_contents(dirname(__DIR__, 2) . '/docs/operations.md'));
		foreach (['kivihook@.service', 'supervisor.conf'] as $name) {
			$file = dirname(__DIR__, 2) . "/addon/kivihook/doc/$name";
			$lines = array_filter(array_map('trim', file($file) ?: []), static fn (string $line): bool => $line !== '' && $line[0] !== '#' && $line[0] !== ';');
			$this->assertNotSame(false, parse_ini_string(implode("\n", array_filter($lines, static fn (string $line): bool => $line[0] === '[')), true));
			foreach ($lines as $line) {
				$this->assertStringContainsString("$line\n", $page, "$name as docs/operations.md shows it");
			}
		}
	}

	/** docs/custom-events.md: what it says to write is a plugin that works. */
	public function testTheCustomEventOfThePage(): void
	{
		preg_match_all('/^```(php|json)\n(.*?)^```$/ms', (string) file_get_contents(dirname(__DIR__, 2) . '/docs/custom-events.md'), $blocks);
		$this->assertSame(['php', 'php', 'json'], $blocks[1]);
		$plugin = $this->site()->info()['wordpress']['path'] . '/wp-content/mu-plugins/documented.php';
		file_put_contents($plugin, "<?php\n{$blocks[2][0]}\nadd_action( 'wp_loaded', static function (): void {\nif ( isset( $" . "_GET['documented'] ) ) {\n{$blocks[2][1]}\nwp_send_json( true );\n} } );\n");
		chmod($plugin, 0644);
		try {
			$this->webhook('lab.result_ready', $this->receiver()->url('/ok/documented-event'));
			$this->allowClinical();
			$this->assertSame(200, $this->guest()->request('GET', '/?documented=1')->status);
			$this->settle();
			$got = $this->receiver()->since($this->mark, '/ok/documented-event', 1)[0];
			$this->assertSame([4711, 'HbA1c'], [$got->data()['result_id'], $got->data()['test_name']]);
			$row = json_decode($blocks[2][2], true);
			$kept = $this->site()->wp('echo wp_json_encode( KiviHook\\WordPress\\Plugin::container()->hookForm()->save( array( ' . var_export($row, true) . ' ) ) );');
			$this->assertStringNotContainsString('error', strtolower($kept));
		} finally {
			unlink($plugin);
			$this->site()->wp("delete_option( 'kivihook_hook_events' );");
		}
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

	/** What stands behind `wp kivihook` anywhere but in the page that is a story of its own, each once. @return list<string> */
	private function commandsOfAll(): array
	{
		$commands = [];
		$root = dirname(__DIR__, 2);
		foreach (array_merge(glob("$root/*.md") ?: [], glob("$root/docs/*.md") ?: []) as $file) {
			if (basename($file) !== 'first-webhook.md') {
				preg_match_all('/wp (?:--path=\S+ )?kivihook ([a-z][^`#|\n]*)/', (string) file_get_contents($file), $found);
				array_push($commands, ...array_map('trim', $found[1]));
			}
		}
		// Not whole: what follows is said in words.
		return array_values(array_diff(array_unique($commands), ['resend', 'create FILE']));
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
