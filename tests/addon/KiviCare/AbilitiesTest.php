<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Custom\Declarations;
use KiviHook\WordPress\KiviCare\Abilities;
use KiviHook\WordPress\KiviCare\Limits;
use KiviHook\WordPress\Store\EventTimes;

/** What a site can produce, by the KiviCare that it has. */
final class AbilitiesTest extends DatabaseTestCase {

	protected function tearDown(): void {
		remove_all_filters( Declarations::FILTER );
		parent::tearDown();
	}

	private function abilities( array $site = array() ): Abilities {
		return new Abilities(
			new Catalogue(),
			new EventTimes( $this->own, $this->schema ),
			$site + array( 'generation' => 4, 'pro' => false, 'shop' => false, 'reconciler' => true )
		);
	}

	private static function by( array $status ): array {
		return array_column( $status['detected_by'], 'names', 'by' );
	}

	public function testEveryEventOfEveryKiviCareIsNoticedOrSaysWhyNot(): void {
		foreach ( array( 3, 4 ) as $generation ) {
			foreach ( array( true, false ) as $pro ) {
				foreach ( $this->abilities( array( 'generation' => $generation, 'pro' => $pro, 'shop' => $pro ) )->all() as $id => $status ) {
					self::assertSame( Limits::YES === $status['state'], '' === $status['why'], $id );
					self::assertSame( Limits::NO === $status['state'], array() === $status['detected_by'], "$generation $id" );
				}
			}
		}
	}

	public function testTheSameEventIsNoticedByOtherMeansInEachGeneration(): void {
		$four = self::by( $this->abilities()->status( 'appointment.booked' ) );
		self::assertContains( 'kc_after_create_appointment', $four['hook'] );
		self::assertNotContains( 'kc_appointment_book', $four['hook'] );
		self::assertContains( 'appointments', $four['route'] );
		self::assertArrayHasKey( 'reconciler', $four );
		$three = self::by( $this->abilities( array( 'generation' => 3, 'reconciler' => false ) )->status( 'kc_appointment_book' ) );
		self::assertContains( 'kc_appointment_book', $three['hook'] );
		self::assertContains( 'appointment_save', $three['ajax'] );
		self::assertArrayNotHasKey( 'route', $three );
		self::assertArrayNotHasKey( 'reconciler', $three );
		self::assertContains( 'delete_user', self::by( $this->abilities()->status( 'patient.deleted' ) )['user'] );
		self::assertSame( array( 'bills' ), self::by( $this->abilities()->status( 'bill.generated' ) )['insert'] );
	}

	public function testSaysWhatIsMissing(): void {
		$free = $this->abilities();
		self::assertStringContainsString( 'fault of KiviCare', $free->status( 'medical_history.added' )['why'] );
		self::assertSame( Limits::NO, $free->status( 'clinic.deleted' )['state'] );
		self::assertSame( Limits::LIMITED, $free->status( 'bill.deleted' )['state'] );
		self::assertSame( Limits::YES, $this->abilities( array( 'pro' => true ) )->status( 'clinic.deleted' )['state'] );
		self::assertSame( Limits::YES, $this->abilities( array( 'generation' => 3 ) )->status( 'medical_history.added' )['state'] );
		self::assertStringContainsString( 'not active', $this->abilities( array( 'generation' => 0 ) )->status( 'patient.registered' )['why'] );
		self::assertNull( $free->status( 'nothing.at_all' ) );
		$limits = new Limits( new Catalogue(), array( 'generation' => 4, 'pro' => false, 'shop' => false, 'reconciler' => true ) );
		self::assertSame( '', $limits->warning( array( 'appointment.booked', 'nothing.at_all' ) ) );
		self::assertStringContainsString( 'Clinic deleted: Needs KiviCare Pro', $limits->warning( array( 'appointment.booked', 'clinic.deleted' ) ) );
	}

	public function testADeclaredEventIsItsPlugins(): void {
		add_filter( Declarations::FILTER, static fn (): array => array( 'lab.ready' => array( 'label' => 'Ready' ) ) );
		$status = $this->abilities( array( 'generation' => 0 ) )->status( 'lab.ready' );
		self::assertSame( array( 'state' => Limits::YES, 'why' => '', 'detected_by' => array( array( 'by' => 'plugin', 'names' => array() ) ), 'last_seen' => null ), $status );
	}

	public function testTellsWhenAnEventHappenedLast(): void {
		self::assertNull( $this->abilities()->status( 'appointment.booked' )['last_seen'] );
		$this->writer->append( $this->event( 1 ), array( 1 ) );
		$this->writer->append( array( 'timestamp' => '2026-11-24T10:00:00.500Z' ) + $this->event( 2 ), array( 1 ) );
		$this->writer->append( array( 'type' => 'patient.registered' ) + $this->event( 3 ), array( 1 ) );
		self::assertSame( '2026-11-24T10:00:00.500Z', $this->abilities()->status( 'appointment.booked' )['last_seen'] );
		$all = $this->abilities()->all();
		self::assertSame( '2026-11-23T09:15:00.123Z', $all['patient.registered']['last_seen'] );
		self::assertNull( $all['patient.deleted']['last_seen'] );
	}
}
