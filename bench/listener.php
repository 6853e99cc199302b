<?php

/**
 * What a hook costs while nobody subscribed to its event: our listener against the cheapest PHP that could stand there.
 *
 * Usage: php -d extension=.build/ext/modules/kivihook.so bench/listener.php [calls]
 *
 * Both are called as WP_Hook calls them (call_user_func_array), in turns, so that a busy machine hurts both alike.
 * Prints the median ns per call of each, and their ratio.
 */

declare(strict_types=1);

$calls = (int) ($argv[1] ?? 200_000);
$store = new class implements KiviHook\Store {
	public function webhooksFor(string $type): array
	{
		return [];
	}
	public function append(array $event, array $deliveries): void
	{
	}
	public function lease(KiviHook\Demand $demand): array
	{
		return [];
	}
	public function release(string $owner, array $ids): void
	{
	}
	public function settle(string $owner, array $outcomes): array
	{
		return [];
	}
	public function token(string $key, ?array $replace, ?string $expected): ?array
	{
		return null;
	}
};
$engine = new KiviHook\Engine($store, ['types' => ['patient.registered']]);
$subscribed = ['patient.registered' => true];
$candidates = [
	'KiviHook\Listener' => $engine->listener('appointment.booked', static fn (): ?array => null),
	'PHP closure with an isset()' => static function (mixed ...$args) use ($subscribed): mixed {
		return isset($subscribed['appointment.booked']) ? null : ($args[0] ?? null);
	},
];
$arguments = [12, ['status' => 1], new stdClass()];
$times = array_fill_keys(array_keys($candidates), []);
for ($round = 0; $round < 15; $round++) {
	foreach ($candidates as $name => $candidate) {
		$start = hrtime(true);
		for ($i = 0; $i < $calls; $i++) {
			call_user_func_array($candidate, $arguments);
		}
		$times[$name][] = (hrtime(true) - $start) / $calls;
	}
}
foreach ($times as $name => $list) {
	sort($list);
	$median[] = $list[intdiv(count($list), 2)];
	printf("%-30s %6.1f ns per call\n", $name, end($median));
}
printf("ratio (ours / rival)           %6.2f\n", $median[0] / $median[1]);
