--TEST--
A store that throws, or gives nonsense, ends the run with its exception; the next run works
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$store = new ArrayStore();
$store->subscribe(webhook("{$receiver->url}/ok"), 'a');
$engine = new KiviHook\Engine($store);

function attempt(KiviHook\Engine $engine): void
{
	$engine->emit('a', ['x' => 1]);
	try {
		echo json_encode($engine->flush(3000)), "\n";
	} catch (Throwable $e) {
		echo get_class($e), ': ', $e->getMessage(), "\n";
	}
}
$store->before['lease'] = static fn () => throw new RuntimeException('no connection');
attempt($engine);
$store->before = ['settle' => static fn () => throw new RuntimeException('no log')];
attempt($engine);
$store->before = ['settle' => static function () use ($engine): void {
	try {
		$engine->flush(1);
	} catch (KiviHook\Exception $e) {
		echo 'nested: ', $e->getMessage(), "\n";
	}
}];
$engine->emit('a', ['x' => 1]);
attempt($engine);

/** A store whose lease is not what the stub says. */
$broken = new class implements KiviHook\Store {
	public function webhooksFor(string $type): array { return [['id' => 1]]; }
	public function append(array $event, array $deliveries): void {}
	public function lease(KiviHook\Demand $demand): array { return [['id' => 1]]; }
	public function release(string $owner, array $ids): void {}
	public function settle(string $owner, array $outcomes): array { return []; }
	public function token(string $key, ?array $replace, ?string $expected): ?array { return null; }
};
attempt(new KiviHook\Engine($broken));
?>
--EXPECT--
RuntimeException: no connection
RuntimeException: no log
nested: Something is being sent already: flush(), run() and test() can't be nested.
{"sent":2,"succeeded":2,"left":0}
KiviHook\Exception: Store::lease() gave a delivery without id, lease, event or webhook: see the stub for its shape.
