<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\MuPlugin;
use KiviHook\Tests\E2e\Support\Receiver;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;
use PHPUnit\Framework\TestCase;

/** A network of sites: each has tables, keys, a queue and a schedule of its own, whoever activated it, and takes them along. */
final class MultisiteTest extends TestCase
{
	private const PLUGIN = 'kivihook/kivihook.php';
	/** WordPress allows a network no port: the name is sent to nginx as Host. */
	private const HOST = 'clinics.test';

	private static ?Site $network = null;
	private static ?Receiver $endpoint = null;
	private static ?MuPlugin $events = null;

	public static function setUpBeforeClass(): void
	{
		self::$network = $site = Site::start(['workers' => 2, 'kivicare' => 'none', 'addon' => false]);
		self::$endpoint = new Receiver();
		$owner = getmypid();
		register_shutdown_function(static function () use ($site, $owner): void {
			if (getmypid() === $owner && is_dir($site->info()['run'])) {
				$site->stop();
			}
		});
		// A single site becomes a network, as an administrator would make it one.
		$host = self::HOST;
		$site->wp(<<<CODE
			require_once ABSPATH . 'wp-admin/includes/upgrade.php';
			require_once ABSPATH . 'wp-admin/includes/network.php';
			foreach ( \$wpdb->tables( 'ms_global' ) as \$table => \$name ) {
				\$wpdb->\$table = \$name;
			}
			install_network();
			update_option( 'home', 'http://$host' );
			update_option( 'siteurl', 'http://$host' );
			\$made = populate_network( 1, '$host', 'admin@example.org', 'Clinics', '/', false );
			if ( is_wp_error( \$made ) ) {
				throw new RuntimeException( \$made->get_error_message() );
			}
			CODE);
		$config = $site->info()['wordpress']['path'] . '/wp-config.php';
		file_put_contents($config, str_replace("\n\$table_prefix", "define( 'MULTISITE', true );\ndefine( 'SUBDOMAIN_INSTALL', false );\n"
			. "define( 'DOMAIN_CURRENT_SITE', '$host' );\ndefine( 'PATH_CURRENT_SITE', '/' );\n"
			. "define( 'SITE_ID_CURRENT_SITE', 1 );\ndefine( 'BLOG_ID_CURRENT_SITE', 1 );\n\n\$table_prefix",
			(string) preg_replace("/^define\( '(WP_HOME|WP_SITEURL)'.*\n/m", '', (string) file_get_contents($config))));
		$plugins = $site->info()['wordpress']['path'] . '/wp-content/plugins';
		Process::run(['cp', '-rL', dirname(__DIR__, 2) . '/addon/kivihook', "$plugins/kivihook"]);
		if (posix_geteuid() === 0) {
			Process::run(['chown', '-R', 'www-data:www-data', "$plugins/kivihook"]);
		}
		self::$events = new MuPlugin($site, 'abuse');
		$site->restartFpm();
	}

	public static function tearDownAfterClass(): void
	{
		self::$events?->remove();
		self::$endpoint?->stop();
		self::$network?->stop();
		self::$network = self::$endpoint = self::$events = null;
	}

	public function testActivatedForTheNetworkEachSiteHasItsOwn(): void
	{
		$second = $this->addSite('second');
		$this->network("activate_plugin( '" . self::PLUGIN . "', '', true );");
		foreach ([1, $second] as $site) {
			$this->assertContains('deliveries', $this->tables($site));
			$this->assertNotFalse($this->nextRun($site), "site $site is scheduled");
		}
		$this->assertSame(1, substr_count($this->config(), 'KIVIHOOK_KEY'));
		$this->assertSame('', $this->option($second, 'kivihook_fallback_key'), 'its keys are wrapped by the key of wp-config.php');
		$this->assertNotSame($this->option(1, 'kivihook_site'), $this->option($second, 'kivihook_site'));

		$this->webhook(1, '/ok/one');
		$this->webhook($second, '/ok/two');
		$mark = self::$endpoint->mark();
		$this->happens('', 1);
		$this->happens('/second', 2);
		$this->happens('/second', 3);
		$this->assertSame([1], $this->arrived(1, $mark, '/ok/one', 1));
		$this->assertSame([2, 3], $this->arrived($second, $mark, '/ok/two', 2));
		$this->assertSame(['1', '2'], [$this->value(1, 'SELECT COUNT(*) FROM {events}'), $this->value($second, 'SELECT COUNT(*) FROM {events}')]);
	}

	/** @depends testActivatedForTheNetworkEachSiteHasItsOwn */
	public function testAWorkerOrScheduleOfOneSiteLeavesTheOthersQueueAlone(): void
	{
		$second = $this->siteAt('/second/');
		foreach ([1, $second] as $site) {
			$this->inSite($site, "KiviHook\\WordPress\\Plugin::container()->writer()->append( array( 'id' => wp_generate_uuid4(), 'type' => 'abuse.happened',"
				. " 'timestamp' => gmdate( 'Y-m-d\\TH:i:s.000\\Z' ), 'data' => '{\"number\": 20}', 'record_id' => $site, 'clinic_ids' => array( 1 ),"
				. " 'patient_id' => null, 'doctor_id' => null ), array( 1 ) );");
			$this->assertSame('1', $this->value($site, 'SELECT COUNT(*) FROM {deliveries} WHERE due_at IS NOT NULL'));
		}
		$mark = self::$endpoint->mark();
		$this->inSite($second, "KiviHook\\WordPress\\Plugin::container()->worker()->run( 20, true );");
		$this->assertCount(1, self::$endpoint->since($mark, '/ok/two', 1));
		$this->assertSame('1', $this->value(1, 'SELECT COUNT(*) FROM {deliveries} WHERE due_at IS NOT NULL'), "the first site's waits");
		$this->inSite(1, "do_action( 'kivihook_run' );");
		$this->assertCount(1, self::$endpoint->since($mark, '/ok/one', 1));
	}

	/** @depends testActivatedForTheNetworkEachSiteHasItsOwn */
	public function testASiteThatIsAddedLaterIsReadyAndADeletedOneTakesEverythingAlong(): void
	{
		$third = $this->addSite('third');
		$this->assertContains('deliveries', $this->tables($third));
		$this->assertNotFalse($this->nextRun($third));
		$this->webhook($third, '/ok/three');
		$mark = self::$endpoint->mark();
		$this->happens('/third', 7);
		$this->assertSame([7], $this->arrived($third, $mark, '/ok/three', 1));

		$this->network("require_once ABSPATH . 'wp-admin/includes/ms.php'; wpmu_delete_blog( $third, true );");
		$this->assertSame([], $this->tables($third));
		$this->assertContains('deliveries', $this->tables(1));
		$this->happens('', 8);
		$this->assertContains(8, $this->arrived(1, $mark, '/ok/one', 1));
	}

	/** @depends testASiteThatIsAddedLaterIsReadyAndADeletedOneTakesEverythingAlong */
	public function testDeactivatedAndActivatedSiteBySite(): void
	{
		$second = $this->siteAt('/second/');
		$this->network("deactivate_plugins( '" . self::PLUGIN . "', false, true );");
		$this->assertFalse($this->nextRun(1) || $this->nextRun($second), 'nothing is scheduled anywhere');
		$before = $this->value(1, 'SELECT COUNT(*) FROM {events}');
		$this->inSite($second, "activate_plugin( '" . self::PLUGIN . "' );");
		$this->assertNotFalse($this->nextRun($second));
		$fourth = $this->addSite('fourth');
		$this->assertSame([], $this->tables($fourth), 'not active for the network');
		$mark = self::$endpoint->mark();
		$this->happens('/second', 11);
		$this->happens('', 12);
		$this->assertSame([11], $this->arrived($second, $mark, '/ok/two', 1));
		$this->assertSame($before, $this->value(1, 'SELECT COUNT(*) FROM {events}'));
	}

	/** @depends testDeactivatedAndActivatedSiteBySite */
	public function testDeletingThePluginAsksEachSite(): void
	{
		$second = $this->siteAt('/second/');
		$this->inSite($second, "KiviHook\\WordPress\\Plugin::container()->uninstaller()->choose( 'keep' ); deactivate_plugins( '" . self::PLUGIN . "' );");
		$this->assertSame('done', trim($this->network(
			"require_once ABSPATH . 'wp-admin/includes/plugin.php'; echo true === delete_plugins( array( '" . self::PLUGIN . "' ) ) ? 'done' : 'failed';"
		)));
		$this->assertSame([], $this->tables(1), 'the first site chose nothing: everything goes');
		$this->assertSame('0', $this->value(1, "SELECT COUNT(*) FROM [options] WHERE option_name LIKE 'kivihook%'"));
		$this->assertContains('deliveries', $this->tables($second), 'the second one chose to keep');
	}

	private function addSite(string $name): int
	{
		$host = self::HOST;
		$id = (int) trim($this->network(
			"echo wp_insert_site( array( 'domain' => '$host', 'path' => '/$name/', 'network_id' => 1, 'user_id' => 1, 'title' => '$name' ) );"
		));
		$this->assertGreaterThan(1, $id);
		return $id;
	}

	private function siteAt(string $path): int
	{
		return (int) trim($this->network("echo get_sites( array( 'path' => '$path', 'fields' => 'ids' ) )[0];"));
	}

	/** In the network's first site, as its super administrator. */
	private function network(string $code): string
	{
		return self::$network->wp($code, 'http://' . self::HOST . '/');
	}

	/** In one site's own process. */
	private function inSite(int $site, string $code): string
	{
		return self::$network->wp($code, 'http://' . self::HOST . trim($this->network("echo get_site( $site )->path;")));
	}

	private function webhook(int $site, string $path): void
	{
		$url = self::$endpoint->url($path);
		$this->inSite($site, <<<CODE
			\$config = array( 'url' => '$url', 'method' => 'POST', 'events' => array( 'abuse.happened' ) );
			\$secret = 'whsec_' . base64_encode( random_bytes( 24 ) );
			KiviHook\\WordPress\\Plugin::container()->webhooks()->insert(
				( new KiviHook\\WordPress\\Store\\Webhook( name: 'Site $site', config: \$config ) )->withSecrets( array( 'signing_secrets' => array( \$secret ) ) )
			);
			CODE);
	}

	private function happens(string $path, int $number): void
	{
		$answer = self::$network->client(null)->request('GET', "$path/?abuse=fine&number=$number", null, ['Host: ' . self::HOST]);
		$this->assertSame(200, $answer->status, $answer->text());
	}

	/** What the site has sent, its schedule included: to an endpoint that nobody knows, one process at a time sends. @return list<int> */
	private function arrived(int $site, int $mark, string $path, int $count): array
	{
		$this->inSite($site, "do_action( 'kivihook_run' );");
		$got = self::$endpoint->since($mark, $path, $count);
		$numbers = array_map(static fn ($one): int => (int) $one->json()['data']['number'], $got);
		sort($numbers);
		return $numbers;
	}

	private function config(): string
	{
		return (string) file_get_contents(self::$network->info()['wordpress']['path'] . '/wp-config.php');
	}

	private function nextRun(int $site): string|false
	{
		$crons = (array) unserialize($this->option($site, 'cron'));
		foreach ($crons as $time => $hooks) {
			if (is_array($hooks) && isset($hooks['kivihook_run'])) {
				return (string) $time;
			}
		}
		return false;
	}

	private function option(int $site, string $name): string
	{
		return (string) $this->value($site, "SELECT option_value FROM [options] WHERE option_name = '$name'");
	}

	private function value(int $site, string $sql): ?string
	{
		$prefix = 'wp_' . ($site === 1 ? '' : "{$site}_");
		$database = self::$network->database();
		$row = $database->query((string) preg_replace(['/\{(\w+)\}/', '/\[(\w+)\]/'], ["{$prefix}kivihook_$1", "$prefix$1"], $sql))->fetch_row();
		$database->close();
		return $row === null || $row[0] === null ? null : (string) $row[0];
	}

	/** @return list<string> ours, without prefix */
	private function tables(int $site): array
	{
		$prefix = 'wp_' . ($site === 1 ? '' : "{$site}_") . 'kivihook_';
		$database = self::$network->database();
		$rows = $database->query("SHOW TABLES LIKE '" . addcslashes($prefix, '_') . "%'")->fetch_all();
		$database->close();
		return array_map(static fn (array $row): string => substr((string) $row[0], strlen($prefix)), $rows);
	}
}
