<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\ChartEndToEnd;
use KiviHook\Tests\E2e\Support\Office;

/** The clinic and the services that its doctors offer, in both generations. */
final class OfferEventsTest extends ChartEndToEnd
{
	private Office $office;

	/** @dataProvider generations */
	public function testAServiceIsOneEventForEachMapping(int $generation): void
	{
		$this->beginWith($generation, ['service.added', 'service.updated', 'service.deleted']);
		$ids = $this->site()->info()['ids'];
		$name = 'Test service ' . uniqid();
		[$id] = $this->office->addService($name, [$ids['doctor']]);
		$data = $this->told(['service.added'])['service.added'];
		$this->assertSame(
			[$id, $id, $name, '40', $ids['clinic'], $ids['doctor'], 1],
			[$data['record_id'], $data['service_mapping_id'], $data['service_name'], $data['service_charges'],
				$data['clinic_id'], $data['doctor_id'], $data['service_status']]
		);
		$this->assertNotSame('', $data['doctor_name']);
		$this->assertNotSame('', $data['clinic_name']);
		$this->assertGreaterThan(0, $data['service_id']);

		$this->office->done($this->office->saveService($id, $name, 40, [$ids['doctor']]));
		if ($generation === 4) { // The free version keeps the duration only now.
			$changes = $this->told(['service.updated'])['service.updated']['changes'];
			$this->assertSame([['field' => 'service_duration', 'old' => null, 'new' => 30]], $changes);
			$this->office->done($this->office->saveService($id, $name, 40, [$ids['doctor']]));
		}
		$this->told([]);
		$this->office->done($this->office->saveService($id, "$name+", 55.5, [$ids['doctor']]));
		$data = $this->told(['service.updated'])['service.updated'];
		$changes = array_column($data['changes'], null, 'field');
		$this->assertSame([$name, "$name+"], [$changes['service_name']['old'], $changes['service_name']['new']]);
		$this->assertSame(['40', '55.5'], [$changes['service_charges']['old'], $changes['service_charges']['new']]);
		$this->assertSame($id, $data['record_id']);

		$this->office->done($this->office->setServiceStatus($id, 0));
		$data = $this->told(['service.updated'])['service.updated'];
		$this->assertSame([0, 'Inactive'], [$data['service_status'], $data['service_status_label']]);
		$this->office->setServiceStatus($id, 0);
		$this->told([]);

		$this->office->done($this->office->removeService($id));
		$data = $this->told(['service.deleted'])['service.deleted'];
		$this->assertSame(
			[$id, "$name+", $ids['clinic'], $ids['doctor']],
			[$data['record_id'], $data['service_name'], $data['clinic_id'], $data['doctor_id']]
		);
	}

	/** @dataProvider generations */
	public function testTwoDoctorsAreTwoEvents(int $generation): void
	{
		$this->beginWith($generation, ['service.added']);
		[$other] = $this->office->add('doctor', 'Rui');
		$ids = $this->office->addService('Shared ' . uniqid(), [$this->site()->info()['ids']['doctor'], $other]);
		$this->assertCount(2, $ids);
		$this->settle();
		$got = array_map(
			static fn ($request): int => $request->data()['record_id'],
			$this->receiver()->since($this->mark)
		);
		sort($got);
		$this->assertSame($ids, $got);
	}

	public function testManyServicesGoWithoutAHook(): void
	{
		$this->beginWith(4, ['service.deleted']);
		[$id] = $this->office->addService('Short-lived ' . uniqid(), [$this->site()->info()['ids']['doctor']]);
		$this->office->done($this->office->removeService($id, true));
		$this->assertSame($id, $this->told(['service.deleted'])['service.deleted']['record_id']);
	}

	/** @dataProvider generations */
	public function testTheClinicIsUpdated(int $generation): void
	{
		$this->beginWith($generation, ['clinic.added', 'clinic.updated', 'clinic.deleted']);
		$this->office->done($this->office->saveClinic('Porto', 'Clara'));
		$this->settle();
		$this->mark = $this->receiver()->mark();
		$this->office->done($this->office->saveClinic('Porto', 'Clara'));
		$this->told([]);

		$this->office->done($this->office->saveClinic('Braga', 'Carla'));
		$data = $this->told(['clinic.updated'])['clinic.updated'];
		$this->assertSame(
			[$this->site()->info()['ids']['clinic'], 'Braga', 'Carla', 'Reis'],
			[$data['clinic_id'], $data['clinic_city'], $data['clinic_admin_first_name'], $data['clinic_admin_last_name']]
		);
		$changed = array_column($data['changes'], 'field');
		$this->assertSame(['clinic_city', 'clinic_admin_first_name'], array_values(array_intersect($changed, [
			'clinic_name', 'clinic_city', 'clinic_country', 'clinic_admin_first_name', 'clinic_admin_email',
		])));
		$this->assertSame($data['clinic_admin_contact_number'], $data['doctor_admin_contact_number']);

		// The free KiviCare 4 answers 200 and does nothing.
		$this->office->done($this->office->setClinicStatus(0));
		$this->told($generation === 4 ? [] : ['clinic.updated']);
		$this->office->done($this->office->setClinicStatus(1));
		$this->told($generation === 4 ? [] : ['clinic.updated']);
	}

	public function testTheDefaultClinicIsNotDeleted(): void
	{
		$this->beginWith(4, ['clinic.deleted', 'appointment.deleted']);
		$clinic = $this->site()->info()['ids']['clinic'];
		$this->admin()->rest('DELETE', "kivicare/v1/clinics/$clinic");
		$this->told([]);
	}

	/** @param list<string> $events */
	private function beginWith(int $generation, array $events): void
	{
		$this->begin($generation, $events);
		$this->office = new Office(
			array_replace_recursive($this->site()->info(), ['kivicare' => ['generation' => $generation]]),
			$this->site()
		);
	}
}
