<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Catalogue;

use KiviHook\WordPress\Catalogue\Allowance;
use KiviHook\WordPress\Catalogue\Catalogue;
use PHPUnit\Framework\TestCase;

/** Which data classes a webhook may carry today. */
final class AllowanceTest extends TestCase {

	private const REST = array( 'operational', 'billing', 'identifier', 'contact' );

	public function testEverythingButClinicalDataUnlessSomebodyChooses(): void {
		self::assertSame( self::REST, Allowance::classes( array() ) );
		self::assertSame( self::REST, Allowance::classes( array( 'classes' => null ) ) );
		self::assertSame( array(), Allowance::classes( array( 'classes' => array() ) ) );
		self::assertSame( array( 'operational', 'contact' ), Allowance::classes( array( 'classes' => array( 'contact', 'operational', 'made up' ) ) ) );
	}

	public function testOnlyWhatTheCatalogueNamesIsLeftOfAnEvent(): void {
		$allowance = new Allowance( new Catalogue() );
		$whole     = '{"patient_name":"Zo\u00eb","changes":[],"custom_fields_data":{},"appointment_id":1.0}';
		self::assertSame( $whole, $allowance->named( 'appointment.updated', $whole ), 'not a byte is changed' );
		self::assertSame( '{"changes":[],"custom_fields_data":{}}', $allowance->named( 'appointment.updated', '{"changes":[],"x":{"patient_name":1},"custom_fields_data":{}}' ) );
		self::assertSame( '{}', $allowance->named( 'appointment.updated', '{}' ) );
		foreach ( array( '', 'null', '7', '[1]', '{', '{"\u0000x":1}' ) as $broken ) {
			self::assertNull( $allowance->named( 'appointment.updated', $broken ), $broken );
		}
	}

	public function testClinicalDataNeedsItsTermsAndEndsWithItsLastDay(): void {
		$today = wp_date( 'Y-m-d' );
		$terms = array( 'purpose' => 'Laboratory orders', 'agreement' => 'DPA 12', 'until' => $today );
		$with  = static fn ( array $clinical ): array => Allowance::classes( array( 'classes' => array( 'operational', 'clinical' ), 'clinical' => $clinical ) );
		self::assertSame( array( 'operational', 'clinical' ), $with( $terms ) );
		self::assertSame( array( 'operational' ), $with( array( 'until' => wp_date( 'Y-m-d', time() - 86_400 ) ) + $terms ) );
		foreach ( array_keys( $terms ) as $term ) {
			self::assertSame( array( 'operational' ), $with( array( $term => '' ) + $terms ), $term );
		}
		self::assertSame( array( 'operational' ), $with( array() ) );
		self::assertSame( self::REST, Allowance::classes( array( 'clinical' => $terms ) ), 'Terms alone allow nothing.' );
	}

	/** @group site */
	public function testTheLastDayIsTheSites(): void {
		$config = array(
			'classes'  => array( 'clinical' ),
			'clinical' => array( 'purpose' => 'p', 'agreement' => 'a', 'until' => '' ),
		);
		foreach ( array( 'Pacific/Kiritimati', 'Pacific/Pago_Pago' ) as $zone ) {
			update_option( 'timezone_string', $zone );
			$config['clinical']['until'] = ( new \DateTimeImmutable( 'now', new \DateTimeZone( $zone ) ) )->format( 'Y-m-d' );
			self::assertFalse( Allowance::clinicalEnded( $config ), $zone );
			$config['clinical']['until'] = ( new \DateTimeImmutable( 'yesterday', new \DateTimeZone( $zone ) ) )->format( 'Y-m-d' );
			self::assertTrue( Allowance::clinicalEnded( $config ), $zone );
		}
		delete_option( 'timezone_string' );
	}

	public function testNamesTheVariablesThatStayBehind(): void {
		$allowance = new Allowance( new Catalogue() );
		self::assertSame( array( 'appointment_description', 'service_names', 'custom_fields_data' ), $allowance->without( 'appointment.booked', array() ) );
		self::assertContains( 'changes', $allowance->without( 'appointment.updated', array() ) );
		self::assertNotContains( 'changes', $allowance->without( 'bill.updated', array() ), 'Amounts are billing data.' );
		self::assertContains( 'patient_email', $allowance->without( 'appointment.booked', array( 'classes' => array( 'operational' ) ) ) );
		self::assertNull( $allowance->without( 'lab.result_ready', array() ) );
		self::assertContains( 'prescription_name', $allowance->withoutAny( array( 'events' => array( 'appointment.booked', 'prescription.added', 'lab.x' ) ) ) );
	}
}
