<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\ChartEndToEnd;

/** Encounters: made by hand and at check-in, edited, closed, reopened, deleted with all that hangs on them. */
final class EncounterEventsTest extends ChartEndToEnd
{
	private const ALL = ['encounter.created', 'encounter.updated', 'encounter.closed', 'encounter.reopened', 'encounter.deleted'];

	/** @dataProvider generations */
	public function testEachStepIsToldOnce(int $generation): void
	{
		$this->begin($generation, self::ALL);
		$id = $this->charts->addEncounter();
		$data = $this->told(['encounter.created'])['encounter.created'];
		$this->assertVisit($data, $id);
		$this->assertSame([$id, 'Knee', 1], [$data['record_id'], $data['encounter_description'], $data['encounter_status']]);

		$this->charts->done($this->charts->saveEncounter($id, 'Hip'));
		$data = $this->told(['encounter.updated'])['encounter.updated'];
		$this->assertSame([['field' => 'encounter_description', 'old' => 'Knee', 'new' => 'Hip']], $data['changes']);
		$this->charts->saveEncounter($id, 'Hip');
		$this->told([]);

		$this->charts->done($this->charts->setEncounterStatus($id, 0));
		$data = $this->told(['encounter.closed'])['encounter.closed'];
		$this->assertSame([1, 0, 0], [$data['old_status_code'], $data['new_status_code'], $data['encounter_status']]);
		$this->charts->setEncounterStatus($id, 0);
		$this->told([]);
		$this->charts->done($this->charts->setEncounterStatus($id, 1));
		$this->told(['encounter.reopened']);

		$this->charts->done($this->charts->deleteEncounter($id));
		$data = $this->told(['encounter.deleted'])['encounter.deleted'];
		$this->assertVisit($data, $id);
		$this->assertSame(['Hip', ''], [$data['encounter_description'], $data['caused_by']]);
	}

	/** @dataProvider generations */
	public function testACheckInMakesOneAndItGoesWithItsAppointment(int $generation): void
	{
		$this->begin($generation, ['encounter.created', 'bill.generated', 'encounter.deleted', 'appointment.deleted']);
		$booking = $this->charts->desk->book();
		$this->told([]);
		$this->charts->done($this->charts->desk->setStatus($booking, 4));
		$data = $this->told(['bill.generated', 'encounter.created']);
		$id = $data['encounter.created']['encounter_id'];
		$this->assertVisit($data['encounter.created'], $id);
		$this->assertSame($booking->id, $data['encounter.created']['appointment_id']);
		$this->assertVisit($data['bill.generated'], $id);
		$this->charts->desk->setStatus($booking, 4);
		// The real 3.6.13 makes another bill each time; that is a fact of its own.
		$again = $this->charts->lastId('bills') > $data['bill.generated']['bill_id'];
		$this->told($again ? ['bill.generated'] : []);

		$this->charts->done($this->charts->desk->delete($booking));
		$data = $this->told(['appointment.deleted', 'encounter.deleted'])['encounter.deleted'];
		$this->assertSame(['appointment.deleted', $booking->id], [$data['caused_by'], $data['caused_by_id']]);
	}

	public function testADeletionTakesEverythingAlong(): void
	{
		$this->begin(4, ['encounter.deleted', 'bill.deleted', 'medical_history.deleted', 'appointment.deleted']);
		$booking = $this->charts->desk->book();
		$this->charts->done($this->charts->desk->setStatus($booking, 4));
		$id = $this->charts->lastId('patient_encounters');
		$prefix = $this->site()->info()['db']['prefix'];
		$this->rows(
			"INSERT INTO {$prefix}kc_medical_history (encounter_id, patient_id, type, title, added_by)"
			. " SELECT id, patient_id, 'note', 'Old', 1 FROM {$prefix}kc_patient_encounters WHERE id = $id"
		);
		$this->charts->done($this->charts->deleteEncounter($id));
		$data = $this->told(['appointment.deleted', 'bill.deleted', 'encounter.deleted', 'medical_history.deleted']);
		foreach (['bill.deleted', 'medical_history.deleted'] as $type) {
			$this->assertVisit($data[$type], $id);
			$this->assertSame(['encounter.deleted', $id], [$data[$type]['caused_by'], $data[$type]['caused_by_id']]);
		}
		$kept = $this->kept();
		$this->assertSame('encounter.deleted', end($kept), 'children first');
	}

	public function testWhoMayNotIsNothing(): void
	{
		$this->begin(4, self::ALL);
		$id = $this->charts->addEncounter();
		$this->told(['encounter.created']);
		$this->assertGreaterThanOrEqual(400, $this->guest()->rest('DELETE', "kivicare/v1/encounters/$id")->status);
		$this->assertGreaterThanOrEqual(400, $this->guest()->rest('PUT', 'kivicare/v1/encounters/bulk/status', [
			'ids' => [$id], 'status' => 0,
		])->status);
		$this->told([]);
	}
}
