--TEST--
Nothing that fails in a listener reaches the hook's owner; a lost transaction and exit do
--EXTENSIONS--
kivihook
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
$store = new ArrayStore();
$store->subscribe(webhook('https://example.com/'), 'a');
$log = static function (string $message, ?Throwable $error): void {
	echo $message, ' ', $error ? get_class($error) . ': ' . $error->getMessage() : '-', "\n";
};
$engine = new KiviHook\Engine($store, ['log' => $log]);

$tell = static fn (): array => ['data' => ['x' => 1]];
var_dump($engine->listener('a', static fn () => throw new LogicException('broken snapshot'))(1));
var_dump($engine->listener('a', static fn () => ['no data'])(2));
var_dump($engine->listener('a', static fn () => ['data' => ['x' => NAN]])(3));

$store->before['append'] = static fn () => throw new RuntimeException('table is gone');
var_dump($engine->listener('a', $tell)(4));

// A logger that fails costs nothing either.
$deaf = new KiviHook\Engine($store, ['log' => static fn () => throw new LogicException('broken logger')]);
var_dump($deaf->listener('a', $tell)(5));

$store->before['append'] = static fn () => throw new KiviHook\TransactionLost('the booking is gone');
try {
	$engine->listener('a', $tell)(6);
} catch (KiviHook\TransactionLost $e) {
	echo 'passed: ', $e->getMessage(), "\n";
}
register_shutdown_function(static function (): void {
	echo "ended\n";
});
$engine->listener('a', static fn () => exit('exit '))(7);
echo "not reached\n";
?>
--EXPECT--
The event a was not kept. LogicException: broken snapshot
int(1)
The event a was not kept. KiviHook\InvalidException: A snapshot has to be null or an array with a member "data".
int(2)
The event a was not kept. KiviHook\InvalidException: The event's data can't be written as JSON: it holds a number that is infinite or not a number.
int(3)
The event a was not kept. RuntimeException: table is gone
int(4)
int(5)
passed: the booking is gone
exit ended
