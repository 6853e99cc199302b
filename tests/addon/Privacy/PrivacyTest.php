<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Privacy;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Privacy\Forgetting;
use KiviHook\WordPress\Privacy\Recipients;
use KiviHook\WordPress\Privacy\Tools;
use KiviHook\WordPress\Store\PersonalData;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Snapshots;

/** One person's data: told, erased, and forgotten with the patient; nobody else's touched. */
final class PrivacyTest extends DatabaseTestCase {

	private PersonalData $data;
	private Tools $tools;
	private Forgetting $forgetting;
	private Snapshots $snapshots;
	private int $jane;
	private int $john;

	protected function setUp(): void {
		parent::setUp();
		$this->snapshots  = new Snapshots( $this->own, $this->schema, $this->keyring );
		$this->data       = new PersonalData( $this->wpdb, $this->own, $this->schema, $this->keyring, $this->snapshots );
		$this->tools      = new Tools( $this->data, new Recipients( $this->data, $this->webhooks ) );
		$this->forgetting = new Forgetting( $this->data, $this->options );
		$this->options->delete( Forgetting::OPTION );
		$this->jane = $this->person( 'jane' );
		$this->john = $this->person( 'john' );
	}

	protected function tearDown(): void {
		require_once ABSPATH . 'wp-admin/includes/user.php';
		foreach ( array( 'jane', 'john' ) as $name ) {
			$user = get_user_by( 'login', $name );
			if ( $user ) {
				wp_delete_user( $user->ID );
			}
		}
		parent::tearDown();
	}

	public function testAnExportTellsWhatIsKeptAndWhoReceivedIt(): void {
		$webhook = $this->webhook();
		$this->keep( 1, $this->jane, array( 'patient_name' => 'Jane Roe', 'patient_id' => $this->jane ), $webhook->id );
		$this->keep( 2, $this->john, array( 'patient_name' => 'John Doe' ), $webhook->id );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'succeeded', attempt = 1, due_at = NULL" );

		$export = $this->tools->export( 'jane@clinic.test' );
		self::assertTrue( $export['done'] );
		$text = (string) json_encode( $export );
		self::assertStringContainsString( 'Jane Roe', $text );
		self::assertStringContainsString( 'Lab: succeeded', $text );
		self::assertStringContainsString( 'Lab (127.0.0.1)', $text );
		self::assertStringNotContainsString( 'John Doe', $text );
		self::assertSame( array( 'data' => array(), 'done' => true ), $this->tools->export( 'nobody@clinic.test' ) );
	}

	public function testADoctorsExportTellsNothingOfPatients(): void {
		$doctor = $this->person( 'john' );
		$this->keep( 1, $this->jane, array( 'patient_name' => 'Jane Roe' ), $this->webhook()->id, 'appointment.booked', $doctor );
		$export = (string) json_encode( $this->tools->export( 'john@clinic.test' ) );
		self::assertStringContainsString( 'appointment.booked', $export );
		self::assertStringNotContainsString( 'Jane Roe', $export );
		$erased = $this->tools->erase( 'john@clinic.test' );
		self::assertFalse( $erased['items_removed'] );
		self::assertTrue( $erased['items_retained'] );
		self::assertSame( 1, $this->committed( 'events', 'snapshot IS NOT NULL' ) );
	}

	public function testErasingRemovesSnapshotsAndLogsAndTakesBackWhatWaits(): void {
		$webhook = $this->webhook();
		$this->keep( 1, $this->jane, array( 'note' => $this->noise( 90_000 ) ), $webhook->id ); // in several parts
		$this->keep( 2, $this->john, array( 'note' => 'x' ), $webhook->id );
		$this->attempt( 1, $webhook->id );
		$this->attempt( 2, $webhook->id );
		self::assertGreaterThan( 0, $this->committed( 'event_parts' ) );

		$answer = $this->tools->erase( 'jane@clinic.test' );

		self::assertSame( array( true, false, true ), array( $answer['items_removed'], $answer['items_retained'], $answer['done'] ) );
		self::assertSame( 0, $this->committed( 'event_parts' ) );
		self::assertSame( 1, $this->committed( 'events', 'snapshot IS NULL AND patient_id = ' . $this->jane ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'cancelled' AND due_at IS NULL AND last_error = '" . addslashes( Reasons::ERASED ) . "'" ) );
		self::assertSame( 1, $this->committed( 'attempts', 'trace IS NULL' ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'pending'" ), 'the other one is still to be sent' );
		self::assertFalse( $this->tools->erase( 'jane@clinic.test' )['items_removed'], 'a second time finds nothing' );
	}

	public function testWhatIsOnItsWayIsLeftForLater(): void {
		$this->keep( 1, $this->jane, array( 'note' => 'x' ), $this->webhook()->id );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'leased'" );
		$answer = $this->tools->erase( 'jane@clinic.test' );
		self::assertTrue( $answer['items_retained'] );
		self::assertSame( 1, $this->committed( 'events', 'snapshot IS NOT NULL' ) );
	}

	public function testADeletedPatientIsForgottenButForTheIdsOfTheDeletion(): void {
		$webhook = $this->webhook();
		$this->keep( 1, $this->jane, array( 'patient_name' => 'Jane Roe' ), $webhook->id );
		$this->keep( 2, $this->john, array( 'patient_name' => 'John Doe' ), $webhook->id );
		$this->keep( 3, $this->jane, array( 'patient_id' => $this->jane, 'patient_email' => 'jane@clinic.test', 'patient_clinic_ids' => '1,2', 'unique_id' => 'JR-1' ), $webhook->id, 'patient.deleted' );
		self::assertSame( 0, $this->forgetting->run(), 'she is there' );
		Forgetting::register( fn (): Forgetting => $this->forgetting );
		require_once ABSPATH . 'wp-admin/includes/user.php';
		wp_delete_user( $this->jane );

		self::assertSame( 2, $this->forgetting->run() );

		$kept = $this->snapshots->read( array( 1, 2, 3 ) );
		self::assertArrayNotHasKey( 'data', $kept[1] );
		self::assertStringContainsString( 'John Doe', $kept[2]['data'] );
		self::assertSame( array( 'patient_id' => $this->jane, 'patient_email' => '', 'patient_clinic_ids' => '1,2', 'unique_id' => '' ), json_decode( $kept[3]['data'], true ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'cancelled'" ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'pending' AND event = 3" ), 'receivers hear of the deletion' );
		self::assertSame( 0, $this->forgetting->run() );
	}

	public function testAnAnonymisedPatientIsForgottenWithinTheHour(): void {
		$this->keep( 1, $this->jane, array( 'patient_name' => 'Jane Roe' ), $this->webhook()->id );
		self::assertSame( 0, $this->forgetting->run() );
		$this->clinic( "UPDATE wp_users SET user_email = 'x@example.invalid', display_name = 'deleted_user_1' WHERE ID = {$this->jane}" );
		self::assertSame( 0, $this->forgetting->run(), 'looked at a moment ago' );
		$this->options->put( Forgetting::OPTION, time() - 3601 );
		self::assertSame( 1, $this->forgetting->run() );
	}

	public function testWhoIsDeletedInATransactionThatIsRolledBackIsNotForgotten(): void {
		$this->keep( 1, $this->jane, array( 'patient_name' => 'Jane Roe' ), $this->webhook()->id );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->wpdb->delete( 'wp_users', array( 'ID' => $this->jane ) );
		$this->forgetting->soon();
		self::assertSame( 0, $this->forgetting->run() );
		$this->wpdb->query( 'ROLLBACK' );
		self::assertSame( 1, $this->committed( 'events', 'snapshot IS NOT NULL' ) );
	}

	private function keep( int $number, int $patient, array $data, int $webhook, string $type = 'appointment.booked', ?int $doctor = null ): void {
		$this->writer->append( array( 'type' => $type, 'patient_id' => $patient, 'doctor_id' => $doctor ) + $this->event( $number, $data ), array( $webhook ) );
	}

	private function attempt( int $event, int $webhook ): void {
		$this->log->add(
			array(
				array(
					'delivery' => (int) $this->own->value( 'SELECT id FROM wp_kivihook_deliveries WHERE event = ?', array( $event ) ),
					'webhook'  => $webhook,
					'event'    => $event,
					'type'     => 'appointment.booked',
					'number'   => 1,
					'driver'   => 'worker',
					'state'    => 'pending',
					'trace'    => array( 'started_at' => '2026-11-23T09:15:00.123Z', 'request' => array( 'body' => 'Jane' ) ),
				),
			)
		);
	}

	private function noise( int $bytes ): string {
		return bin2hex( random_bytes( intdiv( $bytes, 2 ) ) );
	}

	private function person( string $name ): int {
		$user = get_user_by( 'login', $name );
		return $user ? $user->ID : (int) wp_insert_user( array( 'user_login' => $name, 'user_pass' => 'x', 'user_email' => "$name@clinic.test" ) );
	}
}
