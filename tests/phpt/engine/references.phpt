--TEST--
Rows that a store leased are taken as references too, as a foreach by reference leaves them
--EXTENSIONS--
kivihook
--INI--
kivihook.allow_networks=127.0.0.0/8
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';
require __DIR__ . '/../inc/receiver.inc';
$receiver = new Receiver();
$inner = new ArrayStore();
$inner->subscribe(webhook("{$receiver->url}/ok"), 'a');

/** Hands every array on by reference. */
$store = new class ($inner) implements KiviHook\Store {
	/** @var array<int, mixed> */
	private array $kept = [];
	public function __construct(private ArrayStore $inner)
	{
	}
	private function referenced(array $rows): array
	{
		$this->kept[] = &$rows;
		foreach ($rows as &$row) {
			if (is_array($row)) {
				$row = $this->referenced($row);
			}
			$this->kept[] = &$row;
		}
		return $rows;
	}
	public function webhooksFor(string $type): array { return $this->referenced($this->inner->webhooksFor($type)); }
	public function append(array $event, array $deliveries): void { $this->inner->append($event, $deliveries); }
	public function lease(KiviHook\Demand $demand): array { return $this->referenced($this->inner->lease($demand)); }
	public function release(string $owner, array $ids): void { $this->inner->release($owner, $ids); }
	public function token(string $key, ?array $replace, ?string $expected): ?array
	{
		return $this->inner->token($key, $replace, $expected);
	}
	public function settle(string $owner, array $outcomes): array { return $this->inner->settle($owner, $outcomes); }
};
$engine = new KiviHook\Engine($store);
$engine->emit('a', ['x' => 1]);
echo json_encode($engine->flush(5000)), "\n", count($receiver->requests(1)), "\n";
?>
--EXPECT--
{"sent":1,"succeeded":1,"left":0}
1
