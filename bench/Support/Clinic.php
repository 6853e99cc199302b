<?php

declare(strict_types=1);

namespace KiviHook\Bench;

use KiviHook\Tests\E2e\Support\FpmStatus;
use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/** A private clinic for a bench, ended with the script, however that ends. */
final class Clinic
{
	/** @var array<int, resource> */
	private array $workers = [];
	private int $owner;

	private function __construct(public Site $site)
	{
		$this->owner = (int) getmypid();
	}

	/** @param array<string, mixed> $options see Site::start() */
	public static function start(array $options = []): self
	{
		$clinic = new self(Site::start($options + ['extension' => Bench::extension()]));
		register_shutdown_function(static function () use ($clinic): void {
			if (getmypid() === $clinic->owner) {
				$clinic->stopWorkers(SIGKILL);
				$clinic->site->stop();
			}
		});
		return $clinic;
	}

	public function run(): string
	{
		return (string) $this->site->info()['run'];
	}

	/** @param array<string, mixed> $config more than the address and the event */
	public function webhook(string $url, string $event = 'appointment.booked', array $config = []): int
	{
		$config += ['module' => 'appointment', 'events' => [$event], 'method' => 'POST', 'url' => $url];
		return (int) $this->site->wp('$w = new KiviHook\WordPress\Store\Webhook(0, "", "bench", true, 1, ' . var_export($config, true) . ');'
			. ' echo KiviHook\WordPress\Plugin::container()->webhooks()->insert( $w->withSecrets('
			. ' array( "signing_secrets" => array( KiviHook\Signature::secret() ) ) ) );');
	}

	/** A must-use plugin of the bench. */
	public function mu(string $name): void
	{
		copy(dirname(__DIR__) . "/mu/$name.php", $this->site->info()['wordpress']['path'] . "/wp-content/mu-plugins/$name.php");
	}

	public function startWorker(): int
	{
		$load = var_export($this->site->info()['wordpress']['path'] . '/wp-load.php', true);
		$process = proc_open(
			[$this->site->info()['php']['command'], '-r', "require $load; KiviHook\\WordPress\\Plugin::container()->worker()->run(86400);"],
			[['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', "{$this->run()}/logs/worker.out", 'a']],
			$pipes
		);
		if ($process === false) {
			throw new \RuntimeException('a worker does not start');
		}
		$this->workers[] = $process;
		$alive = fn (): bool => (int) $this->value("SELECT COUNT(*) FROM {workers}") >= count($this->workers);
		if (!Process::waitUntil($alive, 30)) {
			throw new \RuntimeException('a worker does not tell that it is alive');
		}
		return proc_get_status($process)['pid'];
	}

	public function stopWorkers(int $signal = SIGTERM): void
	{
		foreach ($this->workers as $worker) {
			proc_terminate($worker, $signal);
			proc_close($worker);
		}
		$this->workers = [];
	}

	/** The CPU time that the database server has used so far, in seconds. */
	public function databaseCpu(): float
	{
		$stat = (string) file_get_contents('/proc/' . (int) Process::find($this->run(), 'mariadb') . '/stat');
		$fields = explode(' ', substr($stat, (int) strrpos($stat, ')') + 2));
		return ((int) $fields[11] + (int) $fields[12]) / 100;
	}

	/** No PHP-FPM process does anything. */
	public function idle(float $seconds = 60): void
	{
		$status = new FpmStatus("{$this->run()}/fpm.sock");
		Process::waitUntil(static fn (): bool => ($status->active() ?? 2) <= 1, $seconds);
	}

	/** {name} is our table of that name, [name] one of the site's. @return list<array<string, mixed>> */
	public function rows(string $sql): array
	{
		$prefix = $this->site->info()['db']['prefix'];
		$database = $this->site->database();
		$database->query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
		$result = $database->query(preg_replace(['/\{(\w+)\}/', '/\[(\w+)\]/'], ["{$prefix}kivihook_$1", "$prefix$1"], $sql));
		$rows = $result instanceof \mysqli_result ? $result->fetch_all(MYSQLI_ASSOC) : [];
		$database->close();
		return $rows;
	}

	public function value(string $sql): ?string
	{
		$row = $this->rows($sql)[0] ?? [];
		$value = reset($row);
		return $value === false || $value === null ? null : (string) $value;
	}

	/** So many events, from a command line: nothing there sends them. Each for every webhook of that type. */
	public function fill(int $events, string $type = 'appointment.booked'): void
	{
		$this->site->wp(<<<CODE
			\$emitter = KiviHook\\WordPress\\Plugin::container()->emitter();
			for ( \$i = 1; \$i <= $events; \$i++ ) {
				if ( 1 === \$i % 500 ) {
					\$GLOBALS['wpdb']->query( 'START TRANSACTION' );
				}
				\$emitter->emit( '$type', array( 'record_id' => \$i, 'clinic_ids' => array( 1 ), 'data' => array(
					'appointment_id' => \$i, 'appointment_date' => '2026-11-23', 'appointment_time' => '09:15:00',
					'clinic_name' => 'Harbour Clinic', 'clinic_email' => 'desk@example.org', 'doctor_name' => 'Ines Almeida',
					'doctor_email' => 'ines.almeida@example.org', 'patient_name' => 'Rosa Costa', 'patient_id' => 7,
					'patient_email' => 'rosa.costa@example.org', 'service_names' => str_repeat( 'Check-up, ', 40 ) ) ) );
				if ( 0 === \$i % 500 || $events === \$i ) {
					\$GLOBALS['wpdb']->query( 'COMMIT' );
				}
			}
			CODE);
	}
}
