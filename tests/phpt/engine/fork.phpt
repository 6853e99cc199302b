--TEST--
After a fork the child sends over connections of its own and leaves the parent's alone
--EXTENSIONS--
kivihook
pcntl
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

function send(KiviHook\Engine $engine, int $number): void
{
	$engine->emit('a', ['number' => $number]);
	$engine->flush(5000);
}
send($engine, 1);
$pid = pcntl_fork();
if ($pid === 0) {
	send($engine, 2);
	pcntl_exec('/bin/true'); // ends the child without running the test's destructors twice
}
pcntl_waitpid($pid, $status);
send($engine, 3);
$connections = [];
foreach ($receiver->requests(3) as $request) {
	$connections[json_decode($request['body'], true)['data']['number']] = $request['connection'];
}
var_dump($connections[1] === $connections[3], $connections[1] === $connections[2]);
?>
--EXPECT--
bool(true)
bool(false)
