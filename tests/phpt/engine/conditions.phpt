--TEST--
Who gets an event: clinics and conditions are asked before anything is kept, and nothing is kept for nobody
--EXTENSIONS--
kivihook
--FILE--
<?php
require __DIR__ . '/../inc/store.inc';

/** Hands out rows as they are given. */
$store = new class (new ArrayStore()) implements KiviHook\Store {
	public array $rows = [];
	public function __construct(public ArrayStore $inner)
	{
	}
	public function webhooksFor(string $type): array { return $this->rows; }
	public function append(array $event, array $deliveries): void { $this->inner->append($event, $deliveries); }
	public function lease(KiviHook\Demand $demand): array { return []; }
	public function release(string $owner, array $ids): void {}
	public function token(string $key, ?array $replace, ?string $expected): ?array { return null; }
	public function settle(string $owner, array $outcomes): array { return []; }
};
$logged = [];
$engine = new KiviHook\Engine($store, ['log' => function (string $message) use (&$logged): void {
	$logged[] = $message;
}]);
$tell = function (array $rows, array $data, array $context = []) use ($store, $engine): void {
	$store->rows = $rows;
	$store->inner->events = $store->inner->deliveries = [];
	$id = $engine->emit('bill.paid', $data, $context);
	$event = reset($store->inner->events);
	echo $id === null ? 'nobody' : implode(',', array_column($store->inner->deliveries, 'webhook')),
		$event ? ' ' . $event['data'] : '', count($store->inner->events) === ($id === null ? 0 : 1) ? '' : ' KEPT', "\n";
};
$over = static fn (string $amount): array => [
	'match' => 'all', 'rules' => [['field' => 'amount', 'operator' => 'gt', 'value' => $amount]],
];

echo "-- conditions\n";
$tell([['id' => 1, 'conditions' => $over('99.99')], ['id' => 2, 'conditions' => $over('100')], ['id' => 3]], ['amount' => '100.00']);
$tell([['id' => 2, 'conditions' => $over('100')]], ['amount' => '100.00']);
$tell([['id' => 2, 'conditions' => []], ['id' => 4, 'conditions' => ['rules' => []]]], ['amount' => 1]);
echo "-- clinics\n";
$tell([['id' => 1, 'clinics' => [3]], ['id' => 2, 'clinics' => [4, 5]], ['id' => 3]], ['a' => 1], ['clinic_ids' => [5, 6]]);
$tell([['id' => 1, 'clinics' => [3]], ['id' => 3, 'clinics' => []]], ['a' => 1], ['clinic_ids' => []]);
$tell([['id' => 1, 'clinics' => [3]]], ['a' => 1]);
$tell([['id' => 1, 'clinics' => ['3'], 'conditions' => $over('1')]], ['amount' => 2], ['clinic_ids' => ['3']]);
echo "-- what may be kept\n";
$tell([['id' => 1, 'without' => ['x', 'y']], ['id' => 2, 'without' => ['y']]], ['x' => 1, 'y' => 2, 'z' => 3]);
$tell([['id' => 1, 'without' => ['x', 'y']], ['id' => 2]], ['x' => 1, 'y' => 2]);
$tell([['id' => 1, 'without' => ['y']], ['id' => 2, 'conditions' => $over('5')]], ['amount' => 4, 'y' => 2]);
$tell([['id' => 1, 'without' => ['y']]], ['y' => 2]);
echo "-- what it may not see can't be asked about\n";
$tell([['id' => 1, 'without' => ['amount'], 'conditions' => $over('5')]], ['amount' => 6]);
$tell([['id' => 1, 'without' => ['amount'], 'conditions' => ['rules' => [['field' => 'amount', 'operator' => 'missing']]]]], ['amount' => 6]);
echo "-- a broken one is left out, and told\n";
$tell([['id' => 1, 'conditions' => ['rules' => [['field' => 'a', 'operator' => '=']]]], ['id' => 2]], ['a' => 1]);
echo implode("\n", $logged), "\n";
echo "-- matches()\n";
var_dump(KiviHook\Engine::matches($over('5'), ['amount' => '5.01']), KiviHook\Engine::matches($over('5'), ['amount' => 5]),
	KiviHook\Engine::matches($over('5'), ['amount' => 6], ['amount']), KiviHook\Engine::matches([], []));
try {
	KiviHook\Engine::matches(['match' => 'all', 'rules' => [['field' => 'a', 'operator' => 'gt', 'value' => 'much']]], []);
} catch (KiviHook\InvalidException $error) {
	echo $error->getMessage(), "\n";
}
echo "-- its own id\n";
$store->rows = [['id' => 1]];
$data = ['event_id' => '', 'a' => 1];
$id = $engine->emit('bill.paid', $data);
var_dump(json_decode(end($store->inner->events)['data'], true) === ['event_id' => $id, 'a' => 1], $data['event_id']);
echo "-- what throws while it is written as JSON is no answer\n";
try {
	$store->rows = [['id' => 1, 'conditions' => $over('5')]];
	$engine->emit('bill.paid', ['amount' => new class implements JsonSerializable {
		public function jsonSerialize(): mixed { throw new LogicException('no'); }
	}]);
} catch (LogicException $error) {
	echo get_class($error), "\n";
}
?>
--EXPECT--
-- conditions
1,3 {"amount":"100.00"}
nobody
2,4 {"amount":1}
-- clinics
2,3 {"a":1}
3 {"a":1}
nobody
1 {"amount":2}
-- what may be kept
1,2 {"x":1,"z":3}
1,2 {"x":1,"y":2}
1 {"amount":4}
1 []
-- what it may not see can't be asked about
nobody
nobody
-- a broken one is left out, and told
2 {"a":1}
A webhook was left out: conditions: rules[0]: operator: must be is, is_not, in, not_in, contains, not_contains, starts_with, gt, gte, lt, lte, exists or missing
-- matches()
bool(true)
bool(false)
bool(false)
bool(true)
conditions: rules[0]: value: must be a number with gt, gte, lt and lte, a day (2031-05-14), a day and time (2031-05-14T10:15) or a time (10:15)
-- its own id
bool(true)
string(0) ""
-- what throws while it is written as JSON is no answer
LogicException
