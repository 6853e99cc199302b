<?php

/**
 * What it costs to find out which webhooks an event is for: their conditions in C, against the same rules in plain PHP.
 *
 * Usage: php -d extension=.build/ext/modules/kivihook.so bench/conditions.php [webhooks] [rounds]
 *
 *   webhooks  with three rules each, of which the last decides: none gets the event (100)
 *   rounds    200
 *
 * The rival knows no operators but the three that are asked for, no digits beyond a float's, no bounds and no variables
 * that are kept back. Both take turns, so that a busy machine hurts both alike. Prints the median µs of each for all
 * webhooks (with us that is a whole emit(), its JSON and id included), and their ratio.
 */

declare(strict_types=1);

$webhooks = (int) ($argv[1] ?? 100);
$rounds = (int) ($argv[2] ?? 200);
$rules = static fn (int $webhook): array => [
	['field' => 'clinic_id', 'operator' => 'in', 'value' => [1, 3]],
	['field' => 'bill_actual_amount', 'operator' => 'gte', 'value' => 100],
	['field' => 'bill_items.name', 'operator' => 'contains', 'value' => "nothing $webhook"],
];
$data = ['clinic_id' => 1, 'bill_actual_amount' => '120.00', 'bill_items' => [
	['name' => 'General consultation', 'quantity' => 1], ['name' => 'Blood test', 'quantity' => 2],
]];
for ($i = 0; $i < 30; $i++) {
	$data["patient_variable_$i"] = "A value as long as most are $i";
}
$rows = [];
for ($id = 1; $id <= $webhooks; $id++) {
	$rows[] = ['id' => $id, 'conditions' => ['match' => 'all', 'rules' => $rules($id)]];
}

$store = new class($rows) implements KiviHook\Store {
	public int $kept = 0;
	public function __construct(private array $rows)
	{
	}
	public function webhooksFor(string $type): array
	{
		return $this->rows;
	}
	public function append(array $event, array $deliveries): void
	{
		$this->kept++;
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

/** All values at a path: a list on it stands for each of its elements. */
function values(mixed $value, array $path): array
{
	if (is_array($value) && array_is_list($value)) {
		return array_merge(...array_map(static fn (mixed $one): array => values($one, $path), $value));
	}
	if ($path === []) {
		return [$value];
	}
	$name = array_shift($path);
	return is_array($value) && isset($value[$name]) ? values($value[$name], $path) : [];
}

function matches(array $rules, array $data): bool
{
	foreach ($rules as $rule) {
		$fits = false;
		foreach (values($data, explode('.', $rule['field'])) as $value) {
			$fits = $fits || match ($rule['operator']) {
				'in' => in_array($value, $rule['value'], true),
				'gte' => is_numeric($value) && $value >= $rule['value'],
				'contains' => is_string($value) && mb_stripos($value, $rule['value']) !== false,
			};
		}
		if (!$fits) {
			return false;
		}
	}
	return true;
}

$engine = new KiviHook\Engine($store, ['types' => ['bill.paid']]);
$none = new KiviHook\Engine(new (get_class($store))([]), ['types' => ['bill.paid']]);
$times = ['C' => [], 'of it without webhooks' => [], 'PHP' => []];
for ($round = 0; $round < $rounds; $round++) {
	$start = hrtime(true);
	$engine->emit('bill.paid', $data);
	$times['C'][] = hrtime(true) - $start;
	$start = hrtime(true);
	$none->emit('bill.paid', $data);
	$times['of it without webhooks'][] = hrtime(true) - $start;
	$start = hrtime(true);
	$found = 0;
	foreach ($rows as $row) {
		$found += matches($row['conditions']['rules'], $data) ? 1 : 0;
	}
	$times['PHP'][] = hrtime(true) - $start;
	if ($found !== 0 || $store->kept !== 0) {
		fwrite(STDERR, "they don't mean the same\n");
		exit(1);
	}
}
foreach ($times as $name => $list) {
	sort($list);
	$median[$name] = $list[intdiv(count($list), 2)] / 1000;
	printf("%-24s %8.1f µs\n", $name, $median[$name]);
}
printf("PHP / C: %.2f for %d webhooks with 3 rules each\n", $median['PHP'] / $median['C'], $webhooks);
