<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Profiles;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Variable;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Profiles\Profiles;
use KiviHook\WordPress\Webhooks\Policy;
use PHPUnit\Framework\TestCase;

/** What the profiles offer and leave out. That it is FHIR and CloudEvents is shown by dev/verify-profiles. */
final class ProfilesTest extends TestCase {

	private Catalogue $catalogue;
	private Profiles $profiles;

	protected function setUp(): void {
		$this->catalogue = new Catalogue();
		$this->profiles  = new Profiles( $this->catalogue );
	}

	public function testEveryEventHasAGenericFormAndWhatFhirKnowsAResource(): void {
		$all = array_column( $this->profiles->all(), null, 'id' );
		self::assertSame( array( 'standard', 'thin', 'cloudevents', 'cloudevents-binary', 'fhir', 'fhir-notification-id', 'fhir-notification-full' ), array_keys( $all ) );
		$events = array_keys( $this->catalogue->events() );
		foreach ( array( 'standard', 'thin', 'cloudevents', 'cloudevents-binary' ) as $id ) {
			self::assertSame( $events, array_keys( $all[ $id ]['bodies'] ), $id );
		}
		self::assertArrayHasKey( 'patient.registered', $all['fhir']['bodies'] );
		self::assertArrayNotHasKey( 'service.added', $all['fhir']['bodies'] );
		self::assertSame( 'application/fhir+json', $all['fhir']['content_type'] );
		self::assertSame( array( 'name' => 'ce-specversion', 'value' => '1.0' ), $all['cloudevents-binary']['headers'][0] );
		self::assertNull( $this->profiles->config( 'fhir', 'service.added' ) );
		self::assertNull( $this->profiles->config( 'fhir', 'nothing.at_all' ) );
		self::assertNull( $this->profiles->config( 'hl7v2', 'appointment.booked' ) );
	}

	public function testNothingIsInATemplateThatTheWebhookMayNotCarry(): void {
		if ( ! Extension::usable() ) {
			self::markTestSkipped( 'Templates are read by the extension.' );
		}
		$policy = new Policy( $this->catalogue );
		$terms  = array( 'purpose' => 'p', 'agreement' => 'a', 'until' => '2099-12-31' );
		foreach ( array( array( 'operational' ), array( 'operational', 'identifier' ), array( 'operational', 'billing', 'identifier', 'contact' ), Variable::CLASSES ) as $classes ) {
			foreach ( $this->profiles->all( $classes ) as $profile ) {
				foreach ( $profile['bodies'] as $event => $body ) {
					$config = array( 'events' => array( $event ), 'classes' => $classes, 'content_type' => $profile['content_type'], 'body' => $body, 'url' => 'https://x.example/' );
					self::assertSame( array(), $policy->problems( $config + ( in_array( 'clinical', $classes, true ) ? array( 'clinical' => $terms ) : array() ) ), "{$profile['id']} $event" );
				}
			}
		}
	}

	/** @dataProvider statuses */
	public function testStatusesAreMapped( string $event, array $data, string $expected ): void {
		$fhir = $this->render( 'fhir', $event, $data );
		self::assertSame( $expected, $fhir['status'] );
	}

	public static function statuses(): array {
		return array(
			array( 'appointment.booked', array( 'appointment_status' => 1 ), 'booked' ),
			array( 'appointment.cancelled', array( 'appointment_status' => 0 ), 'cancelled' ),
			array( 'appointment.booked', array( 'appointment_status' => 2 ), 'pending' ),
			array( 'appointment.checked_in', array( 'appointment_status' => 4 ), 'checked-in' ),
			array( 'appointment.checked_out', array( 'appointment_status' => 3 ), 'fulfilled' ),
			array( 'appointment.deleted', array( 'appointment_status' => 1 ), 'entered-in-error' ),
			array( 'encounter.created', array( 'encounter_status' => 1 ), 'in-progress' ),
			array( 'encounter.closed', array( 'encounter_status' => 0 ), 'finished' ),
			array( 'bill.paid', array( 'bill_payment_status' => 'paid' ), 'balanced' ),
			array( 'bill.generated', array( 'bill_payment_status' => 'unpaid' ), 'issued' ),
			array( 'prescription.deleted', array(), 'cancelled' ),
		);
	}

	public function testWhatIsMissingIsNotThere(): void {
		$patient = $this->render( 'fhir', 'patient.registered', array( 'patient_contact_number' => '', 'patient_email' => '', 'patient_city' => '', 'patient_status' => 0 ) );
		self::assertArrayNotHasKey( 'telecom', $patient );
		self::assertArrayNotHasKey( 'address', $patient );
		self::assertTrue( $patient['active'] );
		$patient = $this->render( 'fhir', 'patient.registered', array( 'patient_contact_number' => '', 'patient_email' => 'a@example.org', 'patient_status' => 1 ) );
		self::assertSame( array( array( 'system' => 'email', 'value' => 'a@example.org' ) ), $patient['telecom'] );
		self::assertFalse( $patient['active'] );
		self::assertSame( array( 'phone', 'email' ), array_column( $this->render( 'fhir', 'patient.registered', array() )['telecom'], 'system' ) );
		self::assertFalse( $this->render( 'fhir', 'doctor.removed', array() )['active'] );
		$bill = $this->render( 'fhir', 'bill.generated', array( 'bill_items' => array( array( 'name' => 'A', 'amount' => '1.50' ), array( 'name' => 'B', 'amount' => '2' ) ) ), Variable::CLASSES );
		self::assertSame( array( 1.5, 2.0 ), array_map( static fn ( array $item ): float => (float) $item['priceComponent'][0]['amount']['value'], $bill['lineItem'] ) );
		self::assertSame( array( 'USD', 'USD', 'USD' ), array( $bill['totalNet']['currency'], $bill['totalGross']['currency'], $bill['lineItem'][1]['priceComponent'][0]['amount']['currency'] ) );
		$bill = $this->render( 'fhir', 'bill.generated', array( 'bill_currency' => '' ), Variable::CLASSES );
		self::assertSame( array( 'value' ), array_keys( $bill['totalNet'] + $bill['totalGross'] + $bill['lineItem'][0]['priceComponent'][0]['amount'] ) );
		self::assertArrayNotHasKey( 'lineItem', $this->render( 'fhir', 'bill.generated', array( 'bill_items' => array() ), Variable::CLASSES ) );
		self::assertArrayNotHasKey( 'lineItem', $this->render( 'fhir', 'bill.generated', array() ) );
	}

	public function testThinTellsNumbersOnly(): void {
		self::assertSame(
			array( 'appointment_id' => 1042, 'encounter_id' => 311, 'clinic_id' => 1, 'doctor_id' => 21, 'patient_id' => 57, 'record_id' => 1042 ),
			$this->render( 'thin', 'appointment.booked', array() )['data']
		);
		self::assertArrayNotHasKey( 'patient_id', $this->render( 'thin', 'appointment.booked', array(), array( 'operational' ) )['data'] );
	}

	private function render( string $profile, string $event, array $data, ?array $classes = null ): array {
		if ( ! Extension::usable() ) {
			self::markTestSkipped( 'Templates are rendered by the extension.' );
		}
		$config = $this->profiles->config( $profile, $event, $classes );
		self::assertNotNull( $config );
		$text = ( new \KiviHook\Template( $config['body'], $config['content_type'] ) )->render( $data + $this->catalogue->event( $event )->sample() );
		return json_decode( $text, true, 64, JSON_THROW_ON_ERROR );
	}
}
