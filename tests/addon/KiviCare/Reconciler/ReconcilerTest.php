<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Reconciler;

use KiviHook\Tests\Addon\KiviCare\Support\ChartTestCase;
use KiviHook\Tests\Addon\KiviCare\Support\FakeEmitter;
use KiviHook\TransactionLost;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\KiviCare\Announcer;
use KiviHook\WordPress\KiviCare\Ledger;
use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\KiviCare\Orders;
use KiviHook\WordPress\KiviCare\Reconciler\Kind;
use KiviHook\WordPress\KiviCare\Reconciler\Reconciler;
use KiviHook\WordPress\KiviCare\Reconciler\Watermarks;
use KiviHook\WordPress\KiviCare\Records;
use KiviHook\WordPress\KiviCare\Subjects;
use KiviHook\WordPress\Store\DatabaseError;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Store\Settings;

/** What happens behind everybody's back is found by looking again. */
final class ReconcilerTest extends ChartTestCase {

	protected function setUp(): void {
		parent::setUp();
		$this->emitter = new FakeEmitter( $this->wpdb );
		$this->schema();
	}

	protected function tearDown(): void {
		$this->options()->delete( Settings::OPTION );
		parent::tearDown();
	}

	private function options(): Options {
		return new Options( $this->wpdb, $this->connection() );
	}

	/** One pass; what looks different is believed after some seconds. @return array{string, int}[] What it told. */
	private function pass( int $patience = 0 ): array {
		$this->emitter->events = array();
		$records               = new Records( $this->wpdb );
		$subjects              = Subjects::all( $records, new Orders( $records->reader(), $this->wpdb ) );
		$reconciler            = new Reconciler(
			Kind::all( $this->wpdb ),
			$subjects,
			new Announcer( $this->emitter, new Catalogue(), new Ledger(), $subjects, new Once( $this->wpdb, $this->schema() ) ),
			new Watermarks( $this->connection(), $this->schema() ),
			$this->connection(),
			$this->wpdb,
			new Settings( $this->options() ),
			$patience
		);
		$reconciler->run( new \DateTimeImmutable() );
		return $this->told();
	}

	/** Twice: seen, and believed. */
	private function passes(): array {
		return array_merge( $this->pass(), $this->pass() );
	}

	/** Somebody tells it the usual way. */
	private function append( string $type, int $record ): void {
		$this->connection()->run(
			"INSERT INTO `{$this->schema()->table( 'events' )}` (id, type, record_id, clinic_ids, created_at, webhooks, routed, parts)"
			. " VALUES (UUID(), ?, ?, '', UTC_TIMESTAMP(3), '', 1, 1)",
			array( $type, $record )
		);
	}

	/** One of each kind. @return array<string, int> */
	private function everything(): array {
		$encounter = $this->encounter();
		return array(
			'appointment'     => $this->appointment(),
			'encounter'       => $encounter,
			'bill'            => $this->bill( $encounter ),
			'prescription'    => $this->prescription( $encounter ),
			'medical_history' => $this->history( $encounter ),
			'service'         => $this->insert(
				'service_doctor_mapping',
				array( 'service_id' => $this->service, 'doctor_id' => $this->doctor, 'clinic_id' => $this->clinic, 'status' => 1 )
					+ array( 'created_at' => '2031-01-01 00:00:00', 'charges' => '50' )
			),
			'clinic'          => $this->insert( 'clinics', array( 'name' => 'Branch', 'status' => 1 ) ),
			'patient'         => $this->person( 'patient', 'Nina' ),
			'doctor'          => $this->person( 'doctor', 'Olga' ),
			'receptionist'    => $this->person( 'receptionist', 'Rita' ),
		);
	}

	public function testTheFirstLookTakesDownWhatIsThereAndTellsNothing(): void {
		$this->everything();
		self::assertSame( array(), $this->pass() );
		self::assertSame( array(), $this->passes() );
		self::assertSame( array(), $this->passes() );
	}

	public function testWhatAnImportMadeIsToldOnceOfEachKind(): void {
		$this->pass();
		$ids = $this->everything();
		self::assertSame( array(), $this->pass( 60 ), 'seen, not yet believed' );
		self::assertSame( array(), $this->pass( 60 ) );
		$told = $this->pass();
		self::assertEqualsCanonicalizing(
			array(
				array( 'appointment.booked', $ids['appointment'] ),
				array( 'encounter.created', $ids['encounter'] ),
				array( 'bill.generated', $ids['bill'] ),
				array( 'prescription.added', $ids['prescription'] ),
				array( 'medical_history.added', $ids['medical_history'] ),
				array( 'service.added', $ids['service'] ),
				array( 'clinic.added', $ids['clinic'] ),
				array( 'patient.registered', $ids['patient'] ),
				array( 'doctor.added', $ids['doctor'] ),
				array( 'receptionist.added', $ids['receptionist'] ),
			),
			$told
		);
		foreach ( $this->emitter->events as $event ) {
			self::assertSame( 'reconciler', $event['snapshot']['data']['detected_by'] );
			self::assertTrue( $event['inside'], 'the mark and the event are one' );
		}
		self::assertSame( 'Pat Example', $this->emitter->data( 'appointment.booked' )['patient_name'] );
		self::assertSame( array(), $this->passes() );
	}

	public function testChangedStatesAreToldWithWhatTheyWere(): void {
		$ids = $this->everything();
		$this->pass();
		$this->pass();
		$this->setStatus( $ids['appointment'], 0 );
		$this->set( 'patient_encounters', $ids['encounter'], array( 'status' => 0 ) );
		$this->set( 'bills', $ids['bill'], array( 'payment_status' => 'paid' ) );
		$this->set( 'service_doctor_mapping', $ids['service'], array( 'status' => 0 ) );
		$this->set( 'clinics', $ids['clinic'], array( 'status' => 0 ) );
		foreach ( array( 'patient', 'doctor', 'receptionist' ) as $role ) {
			$this->wpdb->update( $this->wpdb->users, array( 'user_status' => 1 ), array( 'ID' => $ids[ $role ] ) );
		}
		$expected = array(
			array( 'appointment.status_changed', $ids['appointment'] ),
			array( 'appointment.cancelled', $ids['appointment'] ),
			array( 'encounter.closed', $ids['encounter'] ),
			array( 'bill.paid', $ids['bill'] ),
			array( 'service.updated', $ids['service'] ),
			array( 'clinic.updated', $ids['clinic'] ),
			array( 'patient.status_changed', $ids['patient'] ),
			array( 'doctor.status_changed', $ids['doctor'] ),
			array( 'receptionist.status_changed', $ids['receptionist'] ),
		);
		self::assertSame( array(), $this->pass() );
		self::assertEqualsCanonicalizing( $expected, $this->pass() );
		$data = $this->emitter->data( 'appointment.status_changed' );
		self::assertSame( array( 1, 0 ), array( $data['old_status_code'], $data['new_status_code'] ) );
		self::assertSame( array(), $this->passes() );
	}

	public function testWhatWasToldIsNotToldAgain(): void {
		$old = $this->appointment();
		$this->pass();
		$this->pass();
		$new = $this->appointment();
		$this->append( 'appointment.booked', $new );
		$this->setStatus( $old, 0 );
		$this->append( 'appointment.cancelled', $old );
		self::assertSame( array( array( 'appointment.status_changed', $old ) ), $this->passes() );
		self::assertSame( array(), $this->passes() );
	}

	public function testARequestThatIsStillAtWorkIsNotForestalled(): void {
		$this->pass();
		$id = $this->appointment();
		self::assertSame( array(), $this->pass( 60 ) );
		$this->append( 'appointment.booked', $id );
		self::assertSame( array(), $this->passes() );
	}

	public function testABookingThatIsCommittedLateIsFoundBehindANewerOne(): void {
		$this->pass();
		$this->wpdb->query( 'START TRANSACTION' );
		$late  = $this->appointment();
		$other = mysqli_init();
		mysqli_real_connect( $other, null, DB_USER, DB_PASSWORD, DB_NAME, null, substr( $this->wpdb->dbhost, strlen( 'localhost:' ) ) );
		mysqli_query( $other, "INSERT INTO {$this->wpdb->prefix}kc_appointments (clinic_id, doctor_id, patient_id, status) VALUES (1, 2, 3, 1)" );
		$newer = (int) mysqli_insert_id( $other );
		mysqli_close( $other );
		$watermarks = new Watermarks( $this->connection(), $this->schema() );
		self::assertGreaterThan( $late, $newer );
		$this->wpdb->query( 'COMMIT' );
		$this->connection()->run( "INSERT INTO `{$watermarks->table()}` (kind, record, state) VALUES ('appointment', ?, '1')", array( $newer ) );
		self::assertSame( array( array( 'appointment.booked', $late ) ), $this->passes() );
	}

	public function testOneThatWaitsForPaymentIsToldWhenItIsConfirmed(): void {
		$this->pass();
		$id = $this->appointment( array( 'status' => 2 ) );
		self::assertSame( array(), $this->passes() );
		$this->setStatus( $id, 1 );
		self::assertSame(
			array( array( 'appointment.booked', $id ), array( 'appointment.status_changed', $id ) ),
			$this->passes()
		);
	}

	public function testThereAndBackIsNothing(): void {
		$id = $this->appointment();
		$this->pass();
		$this->pass();
		$this->setStatus( $id, 0 );
		self::assertSame( array(), $this->pass( 60 ) );
		$this->setStatus( $id, 1 );
		self::assertSame( array(), $this->pass( 60 ) );
		self::assertSame( array(), $this->passes() );
	}

	public function testWhatWentInTheMeantimeIsForgotten(): void {
		$this->pass();
		$id = $this->appointment();
		$this->pass( 60 );
		$this->remove( 'appointments', 'id', $id );
		self::assertSame( array(), $this->passes() );
		self::assertNull( $this->connection()->value( "SELECT state FROM `{$this->schema()->table( 'marks' )}` WHERE kind = 'appointment' AND record = ?", array( $id ) ) );
	}

	public function testWhoSubscribesLaterHearsNothingOfThePast(): void {
		$this->emitter->wanted = array( 'appointment.cancelled' );
		$this->pass();
		$this->appointment();
		$this->pass( 60 );
		$this->emitter->wanted[] = 'appointment.booked';
		self::assertSame( array(), $this->passes() );
		self::assertSame( array(), $this->passes() );
		$new = $this->appointment();
		self::assertSame( array( array( 'appointment.booked', $new ) ), $this->passes() );
	}

	public function testAnotherChoiceOfEventsLosesNothing(): void {
		$this->emitter->wanted = array( 'appointment.booked' );
		$old = $this->appointment();
		$this->pass();
		$this->pass();
		$new = $this->appointment();
		$this->setStatus( $old, 0 );
		self::assertSame( array(), $this->pass( 60 ), 'seen, not yet believed' );
		$this->emitter->wanted[] = 'appointment.cancelled';
		self::assertSame( array( array( 'appointment.booked', $new ) ), $this->passes(), 'and nothing of what was cancelled before' );
		$this->setStatus( $new, 0 );
		self::assertSame( array( array( 'appointment.cancelled', $new ) ), $this->passes() );
		$this->emitter->wanted = array( 'appointment.cancelled' );
		$last = $this->appointment();
		self::assertSame( array(), $this->passes() );
		$this->setStatus( $last, 0 );
		self::assertSame( array( array( 'appointment.cancelled', $last ) ), $this->passes() );
	}

	public function testWhatTheTablesDidNotTakeIsTriedAgain(): void {
		$this->pass();
		$ids = array( $this->appointment(), $this->appointment() );
		$this->pass();
		$this->emitter->full = true;
		try {
			$this->pass();
			self::fail( 'nothing could be kept' );
		} catch ( DatabaseError $error ) {
			self::assertSame( 'The table is full.', $error->getMessage() );
		}
		$this->emitter->full = false;
		self::assertSame( array( array( 'appointment.booked', $ids[0] ), array( 'appointment.booked', $ids[1] ) ), $this->passes() );
		self::assertSame( array(), $this->passes() );
	}

	public function testItCanBeSwitchedOffAndBeginsAnew(): void {
		$this->pass();
		( new Settings( $this->options() ) )->put( array( 'reconciler' => false ) );
		$this->pass();
		$this->appointment();
		self::assertSame( array(), $this->passes() );
		( new Settings( $this->options() ) )->put( array( 'reconciler' => true ) );
		self::assertSame( array(), $this->passes() );
		self::assertSame( array(), $this->passes() );
	}

	public function testWithoutSubscribersNothingIsKept(): void {
		$this->emitter->wanted = array();
		$this->everything();
		$this->pass();
		self::assertSame( '0', $this->connection()->value( "SELECT COUNT(*) FROM `{$this->schema()->table( 'marks' )}`" ) );
	}

	public function testAnEventThatCannotBeKeptLeavesTheMarkAndIsTriedAgain(): void {
		$this->pass();
		$id = $this->appointment();
		$this->pass();
		$this->emitter->lost = true;
		try {
			$this->pass();
			self::fail( 'the transaction is lost' );
		} catch ( TransactionLost $lost ) {
			$this->emitter->lost = false;
		}
		self::assertSame( array( array( 'appointment.booked', $id ) ), $this->passes() );
	}

	public function testAWalkOfManySmallStepsSeesThemAll(): void {
		$first = $this->appointment();
		$table = "{$this->wpdb->prefix}kc_appointments";
		$this->wpdb->query( "INSERT INTO $table (id, clinic_id, doctor_id, patient_id, status) VALUES ($first + 5000, 1, 2, 3, 1)" );
		for ( $pass = 0; $pass < 8; $pass++ ) {
			self::assertSame( array(), $this->pass() );
		}
		$this->setStatus( $first, 0 );
		$told = array();
		for ( $pass = 0; $pass < 12; $pass++ ) {
			$told = array_merge( $told, $this->pass() );
		}
		self::assertSame( array( array( 'appointment.status_changed', $first ), array( 'appointment.cancelled', $first ) ), $told );
	}
}
