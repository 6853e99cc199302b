--TEST--
OAuth2: of four processes that need a token at once, one fetches it
--EXTENSIONS--
kivihook
pcntl
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/provider.inc';
$provider = new Provider();
$file = tempnam(sys_get_temp_dir(), 'kivihook-token-');
/** A store whose tokens all processes see. */
function shared(string $file): ArrayStore
{
	$store = new ArrayStore();
	$lock = null;
	$store->before['token'] = static function () use ($store, $file, &$lock): void {
		$lock = fopen($file, 'c+');
		flock($lock, LOCK_EX);
		$store->tokens = unserialize((string) stream_get_contents($lock)) ?: [];
	};
	$store->after['token'] = static function () use ($store, &$lock): void {
		rewind($lock);
		ftruncate($lock, 0);
		fwrite($lock, serialize($store->tokens));
		fclose($lock);
	};
	return $store;
}
$children = [];
for ($i = 0; $i < 4; $i++) {
	$pid = pcntl_fork();
	if ($pid === 0) {
		$store = shared($file);
		$store->subscribe(oauth2_webhook($provider, '/token/3600?wait_ms=700'), 'a');
		$engine = new KiviHook\Engine($store, ['vault' => new KiviHook\Vault(['k1' => str_repeat('k', 32)])]);
		$engine->emit('a', []);
		$engine->emit('a', []);
		$succeeded = $engine->run(20)['succeeded'];
		pcntl_exec('/bin/sh', ['-c', "exit $succeeded"]); // without running the test's destructors
	}
	$children[] = $pid;
}
foreach ($children as $pid) {
	pcntl_waitpid($pid, $status);
	echo pcntl_wexitstatus($status), " sent\n";
}
$lines = array_count_values(explode("\n", trim($provider->log())));
ksort($lines);
print_r($lines);
unlink($file);
?>
--EXPECT--
2 sent
2 sent
2 sent
2 sent
Array
(
    [api Bearer t0ken-1] => 8
    [token client_credentials] => 1
)
