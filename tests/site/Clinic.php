<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** What a front desk does, in the words of the KiviCare at hand: 4.x by REST, 3.x by its ajax routes. */
final class Clinic
{
	/** @param array<string, mixed> $info see Site::info() */
	public function __construct(private array $info)
	{
	}

	/**
	 * Books the clinic's patient into the n-th free half hour from tomorrow on.
	 *
	 * @param array<string, mixed> $more of what the form sends, as this generation names it
	 */
	public function book(Client $client, int $slot, array $more = []): Response
	{
		[$date, $time] = self::slot($slot);
		$ids = $this->info['ids'];
		if ($this->info['kivicare']['generation'] === 4) {
			return $client->rest('POST', 'kivicare/v1/appointments', $more + [
				'appointmentStartDate' => $date,
				'appointmentStartTime' => $time,
				'clinicId' => $ids['clinic'],
				'doctorId' => $ids['doctor'],
				'patientId' => $ids['patient'],
				'serviceId' => [$ids['service_mapping']],
				'status' => 1,
				'description' => 'Booked at the front desk',
			]);
		}
		return $client->ajax('appointment_save', $more + [
			'appointment_start_date' => $date,
			'appointment_start_time' => $time,
			'clinic_id' => ['id' => $ids['clinic']],
			'doctor_id' => ['id' => $ids['doctor']],
			'patient_id' => ['id' => $ids['patient']],
			'visit_type' => [[
				'id' => $ids['service_mapping'], 'service_id' => $ids['service'], 'name' => $ids['service_name'],
				'charges' => $ids['service_charges'], 'telemed_service' => 'no',
			]],
			'status' => 1,
			'description' => 'Booked at the front desk',
			'payment_mode' => 'paymentOffline',
			'file' => [],
			'custom_fields_data' => [],
			'tax' => [],
		]);
	}

	/** Whether KiviCare says that it has booked. */
	public static function isBooked(Response $response): bool
	{
		$answer = json_decode($response->body, true);
		// 3.x refuses with HTTP 200 and a number for status.
		return intdiv($response->status, 100) === 2 && is_array($answer) && ($answer['status'] ?? null) === true;
	}

	/** @return array{string, string} date and time of the n-th half hour between 8 and 20 o'clock, from tomorrow on */
	public static function slot(int $slot): array
	{
		$date = gmdate('Y-m-d', time() + 86400 * (1 + intdiv($slot, 24)));
		$minutes = 8 * 60 + 30 * ($slot % 24);
		return [$date, sprintf('%02d:%02d', intdiv($minutes, 60), $minutes % 60)];
	}

	/** KiviCare 4's setup wizard: a clinic, a doctor with a service and sessions, a receptionist, a patient. */
	public static function runWizard(Client $admin): void
	{
		$answer = $admin->rest('POST', 'kivicare/v1/setup-wizard/clinic', [
			'clinic_name' => 'Harbour Clinic', 'clinic_email' => 'desk@example.org', 'clinic_contact' => '+15550100',
			'address' => '1 Quay Street', 'city' => 'Porto', 'postal_code' => '4000-001', 'country' => 'Portugal',
			'specialties' => [['id' => 1, 'label' => 'Family Medicine']],
			'firstName' => 'Clara', 'lastName' => 'Reis', 'adminEmail' => 'clara.reis@example.org',
			'adminContact' => '+15550101', 'gender' => 'female', 'dob' => '1980-02-03', 'currencyPrefix' => '€',
			'roles' => ['doctor', 'receptionist', 'patient'],
		]);
		// A stand-in without the wizard is filled by wp/clinic.php.
		if ($answer->status !== 404 && !self::isBooked($answer)) {
			throw new SiteException("KiviCare's setup wizard refuses (HTTP $answer->status): " . $answer->text());
		}
	}
}
