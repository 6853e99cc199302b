<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;
use KiviHook\Tests\E2e\Support\WpCli;

/** A patient who is deleted in KiviCare is forgotten, and receivers hear of it. */
final class PrivacyTest extends EndToEnd
{
	public function testADeletedPatientsDataGoAndTheIdsOfTheDeletionAreSent(): void
	{
		$down = $this->webhook('patient.registered', $this->receiver()->url('/status/500'));
		$this->webhook('patient.deleted', $this->receiver()->url('/status/500/gone'));
		[$patient] = $this->desk()->addPatient('Wilma');
		$this->rig()->waitUntilIdle();
		$this->assertSame('1', $this->value("SELECT COUNT(*) FROM {events} WHERE patient_id = $patient AND snapshot IS NOT NULL"));

		$this->desk()->deletePatient($patient);
		$this->rig()->waitUntilIdle();
		$this->site()->wp("do_action( 'kivihook_run' );");

		$events = $this->rows("SELECT type, snapshot IS NULL AS empty FROM {events} WHERE patient_id = $patient ORDER BY sequence");
		$this->assertSame([['type' => 'patient.registered', 'empty' => '1'], ['type' => 'patient.deleted', 'empty' => '0']], $events);
		$this->assertSame('cancelled', $this->value("SELECT state FROM {deliveries} WHERE webhook = $down"));
		$this->assertSame('0', $this->value('SELECT COUNT(*) FROM {attempts} a JOIN {events} e ON e.sequence = a.event'
			. " WHERE e.patient_id = $patient AND e.type = 'patient.registered' AND a.trace IS NOT NULL"));

		$mark = $this->receiver()->mark();
		$this->rows("UPDATE {deliveries} SET due_at = UTC_TIMESTAMP(3) WHERE state = 'pending'");
		$this->site()->wp("do_action( 'kivihook_run' );");
		$told = $this->receiver()->since($mark, '/status/500/gone', 1)[0];
		$this->assertSame($patient, $told->data()['patient_id']);
		$this->assertStringNotContainsString('Wilma', $told->body);
	}

	public function testWhoReceivedSomebodysDataIsListed(): void
	{
		$this->webhook('patient.registered', $this->receiver()->url('/ok/who'), [], 'Laboratory');
		[$patient] = $this->desk()->addPatient('Greta');
		$this->settle();
		$said = (new WpCli($this->site()))->kivihook(['recipients', (string) $patient, '--format=csv', '--fields=name,host,type,count']);
		$this->assertSame([0, "name,host,type,count\nLaboratory,127.0.0.1,patient.registered,1\n"], [$said['code'], $said['out']], $said['err']);
		$missing = (new WpCli($this->site()))->kivihook(['recipients', 'nobody@example.org']);
		$this->assertSame(1, $missing['code']);
	}

	public function testWordPressOffersTheToolsAndThePolicy(): void
	{
		$names = json_decode(trim($this->site()->wp(
			"echo wp_json_encode( array( array_keys( apply_filters( 'wp_privacy_personal_data_exporters', array() ) ),"
			. " array_keys( apply_filters( 'wp_privacy_personal_data_erasers', array() ) ) ) );"
		)), true);
		$this->assertContains('kivihook', $names[0]);
		$this->assertContains('kivihook', $names[1]);
		$guide = $this->admin()->request('GET', '/wp-admin/options-privacy.php?tab=policyguide')->body;
		$this->assertStringContainsString('KiviHook sends data about patients', $guide);
	}
}
