--TEST--
Beside an extension that uses jansson, and beside ext/curl, in either order: each gets its own library's functions
--EXTENSIONS--
kivihook
--SKIPIF--
<?php
if (trim((string) shell_exec('pkg-config --exists jansson && command -v cc')) === '') {
	die('skip ANOTHER EXTENSION BESIDE OURS IS NOT TESTED: cc or jansson is missing (as root: apt-get install gcc libjansson-dev)');
}
?>
--FILE--
<?php
$ours = '';
foreach (explode("\n", (string) file_get_contents('/proc/self/maps')) as $line) {
	$ours = preg_match('~ (/\S*/kivihook\.so)$~', $line, $found) ? $found[1] : $ours;
}
$config = getenv('PHP_CONFIG') ?: 'php-config';
$beside = sys_get_temp_dir() . '/beside-' . bin2hex(random_bytes(6)) . '.so';
// Without what the machine preloads for us: a sanitizer's library is of no use to the compiler.
$build = 'LD_PRELOAD= cc -shared -fPIC -fvisibility=hidden $(' . escapeshellarg($config) . ' --includes) $(pkg-config --cflags jansson) -DZEND_COMPILE_DL_EXT=1 -o '
	. escapeshellarg($beside) . ' ' . escapeshellarg(__DIR__ . '/beside.c') . ' $(pkg-config --libs jansson) 2>&1';
echo trim((string) shell_exec($build));
$curl = is_file(ini_get('extension_dir') . '/curl.so') ? ['curl'] : [];
foreach ([[$beside, ...$curl, $ours], [$ours, ...$curl, $beside], [...$curl, $ours, $beside]] as $order) {
	$options = implode(' ', array_map(static fn (string $one): string => '-d ' . escapeshellarg("extension=$one"), $order));
	echo shell_exec(escapeshellarg(PHP_BINARY) . " -n $options -d kivihook.allow_networks=127.0.0.0/8 " . escapeshellarg(__DIR__ . '/work.inc') . ' 2>&1'), "\n";
}
unlink($beside);
?>
--EXPECT--
{"a":1,"b":[1,{"c":null}],"size":2}
{"a":2,"b":[1,{"c":null}],"size":2}
{"a":3,"b":[1,{"c":null}],"size":2}
{"a": 1, "list": [{"x":1.5},"y"]}
{"a": 2, "list": [{"x":1.5},"y"]}
{"a": 3, "list": [{"x":1.5},"y"]}

{"a":1,"b":[1,{"c":null}],"size":2}
{"a":2,"b":[1,{"c":null}],"size":2}
{"a":3,"b":[1,{"c":null}],"size":2}
{"a": 1, "list": [{"x":1.5},"y"]}
{"a": 2, "list": [{"x":1.5},"y"]}
{"a": 3, "list": [{"x":1.5},"y"]}

{"a":1,"b":[1,{"c":null}],"size":2}
{"a":2,"b":[1,{"c":null}],"size":2}
{"a":3,"b":[1,{"c":null}],"size":2}
{"a": 1, "list": [{"x":1.5},"y"]}
{"a": 2, "list": [{"x":1.5},"y"]}
{"a": 3, "list": [{"x":1.5},"y"]}
