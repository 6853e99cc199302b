<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/**
 * A private clinic in a folder of its own: MariaDB by socket, PHP-FPM, nginx on a free loopback port, WordPress,
 * KiviCare and the add-on. RUN/site.json says where everything is (see info()); everything is ended by process id.
 */
final class Site
{
	private const PLUGIN = 'kivicare-clinic-management-system/kivicare-clinic-management-system.php';
	private const ADDON = 'kivihook/kivihook.php';
	private const INI = ['kivihook.allow_networks' => '127.0.0.0/8'];

	private Php $php;
	private WordPress $wordpress;

	/** @param array<string, mixed> $info */
	private function __construct(private string $run, private array $info = [])
	{
		$this->php = new Php($run);
		$this->wordpress = new WordPress($run, $this->php);
	}

	/**
	 * Starts a site. Options: run (folder, made if missing; default a fresh one below the temporary folder), kivicare
	 * (folder, 'stand-in', 'stand-in-3' (playing 3.6.13) or 'none'; default KIVICARE_DIR, else the stand-in),
	 * wordpress (folder; default WORDPRESS_DIR, else Debian's),
	 * extension (path of kivihook.so, or false; default .build/ext/modules/kivihook.so),
	 * ini (more kivihook.* settings), addon (bool), workers (FPM's, 4), e2ee (bool: KiviCare's transport encryption),
	 * constants (more of wp-config.php), mariadb (more options of mariadbd), port, say (callable for progress).
	 *
	 * @param array<string, mixed> $options
	 */
	public static function start(array $options = []): self
	{
		$run = (string) ($options['run'] ?? '');
		if ($run === '') {
			$run = sys_get_temp_dir() . '/kivihook-site-' . bin2hex(random_bytes(4));
		}
		if (is_file("$run/site.json")) {
			throw new SiteException("there is a site in $run already; stop it first");
		}
		self::makeFolders($run);
		$site = new self((string) realpath($run));
		try {
			$site->build($options);
		} catch (\Throwable $error) {
			$said = $error instanceof SiteException ? $site->lastWords() : '';
			// A folder that the caller named is his to look into, and to remove.
			$site->stop(($options['run'] ?? '') === '');
			throw $said === '' ? $error : new SiteException($error->getMessage() . $said, 0, $error);
		}
		return $site;
	}

	/** A site that runs already. */
	public static function open(string $run): self
	{
		$text = @file_get_contents("$run/site.json");
		if ($text === false) {
			throw new SiteException("there is no site in $run (no site.json)");
		}
		return new self((string) realpath($run), (array) json_decode($text, true));
	}

	/** Ends what runs; $remove: and removes the folder. */
	public function stop(bool $remove = true): void
	{
		// Who answers goes first, who keeps goes last; then whatever else was started in this folder, a receiver, say.
		foreach (['nginx' => SIGQUIT, 'fpm' => SIGQUIT, 'mariadb' => SIGTERM] as $name => $signal) {
			Process::stop($this->run, $name, 20, $signal);
		}
		foreach (glob("$this->run/pids/*.pid") ?: [] as $file) {
			Process::stop($this->run, basename($file, '.pid'));
		}
		@unlink("$this->run/site.json");
		if ($remove) {
			Process::run(['rm', '-rf', '--one-file-system', $this->run]);
		}
	}

	/**
	 * run, url, admin_user, admin_password, front_desk_user, front_desk_password,
	 * db {socket, name, user, password, prefix}, wordpress {path, version},
	 * kivicare {kind: 'real'|'stand-in'|'none', version, generation: 3|4}, addon (version or null),
	 * extension (path or null), fpm {pid_file, workers}, php {command, ini, scan_dir},
	 * logs {debug, php, fpm, nginx, access, mariadb, mail}, cron (command that runs what is due),
	 * ids {clinic, doctor, patient, receptionist, service, service_mapping, service_name, service_charges}.
	 *
	 * @return array<string, mixed>
	 */
	public function info(): array
	{
		return $this->info;
	}

	public function url(): string
	{
		return (string) $this->info['url'];
	}

	/** A connection of its own to the site's database; errors are exceptions. */
	public function database(): \mysqli
	{
		mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
		$db = $this->info['db'];
		$link = new \mysqli('localhost', $db['user'], $db['password'], $db['name'], 0, $db['socket']);
		$link->set_charset('utf8mb4');
		return $link;
	}

	/** Logged in as 'admin' (WordPress' administrator) or 'desk' (KiviCare's receptionist); null: nobody. */
	public function client(?string $who = 'admin'): Client
	{
		$client = new Client($this->url());
		if ($who === 'admin') {
			$client->logIn($this->info['admin_user'], $this->info['admin_password']);
		} elseif ($who === 'desk') {
			$client->logIn($this->info['front_desk_user'], $this->info['front_desk_password']);
		}
		return $client;
	}

	public function clinic(): Clinic
	{
		return new Clinic($this->info);
	}

	/** FPM anew; true or a path: with the extension, false: without, null: as it was. */
	public function restartFpm(bool|string|null $extension = null, int $workers = 0, array $pool = [], array $ini = []): void
	{
		Fpm::stop($this->run);
		if ($extension !== null) {
			$this->info['extension'] = $this->useExtension($extension === true ? null : $extension, []);
		}
		$this->info['fpm']['workers'] = $workers > 0 ? $workers : $this->info['fpm']['workers'];
		Fpm::start($this->run, $this->php, $this->info['fpm']['workers'], $pool, $ini);
		$this->write();
	}

	/** @return int[] process ids of FPM's workers */
	public function workers(): array
	{
		return Fpm::workers($this->run);
	}

	public function stopDatabase(int $signal = SIGTERM): void
	{
		Process::stop($this->run, 'mariadb', 20, $signal);
	}

	/** @param string[] $options more of mariadbd's options */
	public function startDatabase(array $options = []): void
	{
		Database::start($this->run, $this->info['db']['password'], $options);
	}

	/** Runs PHP code inside the site's WordPress on the command line; returns what it printed. $url: of a network's site. */
	public function wp(string $code, string $url = ''): string
	{
		$file = "$this->run/tmp/wp-" . bin2hex(random_bytes(4)) . '.php';
		file_put_contents($file, "<?php\n" . $code . "\n");
		chmod($file, 0644);
		try {
			return $this->wordpress->inside($file, $url === '' ? [] : ["--url=$url"]);
		} finally {
			unlink($file);
		}
	}

	/** Runs everything that is due in WP-Cron, and returns when it is done. */
	public function cron(): string
	{
		return $this->php->run([$this->info['wordpress']['path'] . '/wp-cron.php']);
	}

	/** A log's text: debug, php, fpm, nginx, access, mariadb, mail. */
	public function log(string $name): string
	{
		return (string) @file_get_contents($this->info['logs'][$name]);
	}

	/** The ends of all logs that say anything, for the message about a failure. */
	public function lastWords(): string
	{
		$text = '';
		foreach (glob("$this->run/logs/*") ?: [] as $file) {
			// Debian 12's WordPress 6.1 and PHP 8.2 don't quite fit: 10 lines of that per process.
			$lines = preg_grep('~wp-includes/Requests/~', file($file) ?: [], PREG_GREP_INVERT);
			if ($lines && basename($file) !== 'nginx-access.log' && basename($file) !== 'mail.log') {
				$text .= "\n--- " . basename($file) . "\n" . rtrim(implode('', array_slice($lines, -25)));
			}
		}
		return $text;
	}

	public function php(): Php
	{
		return $this->php;
	}

	/** @param array<string, mixed> $options */
	private function build(array $options): void
	{
		$say = $options['say'] ?? static function (string $line): void {
		};
		[$kind, $kivicare] = self::whichKiviCare($options['kivicare'] ?? null);
		$source = (string) ($options['wordpress'] ?? (getenv('WORDPRESS_DIR') ?: '/usr/share/wordpress'));
		if (!is_dir($source)) {
			throw new SiteException("$source is missing; as root, dev/install-packages site brings Debian's WordPress");
		}
		$password = bin2hex(random_bytes(12));
		$workers = (int) ($options['workers'] ?? 4);

		$say('database');
		$this->php->configure([]);
		$database = Database::start($this->run, $password, $options['mariadb'] ?? []);
		$extension = $this->useExtension($options['extension'] ?? null, $options['ini'] ?? []);

		$say('WordPress');
		$this->wordpress->copyFrom($source);
		Fpm::start($this->run, $this->php, $workers);
		$port = Nginx::start($this->run, $this->wordpress->root(), (int) ($options['port'] ?? 0));
		$this->info = $this->describe("http://127.0.0.1:$port", $database, $workers);
		$this->info['extension'] = $extension;
		$constants = $options['constants'] ?? [];
		if (!($options['e2ee'] ?? false)) {
			$constants += ['KIVICARE_REST_API_E2EE_BYPASS' => true];
		}
		$this->wordpress->configure($this->info['url'], $database, $constants);
		putenv('KIVIHOOK_SITE_URL=' . $this->info['url']);
		$this->info['wordpress']['version'] = $this->wordpress->install(
			$this->info['url'],
			$this->info['admin_user'],
			$this->info['admin_password']
		);

		if ($kivicare !== null) {
			$say('KiviCare');
			$this->addKiviCare($kind, $kivicare);
		}
		if ($options['addon'] ?? true) {
			$say('the add-on');
			$this->addAddon((string) ($options['addon_dir'] ?? dirname(__DIR__, 2) . '/addon/kivihook'));
		}
		$this->write();
	}

	private function addKiviCare(string $kind, string $folder): void
	{
		$this->wordpress->copyPlugin($folder, dirname(self::PLUGIN));
		$this->giveToWebUser('wp-content/plugins');
		if ($kind === 'stand-in-3') {
			$this->wp('update_option("stand_in_generation", 3);');
		}
		$version = $this->wordpress->activate(self::PLUGIN)[self::PLUGIN];
		if ($kind === 'stand-in-3') {
			[$kind, $version] = ['stand-in', '3.6.13'];
		}
		$this->info['kivicare'] = ['kind' => $kind, 'version' => $version, 'generation' => (int) $version >= 4 ? 4 : 3];
		if ($this->info['kivicare']['generation'] === 4) {
			Clinic::runWizard($this->client('admin'));
		}
		$printed = $this->wordpress->inside('clinic.php', [$this->info['front_desk_password']]);
		$ids = json_decode(Process::tail($printed, 1), true);
		if (!is_array($ids)) {
			throw new SiteException("the clinic was not made:\n" . Process::tail($printed));
		}
		$this->info['front_desk_user'] = $ids['front_desk_user'];
		unset($ids['front_desk_user']);
		$this->info['ids'] = $ids;
	}

	private function addAddon(string $folder): void
	{
		$this->wordpress->copyPlugin($folder, dirname(self::ADDON));
		$this->giveToWebUser('wp-content/plugins/' . dirname(self::ADDON));
		$this->info['addon'] = $this->wordpress->activate(self::ADDON)[self::ADDON];
	}

	private function giveToWebUser(string $path): void
	{
		if (posix_geteuid() === 0) {
			Process::run(['chown', '-R', 'www-data:www-data', $this->wordpress->root() . '/' . $path]);
		}
	}

	/** @param array<string, string> $ini */
	private function useExtension(string|bool|null $wanted, array $ini): ?string
	{
		if ($wanted === false) {
			$this->php->useExtension(null, []);
			return null;
		}
		$library = is_string($wanted) ? $wanted : dirname(__DIR__, 2) . '/.build/ext/modules/kivihook.so';
		$this->php->useExtension($library, $ini + self::INI);
		return $library;
	}

	/** @return array{string, ?string} */
	private static function whichKiviCare(?string $wanted): array
	{
		$wanted = $wanted ?? (getenv('KIVICARE_DIR') ?: 'stand-in');
		if ($wanted === 'none') {
			return ['none', null];
		}
		$isStandIn = str_starts_with($wanted, 'stand-in');
		$folder = $isStandIn ? dirname(__DIR__) . '/fixtures/kivicare-stand-in' : $wanted;
		if (!is_file($folder . '/' . basename(self::PLUGIN))) {
			throw new SiteException("$folder is no KiviCare (it has no " . basename(self::PLUGIN) . ')');
		}
		return [$isStandIn ? $wanted : 'real', $folder];
	}

	/** @return array<string, mixed> */
	private function describe(string $url, Database $database, int $workers): array
	{
		$run = $this->run;
		return [
			'run' => $run,
			'url' => $url,
			'admin_user' => 'admin',
			'admin_password' => bin2hex(random_bytes(8)),
			'front_desk_user' => '',
			'front_desk_password' => bin2hex(random_bytes(8)),
			'db' => [
				'socket' => $database->socket(), 'name' => Database::NAME, 'user' => Database::USER,
				'password' => $database->password(), 'prefix' => WordPress::PREFIX,
			],
			'wordpress' => ['path' => $this->wordpress->root(), 'version' => ''],
			'kivicare' => ['kind' => 'none', 'version' => '', 'generation' => 0],
			'addon' => null,
			'extension' => null,
			'fpm' => ['pid_file' => "$run/pids/fpm.pid", 'workers' => $workers],
			'php' => ['command' => "$run/bin/php", 'ini' => "$run/php.ini", 'scan_dir' => "$run/php.d"],
			'logs' => [
				'debug' => "$run/logs/debug.log", 'php' => "$run/logs/php.log", 'fpm' => "$run/logs/fpm.log",
				'nginx' => "$run/logs/nginx.log", 'access' => "$run/logs/nginx-access.log",
				'mariadb' => "$run/logs/mariadb.out", 'mail' => "$run/logs/mail.log",
			],
			'cron' => "$run/bin/php " . $this->wordpress->root() . '/wp-cron.php',
			'ids' => [],
		];
	}

	private function write(): void
	{
		$text = json_encode($this->info, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
		file_put_contents("$this->run/site.json.new", $text . "\n");
		chmod("$this->run/site.json.new", 0600);
		rename("$this->run/site.json.new", "$this->run/site.json");
	}

	private static function makeFolders(string $run): void
	{
		foreach ([$run, "$run/logs", "$run/pids", "$run/bin", "$run/tmp"] as $folder) {
			if (!is_dir($folder) && !@mkdir($folder, 0755, true)) {
				throw new SiteException("cannot make $folder");
			}
		}
		// MariaDB's and the web server's users have to get through, and to write their logs; nobody has to look around.
		chmod($run, 0711);
		if (posix_geteuid() === 0) {
			foreach (["$run/logs", "$run/tmp"] as $folder) {
				chown($folder, 'www-data');
			}
		}
	}
}
