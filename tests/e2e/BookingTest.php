<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;

/** A patient is booked, and a moment later signed webhooks stand at three endpoints, logged. Any KiviCare. */
final class BookingTest extends EndToEnd
{
	public function testThreeWebhooksArriveEachInItsOwnForm(): void
	{
		$message = '{"text": "New: {{patient_name}} with {{doctor_name}}", "blocks": [{"type": "section", "text": '
			. '{"type": "mrkdwn", "text": "*{{appointment_date}}* {{appointment_start_time}}, {{service_names}}"}}], '
			. '"id": {{appointment_id}}}';
		// What somebody came for is clinical data, and goes nowhere until somebody has allowed it.
		$refused = $this->tryToMakeWebhook('kc_appointment_book', $this->receiver()->url('/ok/slack'), ['request_body' => $message]);
		$this->assertSame(422, $refused->status, $refused->text());
		$this->assertStringContainsString('{{service_names}} is clinical data', $refused->text());
		$slack = $this->webhook('kc_appointment_book', $this->receiver()->url('/ok/slack'));
		$this->allowClinical([$slack]);
		$saved = $this->admin()->rest('PUT', "kivicare/v1/webhooks/$slack", ['webhook_data' => ['request_body' => $message]]);
		$this->assertSame(200, $saved->status, $saved->text());
		$twilio = $this->webhook('kc_appointment_book', $this->receiver()->url('/ok/twilio'), [
			'content_type' => 'application/x-www-form-urlencoded',
			'request_body' => "To={{patient_contact_number}}\nFrom=+15550199\nBody=Dear {{patient_name}}, booked: "
				. '#{{appointment_id}} & see you',
			'auth_method' => 'basic',
			'auth_config' => ['username' => 'AC-front', 'password' => 'sw0rdfish:&', 'encoding' => 'Base64'],
		]);
		$plain = $this->webhook('appointment.booked', $this->receiver()->url('/ok/plain'), [
			'auth_method' => 'bearer',
			'auth_config' => ['bearer_token' => 'tok-123', 'token_type' => 'Bearer'],
			'custom_headers' => [['key' => 'X-Clinic', 'value' => '{{clinic_id}}']],
			'query_params' => [['key' => 'who', 'value' => '{{patient_name}}']],
		]);
		foreach ([$slack => '/ok/slack', $twilio => '/ok/twilio', $plain => '/ok/plain'] as $webhook => $path) {
			$this->signingSecret($webhook, $path);
		}
		$before = gmdate('Y-m-d\TH:i:s');
		$booking = $this->desk()->book();
		$this->settle();

		$ids = $this->site()->info()['ids'];
		$expected = json_decode($this->site()->wp(
			"echo wp_json_encode( array( 'patient' => get_userdata( {$ids['patient']} )->display_name,"
			. " 'doctor' => get_userdata( {$ids['doctor']} )->display_name ) );"
		), true);

		$got = [];
		foreach ($this->receiver()->since($this->mark) as $request) {
			$this->assertArrayNotHasKey($request->path, $got, 'each exactly once');
			$got[$request->path] = $request;
			$this->assertTrue($request->verified, "$request->path: $request->reason");
			$this->assertSame('POST', $request->method);
			$this->assertMatchesRegularExpression('~^KiviHook/\d+\.\d+~', $request->headers['user-agent']);
		}
		ksort($got);
		$this->assertSame(['/ok/plain', '/ok/slack', '/ok/twilio'], array_keys($got));

		$message = $got['/ok/slack']->json();
		$this->assertSame("New: {$expected['patient']} with {$expected['doctor']}", $message['text']);
		$this->assertSame($booking->id, $message['id'], 'a JSON number, not a text');
		$this->assertStringContainsString($ids['service_name'], $message['blocks'][0]['text']['text']);

		parse_str($got['/ok/twilio']->body, $form);
		$this->assertSame(['To', 'From', 'Body'], array_keys($form));
		$this->assertSame('+15550199', $form['From']);
		$this->assertSame("Dear {$expected['patient']}, booked: #$booking->id & see you", $form['Body']);
		$this->assertSame('application/x-www-form-urlencoded', $got['/ok/twilio']->headers['content-type']);
		$this->assertSame('Basic ' . base64_encode('AC-front:sw0rdfish:&'), $got['/ok/twilio']->headers['authorization']);

		$event = $got['/ok/plain']->json();
		$this->assertSame(['id', 'type', 'timestamp', 'data'], array_keys($event));
		$this->assertSame('appointment.booked', $event['type']);
		$this->assertMatchesRegularExpression('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/', $event['timestamp']);
		$this->assertGreaterThanOrEqual($before, $event['timestamp']);
		$this->assertSame('Bearer tok-123', $got['/ok/plain']->headers['authorization']);
		$this->assertSame((string) $ids['clinic'], $got['/ok/plain']->headers['x-clinic']);
		$data = $event['data'];
		$this->assertSame(
			[$booking->id, $ids['clinic'], $ids['doctor'], $ids['patient'], 1],
			[$data['appointment_id'], $data['clinic_id'], $data['doctor_id'], $data['patient_id'], $data['appointment_status']]
		);
		$this->assertStringStartsWith($booking->date() . 'T' . $booking->time() . ':00', $data['appointment_starts_at']);
		$this->assertSame($expected['patient'], $data['patient_name']);
		foreach (['service_names', 'appointment_description', 'custom_fields_data'] as $clinical) {
			$this->assertArrayNotHasKey($clinical, $data, 'nobody has allowed it for this one');
		}
		$this->assertStringStartsWith($event['id'], $got['/ok/plain']->headers['webhook-id']);

		$this->assertSame(['appointment.booked'], $this->kept(), 'one event, however many webhooks');
		$rows = $this->logged();
		$this->assertCount(3, $rows);
		foreach ($rows as $row) {
			// KiviCare's screens know the event by its documented name.
			$this->assertSame(['success', 200, 'kc_appointment_book', 1], [$row['status'], $row['response_code'],
				$row['event_type'], $row['attempt']]);
			$this->assertGreaterThan(0, $row['execution_time']);
		}
		$text = (string) json_encode($rows);
		foreach (['sw0rdfish', 'tok-123', base64_encode('AC-front:sw0rdfish:&')] as $secret) {
			$this->assertStringNotContainsString($secret, $text, 'the log shows no credential');
		}
	}

	public function testTheWorkerSendsRightAfterItsResponse(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/quick'));
		$booking = $this->desk()->book();
		$got = $this->receiver()->since($this->mark, '/ok/quick', 1);
		$this->assertCount(1, $got, 'without any run of the schedule');
		$this->assertLessThan(2000, $got[0]->atMs - $booking->response->doneMs, 'ms after the response');
		$this->rig()->waitUntilIdle();
		$this->assertSame('inline', $this->value('SELECT driver FROM {attempts}'));
	}

	public function testAHangingEndpointDelaysNobody(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/hang/4'));
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/beside'));
		$booking = $this->desk()->book();
		$this->assertSame(2, intdiv($booking->response->status, 100));
		$got = $this->receiver()->since($this->mark, '/hang/4', 1);
		$this->assertCount(1, $got);
		$this->assertLessThan($got[0]->atMs + 4000, $booking->response->doneMs, 'answered before the endpoint did');
		$beside = $this->receiver()->since($this->mark, '/ok/beside', 1);
		$this->assertLessThan($got[0]->atMs + 4000, $beside[0]->atMs, 'and its neighbour was not kept waiting either');
		$this->settle();
		$this->assertSame(['success', 'success'], array_column($this->logged(), 'status'));
	}

	public function testManyBookingsArriveOnceEachAndInNobodysPlace(): void
	{
		$this->webhook('kc_appointment_book', $this->receiver()->url('/ok/many'));
		$ids = [];
		for ($i = 0; $i < 12; $i++) {
			$ids[] = $this->desk()->book()->id;
		}
		$this->settle();
		$arrived = [];
		foreach ($this->receiver()->since($this->mark, '/ok/many') as $request) {
			$arrived[] = $request->data()['appointment_id'];
		}
		sort($arrived);
		$this->assertSame($ids, $arrived);
	}

	public function testNobodyListensNothingIsKept(): void
	{
		$this->webhook('kc_patient_save', $this->receiver()->url('/ok/others'));
		$this->desk()->book();
		$this->settle();
		$this->assertSame([], $this->kept());
		$this->assertSame([], $this->receiver()->since($this->mark));
	}

	public function testASwitchedOffWebhookRecordsNothing(): void
	{
		$id = $this->webhook('kc_appointment_book', $this->receiver()->url('/ok/off'));
		$answer = $this->admin()->rest('PATCH', "kivicare/v1/webhooks/$id/status", ['status' => 0]);
		$this->assertSame(200, $answer->status, $answer->text());
		$this->desk()->book();
		$this->settle();
		$this->assertSame([], $this->kept());
		$this->assertSame([], $this->receiver()->since($this->mark));
	}
}
