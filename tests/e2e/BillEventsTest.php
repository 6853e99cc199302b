<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\ChartEndToEnd;

/** Bills: generated, edited, paid, unpaid again, deleted. */
final class BillEventsTest extends ChartEndToEnd
{
	private const ALL = ['bill.generated', 'bill.updated', 'bill.paid', 'bill.unpaid', 'bill.deleted', 'encounter.closed',
		'encounter.reopened'];

	/** @dataProvider generations */
	public function testEachStepIsToldOnce(int $generation): void
	{
		$this->begin($generation, self::ALL);
		$encounter = $this->charts->addEncounter();
		$this->told([]);
		$id = $this->charts->addBill($encounter);
		$data = $this->told(['bill.generated'])['bill.generated'];
		$this->assertVisit($data, $encounter);
		$this->assertSame(
			[$id, '100.00', '0.00', '100.00', 'unpaid'],
			[$data['bill_id'], $data['bill_total_amount'], $data['bill_discount'], $data['bill_actual_amount'],
				$data['bill_payment_status']]
		);
		$this->assertSame([[2, '50.00', '100.00']], array_map(
			static fn (array $item): array => [$item['quantity'], $item['price'], $item['amount']],
			$data['bill_items']
		));
		$this->assertSame(
			strtolower($this->site()->info()['ids']['service_name']),
			strtolower($data['bill_item_names'])
		);

		$this->charts->done($this->charts->saveBill($id, $encounter, 'unpaid', 12.5));
		$data = $this->told(['bill.updated'])['bill.updated'];
		$this->assertSame(['bill_discount', 'bill_actual_amount'], array_slice(array_column($data['changes'], 'field'), 0, 2));
		$this->assertSame(['0.00', '12.50'], [$data['changes'][0]['old'], $data['changes'][0]['new']]);
		$this->charts->saveBill($id, $encounter, 'unpaid', 12.5);
		$this->told([]);

		$this->charts->done($this->charts->saveBill($id, $encounter, 'paid', 12.5));
		// KiviCare 3's form sends the bill's own status along, which is no edit.
		$data = $this->told(['bill.paid', 'encounter.closed'])['bill.paid'];
		$this->assertSame('paid', $data['bill_payment_status']);
		$this->charts->saveBill($id, $encounter, 'paid', 12.5);
		$this->told([]);
		$this->charts->done($this->charts->saveBill($id, $encounter, 'unpaid', 12.5));
		$this->told(['bill.unpaid', 'encounter.reopened']);

		// KiviCare 4 has no route for it; of the real 3.6.13 nobody has the capability.
		$alone = $generation === 3 && $this->site()->info()['kivicare']['kind'] === 'stand-in';
		$this->charts->done($alone
			? $this->charts->desk->client->ajax('patient_bill_delete', ['id' => $id])
			: $this->charts->deleteEncounter($encounter));
		$data = $this->told(['bill.deleted'])['bill.deleted'];
		$this->assertVisit($data, $encounter);
		$this->assertSame($alone ? '' : 'encounter.deleted', $data['caused_by']);
		$this->assertCount(1, $data['bill_items']);
	}

	/** @dataProvider generations */
	public function testOneThatIsMadeAsPaid(int $generation): void
	{
		$this->begin($generation, self::ALL);
		$encounter = $this->charts->addEncounter();
		$this->charts->addBill($encounter, 'paid');
		$this->told(['bill.generated', 'bill.paid', 'encounter.closed']);
	}

	public function testASecondBillIsRefusedAndNothing(): void
	{
		$this->begin(4, self::ALL);
		$encounter = $this->charts->addEncounter();
		$this->charts->addBill($encounter);
		$this->told(['bill.generated']);
		$this->assertSame(409, $this->charts->saveBill(0, $encounter, 'paid')->status);
		$this->told([]);
	}
}
