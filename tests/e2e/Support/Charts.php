<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Clinic;
use KiviHook\Tests\Site\Response;
use KiviHook\Tests\Site\Site;

/** What a doctor writes down, in the words of the KiviCare generation at hand (4: REST, 3: ajax). */
final class Charts
{
	public Desk $desk;

	/** @param array<string, mixed> $info see Site::info() */
	public function __construct(private array $info, private Site $site)
	{
		$this->desk = new Desk($site->client('admin'), $info, $site);
	}

	public function addEncounter(string $description = 'Knee'): int
	{
		$this->done($this->saveEncounter(0, $description));
		return $this->lastId('patient_encounters');
	}

	public function saveEncounter(int $id, string $description, int $status = 1): Response
	{
		$ids = $this->info['ids'];
		if ($this->desk->isFour()) {
			return $this->desk->client->rest(
				$id === 0 ? 'POST' : 'PUT',
				'kivicare/v1/encounters' . ($id === 0 ? '' : "/$id"),
				['encounterDate' => '2031-05-14', 'clinic' => $ids['clinic'], 'doctor' => $ids['doctor'],
					'patient' => $ids['patient'], 'description' => $description, 'status' => $status]
			);
		}
		return $this->desk->client->ajax('patient_encounter_save', ($id === 0 ? [] : ['id' => $id]) + [
			'date' => '2031-05-14', 'clinic_id' => ['id' => $ids['clinic']], 'doctor_id' => ['id' => $ids['doctor']],
			'patient_id' => ['id' => $ids['patient']], 'description' => $description, 'status' => (string) $status,
		]);
	}

	public function setEncounterStatus(int $id, int $status): Response
	{
		return $this->desk->isFour()
			? $this->desk->client->rest('PUT', 'kivicare/v1/encounters/bulk/status', ['ids' => [$id], 'status' => $status])
			: $this->desk->client->ajax('patient_encounter_update_status', [
				'id' => $id, 'status' => (string) $status, 'checkOutVal' => '0',
			]);
	}

	public function deleteEncounter(int $id): Response
	{
		return $this->delete('encounters', 'patient_encounter', $id);
	}

	/** A bill with one item; total 100. */
	public function addBill(int $encounter, string $payment = 'unpaid'): int
	{
		$this->done($this->saveBill(0, $encounter, $payment));
		return $this->lastId('bills');
	}

	public function saveBill(int $id, int $encounter, string $payment, float $discount = 0): Response
	{
		$ids = $this->info['ids'];
		$item = $id === 0 ? 0 : $this->value("SELECT MIN(id) FROM %skc_bill_items WHERE bill_id = $id");
		if ($this->desk->isFour()) {
			return $this->desk->client->rest(
				$id === 0 ? 'POST' : 'PUT',
				'kivicare/v1/bills' . ($id === 0 ? '' : "/$id"),
				['serviceItems' => [['serviceId' => $ids['service'], 'name' => $ids['service_name'], 'price' => 50,
					'quantity' => 2] + ($item > 0 ? ['id' => $item] : [])],
					'discount' => $discount, 'status' => $payment, 'clinic' => ['id' => $ids['clinic']],
					'doctor' => ['id' => $ids['doctor']], 'patient' => ['id' => $ids['patient']],
					'patientEncounter' => ['id' => $encounter, 'appointmentId' => 0],
					'service_total' => 100, 'total_amount' => 100 - $discount]
			);
		}
		return $this->desk->client->ajax('patient_bill_save', ($id === 0 ? [] : ['id' => $id]) + [
			'title' => 'Visit', 'encounter_id' => $encounter, 'total_amount' => 100,
			'discount' => $discount === 0.0 ? '0.0' : $discount, 'actual_amount' => 100 - $discount,
			'status' => $payment === 'paid' ? 1 : 0, 'payment_status' => $payment, 'doctor_id' => $ids['doctor'],
			'checkOutVal' => '0', 'billItems' => [['id' => $item > 0 ? $item : '', 'price' => 50, 'qty' => 2,
				'item_id' => ['id' => $ids['service'], 'label' => $ids['service_name']]]],
		]);
	}

	public function addPrescription(int $encounter): int
	{
		$this->done($this->savePrescription(0, $encounter, 5));
		return $this->lastId('prescription');
	}

	public function savePrescription(int $id, int $encounter, int $days): Response
	{
		if ($this->desk->isFour()) {
			return $this->desk->client->rest(
				$id === 0 ? 'POST' : 'PUT',
				'kivicare/v1/prescriptions' . ($id === 0 ? '' : "/$id"),
				['encounter_id' => $encounter, 'patient_id' => $this->info['ids']['patient'], 'name' => 'Samplamol',
					'frequency' => '1-0-1', 'duration' => (string) $days, 'instruction' => 'After meals', 'added_by' => 1]
			);
		}
		return $this->desk->client->ajax('prescription_save', ($id === 0 ? [] : ['id' => $id]) + [
			'encounter_id' => $encounter, 'name' => ['id' => 'Samplamol', 'label' => 'Samplamol'],
			'frequency' => '1-0-1', 'duration' => $days, 'instruction' => 'After meals',
		]);
	}

	public function deletePrescription(int $id): Response
	{
		return $this->delete('prescriptions', 'prescription', $id);
	}

	public function saveHistory(int $id, int $encounter, string $title): Response
	{
		$entry = ['encounter_id' => $encounter, 'type' => 'observation', 'title' => $title];
		return $this->desk->isFour()
			? $this->desk->client->rest(
				$id === 0 ? 'POST' : 'PUT',
				'kivicare/v1/medical-history' . ($id === 0 ? '' : "/$id"),
				$entry + ['patient_id' => $this->info['ids']['patient']]
			)
			: $this->desk->client->ajax('medical_history_save', ($id === 0 ? [] : ['id' => $id]) + $entry);
	}

	public function deleteHistory(int $id): Response
	{
		return $this->delete('medical-history', 'medical_history', $id);
	}

	public function lastId(string $table): int
	{
		return $this->value("SELECT MAX(id) FROM %skc_$table");
	}

	public function done(Response $response): void
	{
		if (!Clinic::isBooked($response)) {
			throw new \RuntimeException("refused (HTTP $response->status): " . $response->text());
		}
	}

	private function delete(string $route, string $name, int $id): Response
	{
		return $this->desk->isFour()
			? $this->desk->client->rest('DELETE', "kivicare/v1/$route/$id")
			: $this->desk->ajaxGet("{$name}_delete", ['id' => $id]);
	}

	private function value(string $sql): int
	{
		$database = $this->site->database();
		$value = (int) $database->query(sprintf($sql, $this->info['db']['prefix']))->fetch_row()[0];
		$database->close();
		return $value;
	}
}
