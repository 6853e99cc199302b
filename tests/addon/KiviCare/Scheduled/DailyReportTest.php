<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Scheduled;

use KiviHook\Tests\Addon\KiviCare\Support\ChartTestCase;
use KiviHook\Tests\Addon\KiviCare\Support\FakeEmitter;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\KiviCare\Reader;
use KiviHook\WordPress\KiviCare\Scheduled\DailyReport;
use KiviHook\WordPress\KiviCare\Scheduled\Figures;
use KiviHook\WordPress\KiviCare\Scheduled\Marks;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Store\Settings;

final class DailyReportTest extends ChartTestCase {

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

	private function tell( string $utc ): int {
		$this->emitter->events = array();
		$report = new DailyReport(
			$this->emitter,
			new Catalogue(),
			new Figures( new Reader( $this->wpdb ), $this->wpdb ),
			new Once( $this->wpdb, $this->schema() ),
			new Marks( $this->connection(), $this->schema() ),
			new Settings( $this->options() )
		);
		$report->run( new \DateTimeImmutable( $utc, new \DateTimeZone( 'UTC' ) ) );
		return count( $this->emitter->events );
	}

	public function testADayIsToldOnceInTheMorningAfterItOnTheSitesClock(): void {
		self::assertSame( 0, $this->tell( '2031-05-15 04:59:00' ), 'not seven in Berlin' );
		self::assertSame( 1, $this->tell( '2031-05-15 05:00:00' ) );
		self::assertSame( '2031-05-14', $this->emitter->data( 'report.daily' )['report_date'] );
		self::assertSame( 0, $this->tell( '2031-05-15 05:01:00' ) );
		self::assertSame( 0, $this->tell( '2031-05-15 21:59:00' ) );
		self::assertSame( 0, $this->tell( '2031-05-15 22:01:00' ), 'past midnight in Berlin' );
		self::assertSame( 1, $this->tell( '2031-05-16 09:00:00' ), 'later than usual' );
		self::assertSame( '2031-05-15', $this->emitter->data( 'report.daily' )['report_date'] );
	}

	public function testTheHourCanBeSetAndNonsenseIsTheDefault(): void {
		( new Settings( $this->options() ) )->put( array( 'report_hour' => 20 ) );
		self::assertSame( 0, $this->tell( '2031-05-15 17:59:00' ) );
		self::assertSame( 1, $this->tell( '2031-05-15 18:00:00' ) );
		$this->options()->put( Settings::OPTION, array( 'report_hour' => 'soon' ) );
		self::assertSame( 0, $this->tell( '2031-05-16 04:59:00' ) );
		self::assertSame( 1, $this->tell( '2031-05-16 05:00:00' ) );
	}

	public function testItCountsAndTellsOfNobody(): void {
		foreach ( array( 0, 0, 1, 3, 3, 3, 4, 2 ) as $status ) {
			$this->appointment( array( 'status' => $status, 'created_at' => '2031-05-14 23:59:59' ) );
		}
		$this->appointment( array( 'appointment_start_date' => '2031-05-15' ) );
		$this->bill( $this->encounter(), array( 'payment_status' => 'paid' ) );
		$this->bill( $this->encounter( array( 'status' => 0 ) ) );
		$this->bill( $this->encounter( array( 'encounter_date' => '2031-05-13' ) ), array( 'created_at' => '2031-05-13 10:00:00' ) );
		$this->wpdb->query( "UPDATE {$this->wpdb->users} SET user_registered = '2031-05-13 21:59:59'" );
		$this->wpdb->query( "UPDATE {$this->wpdb->users} SET user_registered = '2031-05-13 22:00:00' WHERE ID IN ($this->patient, $this->doctor)" );
		self::assertSame( 1, $this->tell( '2031-05-15 08:00:00' ) );
		$data = $this->emitter->data( 'report.daily' );
		$text = (string) json_encode( $data );
		self::assertStringNotContainsString( 'Pat', $text );
		self::assertStringNotContainsString( 'Dora', $text );
		self::assertSame(
			array(
				'appointments_total'       => 8,
				'appointments_booked'      => 1,
				'appointments_cancelled'   => 2,
				'appointments_pending'     => 1,
				'appointments_checked_in'  => 1,
				'appointments_checked_out' => 3,
				'appointments_created'     => 8,
				'patients_registered'      => 1,
				'encounters_total'         => 2,
				'encounters_open'          => 1,
				'bills_generated'          => 2,
				'bills_paid'               => 1,
			),
			array_intersect_key( $data, array_flip( array_filter( array_keys( $data ), static fn ( string $name ): bool => 1 === preg_match( '/^(appointments|patients|encounters|bills)_/', $name ) ) ) )
		);
		self::assertSame( 8, $data['clinics'][0]['appointments_total'] );
		self::assertSame( 'Test Clinic', $data['clinics'][0]['clinic_name'] );
		self::assertSame( array( null, 'schedule', null ), array( $data['record_id'], $data['detected_by'], $this->emitter->events[0]['snapshot']['patient_id'] ?? null ) );
	}
}
