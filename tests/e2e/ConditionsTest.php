<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;

/** Who gets an event of the front desk, and what of it: clinics, conditions and data classes. Any KiviCare. */
final class ConditionsTest extends EndToEnd
{
	private function with(string $path, array $config): int
	{
		$webhook = $this->webhook('appointment.booked', $this->receiver()->url($path));
		$this->configure($config, [$webhook]);
		return $webhook;
	}

	private static function when(string $field, string $operator, mixed $value): array
	{
		return ['conditions' => ['match' => 'all', 'rules' => [compact('field', 'operator', 'value')]]];
	}

	public function testOnlyWhoseClinicsAndConditionsMatchGetABooking(): void
	{
		$clinic = $this->site()->info()['ids']['clinic'];
		$this->with('/ok/clinic', ['clinics' => [$clinic, 999]]);
		$this->with('/ok/other-clinic', ['clinics' => [999]]);
		$this->with('/ok/booked', self::when('appointment_status', 'in', [1, 2]));
		$this->with('/ok/cancelled', self::when('appointment_status', 'is', 0));
		$this->with('/ok/future', self::when('appointment_starts_at', 'gt', gmdate('Y-m-d')));
		$this->with('/ok/past', self::when('appointment_starts_at', 'lt', gmdate('Y-m-d')));
		$this->desk()->book();
		$this->settle();
		$paths = array_map(static fn ($request): string => $request->path, $this->receiver()->since($this->mark));
		sort($paths);
		$this->assertSame(['/ok/booked', '/ok/clinic', '/ok/future'], $paths);
		$this->assertSame(['appointment.booked'], $this->kept());
		$this->assertSame('3', $this->value('SELECT COUNT(*) FROM {deliveries}'));
	}

	public function testAnEventThatNobodyGetsIsNotKept(): void
	{
		$this->with('/ok/cancelled', self::when('appointment_status', 'is', 0));
		$this->with('/ok/other-clinic', ['clinics' => [999]]);
		$booking = $this->desk()->book();
		$this->settle();
		$this->assertGreaterThan(0, $booking->id);
		$this->assertSame([], $this->kept());
		$this->assertSame([], $this->receiver()->since($this->mark));
		$this->assertSame([], $this->rows('SELECT message FROM {problems}'));
	}

	public function testEachWebhookCarriesItsOwnClassesAndNoMore(): void
	{
		$clinical = $this->with('/ok/clinical', []);
		$this->with('/ok/plain', []);
		$this->with('/ok/thin', ['classes' => ['operational']]);
		$this->allowClinical([$clinical]);
		$this->desk()->book();
		$this->settle();
		$data = [];
		foreach ($this->receiver()->since($this->mark) as $request) {
			$data[$request->path] = $request->data();
		}
		$service = $this->site()->info()['ids']['service_name'];
		$this->assertSame($service, $data['/ok/clinical']['service_names']);
		$this->assertArrayNotHasKey('service_names', $data['/ok/plain']);
		$this->assertArrayHasKey('patient_name', $data['/ok/plain']);
		$this->assertArrayNotHasKey('patient_name', $data['/ok/thin']);
		$this->assertArrayNotHasKey('patient_id', $data['/ok/thin']);
		$this->assertArrayHasKey('appointment_id', $data['/ok/thin']);
	}

	public function testAfterTheLastDayNothingClinicalGoesOutAndNothingIsKept(): void
	{
		$webhook = $this->with('/ok/ended', []);
		$this->allowClinical([$webhook]);
		$ended = ['purpose' => 'Tests', 'agreement' => 'None needed', 'until' => gmdate('Y-m-d', time() - 2 * 86400)];
		$this->configure(['clinical' => $ended], [$webhook]);
		$this->desk()->book();
		$this->settle();
		$data = $this->receiver()->since($this->mark)[0]->data();
		$this->assertArrayNotHasKey('service_names', $data);
		// Allowed again, and sent again: what was not kept is not there.
		$this->allowClinical([$webhook]);
		$this->rows("UPDATE {deliveries} SET state = 'pending', due_at = UTC_TIMESTAMP(3), lease = NULL");
		$this->mark = $this->receiver()->mark();
		$this->settle();
		$this->assertArrayNotHasKey('service_names', $this->receiver()->since($this->mark)[0]->data());
	}
}
