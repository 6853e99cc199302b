<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/**
 * Every change of a delivery that was committed, kept by a trigger of the ledger's own, so that it stands and falls with
 * the change. What a process did and could not commit is exactly what is missing here.
 */
final class History
{
	/** @var array<int, list<array{at: float, old: string, new: string, attempt: int, was: int, owner: string}>> */
	private array $of = [];

	public static function keep(Node $node, string $prefix): void
	{
		$link = $node->database();
		$link->query('CREATE TABLE ledger_history (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, delivery BIGINT NOT NULL,'
			. ' was SMALLINT NOT NULL, attempt SMALLINT NOT NULL, old VARCHAR(10) NOT NULL, new VARCHAR(10) NOT NULL,'
			. ' owner VARCHAR(64) NOT NULL, at DATETIME(3) NOT NULL) ENGINE=InnoDB CHARACTER SET ascii');
		$link->query("CREATE TRIGGER ledger_history AFTER UPDATE ON {$prefix}kivihook_deliveries FOR EACH ROW"
			. " INSERT INTO ledger_history (delivery, was, attempt, old, new, owner, at) VALUES (NEW.id, OLD.attempt,"
			. " NEW.attempt, OLD.state, NEW.state, COALESCE(NEW.owner, OLD.owner, ''), UTC_TIMESTAMP(3))");
		$link->close();
	}

	public function __construct(\mysqli $link)
	{
		$rows = $link->query('SELECT *, UNIX_TIMESTAMP(at) * 1000 AS ms FROM ledger_history ORDER BY id', MYSQLI_USE_RESULT);
		foreach ($rows as $row) {
			$this->of[(int) $row['delivery']][] = ['at' => (float) $row['ms'], 'old' => $row['old'], 'new' => $row['new'],
				'attempt' => (int) $row['attempt'], 'was' => (int) $row['was'], 'owner' => $row['owner']];
		}
		// On a cluster the numbers of rows do not follow time.
		foreach ($this->of as &$changes) {
			usort($changes, static fn (array $a, array $b): int => $a['at'] <=> $b['at']);
		}
	}

	/**
	 * The lease under which a request was sent, and how it ended: state is what was committed for it, 'none' if another
	 * lease followed, or nothing.
	 *
	 * @return array{owner: string, since: float, until: float, state: string}|null
	 */
	public function lease(int $delivery, float $at): ?array
	{
		$found = null;
		foreach ($this->of[$delivery] ?? [] as $change) {
			if ($found !== null && $found['state'] === '') {
				// What moves the end of a lease (leased to leased, same attempt) ends nothing.
				if ($change['new'] === 'leased' && $change['attempt'] === $found['attempt']) {
					continue;
				}
				$found['state'] = $change['new'] === 'leased' ? 'none' : ($change['attempt'] < $change['was'] ? 'released' : $change['new']);
				$found['until'] = $change['at'];
			}
			if ($change['new'] === 'leased' && ($found === null || $change['attempt'] !== $found['attempt'] || $change['old'] !== 'leased')) {
				if ($change['at'] > $at + 5) {
					break;
				}
				$found = ['owner' => $change['owner'], 'since' => $change['at'], 'until' => INF, 'state' => '',
					'attempt' => $change['attempt']];
			}
		}
		if ($found !== null && $found['state'] === '') {
			$found['state'] = 'none';
		}
		return $found;
	}

	/** @return list<array{float, string}> of each lease: since when, whose */
	public function leases(int $delivery): array
	{
		$leases = [];
		foreach ($this->of[$delivery] ?? [] as $change) {
			if ($change['new'] === 'leased' && ($change['old'] !== 'leased' || $change['attempt'] !== $change['was'])) {
				$leases[] = [$change['at'], $change['owner']];
			}
		}
		return $leases;
	}

	/**
	 * Every result that was committed: delivery, attempt, when, whose lease it was, and the state.
	 *
	 * @return iterable<array{int, int, float, string, string}>
	 */
	public function results(): iterable
	{
		foreach ($this->of as $delivery => $changes) {
			foreach ($changes as $change) {
				if ($change['old'] === 'leased' && $change['attempt'] === $change['was']
					&& in_array($change['new'], ['succeeded', 'pending', 'failed'], true)) {
					yield [$delivery, $change['attempt'], $change['at'], $change['owner'], $change['new']];
				}
			}
		}
	}
}
