<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

use KiviHook\Tests\Site\Database;
use KiviHook\Tests\Site\Fpm;
use KiviHook\Tests\Site\Nginx;
use KiviHook\Tests\Site\Php;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/**
 * Several Galera nodes on this one machine. The first is the site's own database; each further one has its own database server,
 * PHP-FPM and nginx in RUN/nodeN, on the same files of WordPress, whose wp-config.php then takes the database of the node.
 */
final class Cluster
{
	private const PROVIDERS = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera/libgalera_smm.so'];

	/** @var array<int, array{int, int, int}> node => its ports: the group, and two for state transfers */
	private static array $ports = [];

	/**
	 * Of mariadbd. $begins: the node founds the cluster.
	 *
	 * @return string[]
	 */
	public static function options(int $count, int $node, bool $begins = false): array
	{
		$provider = current(array_filter(self::PROVIDERS, 'is_file'));
		if ($provider === false) {
			throw new \RuntimeException('Galera is missing; as root, dev/install-packages galera brings it');
		}
		for ($i = 0; $i < $count; $i++) {
			self::$ports[$i] ??= [Process::freePort(), Process::freePort(), Process::freePort()];
		}
		[$group, $ist, $sst] = self::$ports[$node];
		$members = $begins ? '' : implode(',', array_map(static fn (array $ports): string => "127.0.0.1:$ports[0]", self::$ports));
		return [
			'--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', '--wsrep-on=ON', "--wsrep-provider=$provider",
			"--wsrep-cluster-address=gcomm://$members", '--wsrep-cluster-name=ledger', "--wsrep-node-name=node$node",
			'--wsrep-node-address=127.0.0.1', '--wsrep-sst-method=rsync', "--wsrep-sst-receive-address=127.0.0.1:$sst",
			"--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:$group;ist.recv_addr=127.0.0.1:$ist;gcache.size=64M",
			// Each node on its own disk would not wait for the others'; here all share one.
			'--innodb-flush-log-at-trx-commit=2',
		];
	}

	/** Starts the others, and gives all nodes. @return list<Node> */
	public static function join(Site $site, int $count): array
	{
		$info = $site->info();
		$run = $info['run'];
		$nodes = [new Node($run, $site->url(), $site, self::options($count, 0))];
		self::takeDatabaseOfNode($info['wordpress']['path']);
		for ($i = 1; $i < $count; $i++) {
			$folder = "$run/node$i";
			foreach ([$folder, "$folder/logs", "$folder/pids", "$folder/bin", "$folder/tmp"] as $one) {
				mkdir($one, 0755);
			}
			if (posix_geteuid() === 0) {
				foreach (["$folder/logs", "$folder/tmp"] as $one) {
					chown($one, 'www-data');
				}
			}
			Database::start($folder, $info['db']['password'], self::options($count, $i));
			file_put_contents("$folder/prepend.php", "<?php\ndefine( 'DB_HOST', 'localhost:$folder/db/mysqld.sock' );\n");
			$php = new Php($folder);
			$php->configure(['auto_prepend_file' => "$folder/prepend.php"]);
			copy("$run/php.d/90-kivihook.ini", "$folder/php.d/90-kivihook.ini");
			copy("$run/php.d/95-ledger.ini", "$folder/php.d/95-ledger.ini");
			Fpm::start($folder, $php, 4);
			$port = Nginx::start($folder, $info['wordpress']['path']);
			$nodes[] = $node = new Node($folder, "http://127.0.0.1:$port", $site, self::options($count, $i));
			$node->waitUntilReady();
		}
		$link = $nodes[0]->database();
		$size = (int) $link->query("SHOW STATUS LIKE 'wsrep_cluster_size'")->fetch_row()[1];
		$link->close();
		if ($size !== $count) {
			throw new \RuntimeException("the cluster has $size nodes, not $count");
		}
		return $nodes;
	}

	/** What the node's PHP defines before wins. */
	private static function takeDatabaseOfNode(string $wordpress): void
	{
		$text = (string) file_get_contents("$wordpress/wp-config.php");
		$text = preg_replace("/^define\\( 'DB_HOST'/m", "defined( 'DB_HOST' ) || define( 'DB_HOST'", $text);
		file_put_contents("$wordpress/wp-config.php", $text);
	}
}
