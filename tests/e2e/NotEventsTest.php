<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\ChartEndToEnd;
use KiviHook\Tests\E2e\Support\Desk;
use KiviHook\Tests\E2e\Support\Office;
use KiviHook\Tests\Site\Client;

/** What KiviCare fires hooks for, or answers politely, and nothing has happened. */
final class NotEventsTest extends ChartEndToEnd
{
	/** Payments have ways of their own, and anybody may register. */
	private const OPEN_TO_ALL = '#payment-|auth/|frontend/|config|server-key|system/#';

	/** @dataProvider generations */
	public function testEveryStatusSetToWhatItWas(int $generation): void
	{
		$desk = $this->beginAll($generation);
		$booking = $desk->book();
		$encounter = $this->charts->addEncounter();
		$bill = $this->charts->addBill($encounter);
		[$doctor] = $this->office()->add('doctor', 'Rui');
		[$receptionist] = $this->office()->add('receptionist', 'Rita');
		[$patient] = $desk->addPatient();
		[$service] = $this->office()->addService('Knee ' . $generation . getmypid(), [$this->site()->info()['ids']['doctor']]);
		$this->quiet();
		$again = [
			fn () => $desk->setStatus($booking, 1),
			fn () => $this->charts->setEncounterStatus($encounter, 1),
			fn () => $this->charts->saveBill($bill, $encounter, 'unpaid'),
			fn () => $this->office()->setStatus('doctor', $doctor, 0, true),
			fn () => $this->office()->setStatus('receptionist', $receptionist, 0, true),
			fn () => $this->office()->setServiceStatus($service, 1),
			fn () => $this->office()->setClinicStatus(1),
			fn () => $this->setPatientStatus($desk, $patient),
		];
		foreach ($again as $call) {
			$this->assertLessThan(500, $call()->status);
			$this->told([]);
		}
	}

	public function testNobodyWhoIsLoggedOutTellsAnything(): void
	{
		$this->begin(4, []);
		$this->beginAll(4);
		$booking = $this->desk()->book();
		$this->settle();
		$this->mark = $this->receiver()->mark();
		$refused = 0;
		foreach ((require __DIR__ . '/routes.php')['rest'] as $way => $events) {
			[$methods, $route] = explode(' ', $way, 2);
			if (str_starts_with($events, 'none:') || preg_match(self::OPEN_TO_ALL, $route) === 1) {
				continue;
			}
			foreach (explode('|', $methods) as $method) {
				$answer = $this->guest()->rest(
					$method,
					'kivicare/v1/' . preg_replace('/\{\w+\}/', (string) $booking->id, $route),
					['ids' => [$booking->id], 'status' => 0, 'id' => $booking->id] + Desk::person('Nobody')
				);
				// Pro's and later ones' are not there; of what is there nothing does what a guest wants.
				$refusal = $answer->status >= 400 && $answer->status < 500
					|| ($answer->json()['status'] ?? true) === false;
				$this->assertTrue($refusal, "$method $route: $answer->status " . $answer->text());
				++$refused;
			}
		}
		$this->assertGreaterThan(40, $refused);
		$this->told([]);
		$this->assertSame('1', $this->value("SELECT status FROM [kc_appointments] WHERE id = $booking->id"));
	}

	public function testNobodyWhoIsLoggedOutTellsAnythingByAjax(): void
	{
		$desk = $this->beginAll(3);
		$booking = $desk->book();
		$this->quiet();
		$guest = $this->guest();
		foreach ((require __DIR__ . '/routes.php')['ajax'] as $route => $events) {
			if (str_starts_with($events, 'none:') || str_contains($route, 'register')) {
				continue;
			}
			foreach (['post', 'get'] as $method) {
				$this->knock($guest, $method, $route, ['id' => $booking->id, 'ID' => 1, 'appointment_id' => $booking->id,
					'appointment_status' => '0', 'status' => '0']);
			}
		}
		$this->told([]);
		$this->assertSame('1', $this->value("SELECT status FROM [kc_appointments] WHERE id = $booking->id"));
	}

	/** @dataProvider generations */
	public function testWhatIsNotThereCannotBeDeletedOrChanged(int $generation): void
	{
		$desk = $this->beginAll($generation);
		$booking = $desk->book();
		$this->quiet();
		$nobody = clone $booking;
		$nobody->id = 987654;
		$desk->delete($nobody);
		$desk->setStatus($nobody, 0);
		$desk->deletePatient(987654);
		$this->charts->deleteEncounter(987654);
		$this->charts->deletePrescription(987654);
		$this->charts->deleteHistory(987654);
		$this->office()->remove('doctor', 987654);
		$this->office()->remove('receptionist', 987654);
		$this->office()->removeService(987654);
		$desk->delete($booking);
		$this->told(['appointment.deleted']);
		$desk->delete($booking);
		$this->told([]);
	}

	/** Webhooks for everything, and a desk of this generation. */
	private function beginAll(int $generation): Desk
	{
		$this->begin($generation, []);
		$types = json_decode($this->site()->wp(
			'echo json_encode( array_keys( KiviHook\WordPress\Plugin::container()->catalogue()->events() ) );'
		), true);
		foreach (array_diff($types, ['appointment.reminder_due', 'report.daily']) as $type) {
			$this->webhook($type, $this->receiver()->url("/ok/$type"));
		}
		return $this->charts->desk;
	}

	private function office(): Office
	{
		$info = $this->site()->info();
		$info['kivicare']['generation'] = $this->charts->desk->isFour() ? 4 : 3;
		return new Office($info, $this->site());
	}

	/** What was told so far does not matter. */
	private function quiet(): void
	{
		$this->settle();
		$this->mark = $this->receiver()->mark();
	}

	private function setPatientStatus(Desk $desk, int $patient): \KiviHook\Tests\Site\Response
	{
		return $desk->isFour()
			? $desk->client->rest('PUT', "kivicare/v1/patients/$patient/status", ['status' => 0])
			: $desk->client->ajax('change_module_value_status', ['module_type' => 'patients', 'id' => $patient, 'value' => '0']);
	}

	/** @param array<string, mixed> $parameters */
	private function knock(Client $guest, string $method, string $route, array $parameters): void
	{
		$query = http_build_query(['action' => "ajax_$method", 'route_name' => $route, '_ajax_nonce' => 'abcdef1234'] + $parameters);
		$answer = $method === 'get'
			? $guest->request('GET', "/wp-admin/admin-ajax.php?$query")
			: $guest->request('POST', '/wp-admin/admin-ajax.php', $query, ['Content-Type: application/x-www-form-urlencoded']);
		$this->assertNotSame(500, $answer->status, "$method $route: " . substr($answer->text(), 0, 200));
	}
}
