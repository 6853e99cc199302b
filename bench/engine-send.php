<?php

/**
 * One measurement of bench/engine: the engine sends what a store on arrays gives it. Not run by hand.
 *
 * Arguments: URL, sends, in flight, file with the event's data (JSON). Prints one line of JSON as the rival does.
 */

declare(strict_types=1);

/** The queue without a database: everything is due, an outcome is counted and forgotten. */
final class DueStore implements KiviHook\Store
{
	public int $succeeded = 0;
	private int $given = 0;

	/**
	 * @param array<string, mixed> $event
	 * @param array<string, mixed> $webhook
	 */
	public function __construct(private int $sends, private array $event, private array $webhook)
	{
	}

	public function webhooksFor(string $type): array
	{
		return [];
	}

	public function append(array $event, array $deliveries): void
	{
	}

	public function lease(KiviHook\Demand $demand): array
	{
		$rows = [];
		while (count($rows) < $demand->limit && $this->given < $this->sends) {
			$id = ++$this->given;
			$rows[] = [
				'id' => $id, 'lease' => 'lease', 'message_id' => "{$this->event['id']}_$id", 'attempt' => 1, 'resend' => false,
				'remaining_ms' => 400_000, 'event' => $this->event, 'webhook' => $this->webhook,
			];
		}
		return $rows;
	}

	public function release(string $owner, array $ids): void
	{
		throw new LogicException('Nothing has to be given back here.');
	}

	public function settle(string $owner, array $outcomes): array
	{
		foreach ($outcomes as $outcome) {
			$this->succeeded += (int) ($outcome['state'] === 'succeeded');
		}
		return [];
	}

	public function token(string $key, ?array $replace, ?string $expected): ?array
	{
		return null;
	}
}

[, $url, $sends, $file] = $argv;
$vault = new KiviHook\Vault(['k1' => str_repeat('k', 32)]);
$secrets = ['signing_secrets' => ['whsec_' . base64_encode('0123456789abcdef0123456789abcdef')]];
$webhook = [
	'id' => 1, 'version' => 1, 'method' => 'POST', 'url' => $url, 'headers' => [], 'query' => [],
	'content_type' => 'application/json', 'body' => '', 'auth' => ['method' => 'none'],
	'sealed' => $vault->seal((string) json_encode($secrets), 'bench'), 'sealed_context' => 'bench',
];
$event = [
	'id' => '019abcde-0000-7000-8000-000000000000', 'type' => 'appointment.booked',
	'timestamp' => '2026-11-23T09:15:00.123Z', 'data' => (string) file_get_contents($file),
];
$store = new DueStore((int) $sends, $event, $webhook);
$engine = new KiviHook\Engine($store, ['vault' => $vault]);
$cpu = static function (): float {
	$usage = getrusage();
	return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
};
$before = $cpu();
$began = hrtime(true);
$engine->run(600);
$took = (hrtime(true) - $began) / 1e9;
if ($store->succeeded !== (int) $sends) {
	fwrite(STDERR, "engine-send: {$store->succeeded} of $sends were answered\n");
	exit(1);
}
printf("{\"sends\": %d, \"seconds\": %.6f, \"cpu\": %.6f}\n", $sends, $took, $cpu() - $before);
