<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Scheduled;

use KiviHook\Tests\Addon\KiviCare\Support\ClinicTestCase;
use KiviHook\Tests\Addon\KiviCare\Support\FakeEmitter;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\KiviCare\Appointments;
use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\KiviCare\Records;
use KiviHook\WordPress\KiviCare\Scheduled\Agenda;
use KiviHook\WordPress\KiviCare\Scheduled\Marks;
use KiviHook\WordPress\KiviCare\Scheduled\Offsets;
use KiviHook\WordPress\KiviCare\Scheduled\Reminders;
use KiviHook\WordPress\KiviCare\Scheduled\StillDue;
use KiviHook\WordPress\Store\Problems;

/** Appointments of a clinic in Berlin (UTC+2 in May): 10:15 there is 08:15 UTC. */
class RemindersTest extends ClinicTestCase {

	/** @var array<int, array> Webhook => configuration. */
	private array $webhooks = array( 1 => array( 'reminders_min' => array( 120, 1440 ) ) );

	/** @var string[] */
	private array $lines = array();

	protected function setUp(): void {
		parent::setUp();
		$this->emitter = new FakeEmitter( $this->wpdb );
		$this->schema();
	}

	private function reminders(): Reminders {
		$records = new Records( $this->wpdb );
		return new Reminders(
			$this->emitter,
			new Catalogue(),
			new Appointments( $records ),
			new Agenda( $records->reader() ),
			new Offsets( fn (): array => $this->webhooks ),
			new Once( $this->wpdb, $this->schema() ),
			$this->marks(),
			new Problems( $this->connection(), $this->schema(), function ( string $line ): void {
				$this->lines[] = $line;
			} )
		);
	}

	private function marks(): Marks {
		return new Marks( $this->connection(), $this->schema() );
	}

	/** Minutes before the start, and to whom, of what was told at a time (UTC). */
	private function told( string $time ): array {
		$this->emitter->events = array();
		$this->reminders()->run( new \DateTimeImmutable( $time, new \DateTimeZone( 'UTC' ) ) );
		return array_map(
			static fn ( array $event ): array => array(
				$event['snapshot']['record_id'],
				$event['snapshot']['data']['reminder_minutes'],
				$event['snapshot']['webhooks'],
			),
			$this->emitter->events
		);
	}

	/** One at 10:15 in Berlin on 14 May 2031, however this KiviCare writes it down. */
	protected function inBerlin( array $columns = array() ): int {
		return $this->appointment( $columns + ( 4 === static::VERSION ? array(
			'appointment_timezone'  => 'Europe/Berlin',
			'appointment_start_utc' => '2031-05-14 08:15:00',
			'created_at_utc'        => '2031-05-01 00:00:00',
		) : array() ) );
	}

	public function testEachTimeBeforeIsToldOnce(): void {
		$id = $this->inBerlin();
		self::assertSame( array(), $this->told( '2031-05-13 08:14:59' ) );
		self::assertSame( array( array( $id, 1440, array( 1 ) ) ), $this->told( '2031-05-13 08:15:20' ) );
		$data = $this->emitter->data( 'appointment.reminder_due' );
		self::assertSame(
			array( '2031-05-13T08:15:00Z', '2031-05-14T10:15:00+02:00', 'Pat Example', 'schedule', 'Check-up' ),
			array(
				$data['reminder_due_at'],
				$data['appointment_starts_at'],
				$data['patient_name'],
				$data['detected_by'],
				$data['service_names'],
			)
		);
		self::assertTrue( $this->emitter->events[0]['inside'], 'its name and the event are one' );
		self::assertSame( '2031-05-14T08:15:00Z', $this->emitter->events[0]['snapshot']['expires_at'], 'never sent late' );
		self::assertSame( array(), $this->told( '2031-05-13 08:16:20' ) );
		self::assertSame( array( array( $id, 120, array( 1 ) ) ), $this->told( '2031-05-14 06:15:00' ) );
		self::assertSame( array(), $this->told( '2031-05-14 06:16:00' ) );
		self::assertSame( array(), $this->lines );
	}

	public function testEachWebhookHasItsOwnTimes(): void {
		$this->webhooks[7] = array( 'reminders_min' => array( 120, '9', 0, 99999 ) );
		$this->webhooks[8] = array();
		$id                = $this->inBerlin();
		self::assertSame( array( array( $id, 1440, array( 1, 8 ) ) ), $this->told( '2031-05-13 08:15:00' ) );
		self::assertSame( array( array( $id, 120, array( 1, 7 ) ) ), $this->told( '2031-05-14 06:15:00' ) );
		$this->webhooks[9] = array( 'reminders_min' => array( 120 ) );
		self::assertSame( array( array( $id, 120, array( 9 ) ) ), $this->told( '2031-05-14 06:20:00' ) );
	}

	public function testAMovedOneIsToldBeforeItsNewTimeOnly(): void {
		$id    = $this->inBerlin();
		$moved = array( 'appointment_start_date' => '2031-05-20' )
			+ ( 4 === static::VERSION ? array( 'appointment_start_utc' => '2031-05-20 08:15:00' ) : array() );
		$this->change( $id, $moved );
		self::assertSame( array(), $this->told( '2031-05-13 08:15:00' ) );
		self::assertSame( array( array( $id, 1440, array( 1 ) ) ), $this->told( '2031-05-19 08:15:00' ) );
		$later = array( 'appointment_start_date' => '2031-05-27' )
			+ ( 4 === static::VERSION ? array( 'appointment_start_utc' => '2031-05-27 08:15:00' ) : array() );
		$this->change( $id, $later );
		self::assertSame( array( array( $id, 1440, array( 1 ) ) ), $this->told( '2031-05-26 08:15:00' ), 'told again' );
	}

	public function testWhatIsNotBookedIsNotTold(): void {
		foreach ( array( 0, 2, 3, 4 ) as $status ) {
			$this->inBerlin( array( 'status' => $status ) );
		}
		$this->remove( 'appointments', 'id', $this->inBerlin() );
		self::assertSame( array(), $this->told( '2031-05-13 08:15:00' ) );
	}

	public function testBeforeEachTryItIsAskedWhetherTheAppointmentIsStillToCome(): void {
		$stays     = $this->inBerlin();
		$cancelled = $this->inBerlin();
		$moved     = $this->inBerlin();
		$deleted   = $this->inBerlin();
		$arrived   = $this->inBerlin();
		$event     = static fn ( ?int $id, string $type = Appointments::REMINDER ): array => array(
			'type'      => $type,
			'record_id' => $id,
			'ends'      => '2031-05-14 08:15:00',
		);
		$events    = array_map( $event, array( 11 => $stays, 12 => $cancelled, 13 => $moved, 14 => $deleted, 15 => $arrived ) );
		$still     = new StillDue( $this->connection(), $this->wpdb->prefix . 'kc_appointments' );
		self::assertSame( array(), $still->over( $events ) );

		$this->change( $cancelled, array( 'status' => 0 ) );
		$this->change( $moved, array( 'appointment_start_date' => '2031-05-20' )
			+ ( 4 === static::VERSION ? array( 'appointment_start_utc' => '2031-05-20 08:15:00' ) : array() ) );
		$this->remove( 'appointments', 'id', $deleted );
		$this->change( $arrived, array( 'status' => 4 ) );
		$events += array( 16 => $event( null ), 17 => $event( $cancelled, 'results.expire' ) );
		self::assertSame( array( 12, 13, 14, 15, 16 ), $still->over( $events ), 'another event with an end is not asked about' );

		$gone = new StillDue( $this->connection(), 'no_such_table' );
		self::assertSame( array( 11 ), $gone->over( array( 11 => $event( $stays ) ) ) );
	}

	public function testOneThatWasBookedAfterItsTimeIsNotTold(): void {
		$this->inBerlin( array( 'created_at' => '2031-05-13 10:16:00' )
			+ ( 4 === static::VERSION ? array( 'created_at_utc' => '2031-05-13 08:16:00' ) : array() ) );
		self::assertSame( array(), $this->told( '2031-05-13 08:20:00' ) );
		self::assertSame( array(), $this->lines );
	}

	public function testALateOneIsDroppedAndCountedOnce(): void {
		$id = $this->inBerlin();
		self::assertSame( array(), $this->told( '2031-05-13 08:00:00' ) );
		self::assertSame( array(), $this->told( '2031-05-13 09:00:00' ), '45 minutes late' );
		self::assertSame( array( 1 => 1 ), $this->marks()->counted( 'late' ) );
		self::assertCount( 1, $this->lines );
		self::assertStringContainsString( '1 reminders were not sent', $this->lines[0] );
		self::assertStringNotContainsString( 'Pat', $this->lines[0] );
		$this->told( '2031-05-13 09:01:00' );
		self::assertSame( array( 1 => 1 ), $this->marks()->counted( 'late' ) );
		self::assertSame( array( array( $id, 120, array( 1 ) ) ), $this->told( '2031-05-14 06:20:00' ), 'five minutes are no delay' );
		self::assertSame( array( 1 => 1 ), $this->marks()->counted( 'late' ) );
	}

	public function testShortOnesHaveLessTime(): void {
		$this->webhooks = array( 1 => array( 'reminders_min' => array( 4 ) ) );
		$this->inBerlin();
		$this->told( '2031-05-14 08:00:00' );
		self::assertSame( array(), $this->told( '2031-05-14 08:13:30' ) );
		self::assertSame( array( 1 => 1 ), $this->marks()->counted( 'late' ) );
	}

	public function testTwoSchedulesAtOnceTellOnce(): void {
		$id    = $this->inBerlin();
		$other = mysqli_init();
		mysqli_real_connect( $other, null, DB_USER, DB_PASSWORD, DB_NAME, null, substr( $this->wpdb->dbhost, strlen( 'localhost:' ) ) );
		$start = ( new \DateTimeImmutable( '2031-05-14 08:15:00 UTC' ) )->getTimestamp();
		$name  = "reminder:1:$id:1440:$start";
		mysqli_query( $other, 'START TRANSACTION' );
		mysqli_query( $other, "INSERT INTO `{$this->schema()->table( 'told' )}` VALUES ('$name', UTC_TIMESTAMP(3))" );
		$this->wpdb->query( 'SET SESSION innodb_lock_wait_timeout = 1' );
		try {
			$this->told( '2031-05-13 08:15:00' );
			self::fail( 'it has to wait for the other' );
		} catch ( \KiviHook\Exception $waited ) {
			self::assertSame( array(), $this->emitter->events );
		} finally {
			$this->wpdb->query( 'SET SESSION innodb_lock_wait_timeout = 50' );
		}
		mysqli_query( $other, 'COMMIT' );
		self::assertSame( array(), $this->told( '2031-05-13 08:16:00' ), 'the other one told it' );
		mysqli_close( $other );
	}

	public function testOneThatCannotBeKeptIsTriedAgain(): void {
		$id                     = $this->inBerlin();
		$this->emitter->refuses = true;
		self::assertSame( array(), $this->told( '2031-05-13 08:15:00' ) );
		$this->emitter->refuses = false;
		self::assertSame( array( array( $id, 1440, array( 1 ) ) ), $this->told( '2031-05-13 08:16:00' ) );
	}

	public function testWithoutSubscribersNothingIsAsked(): void {
		$this->inBerlin();
		$this->emitter = new FakeEmitter( $this->wpdb, array() );
		self::assertSame( array(), $this->told( '2031-05-13 08:15:00' ) );
		self::assertNull( $this->marks()->advance( 'reminders', 1 ), 'no mark was left' );
	}
}
