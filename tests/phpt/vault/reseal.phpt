--TEST--
Resealing brings a value to the first key, and leaves alone what has it
--EXTENSIONS--
kivihook
--FILE--
<?php
$old = str_repeat('o', 32);
$new = str_repeat('n', 32);
$sealed = (new KiviHook\Vault(['old' => $old]))->seal('text', 'site|webhooks|7|secrets');
$vault = new KiviHook\Vault(['new' => $new, 'old' => $old]);
$again = $vault->reseal($sealed, 'site|webhooks|7|secrets');
var_dump(strncmp($again, 'kh1:new:', 8), (new KiviHook\Vault(['new' => $new]))->open($again, 'site|webhooks|7|secrets'));
var_dump($vault->reseal($again, 'site|webhooks|7|secrets') === $again);
foreach ([[$sealed, 'site|webhooks|8|secrets'], [$again, 'site|webhooks|8|secrets'], ['kh1:lost:AAAA', 'c'], ['', 'c']] as [$text, $context]) {
	try {
		$vault->reseal($text, $context);
		echo "RESEALED\n";
	} catch (KiviHook\SealedException $e) {
		echo "sealed\n";
	}
}
?>
--EXPECT--
int(0)
string(4) "text"
bool(true)
sealed
sealed
sealed
sealed
