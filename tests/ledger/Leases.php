<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/** Leases end by themselves, after a minute and the webhook's time limit. Who has no minute brings their end forward. */
final class Leases
{
	/**
	 * @param callable(int): bool $whose of the owner's process id
	 * @param int $older in seconds: and of everybody, those that are older than any request can be
	 */
	public static function end(Node $node, string $prefix, callable $whose, int $older = 0): void
	{
		try {
			$link = $node->database();
			$ids = [];
			foreach ($link->query("SELECT id, owner, updated_at < UTC_TIMESTAMP(3) - INTERVAL $older SECOND AS old"
				. " FROM {$prefix}kivihook_deliveries WHERE state = 'leased'") as $row) {
				if (($older > 0 && $row['old']) || $whose(self::pid((string) $row['owner']))) {
					$ids[] = (int) $row['id'];
				}
			}
			sort($ids);
			if ($ids !== []) {
				$link->query("UPDATE {$prefix}kivihook_deliveries FORCE INDEX (PRIMARY) SET due_at = UTC_TIMESTAMP(3)"
					. " WHERE id IN (" . implode(',', $ids) . ") AND state = 'leased'");
			}
			$link->close();
		} catch (\mysqli_sql_exception) {
			return; // A server that is away just now: whoever needs it asks again, or the lease ends by itself.
		}
	}

	/** An owner is HOST:PID:RANDOM. */
	public static function pid(string $owner): int
	{
		$parts = explode(':', $owner);
		return (int) ($parts[count($parts) - 2] ?? 0);
	}
}
