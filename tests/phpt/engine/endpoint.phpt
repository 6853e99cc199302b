--TEST--
What is known of an endpoint decides: open, probe, wait, closed; and how long it may be waited for
--EXTENSIONS--
kivihook
--FILE--
<?php
use KiviHook\Endpoint;

$minute = fn (int $begin, int $total, int $failures) => ['begin_ms' => $begin, 'total' => $total, 'failures' => $failures];
$now = 1_000_000_000_000;

echo "closed: ", json_encode(Endpoint::ask([], $now, 90_000)), "\n";
echo "too few: ", json_encode(Endpoint::watch([], [$minute($now - 60_000, 9, 9)], $now)), "\n";
echo "too good: ", json_encode(Endpoint::watch([], [$minute($now - 60_000, 10, 6)], $now)), "\n";
echo "too old: ", json_encode(Endpoint::watch([], [$minute($now - 400_000, 50, 50)], $now)), "\n";
$open = Endpoint::watch([], [$minute($now - 60_000, 5, 4), $minute($now, 5, 3), 'nonsense', []], $now);
echo "open: ", json_encode($open), "\n";
$asked = Endpoint::ask($open, $now + 10_000, 90_000);
echo "early: ", $asked['pass'], ' ', $asked['wait_ms'], "\n";
$asked = Endpoint::ask($open, $now + 30_000, 90_000);
echo "probe: ", json_encode($asked), "\n";
$half = $asked['breaker'];
echo "second: ", json_encode(array_slice(Endpoint::ask($half, $now + 40_000, 90_000), 0, 2)), "\n";
echo "closed by it: ", json_encode(Endpoint::probed($half, 1, $now + 41_000)), "\n";
echo "longer: ", json_encode(Endpoint::probed($half, -1, $now + 41_000)), "\n";
echo "given back: ", json_encode(Endpoint::probed($half, 0, $now + 41_000)), "\n";
echo "not half-open: ", json_encode(Endpoint::probed($open, 1, $now)), "\n";

echo Endpoint::inlineTimeoutMs([], 30_000), ' ', Endpoint::inlineTimeoutMs(array_fill(0, 20, 100_000), 30_000), ' ',
	Endpoint::inlineTimeoutMs(array_fill(0, 20, 100_000), 300), ' ', Endpoint::inlineTimeoutMs(array_fill(0, 200, 4_000_000), 30_000), "\n";
try {
	new Endpoint();
} catch (Error $error) {
	echo $error->getMessage(), "\n";
}
?>
--EXPECT--
closed: {"pass":"send","wait_ms":0,"breaker":{"state":0,"since_ms":0,"probe_at_ms":0,"trips":0}}
too few: null
too good: null
too old: null
open: {"state":1,"since_ms":1000000000000,"probe_at_ms":1000000030000,"trips":1}
early: wait 20000
probe: {"pass":"probe","wait_ms":0,"breaker":{"state":2,"since_ms":1000000030000,"probe_at_ms":1000000120000,"trips":1}}
second: {"pass":"wait","wait_ms":80000}
closed by it: {"state":0,"since_ms":1000000041000,"probe_at_ms":0,"trips":0}
longer: {"state":1,"since_ms":1000000041000,"probe_at_ms":1000000101000,"trips":2}
given back: {"state":1,"since_ms":1000000041000,"probe_at_ms":1000000041000,"trips":1}
not half-open: null
2000 500 300 0
Call to private KiviHook\Endpoint::__construct() from global scope
