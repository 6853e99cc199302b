<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e;

use KiviHook\Tests\E2e\Support\EndToEnd;

/**
 * KiviCare hands plain passwords to its hooks (temp_password, user_password) and keeps a doctor's in basic_data.
 * Neither the words nor the values reach a request, a log or a table of ours, sealed or not.
 */
final class PasswordsTest extends EndToEnd
{
	private const WORDS = ['temp_password', 'user_password', 'user_pass'];

	public function testNeitherWordNorValueGetsOut(): void
	{
		$this->needsFour('3.x hands its hooks nothing but ids');
		foreach (['appointment.booked', 'patient.registered', 'patient.updated', 'patient.deleted'] as $event) {
			$this->webhook($event, $this->receiver()->url('/ok/standard'));
		}
		// Somebody who asks for them in a template: whatever happens to that webhook, it gets none.
		$asked = '{"a": "{{temp_password}}", "b": "{{user_password}}", "c": "{{doctor.temp_password}}", "d": "{{password}}"}';
		$curious = [];
		foreach (['kc_patient_save', 'kc_appointment_book'] as $event) {
			$curious[] = $this->webhook($event, $this->receiver()->url('/ok/asked'), ['request_body' => $asked]);
		}

		[$patient, $made] = $this->desk()->addPatient('Pia');
		$doctor = $this->addDoctor();
		$receptionist = $this->addReceptionist();
		$this->assertSame(201, $doctor->status, $doctor->text());
		$booking = $this->desk()->book();
		$this->desk()->updatePatient($patient, 'Pina');
		$this->admin()->rest('DELETE', "kivicare/v1/patients/$patient");
		$this->settle();

		$values = array_merge(self::WORDS, [
			$made->json()['data']['temp_password'],
			$doctor->json()['data']['temp_password'],
			$receptionist->json()['data']['user_password'],
		]);
		$ids = $this->site()->info()['ids'];
		$basic = (array) json_decode($this->site()->wp("echo get_user_meta( {$ids['doctor']}, 'basic_data', true );"), true);
		$values[] = $basic['temp_password'];
		$hashes = array_column($this->rows('SELECT user_pass FROM [users]'), 'user_pass');
		$values = array_filter(array_merge($values, $hashes), static fn (string $value): bool => strlen($value) > 5);
		$this->assertGreaterThan(8, count($values));

		$got = $this->receiver()->since($this->mark);
		$this->assertGreaterThanOrEqual(4, count($got));
		$this->assertContains(
			$booking->id,
			array_map(static fn ($one) => $one->json()['data']['appointment_id'] ?? null, $got)
		);
		// The administrator's own template has the words in it, and so has the record of its making; all the rest must not.
		$answer = $this->admin()->rest('POST', 'kivicare/v1/webhooks/bulk-delete', ['ids' => $curious]);
		$this->assertSame(200, $answer->status);
		$trail = (string) json_encode($this->rows('SELECT * FROM [kivihook_audit]'));
		foreach (array_diff($values, self::WORDS) as $value) {
			$this->assertFalse(stripos($trail, substr((string) json_encode($value), 1, -1)), "$value is in the audit trail");
		}
		$places = ['our tables' => $this->dump(), 'our tables, opened' => $this->opened()];
		$places['the error log'] = $this->ourLines($this->site()->log('debug') . $this->site()->log('php'));
		$places['the log that KiviCare shows'] = (string) json_encode($this->logged());
		foreach ($got as $number => $request) {
			$places["request $number"] = (string) json_encode([$request->path, $request->headers, $request->body]);
		}
		$this->assertStringContainsString('Pia', $places['our tables, opened'], 'it is indeed open');
		foreach ($places as $place => $text) {
			foreach ($values as $value) {
				$found = stripos($text, $value);
				$this->assertFalse($found, "$value is in $place: " . substr($text, max(0, (int) $found - 60), 200));
				$this->assertFalse(stripos($text, substr((string) json_encode($value), 1, -1)), "$value, escaped, is in $place");
			}
		}
	}

	/** All rows of all our tables, bytes as they are. */
	private function dump(): string
	{
		$text = '';
		$prefix = $this->site()->info()['db']['prefix'];
		foreach ($this->rows("SHOW TABLES LIKE '{$prefix}kivihook\\_%'") as $row) {
			$table = (string) reset($row);
			if (str_ends_with($table, 'kivihook_audit')) {
				continue; // looked through on its own
			}
			foreach ($this->rows("SELECT * FROM `$table`") as $cells) {
				$text .= implode("\t", $cells) . "\n";
			}
		}
		foreach ($this->rows("SELECT * FROM [options] WHERE option_name LIKE 'kivihook%'") as $cells) {
			$text .= implode("\t", $cells) . "\n";
		}
		$this->assertStringContainsString('patient.registered', $text);
		return $text;
	}

	/** Snapshots, traces and credentials opened by the add-on's own classes. */
	private function opened(): string
	{
		return $this->site()->wp(<<<'CODE'
			use KiviHook\WordPress\Plugin;
			use KiviHook\WordPress\Store\Pack;
			global $wpdb;
			$plugin  = Plugin::container();
			$keyring = $plugin->keyring();
			foreach ( $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}kivihook_events" ) as $event ) {
				$sealed = $event->snapshot . implode( '', $wpdb->get_col( $wpdb->prepare(
					"SELECT data FROM {$wpdb->prefix}kivihook_event_parts WHERE event = %d ORDER BY part", $event->sequence
				) ) );
				echo Pack::unpack( $keyring->open( $sealed, $keyring->context( 'events', $event->id, 'snapshot' ) ) ), "\n";
			}
			foreach ( $wpdb->get_col( "SELECT id FROM {$wpdb->prefix}kivihook_attempts" ) as $id ) {
				echo wp_json_encode( $plugin->log()->find( (int) $id ) ), "\n";
			}
			CODE);
	}

	/** What we wrote into a log that others write into as well. */
	private function ourLines(string $log): string
	{
		return implode("\n", (array) preg_grep('/KiviHook/', explode("\n", $log)));
	}
}
