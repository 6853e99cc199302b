<?php

/** Makes the tables of bench/engine from its measurements: "scheme rival {json}" a line. Arguments: sends, in flight, rounds. */

declare(strict_types=1);

[, $sends, $inFlight, $rounds] = $argv;
/** @var array<string, array<string, array<int, array{rate: float, cpu: float}>>> */
$results = [];
while (($line = fgets(STDIN)) !== false) {
	[$scheme, $rival, $json] = explode(' ', $line, 3);
	$one = json_decode($json, true, 4, JSON_THROW_ON_ERROR);
	$results[$scheme][$rival][] = ['rate' => $one['sends'] / $one['seconds'], 'cpu' => 1e6 * $one['cpu'] / $one['sends']];
}

/** @param float[] $values */
function median(array $values): float
{
	sort($values);
	$middle = intdiv(count($values), 2);
	return count($values) % 2 === 1 ? $values[$middle] : ($values[$middle - 1] + $values[$middle]) / 2;
}

/** The median of what the engine reaches beside the rival of the same round, and its lowest and highest. */
function ratio(array $of, string $rival, string $figure): array
{
	$ratios = array_map(static fn (array $ours, array $theirs): float => $ours[$figure] / $theirs[$figure], $of['engine'], $of[$rival]);
	return [median($ratios), min($ratios), max($ratios)];
}

$names = [
	'engine' => 'engine', 'signed' => 'C on curl multi, headers and HMAC too', 'bare' => 'C on curl multi, bare',
	'wp' => '`wp_remote_post()`', 'wp-one' => '`wp_remote_post()`, one authority alone',
];
$targets = [
	'https' => ['signed' => 0.8, 'wp' => 40.0], 'http' => ['signed' => 0.7, 'wp' => 8.0],
];
echo "$sends sends of 900 bytes, $inFlight in flight, medians of $rounds rounds.\n\n";
echo "| | sends/s over HTTPS | CPU µs each | sends/s over HTTP | CPU µs each |\n|---|---|---|---|---|\n";
foreach ($names as $rival => $name) {
	echo "| $name |";
	foreach (['https', 'http'] as $scheme) {
		$runs = $results[$scheme][$rival] ?? [];
		echo $runs ? sprintf(' %s | %.0f |', number_format(median(array_column($runs, 'rate'))), median(array_column($runs, 'cpu'))) : ' – | – |';
	}
	echo "\n";
}
echo "\n| engine against | over | ratio (lowest to highest round) | to reach | |\n|---|---|---|---|---|\n";
$missed = 0;
foreach ($targets as $scheme => $wanted) {
	if (!isset($results[$scheme])) {
		continue;
	}
	foreach (['signed', 'bare', 'wp', 'wp-one'] as $rival) {
		if (!isset($results[$scheme][$rival])) {
			continue;
		}
		[$middle, $least, $most] = ratio($results[$scheme], $rival, 'rate');
		$target = $wanted[$rival] ?? null;
		$reached = $target === null || $middle >= $target;
		$missed += (int) !$reached;
		printf("| %s | %s | %.2f × (%.2f to %.2f) | %s | %s |\n", $names[$rival], strtoupper($scheme), $middle, $least, $most,
			$target === null ? '' : "≥ $target ×", $target === null ? '' : ($reached ? 'reached' : 'MISSED'));
	}
	[$middle, $least, $most] = ratio($results[$scheme], 'signed', 'cpu');
	$missed += (int) ($middle > 1.4);
	printf("| CPU, %s | %s | %.2f × (%.2f to %.2f) | ≤ 1.4 × | %s |\n", $names['signed'], strtoupper($scheme), $middle, $least, $most,
		$middle <= 1.4 ? 'reached' : 'MISSED');
}
exit($missed > 0 ? 1 : 0);
