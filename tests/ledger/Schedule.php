<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/** What a clinic's crontab does: wp-cron.php, all the while. */
final class Schedule
{
	private const EVERY_S = 20;

	/** @var resource|null */
	private $running = null;
	private int $next = 0;

	public function __construct(private Site $site)
	{
	}

	/** The reconciler takes down what was there before. */
	public function firstLook(): void
	{
		$this->site->wp('do_action( "kivihook_pass" ); do_action( "kivihook_pass" );');
	}

	/** To be called often; waits for nothing. */
	public function tick(): void
	{
		if ($this->running !== null && !proc_get_status($this->running)['running']) {
			$this->wait();
		}
		if ($this->running === null && time() >= $this->next) {
			$this->next = time() + self::EVERY_S;
			$info = $this->site->info();
			$log = "{$info['run']}/logs/cron.out";
			$process = proc_open(
				Process::asUser('www-data', [$info['php']['command'], "{$info['wordpress']['path']}/wp-cron.php"]),
				[['file', '/dev/null', 'r'], ['file', $log, 'a'], ['file', $log, 'a']],
				$pipes
			);
			$this->running = $process === false ? null : $process;
		}
	}

	public function wait(): void
	{
		if ($this->running !== null) {
			proc_close($this->running);
			$this->running = null;
		}
	}

	/**
	 * Until the reconciler suspects nothing any more. It waits for minutes, in case somebody is still about to tell; here nobody
	 * is, so that wait is over at once. False: it does not come to an end.
	 */
	public function reconcile(Node $node, string $prefix): bool
	{
		for ($pass = 0; $pass < 100; $pass++) {
			$link = $node->database();
			$suspects = (int) $link->query("SELECT COUNT(*) FROM {$prefix}kivihook_marks WHERE suspect IS NOT NULL")->fetch_row()[0];
			if ($suspects > 0) {
				$link->query("UPDATE {$prefix}kivihook_marks SET since = UTC_TIMESTAMP(3) - INTERVAL 1 HOUR WHERE since IS NOT NULL");
				// Since when it looks for an event, which is before anything that it may tell.
				$link->query("UPDATE {$prefix}kivihook_marks SET state = state - 3600000 WHERE kind = 'type'");
			}
			$link->close();
			// The first passes may not have walked through everything.
			if ($pass > 10 && $suspects === 0) {
				return true;
			}
			$this->site->wp('for ( $i = 0; $i < 5; $i++ ) { do_action( "kivihook_pass" ); }');
		}
		return false;
	}
}
