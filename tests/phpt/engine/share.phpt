--TEST--
A webhook whose endpoint hangs takes at most half of the slots, and the others go on
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
kivihook.max_in_flight=16
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$store = new ArrayStore();
$store->subscribe(webhook("{$receiver->url}/hang/20"), 'dead');
$store->subscribe(['id' => 2] + webhook("{$receiver->url}/ok"), 'quick');
$engine = new KiviHook\Engine($store);
for ($i = 0; $i < 40; $i++) {
	$engine->emit('dead', []);
}
for ($i = 0; $i < 60; $i++) {
	$engine->emit('quick', []);
}
$first = $most = 0;
$store->before['lease'] = static function (KiviHook\Demand $demand) use (&$first, &$most): void {
	$first = $first ?: $demand->limit;
	// Of the dead one nothing is leased ahead: it has never answered.
	$most = max($most, $demand->capacity[1] ?? 0);
};
$engine->run(3, 0, ['wait' => true, 'grace_ms' => 100]);
$states = [];
foreach ($store->outcomes as $outcome) {
	$states[$outcome['webhook']][$outcome['state']] = ($states[$outcome['webhook']][$outcome['state']] ?? 0) + 1;
}
echo 'quick: ', $states[2]['succeeded'] ?? 0, "\n";
$dead = $states[1]['pending'] ?? 0;
echo 'dead: ', $dead >= 1 && $dead <= 8 ? 'at most half' : $dead, "\n";
echo 'asked for at first: ', $first <= 8 ? 'at most half' : $first, "\n";
echo 'asked of the dead one: ', $most <= 8 ? 'at most half' : $most, "\n";
?>
--EXPECT--
quick: 60
dead: at most half
asked for at first: at most half
asked of the dead one: at most half
