<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Client;
use KiviHook\Tests\Site\Clinic;
use KiviHook\Tests\Site\Response;
use KiviHook\Tests\Site\Site;

/**
 * The front desk: one logged-in person who books, moves, cancels, deletes and keeps patients, in the words of the
 * KiviCare generation at hand (4: REST, 3: ajax). Each method gives the response; ids come from the database, since
 * 3.x answers without any.
 */
final class Desk
{
	/** The next free slot; shared, because two desks of one run may not want the same one. */
	private static int $slot = 0;

	private static int $person = 0;
	private Clinic $clinic;
	private string $getNonce = '';

	/** @param array<string, mixed> $info see Site::info() */
	public function __construct(public Client $client, private array $info, private Site $site)
	{
		$this->clinic = new Clinic($info);
	}

	public function isFour(): bool
	{
		return $this->info['kivicare']['generation'] === 4;
	}

	public function book(): Booking
	{
		$response = $this->clinic->book($this->client, $slot = self::$slot++);
		if (!Clinic::isBooked($response)) {
			throw new \RuntimeException("not booked (HTTP $response->status): " . $response->text());
		}
		return new Booking($this->lastId('kc_appointments'), $response, $slot);
	}

	/** A booking of 3.x that is to be paid by a gateway: it goes only if the gateway is set up. */
	public function tryToPay(string $mode): Response
	{
		return $this->clinic->book($this->client, self::$slot++, ['payment_mode' => $mode]);
	}

	/**
	 * A booking by REST with parameters of the caller's; it may fail, which is the caller's business.
	 *
	 * @param array<string, mixed> $more
	 */
	public function tryToBook(array $more = [], string $query = ''): Response
	{
		[$date, $time] = Clinic::slot(self::$slot++);
		return $this->client->rest('POST', 'kivicare/v1/appointments' . $query, $more + [
			'appointmentStartDate' => $date, 'appointmentStartTime' => $time, 'clinicId' => $this->info['ids']['clinic'],
			'doctorId' => $this->info['ids']['doctor'], 'patientId' => $this->info['ids']['patient'],
			'serviceId' => [$this->info['ids']['service_mapping']], 'status' => 1, 'description' => 'Booked by a test',
		]);
	}

	/** To another time, same status. */
	public function move(Booking $booking): Response
	{
		[$date, $time] = Clinic::slot($booking->slot = self::$slot++);
		if ($this->isFour()) {
			return $this->client->rest('PUT', "kivicare/v1/appointments/$booking->id", [
				'appointmentStartDate' => $date, 'appointmentStartTime' => $time, 'description' => 'Moved by a test',
			]);
		}
		$ids = $this->info['ids'];
		return $this->client->ajax('appointment_save', [
			'id' => $booking->id, 'appointment_start_date' => $date, 'appointment_start_time' => $time,
			'clinic_id' => ['id' => $ids['clinic']], 'doctor_id' => ['id' => $ids['doctor']],
			'patient_id' => ['id' => $ids['patient']], 'status' => 1, 'description' => 'Moved by a test',
			'visit_type' => [['id' => $ids['service_mapping'], 'service_id' => $ids['service'], 'telemed_service' => 'no',
				'name' => $ids['service_name'], 'charges' => $ids['service_charges']]],
			'payment_mode' => 'paymentOffline', 'file' => [], 'custom_fields_data' => [], 'tax' => [],
		]);
	}

	public function setStatus(Booking $booking, int $status): Response
	{
		return $this->isFour()
			? $this->client->rest('PUT', "kivicare/v1/appointments/$booking->id/status", ['status' => $status])
			: $this->ajaxGet('appointment_update_status', [
				'appointment_id' => $booking->id, 'appointment_status' => (string) $status,
			]);
	}

	public function delete(Booking $booking): Response
	{
		return $this->isFour()
			? $this->client->rest('DELETE', "kivicare/v1/appointments/$booking->id")
			: $this->ajaxGet('appointment_delete', ['id' => $booking->id]);
	}

	/** @return array{int, Response} the new patient's id */
	public function addPatient(string $given = 'Nina'): array
	{
		$person = self::person($given);
		$response = $this->isFour()
			? $this->client->rest(
				'POST',
				'kivicare/v1/patients',
				$person + ['clinics' => [['value' => $this->info['ids']['clinic']]]]
			)
			: $this->client->ajax('patient_save', self::personOfThree($person));
		if (!Clinic::isBooked($response)) {
			throw new \RuntimeException("no patient (HTTP $response->status): " . $response->text());
		}
		return [$this->lastId('users', 'ID'), $response];
	}

	public function updatePatient(int $id, string $given): Response
	{
		$person = self::person($given);
		return $this->isFour()
			? $this->client->rest(
				'PUT',
				"kivicare/v1/patients/$id",
				$person + ['clinics' => [['value' => $this->info['ids']['clinic']]]]
			)
			: $this->client->ajax('patient_save', ['ID' => $id] + self::personOfThree($person));
	}

	public function deletePatient(int $id): Response
	{
		return $this->isFour()
			? $this->client->rest('DELETE', "kivicare/v1/patients/$id")
			: $this->ajaxGet('patient_delete', ['id' => $id]);
	}

	/** @return array<string, mixed> */
	public static function person(string $given): array
	{
		$number = ++self::$person;
		return [
			'first_name' => $given, 'last_name' => 'Tester', 'email' => 'p' . getmypid() . "n$number@example.org",
			'mobile_number' => '+15550' . (10000 + $number), 'dob' => '1988-08-08', 'gender' => 'female',
			'blood_group' => 'O+', 'address' => '3 Quay Street', 'city' => 'Porto', 'country' => 'Portugal',
			'postal_code' => '4000-002', 'status' => 0,
		];
	}

	/** @param array<string, mixed> $person @return array<string, mixed> */
	private static function personOfThree(array $person): array
	{
		return ['user_email' => $person['email'], 'country_code' => 'PT', 'country_calling_code' => '351',
			'mobile_number' => ltrim($person['mobile_number'], '+'), 'u_id' => ''] + $person;
	}

	/** @param array<string, mixed> $parameters */
	public function ajaxGet(string $route, array $parameters): Response
	{
		if ($this->getNonce === '') {
			$page = $this->client->request('GET', '/wp-admin/admin.php?page=dashboard')->body;
			if (!preg_match('/"nonce":"[0-9a-f]+","get_nonce":"([0-9a-f]+)"/', $page, $found)) {
				throw new \RuntimeException("KiviCare's dashboard gives no nonce");
			}
			$this->getNonce = $found[1];
		}
		$parameters += ['action' => 'ajax_get', 'route_name' => $route, '_ajax_nonce' => $this->getNonce];
		return $this->client->request('GET', '/wp-admin/admin-ajax.php?' . http_build_query($parameters));
	}

	private function lastId(string $table, string $column = 'id'): int
	{
		$database = $this->site->database();
		$id = (int) $database->query("SELECT MAX($column) FROM {$this->info['db']['prefix']}$table")->fetch_row()[0];
		$database->close();
		return $id;
	}
}
