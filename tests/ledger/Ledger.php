<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

use KiviHook\Signature;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Receiver;
use KiviHook\Tests\Site\Site;

/**
 * A clinic works while everything that can fail does; then every number is accounted for.
 *
 * The event of a booking is kept in KiviCare's own transaction. What KiviCare does without one, a kill between its write and
 * our append would lose: the reconciler finds it. It is part of the schedule, which runs all the while.
 */
final class Ledger
{
	private const OTHERS = ['patient.registered', 'appointment.checked_in', 'bill.paid', 'prescription.added'];
	private const DESKS = 3;

	/** @var list<Node> */
	private array $nodes = [];
	private Site $site;
	private Workers $workers;
	private Schedule $schedule;
	private Diary $diary;
	private string $prefix = '';

	/** @var array<string, Receiver> name => receiver */
	private array $receivers = [];

	/** @var array<string, string> path => signing secret */
	private array $secrets = [];

	/** @var array<string, list<string>> path => event types */
	private array $types = [];

	/** @var array<string, int> path => webhook */
	private array $webhooks = [];
	private ?Disk $disk = null;
	private float $began = 0.0;
	private float $toldToStop = 0.0;

	/**
	 * @param array{seconds: int, bookings: int, nodes: int, seed: int, wp_cli: string, run: string,
	 *        disk?: bool, every?: array<string, int>, say?: callable(string): void} $options
	 *        seconds: how long the desks work; bookings: how many numbers, 0: as many as they manage;
	 *        disk: the database has a small disk of its own, which is full for a while; nothing else happens.
	 *        every: see Misfortune, instead of the usual
	 */
	public function __construct(private array $options)
	{
		$this->diary = new Diary();
	}

	public function run(): Report
	{
		mt_srand($this->options['seed']);
		try {
			$this->build();
			$generation = $this->site->info()['kivicare']['generation'];
			$link = $this->nodes[0]->database();
			$ends = Truth::ends($link, $this->prefix);
			$link->close();
			$answers = $this->work();
			$resent = $this->comeToRest();
			$this->say('the reconciler looks for what nobody told');
			if (!$this->schedule->reconcile($this->nodes[0], $this->prefix)) {
				$this->say('the reconciler does not come to its end');
			}
			$resent += $this->comeToRest();
			$this->toldToStop = $this->workers->stop();
			return new Report($this->account($answers, $ends, $generation), $this->diary, $this->counts($answers, $resent));
		} finally {
			$this->tearDown();
		}
	}

	private function build(): void
	{
		$this->say('starting the clinic');
		if ($this->options['disk'] ?? false) {
			$this->options['run'] = $this->options['run'] ?: sys_get_temp_dir() . '/kivihook-site-' . bin2hex(random_bytes(4));
			$this->disk = Disk::mount($this->options['run']);
		}
		$this->site = Site::start([
			'workers' => 6,
			'mariadb' => $this->options['nodes'] > 1 ? Cluster::options($this->options['nodes'], 0, true) : [],
			'ini' => ['kivihook.allow_networks' => '127.0.0.0/8'],
		] + ($this->options['run'] !== '' ? ['run' => $this->options['run']] : []));
		$run = $this->site->info()['run'];
		$this->prefix = $this->site->info()['db']['prefix'];
		$more = ['--chaos', '--seed=' . $this->options['seed']];
		$this->receivers = [
			'plain' => Receiver::start($run, false, 'receiver', 0, [...$more, "--journal=$run/plain.jsonl"]),
			'tls' => Receiver::start($run, true, 'receiver-tls', 0, [...$more, "--journal=$run/tls.jsonl"]),
			'calm' => Receiver::start($run, false, 'receiver-calm', 0, ["--journal=$run/calm.jsonl"]),
		];
		// Read by every PHP of the site from its next start on.
		file_put_contents("$run/php.d/95-ledger.ini", "kivihook.ca_file = {$this->receivers['tls']->caFile()}\n");
		chmod("$run/receiver-tls", 0755);
		copy(__DIR__ . '/mu/ledger.php', $this->site->info()['wordpress']['path'] . '/wp-content/mu-plugins/ledger.php');
		$this->site->restartFpm();
		$this->nodes = [new Node($run, $this->site->url(), $this->site)];
		if ($this->options['nodes'] > 1) {
			$this->say('starting the other nodes');
			$this->nodes = Cluster::join($this->site, $this->options['nodes']);
		}
		$this->subscribe();
		History::keep($this->nodes[0], $this->prefix);
		$this->schedule = new Schedule($this->site);
		$this->schedule->firstLook();
		$this->workers = new Workers(
			$this->nodes,
			$this->site->info()['wordpress']['path'],
			$this->options['nodes'] > 1 ? 1 : 2,
			$this->options['wp_cli']
		);
	}

	private function subscribe(): void
	{
		$four = $this->site->info()['kivicare']['generation'] === 4;
		$this->types = ['/chaos/booked' => ['appointment.booked'], '/chaos/booked-tls' => ['appointment.booked'],
			'/ok/booked' => ['appointment.booked']] + ($four ? ['/chaos/others' => self::OTHERS] : []);
		$receivers = ['/chaos/booked-tls' => 'tls', '/ok/booked' => 'calm'];
		foreach ($this->types as $path => $types) {
			$this->secrets[$path] = Signature::secret();
			$config = ['module' => 'appointment', 'events' => $types, 'method' => 'POST', 'timeout_ms' => 5000,
				'url' => $this->receivers[$receivers[$path] ?? 'plain']->url($path),
				// A chaos of minutes: retries of hours would never be seen.
				'retry' => ['schedule_s' => [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]]];
			$this->webhooks[$path] = (int) $this->site->wp(sprintf(
				'$w = new KiviHook\WordPress\Store\Webhook(0, "", %s, true, 1, %s);'
					. ' echo KiviHook\WordPress\Plugin::container()->webhooks()->insert('
					. ' $w->withSecrets( array( "signing_secrets" => array( %s ) ) ) );',
				var_export("ledger $path", true),
				var_export($config, true),
				var_export($this->secrets[$path], true)
			));
		}
	}

	/** @return list<array<string, mixed>> the desks' answers */
	private function work(): array
	{
		$this->workers->keep();
		$desks = new Desks($this->site->info()['run'], $this->nodes, self::DESKS, $this->options['bookings'], $this->options['seed']);
		$this->say('the desks are open');
		$this->began = Diary::now();
		$desks->open();
		$misfortune = new Misfortune($this->nodes, $this->workers, $this->diary, $this->every(), $this->isHurried(), $this->prefix, $this->disk);
		$end = hrtime(true) + (int) ($this->options['seconds'] * 1e9);
		$told = 0;
		while (hrtime(true) < $end && $desks->read()) {
			$misfortune->strike();
			$this->schedule->tick();
			if (intdiv((int) (Diary::now() - $this->began), 60000) > $told) {
				$told++;
				$this->say(sprintf('%d min: %d numbers, %d processes and %d databases killed', $told, count($desks->answers), $this->diary->fpmKills
					+ $this->diary->workerKills, count($this->diary->outages)));
			}
			usleep(20000);
		}
		$desks->close();
		$misfortune->end();
		$this->schedule->wait();
		return $desks->answers;
	}

	/** Until every delivery has ended; how many were given up after three dead workers, and sent again by hand. */
	private function comeToRest(): int
	{
		$this->say('waiting for what is due');
		$resent = 0;
		$table = "{$this->prefix}kivihook_deliveries";
		$done = Process::waitUntil(function () use (&$resent, $table): bool {
			$this->workers->keep();
			$link = $this->nodes[0]->database();
			$open = (int) $link->query("SELECT COUNT(*) FROM $table WHERE state IN ('pending', 'leased')")->fetch_row()[0];
			$unrouted = (int) $link->query("SELECT COUNT(*) FROM {$this->prefix}kivihook_events WHERE routed = 0")->fetch_row()[0];
			$given = array_column($link->query("SELECT id FROM $table WHERE state = 'failed'")->fetch_all(), 0);
			$link->close();
			if ($given !== []) {
				$resent += count($given);
				$this->site->wp('KiviHook\WordPress\Plugin::container()->deliveries()->resend( array( ' . implode(', ', $given) . ' ) );');
				return false;
			}
			if ($open > 0 && $this->isHurried()) {
				$alive = $this->workers->pids();
				foreach ($this->nodes as $node) {
					array_push($alive, ...$node->fpmWorkers());
				}
				// Nor is there time to wait for the probes of endpoints that are left alone.
				$this->site->wp('$plugin = KiviHook\WordPress\Plugin::container(); $plugin->breakers()->close( array_keys( $plugin->breakers()->all() ) );');
				// And of those whose settle failed with the database: requests end after 5 s.
				Leases::end($this->nodes[0], $this->prefix, static fn (int $owner): bool => !in_array($owner, $alive, true), 10);
			}
			usleep(500000);
			return $open === 0 && $unrouted === 0;
		}, 300 + $this->options['seconds']);
		if (!$done) {
			$this->say('not everything came to its end');
		}
		return $resent;
	}

	/** @param list<array<string, mixed>> $answers @param array<string, int> $ends */
	private function account(array $answers, array $ends, int $generation): Account
	{
		$this->say('accounting');
		$run = $this->site->info()['run'];
		$requests = new Requests($this->secrets);
		foreach (['plain', 'tls', 'calm'] as $name) {
			$requests->read("$run/$name.jsonl");
		}
		$link = $this->nodes[0]->database();
		$history = new History($link);
		return new Account(
			$link,
			$this->prefix,
			new Truth($link, $this->prefix, $ends, $generation),
			$requests,
			$history,
			$this->diary,
			new Doubles($history, $this->diary),
			$this->webhooks,
			$this->types,
			$answers,
			$this->reopened()
		);
	}

	/** @return array<int, list<string>> number => statements during which KiviCare's connection was lost; see mu/ledger.php */
	private function reopened(): array
	{
		$reopened = [];
		foreach (@file($this->site->info()['run'] . '/tmp/reopened.jsonl') ?: [] as $line) {
			$line = (array) json_decode($line, true);
			$reopened[$line['n']][] = $line['during'];
		}
		return $reopened;
	}

	/** @param list<array<string, mixed>> $answers @return array<string, mixed> */
	private function counts(array $answers, int $resent): array
	{
		$kinds = $cut = [];
		foreach ($answers as $answer) {
			$kinds[$answer['kind']] = ($kinds[$answer['kind']] ?? 0) + 1;
			$cut[$answer['kind']] = ($cut[$answer['kind']] ?? 0) + (int) ($answer['status'] === 0 || $answer['status'] >= 500);
		}
		$connection = ['resets before reading' => 0, 'bad handshakes' => 0];
		foreach (['plain', 'tls'] as $name) {
			$told = $this->receivers[$name]->chaos();
			$connection['resets before reading'] += $told['resets_before'];
			$connection['bad handshakes'] += $told['bad_handshakes'];
		}
		$deadlocks = 0;
		foreach ($this->nodes as $node) {
			$deadlocks += substr_count((string) @file_get_contents("$node->run/logs/mariadb.out"), 'Transactions deadlock detected');
		}
		return ['seed' => $this->options['seed'], 'seconds' => (int) round((Diary::now() - $this->began) / 1000),
			'kivicare' => $this->site->info()['kivicare'], 'nodes' => count($this->nodes), 'disk' => $this->disk !== null,
			'workers' => $this->options['wp_cli'] !== '' ? 'wp kivihook work' : "the class of the command, without WP-CLI",
			'asked' => $kinds, 'cut off or refused' => array_filter($cut), 'resent' => $resent, 'connections' => $connection,
			'deadlocks' => $deadlocks, 'stop_s' => $this->toldToStop];
	}

	/** @return array<string, int> see Misfortune */
	private function every(): array
	{
		$cluster = $this->options['nodes'] > 1;
		if ($this->disk !== null) {
			return ['disk' => 250 * $this->options['seconds']];
		}
		return ($this->options['every'] ?? []) + ($this->isHurried()
			? ['fpm' => 900, 'worker' => 5000, 'database' => $cluster ? 25_000 : 15_000, 'log' => 12_000, 'stop' => 17_000]
			: ['fpm' => 1200, 'worker' => 8000, 'database' => 60_000, 'log' => 45_000, 'stop' => 100_000]);
	}

	private function isHurried(): bool
	{
		return $this->options['seconds'] < 300;
	}

	private function say(string $line): void
	{
		if (isset($this->options['say'])) {
			($this->options['say'])($line);
		}
	}

	private function tearDown(): void
	{
		if (isset($this->workers)) {
			$this->workers->stop(SIGKILL);
		}
		foreach (array_slice($this->nodes, 1) as $node) {
			$node->stop();
		}
		if (isset($this->site)) {
			$this->site->stop($this->disk === null && !getenv('KIVIHOOK_E2E_KEEP'));
		}
		if ($this->disk !== null) {
			$this->disk->unmount();
			Process::run(['rm', '-rf', '--one-file-system', $this->options['run']]);
		}
	}
}
