<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\MuPlugin;
use KiviHook\Tests\Site\Process;

/** What PHP-FPM, and code in its processes, may do to us: no crash, no event lost, none invented, none twice. */
final class FpmAbuseTest extends EndToEnd
{
	private MuPlugin $abuse;
	private bool $changed = false;

	protected function setUp(): void
	{
		parent::setUp();
		$this->abuse = new MuPlugin($this->site(), 'abuse');
	}

	protected function tearDown(): void
	{
		$this->abuse->remove();
		if ($this->changed) {
			$this->site()->restartFpm();
		}
		parent::tearDown();
	}

	/** @dataProvider pools */
	public function testEveryBookingArrivesOnce(array $pool, array $ini): void
	{
		$this->restart($pool, $this->withPreload($ini));
		$this->webhook('appointment.booked', $this->receiver()->url('/ok/pool'));
		$ids = [];
		for ($i = 0; $i < 6; $i++) {
			$ids[] = $this->desk()->book()->id;
			if (($pool['pm'] ?? '') === 'ondemand' && $i === 2) {
				$run = $this->site()->info()['run'];
				$this->assertTrue(Process::waitUntil(static fn (): bool => Process::childrenOf((int) Process::find($run, 'fpm')) === [], 20), 'idle workers are ended');
			}
		}
		$this->settle();
		$this->assertArrived($ids, '/ok/pool');
		$this->assertNobodyCrashed();
	}

	/** @return array<string, array{array<string, string>, array<string, string>}> */
	public static function pools(): array
	{
		return [
			'a process for each request' => [['pm.max_requests' => '1'], []],
			'processes on demand, ended when idle' => [['pm' => 'ondemand', 'pm.process_idle_timeout' => '1s'], []],
			'preloaded, with JIT' => [[], ['opcache.enable' => '1', 'opcache.preload' => 'PRELOAD', 'opcache.jit' => 'tracing', 'opcache.jit_buffer_size' => '32M']],
		];
	}

	public function testReloadsInTheMiddleOfRequestsLoseNothing(): void
	{
		$this->webhook('appointment.booked', $this->receiver()->url('/ok/reload'));
		$run = $this->site()->info()['run'];
		$master = (int) Process::find($run, 'fpm');
		$first = (int) $this->value('SELECT MAX(id) FROM [kc_appointments]');
		$reloads = proc_open(['sh', '-c', "for i in 1 2 3 4; do sleep 0.7; kill -USR2 $master; done"], [], $pipes);
		$failed = 0;
		do {
			// Who is cut off has no answer; what was committed counts.
			try {
				$failed += (int) ($this->desk()->tryToBook()->status >= 400);
			} catch (\Throwable $cut) {
				$failed++;
			}
		} while (proc_get_status($reloads)['running']);
		proc_close($reloads);
		$this->assertTrue(Process::waitUntil(fn (): bool => count($this->site()->workers()) >= 4, 20));
		$this->settle();
		$ids = array_map('intval', array_column($this->rows("SELECT id FROM [kc_appointments] WHERE id > $first ORDER BY id"), 'id'));
		$this->assertGreaterThan($failed, count($ids));
		$this->assertArrived($ids, '/ok/reload');
		$this->assertNobodyCrashed();
	}

	/** @dataProvider deaths */
	public function testASnapshotThatDiesTakesNothingAlong(string $how, int $kept): void
	{
		$this->webhook('abuse.happened', $this->receiver()->url('/ok/abuse'));
		$this->webhook('appointment.booked', $this->receiver()->url('/ok/after'));
		$workers = $this->site()->workers();
		for ($i = 1; $i <= 4; $i++) {
			$this->guest()->request('GET', "/?abuse=$how&number=$i");
			$this->guest()->request('GET', '/?abuse=fine&number=1' . $i);
		}
		$booking = $this->desk()->book();
		$this->settle();
		$numbers = array_map(static fn ($got): int => $got->json()['data']['number'], $this->receiver()->since($this->mark, '/ok/abuse', 4 + $kept));
		sort($numbers);
		$this->assertSame($kept > 0 ? [1, 2, 3, 4, 11, 12, 13, 14] : [11, 12, 13, 14], $numbers);
		$this->assertArrived([$booking->id], '/ok/after');
		$this->assertSame($workers, $this->site()->workers());
		$this->assertNobodyCrashed();
	}

	/** @return array<string, array{string, int}> how, and how many of four events were kept all the same */
	public static function deaths(): array
	{
		return ['exit' => ['exit', 0], 'a fatal error' => ['fatal', 0], 'the memory limit' => ['memory', 0], 'an exception' => ['throw', 0], 'nothing' => ['fine', 4]];
	}

	public function testAForkOnTheCommandLineSendsNothingTwice(): void
	{
		$this->webhook('appointment.booked', $this->receiver()->url('/ok/fork'));
		$this->webhook('abuse.happened', $this->receiver()->url('/ok/fork'));
		$said = $this->site()->wp(<<<'CODE'
			$engine = KiviHook\WordPress\Plugin::container()->engines()->engine();
			$engine->emit( 'abuse.happened', array( 'number' => 1 ), array( 'record_id' => 1, 'clinic_ids' => array( 1 ) ) );
			$child = pcntl_fork();
			if ( 0 === $child ) {
				exit( 0 ); // With the parent's pending work, its connections and its shutdown functions.
			}
			pcntl_waitpid( $child, $status );
			$engine->emit( 'abuse.happened', array( 'number' => 2 ), array( 'record_id' => 2, 'clinic_ids' => array( 1 ) ) );
			echo json_encode( array( pcntl_wexitstatus( $status ), pcntl_wifsignaled( $status ), $engine->flush( 5000 ) ) );
			CODE);
		$told = json_decode(trim($said), true);
		$this->assertSame([0, false], [$told[0] ?? null, $told[1] ?? null], $said);
		$this->settle();
		$numbers = array_map(static fn ($got): int => $got->json()['data']['number'], $this->receiver()->since($this->mark, '/ok/fork', 2));
		sort($numbers);
		$this->assertSame([1, 2], $numbers);
	}

	/** KIVIHOOK_E2E_REQUESTS chooses how many; the second half may not make a process larger. */
	public function testManyRequestsLeaveMemoryAsItIs(): void
	{
		$all = max(200, (int) (getenv('KIVIHOOK_E2E_REQUESTS') ?: 1000));
		$this->restart([], []);
		$this->webhook('abuse.happened', $this->receiver()->url('/ok/many'));
		$workers = $this->site()->workers();
		$this->fireMany(1, intdiv($all, 2));
		$this->rig()->waitUntilIdle();
		$before = $this->residentKb($workers);
		$this->fireMany(intdiv($all, 2) + 1, $all);
		$this->rig()->waitUntilIdle();
		$after = $this->residentKb($workers);
		$this->settle(300);
		$this->assertSame($workers, $this->site()->workers(), 'nobody was replaced');
		// One page table more or less is no leak: a request that leaked 1 kB would show with a quarter of them times that.
		$this->assertLessThan(max(1024, intdiv($all, 8)), $after - $before, "from $before kB to $after kB over " . intdiv($all, 2) . ' requests');
		$this->assertSame([(string) $all, (string) $all], [
			$this->value("SELECT COUNT(*) FROM {deliveries} WHERE state = 'succeeded'"), $this->value('SELECT COUNT(DISTINCT event) FROM {deliveries}'),
		]);
		$this->assertNobodyCrashed();
	}

	private function fireMany(int $from, int $to): void
	{
		$multi = curl_multi_init();
		$site = $this->site()->info()['url'];
		$next = $from;
		$running = 0;
		$failed = [];
		do {
			while ($running < 4 && $next <= $to) {
				$curl = curl_init("$site/?abuse=fine&number=$next");
				curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 120, CURLOPT_PROXY => '']);
				curl_multi_add_handle($multi, $curl);
				$next++;
				$running++;
			}
			curl_multi_exec($multi, $active);
			while (($done = curl_multi_info_read($multi)) !== false) {
				if (curl_getinfo($done['handle'], CURLINFO_RESPONSE_CODE) !== 200) {
					$failed[] = curl_getinfo($done['handle'], CURLINFO_EFFECTIVE_URL) . ': ' . curl_multi_getcontent($done['handle']);
				}
				curl_multi_remove_handle($multi, $done['handle']);
				$running--;
			}
			curl_multi_select($multi, 0.1);
		} while ($running > 0 || $next <= $to);
		$this->assertSame([], $failed);
	}

	/** @param int[] $pids the largest of them */
	private function residentKb(array $pids): int
	{
		return max(array_map(static fn (int $pid): int => preg_match('/^RssAnon:\s+(\d+) kB/m', (string) @file_get_contents("/proc/$pid/status"), $found) ? (int) $found[1] : 0, $pids));
	}

	private function restart(array $pool, array $ini): void
	{
		$this->changed = true;
		$this->site()->restartFpm(null, 0, $pool, $ini);
	}

	/** The add-on's classes are there before any request is. */
	private function withPreload(array $ini): array
	{
		if (isset($ini['opcache.preload'])) {
			$run = $this->site()->info()['run'];
			$addon = var_export($this->site()->info()['wordpress']['path'] . '/wp-content/plugins/kivihook', true);
			file_put_contents("$run/tmp/preload.php", "<?php foreach ( array( 'Seal', 'Store', 'Delivery', 'Catalogue' ) as \$room ) {\n"
				. "foreach ( glob( $addon . \"/\$room/*.php\" ) as \$file ) { opcache_compile_file( \$file ); } }\n");
			chmod("$run/tmp/preload.php", 0644);
			$ini['opcache.preload'] = "$run/tmp/preload.php";
			if (posix_geteuid() === 0) {
				$ini['opcache.preload_user'] = 'www-data';
			}
		}
		return $ini;
	}

	/** @param int[] $ids */
	private function assertArrived(array $ids, string $path): void
	{
		$got = array_map(static fn ($request): int => $request->data()['appointment_id'], $this->receiver()->since($this->mark, $path, count($ids)));
		sort($got);
		$this->assertSame($ids, $got);
	}

	private function assertNobodyCrashed(): void
	{
		$log = (string) file_get_contents($this->site()->info()['run'] . '/logs/fpm.log');
		$this->assertDoesNotMatchRegularExpression('/exited on signal (?!9 |15 |3 )/', $log);
	}
}
