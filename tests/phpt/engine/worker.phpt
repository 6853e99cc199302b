--TEST--
run() with "wait" stays for work, ticks, and hears a signal while it waits for nobody or for a slow endpoint
--EXTENSIONS--
kivihook
pcntl
posix
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$store = new ArrayStore();
$store->subscribe(webhook("{$receiver->url}/ok"), 'a');
$store->subscribe(['id' => 2] + webhook("{$receiver->url}/hang/20"), 'slow');
$engine = new KiviHook\Engine($store);
pcntl_async_signals(true);
pcntl_signal(SIGTERM, static fn () => $engine->stop());

$ticks = 0;
$tick = static function () use (&$ticks, $engine): void {
	$ticks++;
	if ($ticks === 2) {
		$engine->emit('a', []);
	} elseif ($ticks === 3) {
		posix_kill(getmypid(), SIGTERM);
	}
};
$since = hrtime(true);
var_dump($engine->run(30, 0, ['wait' => true, 'tick' => $tick])['succeeded'], $ticks);
var_dump(hrtime(true) - $since < 10e9);

// A child kills us while we are asleep in C with a transfer on its way; after grace_ms it is due again.
$engine->emit('slow', []);
$child = pcntl_fork();
if ($child === 0) {
	pcntl_exec('/bin/sh', ['-c', 'sleep 0.4; kill -TERM ' . posix_getppid()]);
}
$since = hrtime(true);
$result = $engine->run(60, 0, ['wait' => true, 'grace_ms' => 300, 'max_in_flight' => 4]);
pcntl_waitpid($child, $status);
var_dump($result['left'], hrtime(true) - $since < 5e9);
$last = end($store->outcomes);
var_dump($last['state'], $last['delay_ms'], $last['trace']['error_code']);

try {
	$engine->run(1, 0, ['tick' => 'no such function']);
} catch (KiviHook\InvalidException $error) {
	echo $error->getMessage(), "\n";
}
?>
--EXPECT--
int(1)
int(3)
bool(true)
int(1)
bool(true)
string(7) "pending"
int(0)
string(7) "aborted"
The option "tick" is a callable.
