--TEST--
The vault seals, opens with any of its keys, and binds the context
--EXTENSIONS--
kivihook
--FILE--
<?php
$old = str_repeat('o', 32);
$new = str_repeat('n', 32);
$sealed = (new KiviHook\Vault(['old' => $old]))->seal("secret \0 text", 'site|webhooks|7|secrets');
var_dump(preg_match('/^kh1:old:[A-Za-z0-9_-]+$/', $sealed));
$vault = new KiviHook\Vault(['new' => $new, 'old' => $old]);
var_dump($vault->open($sealed, 'site|webhooks|7|secrets') === "secret \0 text");
var_dump(strncmp($vault->seal('x', 'c'), 'kh1:new:', 8), $vault->seal('x', 'c') === $vault->seal('x', 'c'));
var_dump($vault->open($vault->seal('', 'c'), 'c'));

$flipped = $sealed;
$flipped[20] = $flipped[20] === 'A' ? 'B' : 'A';
foreach ([[$vault, $sealed, 'site|webhooks|8|secrets'], [$vault, $flipped, 'site|webhooks|7|secrets'],
	[new KiviHook\Vault(['new' => $new]), $sealed, 'site|webhooks|7|secrets'], [$vault, 'plain', 'c'], [$vault, 'kh1:old:AA', 'c']] as [$v, $text, $context]) {
	try {
		$v->open($text, $context);
		echo "OPENED\n";
	} catch (KiviHook\SealedException $e) {
		echo "sealed\n";
	}
}
foreach ([[], ['k' => 'short'], ['bad id!' => $old], ['k' => 5]] as $keys) {
	try {
		new KiviHook\Vault($keys);
		echo "MADE\n";
	} catch (KiviHook\InvalidException $e) {
		echo get_class($e), "\n";
	}
}
?>
--EXPECT--
int(1)
bool(true)
int(0)
bool(false)
string(0) ""
sealed
sealed
sealed
sealed
sealed
KiviHook\InvalidException
KiviHook\InvalidException
KiviHook\InvalidException
KiviHook\InvalidException
