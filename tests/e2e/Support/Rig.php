<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Process;
use KiviHook\Tests\Site\Site;

/** One site and one endpoint for the whole run, ended when PHPUnit ends, however it ends. */
final class Rig
{
	private static ?self $rig = null;

	private function __construct(public Site $site, public Receiver $receiver)
	{
	}

	public static function get(): self
	{
		if (self::$rig === null) {
			$receiver = new Receiver();
			// Whoever interrupts PHPUnit shall not leave a database running: exit runs the shutdown functions.
			pcntl_async_signals(true);
			foreach ([SIGINT, SIGTERM, SIGHUP] as $signal) {
				pcntl_signal($signal, static function () use ($signal): void {
					exit(128 + $signal);
				});
			}
			$owner = getmypid();
			$site = null;
			register_shutdown_function(static function () use ($receiver, $owner, &$site): void {
				if (getmypid() === $owner) {
					$receiver->stop();
					$site?->stop(!getenv('KIVIHOOK_E2E_KEEP'));
				}
			});
			$site = Site::start(['workers' => 4]);
			if (getenv('KIVIHOOK_E2E_KEEP')) {
				fwrite(STDERR, 'the site is in ' . $site->info()['run'] . "\n");
			}
			self::$rig = new self($site, $receiver);
		}
		return self::$rig;
	}

	/** Waits until no PHP-FPM worker does anything: what runs after a response has ended, too. */
	public function waitUntilIdle(float $seconds = 60): void
	{
		$status = new FpmStatus($this->site->info()['run'] . '/fpm.sock');
		// The worker that tells its status is the one that may be busy.
		if (!Process::waitUntil(static fn (): bool => ($status->active() ?? 2) <= 1, $seconds)) {
			throw new \RuntimeException("PHP-FPM is still busy after $seconds s");
		}
	}
}
