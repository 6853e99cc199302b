<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\Desk;
use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\Receiver;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/** From the first activation to the last deletion, on a site of its own: what was kept, what was told, what is gone. */
final class LifecycleTest extends EndToEnd
{
	private static ?Site $own = null;

	private static ?Desk $ownDesk = null;

	private static ?Receiver $endpoint = null;

	public static function tearDownAfterClass(): void
	{
		self::$endpoint?->stop();
		self::$endpoint = null;
		self::$own?->stop();
		self::$own = null;
		self::$ownDesk = null;
	}

	protected function setUp(): void
	{
		if (self::$own === null) {
			self::$own = $site = Site::start(['workers' => 2]);
			self::$endpoint = new Receiver();
			$owner = getmypid();
			register_shutdown_function(static function () use ($site, $owner): void {
				if (getmypid() === $owner && is_dir($site->info()['run'])) {
					$site->stop();
				}
			});
			self::$ownDesk = new Desk($site->client('desk'), $site->info(), $site);
		}
		$this->mark = $this->receiver()->mark();
	}

	protected function site(): Site
	{
		return self::$own ?? throw new \LogicException('no site');
	}

	protected function receiver(): Receiver
	{
		return self::$endpoint ?? throw new \LogicException('no endpoint');
	}

	protected function desk(): Desk
	{
		return self::$ownDesk ?? throw new \LogicException('no desk');
	}

	/** @dataProvider formerSchemas */
	public function testAnUpgradeKeepsWebhooksAndSendsWhatWaited(int $version): void
	{
		$path = "/ok/upgrade-$version";
		$this->make($path);
		$this->site()->restartFpm(false);
		$booking = $this->desk()->book();
		$this->assertSame('1', $this->value('SELECT COUNT(*) FROM {events} WHERE routed = 0'));
		$this->putTablesBack($version);
		$this->site()->restartFpm(true);

		$during = $this->desk()->book();
		$this->assertSame('1', $this->value("SELECT COUNT(*) FROM [kc_appointments] WHERE id = $during->id"));
		$this->run1();
		$this->run1();

		$this->assertSame(self::current(), $this->value("SELECT option_value FROM [options] WHERE option_name = 'kivihook_schema'"));
		$got = array_map(
			static fn ($one): int => (int) $one->data()['appointment_id'],
			$this->receiver()->since($this->mark, $path, 2)
		);
		sort($got);
		$this->assertSame([$booking->id, $during->id], $got, 'recorded before the upgrade, and on the old tables');
	}

	/** @return list<array{int}> */
	public static function formerSchemas(): array
	{
		return [[1], [2]];
	}

	public function testAnOlderPluginOnNewerTablesTouchesNothingAndSaysSo(): void
	{
		$this->make('/ok/downgrade');
		$before = $this->value('SELECT COUNT(*) FROM {events}');
		$this->site()->wp("update_option( 'kivihook_schema', 99 );");
		try {
			$booking = $this->desk()->book();
			$this->assertSame('1', $this->value("SELECT COUNT(*) FROM [kc_appointments] WHERE id = $booking->id"));
			$this->site()->cron();
			$this->assertSame($before, $this->value('SELECT COUNT(*) FROM {events}'));
			$this->assertSame('99', $this->value("SELECT option_value FROM [options] WHERE option_name = 'kivihook_schema'"));
			$page = $this->site()->client()->request('GET', '/wp-admin/index.php')->body;
			$this->assertStringContainsString('newer version of this plugin', $page);
			$this->site()->wp("deactivate_plugins( 'kivihook/kivihook.php' ); activate_plugin( 'kivihook/kivihook.php' );");
			$this->assertSame('99', $this->value("SELECT option_value FROM [options] WHERE option_name = 'kivihook_schema'"));
		} finally {
			$this->site()->wp("update_option( 'kivihook_schema', " . self::current() . ' );');
		}
		$next = $this->desk()->book();
		$this->assertSame($next->id, $this->receiver()->since($this->mark, '/ok/downgrade', 1)[0]->data()['appointment_id']);
	}

	public function testDeactivatedItDoesNothingAndKeepsEverything(): void
	{
		$this->make('/ok/deactivated');
		$events = $this->value('SELECT COUNT(*) FROM {events}');
		$this->site()->wp("deactivate_plugins( 'kivihook/kivihook.php' );");
		$this->assertSame('', trim($this->site()->wp(
			"foreach ( (array) _get_cron_array() as \$hooks ) { foreach ( array_keys( (array) \$hooks ) as \$hook ) {"
			. " if ( str_starts_with( \$hook, 'kivihook' ) ) { echo \$hook; } } }"
			. " if ( function_exists( 'as_has_scheduled_action' ) && as_has_scheduled_action( 'kivihook_run' ) ) { echo 'action'; }"
		)), 'nothing is scheduled any more');
		$this->desk()->book();
		$this->assertSame($events, $this->value('SELECT COUNT(*) FROM {events}'));
		$this->site()->wp("activate_plugin( 'kivihook/kivihook.php' );");
		$booking = $this->desk()->book();
		$got = $this->receiver()->since($this->mark, '/ok/deactivated', 1);
		$this->assertSame([$booking->id], array_map(static fn ($one): int => (int) $one->data()['appointment_id'], $got));
	}

	public function testTheListOfPluginsAsksWhatBecomesOfTheData(): void
	{
		$client = $this->site()->client();
		$page = $client->request('GET', '/wp-admin/plugins.php')->body;
		$this->assertStringContainsString('Deleting this plugin deletes all its data.', $page);
		$this->assertSame(1, preg_match('~href="([^"]+choice=keep[^"]+)"~', $page, $link), $page);
		$forged = $client->request('GET', '/wp-admin/admin-post.php?action=kivihook_uninstall_choice&choice=keep&_wpnonce=x');
		$this->assertSame(403, $forged->status);
		$this->assertSame(302, $client->request('GET', html_entity_decode($link[1]))->status);
		$page = $client->request('GET', '/wp-admin/plugins.php')->body;
		$this->assertStringContainsString('keeps all its data', $page);
		$this->assertStringContainsString('choice=delete', $page);
		$this->choose('delete');
	}

	/** @dataProvider choices */
	public function testDeletingLeavesWhatWasChosen(string $choice): void
	{
		$path = "/ok/kept-$choice";
		$this->make($path, ['auth_method' => 'basic', 'auth_config' => ['username' => 'lab', 'password' => 'beaker']]);
		$this->desk()->book();
		$this->assertSame('Basic ' . base64_encode('lab:beaker'), $this->receiver()->since($this->mark, $path, 1)[0]->headers['authorization']);
		$this->choose($choice);
		$key = $this->keyLine();
		$this->assertNotSame('', $key);

		$this->delete();

		$folder = $this->site()->info()['wordpress']['path'] . '/wp-content/plugins/kivihook';
		$this->assertDirectoryDoesNotExist($folder);
		$tables = $this->tables();
		$options = array_column($this->rows("SELECT option_name FROM [options] WHERE option_name LIKE 'kivihook%'"), 'option_name');
		if ($choice === 'delete') {
			$this->assertSame([[], []], [$tables, $options]);
		} else {
			$this->assertContains('webhooks', $tables);
			$this->assertSame($choice === 'keep', in_array('events', $tables, true));
			$this->assertSame($choice === 'keep', in_array('attempts', $tables, true));
		}
		if ($choice === 'configuration') {
			$this->assertSame('0', $this->value("SELECT COUNT(*) FROM {keys} WHERE purpose = 'bodies'"), 'no key of a body is left');
		}
		$this->assertSame($key, $this->keyLine(), 'a backup of the tables is worth nothing without it');
		$this->desk()->book();

		$this->reinstall();
		$this->mark = $this->receiver()->mark();
		$booking = $this->desk()->book();
		$this->settleOwn();
		$got = $this->receiver()->since($this->mark, $path);
		$this->assertCount($choice === 'delete' ? 0 : 1, $got);
		if ($got !== []) {
			$this->assertSame($booking->id, $got[0]->data()['appointment_id']);
			$this->assertSame('Basic ' . base64_encode('lab:beaker'), $got[0]->headers['authorization'], 'credentials are there');
		}
	}

	/** @return list<array{string}> */
	public static function choices(): array
	{
		return [['keep'], ['configuration'], ['delete']];
	}

	/** @param array<string, mixed> $data */
	private function make(string $path, array $data = []): void
	{
		$ids = array_map('intval', array_column($this->rows('SELECT id FROM {webhooks}'), 'id'));
		$client = $this->site()->client();
		if ($ids !== []) {
			$client->rest('POST', 'kivicare/v1/webhooks/bulk-delete', ['ids' => $ids]);
		}
		$response = $client->rest('POST', 'kivicare/v1/webhooks', [
			'name' => $path, 'module_name' => 'appointment', 'event_name' => 'kc_appointment_book', 'methods' => 'POST', 'status' => 1,
			'webhook_data' => $data + ['url' => $this->receiver()->url($path), 'method' => 'POST', 'auth_method' => 'none'],
		]);
		$this->assertSame(201, $response->status, $response->text());
	}

	/** One run of the schedule, whoever drives it. */
	private function run1(): void
	{
		$this->site()->wp("do_action( 'kivihook_run' );");
	}

	private function settleOwn(): void
	{
		$this->run1();
		$this->assertTrue(Process::waitUntil(fn (): bool => $this->value("SELECT COUNT(*) FROM {deliveries} WHERE state IN ('pending', 'leased')") === '0', 60));
	}

	private function choose(string $choice): void
	{
		$this->site()->wp("KiviHook\\WordPress\\Plugin::container()->uninstaller()->choose( '$choice' );");
	}

	/** As the button in the list of plugins does it: deactivated, then deleted, uninstall.php included. */
	private function delete(): void
	{
		$this->site()->wp("deactivate_plugins( 'kivihook/kivihook.php' );");
		$this->assertSame('done', trim($this->site()->wp(
			"\$result = delete_plugins( array( 'kivihook/kivihook.php' ) ); echo true === \$result ? 'done' : 'failed';"
		)));
	}

	private function reinstall(): void
	{
		$plugins = $this->site()->info()['wordpress']['path'] . '/wp-content/plugins';
		Process::run(['cp', '-rL', dirname(__DIR__, 2) . '/addon/kivihook', "$plugins/kivihook"]);
		if (posix_geteuid() === 0) {
			Process::run(['chown', '-R', 'www-data:www-data', "$plugins/kivihook"]);
		}
		$this->site()->wp("activate_plugin( 'kivihook/kivihook.php' );");
		$this->site()->restartFpm();
	}

	private function keyLine(): string
	{
		$text = (string) file_get_contents($this->site()->info()['wordpress']['path'] . '/wp-config.php');
		return preg_match('/^.*KIVIHOOK_KEY.*$/m', $text, $found) ? $found[0] : '';
	}

	/** @return list<string> without their prefix */
	private function tables(): array
	{
		$prefix = $this->site()->info()['db']['prefix'] . 'kivihook_';
		return array_map(
			static fn (array $row): string => substr((string) reset($row), strlen($prefix)),
			$this->rows("SHOW TABLES LIKE '" . addcslashes($prefix, '_') . "%'")
		);
	}

	/** The tables as an older version made them, with the rows that are there, as far as it knew their columns. */
	private function putTablesBack(int $version): void
	{
		$prefix = $this->site()->info()['db']['prefix'];
		$sql = str_replace('PREFIX', $prefix, (string) file_get_contents(dirname(__DIR__) . "/fixtures/schemas/$version.sql"));
		$now = $this->tables();
		foreach ($now as $name) {
			$this->rows("RENAME TABLE {{$name}} TO [away_$name]");
		}
		foreach (explode(";\n", (string) preg_replace('/^--.*\n/m', '', $sql)) as $statement) {
			if (trim($statement) !== '') {
				$this->rows(str_replace(['{', '}'], '', $statement));
			}
		}
		foreach (array_intersect($now, $this->tables()) as $name) {
			$columns = implode(', ', array_intersect(
				array_column($this->rows("SHOW COLUMNS FROM {{$name}}"), 'Field'),
				array_column($this->rows("SHOW COLUMNS FROM [away_$name]"), 'Field')
			));
			$this->rows("INSERT INTO {{$name}} ($columns) SELECT $columns FROM [away_$name]");
		}
		foreach ($now as $name) {
			$this->rows("DROP TABLE [away_$name]");
		}
		$this->site()->wp("update_option( 'kivihook_schema', $version );");
	}

	private static function current(): string
	{
		$source = (string) file_get_contents(dirname(__DIR__, 2) . '/addon/kivihook/Store/Schema.php');
		return preg_match('/const VERSION = (\d+);/', $source, $found) ? $found[1] : '';
	}
}
