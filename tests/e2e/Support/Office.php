<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Clinic;
use KiviHook\Tests\Site\Response;
use KiviHook\Tests\Site\Site;

/** Who works in a clinic and what it offers, in the words of the KiviCare generation at hand (4: REST, 3: ajax). */
final class Office
{
	private Desk $desk;

	/** @param array<string, mixed> $info see Site::info() */
	public function __construct(private array $info, private Site $site)
	{
		$this->desk = new Desk($site->client('admin'), $info, $site);
	}

	/** $role: doctor, receptionist. @return array{int, Response} */
	public function add(string $role, string $given): array
	{
		$response = $this->done($this->save($role, 0, Desk::person($given)));
		return [$this->value('SELECT MAX(ID) FROM %susers'), $response];
	}

	/** @param array<string, mixed> $person see Desk::person() */
	public function save(string $role, int $id, array $person): Response
	{
		$clinic = $this->info['ids']['clinic'];
		$doctor = $role !== 'doctor' ? [] : [
			'specialties' => [['id' => '1', 'label' => 'Dermatology']],
			'qualifications' => [['degree' => 'MD', 'university' => 'Porto', 'year' => '2005']],
		];
		if ($this->desk->isFour()) {
			return $this->desk->client->rest(
				$id === 0 ? 'POST' : 'PUT',
				"kivicare/v1/{$role}s" . ($id === 0 ? '' : "/$id"),
				$person + $doctor + ['contact_number' => $person['mobile_number'], 'experience_years' => 7,
					'clinic_id' => $role === 'doctor' ? [['id' => $clinic]] : $clinic]
			);
		}
		return $this->desk->client->ajax("{$role}_save", ($id === 0 ? [] : ['ID' => $id]) + [
			'user_email' => $person['email'], 'country_code' => 'PT', 'country_calling_code' => '351',
			'mobile_number' => ltrim($person['mobile_number'], '+'), 'user_status' => '0', 'no_of_experience' => '7',
			'clinic_id' => [['id' => $clinic]], 'price_type' => '', 'price' => '', 'time_slot' => '5',
		] + $doctor + $person);
	}

	public function setStatus(string $role, int $id, int $status, bool $many = false): Response
	{
		if (!$this->desk->isFour()) {
			return $this->changeStatus("{$role}s", $id, $status);
		}
		return $this->desk->client->rest(
			'PUT',
			"kivicare/v1/{$role}s/" . ($many ? 'bulk/status' : "$id/status"),
			['status' => $status] + ($many ? ['ids' => [$id]] : [])
		);
	}

	public function remove(string $role, int $id, bool $many = false): Response
	{
		if (!$this->desk->isFour()) {
			return $this->desk->ajaxGet("{$role}_delete", ['id' => $id]);
		}
		return $many
			? $this->desk->client->rest('POST', "kivicare/v1/{$role}s/bulk/delete", ['ids' => [$id]])
			: $this->desk->client->rest('DELETE', "kivicare/v1/{$role}s/$id");
	}

	public function saveClinic(string $city, string $admin): Response
	{
		$id = $this->info['ids']['clinic'];
		$database = $this->site->database();
		$clinic = $database->query("SELECT * FROM {$this->info['db']['prefix']}kc_clinics WHERE id = $id")->fetch_assoc();
		$database->close();
		$specialties = [['id' => '1', 'label' => 'Family Medicine']];
		if ($this->desk->isFour()) {
			return $this->desk->client->rest('PUT', "kivicare/v1/clinics/$id", [
				'clinic_name' => $clinic['name'], 'clinic_email' => $clinic['email'],
				'clinic_contact' => $clinic['telephone_no'], 'address' => $clinic['address'], 'city' => $city,
				'postal_code' => $clinic['postal_code'], 'country' => $clinic['country'], 'specialties' => $specialties,
				'first_name' => $admin, 'last_name' => 'Reis', 'admin_contact_number' => '+15550101',
				'gender' => 'female', 'dob' => '1980-02-03',
			]);
		}
		$mail = $this->text("SELECT user_email FROM %susers WHERE ID = {$clinic['clinic_admin_id']}");
		return $this->desk->client->ajax('clinic_save', [
			'id' => $id, 'city' => $city, 'specialties' => $specialties, 'clinic_admin_id' => $clinic['clinic_admin_id'],
			'first_name' => $admin, 'last_name' => 'Reis', 'user_email' => $mail, 'mobile_number' => '5550101',
			'gender' => 'female', 'dob' => '1980-02-03', 'profile_image' => '', 'clinic_profile' => '',
			'currency_prefix' => '', 'currency_postfix' => '', 'country_code' => 'PT', 'country_calling_code' => '351',
			'country_code_admin' => 'PT', 'country_calling_code_admin' => '351', 'status' => '1',
			'address' => $clinic['address'] ?: '1 Quay Street', 'postal_code' => $clinic['postal_code'] ?: '4000',
			'country' => $clinic['country'] ?: 'Portugal', 'telephone_no' => $clinic['telephone_no'] ?: '5550100',
		] + $clinic);
	}

	public function setClinicStatus(int $status): Response
	{
		$id = $this->info['ids']['clinic'];
		return $this->desk->isFour()
			? $this->desk->client->rest('PUT', "kivicare/v1/clinics/$id/status", ['status' => $status])
			: $this->changeStatus('clinics', $id, $status);
	}

	/** @param list<int> $doctors @return list<int> the mappings' numbers */
	public function addService(string $name, array $doctors): array
	{
		$before = $this->value('SELECT MAX(id) FROM %skc_service_doctor_mapping');
		$this->done($this->saveService(0, $name, 40, $doctors));
		$database = $this->site->database();
		$rows = $database->query(
			"SELECT id FROM {$this->info['db']['prefix']}kc_service_doctor_mapping WHERE id > $before ORDER BY id"
		)->fetch_all();
		$database->close();
		return array_map('intval', array_column($rows, 0));
	}

	/** @param list<int> $doctors */
	public function saveService(int $id, string $name, float $price, array $doctors): Response
	{
		$clinic = $this->info['ids']['clinic'];
		if ($this->desk->isFour()) {
			return $this->desk->client->rest(
				$id === 0 ? 'POST' : 'PUT',
				'kivicare/v1/doctor-services' . ($id === 0 ? '' : "/$id"),
				['name' => $name, 'category' => $this->category(), 'price' => $price, 'status' => 1, 'allow_multi' => 'yes',
					'telemed_service' => 'no', 'duration' => 30, 'profile_image' => 0, 'clinics' => [['value' => $clinic]],
					'doctors' => array_map(static fn (int $doctor): array => ['value' => $doctor], $doctors)]
			);
		}
		$people = array_map(static fn (int $doctor): array => ['id' => $doctor], $doctors);
		return $this->desk->client->ajax('service_save', ($id === 0 ? [] : ['id' => $id]) + [
			'name' => $name, 'price' => $price, 'type' => ['id' => 'general', 'label' => 'General'],
			'status' => ['id' => '1'], 'multiservice' => ['id' => 'yes'], 'telemed_service' => ['id' => 'no'],
			'clinic_id' => ['id' => $clinic], 'doctor_id' => $id === 0 ? $people : $people[0],
			'service_id' => $id === 0 ? '' : $this->value("SELECT service_id FROM %skc_service_doctor_mapping WHERE id = $id"),
		]);
	}

	public function setServiceStatus(int $id, int $status): Response
	{
		return $this->desk->isFour()
			? $this->desk->client->rest('PUT', 'kivicare/v1/doctor-services/bulk/status', ['ids' => [$id], 'status' => $status])
			: $this->changeStatus('doctor_service', $id, $status);
	}

	public function removeService(int $id, bool $many = false): Response
	{
		if (!$this->desk->isFour()) {
			return $this->desk->ajaxGet('service_delete', ['id' => $id]);
		}
		return $many
			? $this->desk->client->rest('POST', 'kivicare/v1/doctor-services/bulk/delete', ['ids' => [$id]])
			: $this->desk->client->rest('DELETE', "kivicare/v1/doctor-services/$id");
	}

	public function done(Response $response): Response
	{
		if (!Clinic::isBooked($response)) {
			throw new \RuntimeException("refused (HTTP $response->status): " . $response->text());
		}
		return $response;
	}

	private function changeStatus(string $module, int $id, int $status): Response
	{
		return $this->desk->client->ajax('change_module_value_status', [
			'module_type' => $module, 'id' => $id, 'value' => (string) $status,
		]);
	}

	/** Any category of services that KiviCare knows. */
	private function category(): int
	{
		return $this->value("SELECT MIN(id) FROM %skc_static_data WHERE type = 'service_type'");
	}

	private function value(string $sql): int
	{
		return (int) $this->text($sql);
	}

	private function text(string $sql): string
	{
		$database = $this->site->database();
		$value = (string) $database->query(sprintf($sql, $this->info['db']['prefix']))->fetch_row()[0];
		$database->close();
		return $value;
	}
}
