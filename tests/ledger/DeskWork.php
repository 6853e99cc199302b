<?php

declare(strict_types=1);

namespace KiviHook\Tests\Ledger;

use KiviHook\Tests\Site\Client;
use KiviHook\Tests\Site\Clinic;
use KiviHook\Tests\Site\Response;
use KiviHook\Tests\Site\Site;

/** What a front desk of the ledger does for a number, and how each is found again in KiviCare's tables. */
final class DeskWork
{
	/** Of 100; the rest is a booking. Rolled back and left open: 4.x, which has transactions. */
	private const LOTS = ['rollback' => 7, 'leave_open' => 7, 'patient' => 8, 'check_in' => 8, 'bill' => 6, 'prescription' => 6];
	/** Slots far from those that other tests use. */
	private const FIRST_SLOT = 5000;

	private Client $desk;
	private Client $admin;
	private Clinic $clinic;

	/** @var array<string, mixed> */
	private array $ids;
	private int $generation;

	/** @var list<int> bookings of this desk that nobody has checked in */
	private array $waiting = [];
	private int $encounter = 0;

	public function __construct(private Site $site, string $url)
	{
		$info = $site->info();
		$this->ids = $info['ids'];
		$this->generation = $info['kivicare']['generation'];
		$this->clinic = new Clinic($info);
		$this->desk = new Client($url);
		$this->desk->logIn($info['front_desk_user'], $info['front_desk_password']);
		$this->admin = new Client($url);
		$this->admin->logIn($info['admin_user'], $info['admin_password']);
	}

	public function lot(): string
	{
		$lot = mt_rand(0, 99);
		foreach ($this->generation === 4 ? self::LOTS : [] as $kind => $share) {
			$lot -= $share;
			if ($lot < 0) {
				return $kind === 'check_in' && $this->waiting === [] ? 'book' : $kind;
			}
		}
		return 'book';
	}

	/** @return array{int, ?int} HTTP status; id, where it was answered */
	public function do(string $kind, int $n): array
	{
		return match ($kind) {
			'book', 'rollback', 'leave_open' => $this->book($n, $kind),
			'patient' => $this->told($this->desk->rest('POST', 'kivicare/v1/patients', [
				'first_name' => 'Ledger', 'last_name' => "Number$n", 'email' => "ledger-$n@example.org",
				'mobile_number' => '+15550' . (10000 + $n), 'dob' => '1988-08-08', 'gender' => 'female',
				'blood_group' => 'O+', 'address' => '3 Quay Street', 'city' => 'Porto', 'country' => 'Portugal',
				'postal_code' => '4000-002', 'status' => 0, 'clinics' => [['value' => $this->ids['clinic']]],
			])),
			'check_in' => $this->checkIn(),
			'bill' => $this->bill($n),
			'prescription' => $this->prescription($n),
		};
	}

	/** @return array{int, ?int} */
	private function book(int $n, string $end): array
	{
		if ($this->generation !== 4) {
			return $this->told($this->clinic->book($this->desk, self::FIRST_SLOT + $n));
		}
		[$date, $time] = Clinic::slot(self::FIRST_SLOT + $n);
		[$status, $id] = $this->told($this->desk->rest('POST', 'kivicare/v1/appointments', [
			'appointmentStartDate' => $date, 'appointmentStartTime' => $time, 'clinicId' => $this->ids['clinic'],
			'doctorId' => $this->ids['doctor'], 'patientId' => $this->ids['patient'],
			'serviceId' => [$this->ids['service_mapping']], 'status' => 1, 'description' => "Ledger $n $end",
		], $end === 'book' ? [] : ["X-Ledger-End: $end"]));
		if ($id !== null) {
			$this->waiting[] = $id;
		}
		return [$status, $id];
	}

	/** @return array{int, ?int} */
	private function checkIn(): array
	{
		$id = (int) array_pop($this->waiting);
		return $this->told($this->desk->rest('PUT', "kivicare/v1/appointments/$id/status", ['status' => 4]));
	}

	/** @return array{int, ?int} a bill that is made as paid, of a visit of its own */
	private function bill(int $n): array
	{
		$visit = $this->visit("Ledger $n");
		return $visit === 0 ? [0, null] : $this->told($this->admin->rest('POST', 'kivicare/v1/bills', [
			'serviceItems' => [['serviceId' => $this->ids['service'], 'name' => $this->ids['service_name'], 'price' => 50,
				'quantity' => 2]],
			'discount' => 0, 'status' => 'paid', 'clinic' => ['id' => $this->ids['clinic']],
			'doctor' => ['id' => $this->ids['doctor']], 'patient' => ['id' => $this->ids['patient']],
			'patientEncounter' => ['id' => $visit, 'appointmentId' => 0], 'service_total' => 100, 'total_amount' => 100,
		]));
	}

	/** @return array{int, ?int} */
	private function prescription(int $n): array
	{
		$this->encounter = $this->encounter ?: $this->visit('Ledger, a long stay at desk ' . getmypid());
		return $this->encounter === 0 ? [0, null] : $this->told($this->admin->rest('POST', 'kivicare/v1/prescriptions', [
			'encounter_id' => $this->encounter, 'patient_id' => $this->ids['patient'], 'name' => 'Samplamol',
			'frequency' => '1-0-1', 'duration' => '5', 'instruction' => "Ledger $n", 'added_by' => 1,
		]));
	}

	/** An encounter; 0: none could be made. */
	private function visit(string $description): int
	{
		$this->admin->rest('POST', 'kivicare/v1/encounters', [
			'encounterDate' => '2031-05-14', 'clinic' => $this->ids['clinic'], 'doctor' => $this->ids['doctor'],
			'patient' => $this->ids['patient'], 'description' => $description, 'status' => 1,
		]);
		$database = $this->site->database();
		$table = $this->site->info()['db']['prefix'] . 'kc_patient_encounters';
		$found = $database->query("SELECT MAX(id) FROM $table WHERE description = '$description'")->fetch_row();
		$database->close();
		return (int) ($found[0] ?? 0);
	}

	/** @return array{int, ?int} */
	private function told(Response $response): array
	{
		$data = json_decode($response->body, true)['data'] ?? null;
		$id = is_array($data) ? $data['appointment_id'] ?? $data['id'] ?? null : null;
		return [$response->status, is_numeric($id) && $response->status < 300 ? (int) $id : null];
	}
}
