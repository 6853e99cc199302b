<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

/** Accounts for every number. What has to be empty or zero is in faults(). */
final class Account
{
	/** @var array<string, array{committed: int, arrived: int, reconciled: int, lost: list<int>, phantom: list<int>, twice: list<int>}> */
	public array $types = [];
	public int $undone = 0;

	/** @var array<string, int> what KiviCare lost by itself, when its connection was lost and silently reopened */
	public array $own = [];

	/** @var list<string> what is known about what is missing or too many */
	public array $evidence = [];
	public int $settled = 0;
	public int $logged = 0;

	/** @var array<string, int> results without a row in the log, by cause */
	public array $notLogged = [];

	/** @var list<string> */
	private array $strangers = [];

	/** @var array<string, int> */
	public array $states = [];
	private int $answeredNotCommitted = 0;

	/** @param array<string, int> $webhooks path => webhook @param list<array<string, mixed>> $answers of the desks */
	public function __construct(
		private \mysqli $link,
		private string $prefix,
		public Truth $truth,
		public Requests $requests,
		private History $history,
		private Diary $diary,
		public Doubles $doubles,
		private array $webhooks,
		private array $typesOf,
		private array $answers,
		private array $reopened
	) {
		$this->arrivals();
		$this->eachMessage();
		$this->log();
		foreach ($link->query("SELECT state, COUNT(*) AS count FROM {$prefix}kivihook_deliveries GROUP BY state") as $row) {
			$this->states[$row['state']] = (int) $row['count'];
		}
		$this->bookings();
	}

	/** Against what the desks were told, and what they wanted undone. */
	private function bookings(): void
	{
		$bookings = Truth::bookings($this->link, $this->prefix);
		$own = static fn (array $statements, string $word): bool => preg_grep("/^$word/i", $statements) !== [];
		foreach ($bookings as $id => ['n' => $n, 'kind' => $kind]) {
			// Its INSERT went to a new connection, outside the transaction that was lost; the desk was told that it failed.
			$alone = isset($this->reopened[$n]) && !$own($this->reopened[$n], 'COMMIT');
			$this->undone += (int) ($kind !== 'book' && !$alone);
			foreach ($this->types as $name => $type) {
				if ($alone && str_starts_with($name, 'appointment.booked') && in_array($id, $type['lost'], true)) {
					$this->types[$name]['lost'] = array_values(array_diff($type['lost'], [$id]));
					$this->own["$name: written outside its transaction"] = ($this->own["$name: written outside its transaction"] ?? 0) + 1;
				}
			}
		}
		foreach ($this->answers as $answer) {
			if ($answer['kind'] === 'book' && $answer['id'] !== null && ($bookings[$answer['id']]['n'] ?? -1) !== $answer['n']) {
				// Its COMMIT went to a new connection, and what had been written was gone with the old one.
				$isOwn = isset($this->reopened[$answer['n']]);
				$isOwn ? $this->own['answered as booked and not there'] = ($this->own['answered as booked and not there'] ?? 0) + 1
					: $this->answeredNotCommitted++;
			}
		}
		$this->evidence($bookings);
	}

	/** @param array<int, array{n: int, kind: string}> $bookings */
	private function evidence(array $bookings): void
	{
		foreach ($this->types as $name => $type) {
			$which = explode(' ', $name)[0];
			foreach (array_slice([...$type['lost'], ...$type['phantom'], ...$type['twice']], 0, 10) as $id) {
				$events = $this->link->query("SELECT sequence, id, type, created_at, webhooks, routed FROM {$this->prefix}kivihook_events"
					. " WHERE record_id = $id AND type = '$which'")->fetch_all(MYSQLI_ASSOC);
				$said = array_filter($this->answers, static fn (array $answer): bool => $answer['id'] === $id
					|| $answer['n'] === ($bookings[$id]['n'] ?? -1));
				$this->evidence[] = "$name $id: " . json_encode(['booking' => $bookings[$id] ?? null, 'events' => $events,
					'answers' => array_values($said), 'reopened' => $this->reopened[$bookings[$id]['n'] ?? -1] ?? []]);
			}
		}
	}

	/** Committed and received, per type and endpoint. */
	private function arrivals(): void
	{
		$arrived = $events = $reconciled = [];
		foreach ($this->requests->messages as $message) {
			$events[$message['type']][$message['record']][$message['event']] = true;
			if ($message['by'] === 'reconciler') {
				$reconciled[$message['type']][$message['path']][$message['record']] = true;
			}
			foreach ($message['times'] as $time) {
				if (in_array($time['fate'], Requests::TAKEN, true)) {
					$arrived[$message['type']][$message['path']][$message['record']] = true;
				}
			}
		}
		foreach ($this->typesOf as $path => $types) {
			foreach ($types as $type) {
				$committed = $this->truth->records[$type] ?? [];
				$there = array_keys($arrived[$type][$path] ?? []);
				$this->types["$type $path"] = [
					'committed' => count($committed), 'arrived' => count($there),
					'reconciled' => count($reconciled[$type][$path] ?? []),
					'lost' => array_values(array_diff($committed, $there)),
					'phantom' => array_values(array_diff($there, $committed)),
					'twice' => array_keys(array_filter($events[$type] ?? [], static fn (array $ids): bool => count($ids) > 1)),
				];
			}
		}
	}

	private function eachMessage(): void
	{
		$deliveries = [];
		$sql = "SELECT d.id, d.webhook, e.id AS event FROM {$this->prefix}kivihook_deliveries d"
			. " JOIN {$this->prefix}kivihook_events e ON e.sequence = d.event";
		foreach ($this->link->query($sql, MYSQLI_USE_RESULT) as $row) {
			$deliveries["{$row['event']}_{$row['webhook']}"] = (int) $row['id'];
		}
		foreach ($this->requests->messages as $id => $message) {
			if (!isset($deliveries[$id])) {
				$this->strangers[] = "message $id has no delivery";
				continue;
			}
			if ($id !== "{$message['event']}_{$this->webhooks[$message['path']]}") {
				$this->strangers[] = "message $id came to {$message['path']} with event {$message['event']}";
			}
			$this->doubles->look($id, $deliveries[$id], $message['times']);
		}
	}

	/** Every committed result has its row, but where the log could not be written. */
	private function log(): void
	{
		$logged = [];
		foreach ($this->link->query("SELECT delivery, number FROM {$this->prefix}kivihook_attempts", MYSQLI_USE_RESULT) as $row) {
			$logged["{$row['delivery']} {$row['number']}"] = true;
		}
		foreach ($this->history->results() as [$delivery, $attempt, $at, $owner, $state]) {
			$this->settled++;
			if (isset($logged["$delivery $attempt"])) {
				$this->logged++;
				continue;
			}
			// States come first, the log after them: what happens to the sender in between costs the row.
			$cause = match (true) {
				Diary::touches($this->diary->unwritable, $at - 500, $at + 2000) => 'the log was unwritable',
				Diary::touches($this->diary->outages, $at - 500, $at + 5000) => 'the database was killed',
				$this->diary->killedBetween(Leases::pid($owner), $at - 500, $at + 5000) => 'the sender was killed',
				// Given up after three dead workers: by whom, the history does not tell.
				$state === 'failed' && $this->diary->anyKilledBetween($at - 100, $at + 2000) => 'who gave it up was killed',
				default => Doubles::NONE,
			};
			$this->notLogged[$cause] = ($this->notLogged[$cause] ?? 0) + 1;
			if ($cause === Doubles::NONE) {
				$kills = array_map(static fn (float $kill): int => (int) ($kill - $at), $this->diary->killed[Leases::pid($owner)] ?? []);
				$this->evidence[] = "no log row: delivery $delivery, attempt $attempt, $state by $owner, which was killed " . json_encode($kills) . ' ms later';
			}
		}
	}

	/** @return list<string> */
	public function faults(): array
	{
		$faults = [];
		foreach ($this->types as $name => $type) {
			foreach (['lost', 'phantom', 'twice'] as $what) {
				if ($type[$what] !== []) {
					$faults[] = "$name: $what: " . implode(', ', array_slice($type[$what], 0, 20));
				}
			}
		}
		array_push($faults, ...array_slice($this->strangers, 0, 5), ...array_slice($this->requests->contradictions, 0, 5));
		foreach (array_slice($this->doubles->unexplained, 0, 5) as $one) {
			$faults[] = "a double without a cause: $one";
		}
		$numbers = ['signatures that do not verify' => $this->requests->badlySigned,
			'bookings that were rolled back or left open and are there' => $this->undone,
			'bookings that were answered and are not there' => $this->answeredNotCommitted,
			'results without a row in the log, for no known cause' => $this->notLogged[Doubles::NONE] ?? 0,
			'deliveries that have not ended' => ($this->states['pending'] ?? 0) + ($this->states['leased'] ?? 0)];
		foreach ($numbers as $what => $count) {
			if ($count > 0) {
				$faults[] = "$count $what";
			}
		}
		return $faults;
	}
}
