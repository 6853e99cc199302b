<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\ChartEndToEnd;

/** Prescriptions, of which no hook tells. */
final class PrescriptionEventsTest extends ChartEndToEnd
{
	/** @dataProvider generations */
	public function testEachStepIsToldOnce(int $generation): void
	{
		$this->begin($generation, ['prescription.added', 'prescription.updated', 'prescription.deleted']);
		$encounter = $this->charts->addEncounter();
		$id = $this->charts->addPrescription($encounter);
		$data = $this->told(['prescription.added'])['prescription.added'];
		$this->assertVisit($data, $encounter);
		$this->assertSame(
			[$id, 'Samplamol', '1-0-1', '5', 'After meals', [$id]],
			[$data['prescription_id'], $data['prescription_name'], $data['prescription_frequency'],
				$data['prescription_duration'], $data['prescription_instruction'],
				array_column($data['prescription_lines'], 'id')]
		);
		$this->charts->done($this->charts->savePrescription($id, $encounter, 7));
		$this->assertSame(
			[['field' => 'prescription_duration', 'old' => '5', 'new' => '7']],
			$this->told(['prescription.updated'])['prescription.updated']['changes']
		);
		$this->charts->savePrescription($id, $encounter, 7);
		$this->told([]);
		$this->charts->done($this->charts->deletePrescription($id));
		$data = $this->told(['prescription.deleted'])['prescription.deleted'];
		$this->assertVisit($data, $encounter);
		$this->assertSame('7', $data['prescription_duration']);
		$this->charts->deletePrescription($id);
		$this->told([]);
	}
}
