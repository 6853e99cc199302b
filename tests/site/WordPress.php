<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** The site's copy of WordPress: files, wp-config.php, installation, plugins. */
final class WordPress
{
	public const PREFIX = 'wp_';

	public function __construct(private string $run, private Php $php)
	{
	}

	public function root(): string
	{
		return $this->run . '/wordpress';
	}

	/** Copies what somebody else's installation may only be read. Debian's package is half symlinks. */
	public function copyFrom(string $source): void
	{
		if (!is_file("$source/wp-load.php")) {
			throw new SiteException("$source is no WordPress (it has no wp-load.php)");
		}
		Process::run(['cp', '-rL', '--reflink=auto', "$source/.", $this->root()]);
		@unlink($this->root() . '/wp-config.php');
		@unlink($this->root() . '/.htaccess');
		foreach (['plugins', 'uploads', 'mu-plugins', 'upgrade'] as $folder) {
			@mkdir($this->root() . "/wp-content/$folder", 0755, true);
		}
	}

	/** A real folder of files, whatever the source's owner or a symlink in between. */
	public function copyPlugin(string $source, string $name): void
	{
		Process::run(['cp', '-rL', '--reflink=auto', "$source/.", $this->root() . "/wp-content/plugins/$name"]);
	}

	/** @param array<string, bool|int|string> $constants */
	public function configure(string $url, Database $database, array $constants): void
	{
		$constants = [
			'DB_NAME' => Database::NAME, 'DB_USER' => Database::USER, 'DB_PASSWORD' => $database->password(),
			'DB_HOST' => 'localhost:' . $database->socket(), 'DB_CHARSET' => 'utf8mb4', 'DB_COLLATE' => '',
			'WP_HOME' => $url, 'WP_SITEURL' => $url,
			'WP_DEBUG' => true, 'WP_DEBUG_LOG' => $this->run . '/logs/debug.log', 'WP_DEBUG_DISPLAY' => false,
			'DISABLE_WP_CRON' => true, 'WP_HTTP_BLOCK_EXTERNAL' => true, 'AUTOMATIC_UPDATER_DISABLED' => true,
			'WP_AUTO_UPDATE_CORE' => false, 'FS_METHOD' => 'direct', 'WP_ENVIRONMENT_TYPE' => 'local',
		] + $constants;
		foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY'] as $name) {
			$constants[$name] = bin2hex(random_bytes(32));
			$constants[str_replace('_KEY', '_SALT', $name)] = bin2hex(random_bytes(32));
		}
		$text = "<?php\n";
		foreach ($constants as $name => $value) {
			$text .= "define( '$name', " . var_export($value, true) . " );\n";
		}
		$text .= "\n\$table_prefix = '" . self::PREFIX . "';\n\n"
			. "/* That's all, stop editing! Happy publishing. */\n\n"
			. "if ( ! defined( 'ABSPATH' ) ) {\n\tdefine( 'ABSPATH', __DIR__ . '/' );\n}\n\n"
			. "require_once ABSPATH . 'wp-settings.php';\n";
		file_put_contents($this->root() . '/wp-config.php', $text);
		chmod($this->root() . '/wp-config.php', 0640);
		// Debian's package has no theme; without one every page of the site is a blank one.
		if (glob($this->root() . '/wp-content/themes/*/style.css') === []) {
			$theme = $this->root() . '/wp-content/themes/plain';
			@mkdir($theme, 0755, true);
			file_put_contents("$theme/style.css", "/*\nTheme Name: Plain\n*/\n");
			file_put_contents("$theme/index.php", "<?php wp_head(); while ( have_posts() ) { the_post(); "
				. "the_title( '<h1>', '</h1>' ); the_content(); } wp_footer();\n");
			file_put_contents($this->root() . '/wp-config.php', str_replace(
				"\n\$table_prefix",
				"define( 'WP_DEFAULT_THEME', 'plain' );\n\n\$table_prefix",
				$text
			));
		}
		copy(__DIR__ . '/wp/test-site.php', $this->root() . '/wp-content/mu-plugins/test-site.php');
		if (posix_geteuid() === 0) {
			Process::run(['chown', '-R', 'www-data:www-data', $this->root()]);
		}
	}

	/** Returns the version of WordPress. */
	public function install(string $url, string $user, string $password): string
	{
		$given = ['title' => 'Harbour Clinic', 'user' => $user, 'email' => 'admin@example.org'];
		$given += ['password' => $password, 'url' => $url];
		$printed = $this->php->run([$this->script('install.php'), $this->root()], (string) json_encode($given));
		return Process::tail($printed, 1);
	}

	/** @return array<string, string> plugin file => version */
	public function activate(string ...$plugins): array
	{
		$versions = [];
		foreach ($plugins as $plugin) {
			$printed = $this->inside('activate.php', [$plugin]);
			if (!preg_match('~^activated (\S+) (\S*)$~m', $printed, $found)) {
				throw new SiteException("$plugin was not activated:\n" . Process::tail($printed));
			}
			$versions[$plugin] = $found[2];
		}
		$this->inside('permalinks.php');
		return $versions;
	}

	/**
	 * Runs one of tests/site/wp/*.php, or any PHP file, inside WordPress, as its first user.
	 *
	 * @param string[] $arguments
	 */
	public function inside(string $script, array $arguments = []): string
	{
		$file = str_starts_with($script, '/') ? $script : $this->script($script);
		return $this->php->run(array_merge([$this->script('load.php'), '--admin', $this->root(), $file], $arguments));
	}

	/** The site's user can't read the checkout, possibly: its scripts are copied. */
	private function script(string $name): string
	{
		copy(__DIR__ . '/wp/' . $name, "$this->run/bin/$name");
		return "$this->run/bin/$name";
	}
}
