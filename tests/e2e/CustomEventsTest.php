<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\MuPlugin;

/** Another plugin declares an event and fires it: it is listed, arrives as declared, and goes back with a rollback. */
final class CustomEventsTest extends EndToEnd
{
	private MuPlugin $lab;

	protected function setUp(): void
	{
		parent::setUp();
		$this->lab = new MuPlugin($this->site(), 'lab');
	}

	protected function tearDown(): void
	{
		$this->lab->remove();
		parent::tearDown();
	}

	public function testItIsListedSubscribedToAndArrives(): void
	{
		$listed = $this->admin()->rest('GET', 'kivicare/v1/webhooks/events')->json()['data'];
		$this->assertContains('lab.result_ready', array_column($listed, 'value'));
		$webhook = $this->webhook('lab.result_ready', $this->receiver()->url('/ok/lab'));
		$this->allowClinical();
		$this->signingSecret($webhook, '/ok/lab');

		$this->assertTrue($this->fire('lab_result=4711')['function']);
		$this->settle();
		$got = $this->receiver()->since($this->mark);
		$this->assertCount(1, $got);
		$this->assertTrue($got[0]->verified, $got[0]->reason);
		$this->assertSame('lab.result_ready', $got[0]->json()['type']);
		$data = $got[0]->data();
		$this->assertSame(
			[4711, 4711, 'HbA1c', [['value' => 5.4]], 'lab', 'lab.result_ready'],
			[$data['record_id'], $data['result_id'], $data['test_name'], $data['values'], $data['module_name'],
				$data['event_name']]
		);
		$this->assertStringNotContainsString('LAB-SECRET', $got[0]->body);
	}

	public function testARollbackTakesItBackAndNobodyElseHearsIt(): void
	{
		$this->webhook('lab.result_ready', $this->receiver()->url('/ok/lab'));
		$this->webhook('appointment.booked', $this->receiver()->url('/ok/booked'));
		$this->fire('lab_result=1&lab_undo=1');
		$this->settle();
		$this->assertSame([], $this->kept());
		$this->fire('lab_result=2');
		$this->settle();
		$paths = array_map(static fn ($request): string => $request->path, $this->receiver()->since($this->mark));
		$this->assertSame(['/ok/lab'], $paths);
	}

	public function testAHookBecomesAnEventByConfiguration(): void
	{
		$row = [
			'hook' => 'lab_tube_scanned', 'id' => 'tube.scanned', 'label' => 'Tube scanned', 'record' => 'tube_id',
			'fields' => [
				['name' => 'tube_id', 'path' => '0', 'type' => 'integer', 'class' => 'operational', 'sample' => 1],
				['name' => 'rack', 'path' => '1.rack', 'class' => 'operational', 'sample' => 'A1'],
			],
		];
		$save = 'echo json_encode( KiviHook\\WordPress\\Plugin::container()->hookForm()->save( %s ) );';
		$this->assertSame('[]', $this->site()->wp(sprintf($save, var_export([$row], true))));
		try {
			$created = $this->admin()->rest('POST', 'kivicare/v1/webhooks', [
				'name' => 'Tubes', 'module_name' => 'tube', 'event_name' => 'tube.scanned', 'methods' => 'POST', 'status' => 1,
				'webhook_data' => ['url' => $this->receiver()->url('/ok/tube'), 'auth_method' => 'none'],
			]);
			$this->assertSame(201, $created->status, $created->text());
			$this->assertSame(7, $this->fire('lab_tube=7')['kept'], 'a filter filters on');
			$this->settle();
			$got = $this->receiver()->since($this->mark);
			$this->assertCount(1, $got);
			$this->assertSame('tube.scanned', $got[0]->json()['type']);
			$this->assertSame([7, 'A7', 7], [$got[0]->data()['tube_id'], $got[0]->data()['rack'], $got[0]->data()['record_id']]);
			$this->assertStringNotContainsString('LAB-SECRET', $got[0]->body);
		} finally {
			$this->site()->wp(sprintf($save, '[]'));
		}
	}

	/** @return array<string, mixed> */
	private function fire(string $query): array
	{
		$response = $this->guest()->request('GET', "/?$query");
		$this->assertSame(200, $response->status, $response->text());
		return $response->json();
	}
}
