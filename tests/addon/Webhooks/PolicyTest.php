<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Webhooks;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Webhooks\Policy;
use PHPUnit\Framework\TestCase;

/** What may not be saved: templates and conditions that use what the webhook may not carry, or what there is not. */
final class PolicyTest extends TestCase {

	private const TERMS = array( 'purpose' => 'Laboratory orders', 'agreement' => 'DPA 12', 'until' => '2099-12-31' );

	private function problems( array $config ): array {
		return ( new Policy( new Catalogue() ) )->problems( $config + array( 'events' => array( 'appointment.booked' ), 'url' => 'https://example.com/' ) );
	}

	private function rules( array ...$rules ): array {
		return array( 'conditions' => array( 'match' => 'all', 'rules' => $rules ) );
	}

	private static function rule( string $field, string $operator, mixed $value = null ): array {
		return array( 'field' => $field, 'operator' => $operator ) + ( null === $value ? array() : array( 'value' => $value ) );
	}

	public function testATemplateMayUseOnlyWhatTheWebhookMayCarry(): void {
		if ( ! Extension::usable() ) {
			self::markTestSkipped( 'Templates are read by the extension.' );
		}
		self::assertSame( array(), $this->problems( array( 'body' => '{"a":"{{patient_name}}","b":{{patient_id}}}' ) ) );
		$config = array(
			'url'     => 'https://example.com/{{service_names}}',
			'headers' => array( array( 'X-A', '{{clinic_id}}' ), array( 'X-B', '{{appointment_description}}' ) ),
			'query'   => array( array( 'q', '{{custom_fields_data.Insurance}}' ) ),
			'body'    => '{"a":"{{service_names | upper}}","b":"{{unheard_of}}"}',
		);
		$problems = $this->problems( $config );
		self::assertSame( array( 'url', 'body', 'headers.1.value', 'query.0.value' ), array_keys( $problems ) );
		self::assertStringContainsString( '{{service_names}} is clinical data (of appointment.booked)', $problems['body'] );
		self::assertStringContainsString( 'allow the class "clinical"', $problems['body'] );
		self::assertStringContainsString( 'with purpose, agreement and last day', $problems['body'] );
		self::assertSame( array(), $this->problems( $config + array( 'classes' => array( 'operational', 'clinical' ), 'clinical' => self::TERMS ) ) );
		$contact = $this->problems( array( 'body' => '"{{patient_email}}"', 'classes' => array( 'operational', 'identifier' ) ) )['body'];
		self::assertStringContainsString( 'allow the class "contact"', $contact );
		self::assertStringNotContainsString( 'purpose', $contact );
		// It is clinical in one of its events.
		$both = array( 'events' => array( 'bill.updated', 'encounter.updated' ), 'body' => '{"c":{{changes}}}' );
		self::assertStringContainsString( 'of encounter.updated', $this->problems( $both )['body'] );
	}

	public function testClinicalDataNeedsItsTerms(): void {
		$problems = $this->problems( array( 'classes' => array( 'clinical' ) ) );
		self::assertSame( array( 'clinical.purpose', 'clinical.agreement', 'clinical.until' ), array_keys( $problems ) );
		foreach ( array( '2020-01-01' => 'allowed until 2020-01-01', '2099-02-30' => 'a day such as', 'soon' => 'a day such as' ) as $until => $words ) {
			$problems = $this->problems( array( 'classes' => array( 'clinical' ), 'clinical' => array( 'until' => $until ) + self::TERMS ) );
			self::assertStringContainsString( $words, $problems['clinical.until'] ?? '' );
		}
		self::assertSame( array(), $this->problems( array( 'classes' => array( 'clinical' ), 'clinical' => self::TERMS ) ) );
	}

	public function testAConditionNamesAVariableThatIsThereAndAllowed(): void {
		self::assertSame(
			array(),
			$this->problems(
				$this->rules(
					self::rule( 'clinic_id', 'in', array( 1, '3' ) ),
					self::rule( 'appointment_status', 'gte', 3 ),
					self::rule( 'clinic_name', 'contains', 'North' ),
					self::rule( 'appointment_starts_at', 'gt', '2031-05-14' ),
					self::rule( 'patient_email', 'exists' )
				)
			)
		);
		$problems = $this->problems(
			$this->rules(
				self::rule( 'clinicid', 'is', 1 ),
				self::rule( 'service_names', 'contains', 'blood' ),
				self::rule( 'clinic_id', 'contains', '1' ),
				self::rule( 'clinic_id', 'is', 'North' ),
				self::rule( 'clinic_id', 'in', array( 1, 'x' ) )
			)
		);
		self::assertStringContainsString( 'Did you mean "clinic_id"?', $problems['conditions.rules.0.field'] );
		self::assertStringContainsString( 'is clinical data', $problems['conditions.rules.1.field'] );
		self::assertStringContainsString( 'is a number', $problems['conditions.rules.2.operator'] );
		self::assertStringContainsString( 'enter one, such as 1', $problems['conditions.rules.3.value'] );
		self::assertArrayHasKey( 'conditions.rules.4.value', $problems );
		$clinical = array( 'classes' => array( 'clinical' ), 'clinical' => self::TERMS );
		self::assertStringContainsString( 'is an object', $this->problems( $clinical + $this->rules( self::rule( 'custom_fields_data', 'is', 'x' ) ) )['conditions.rules.0.field'] );
		self::assertSame( array(), $this->problems( $clinical + $this->rules( self::rule( 'custom_fields_data.Insurance', 'is', 'x' ), self::rule( 'custom_fields_data', 'exists' ) ) ) );
	}

	public function testTheEngineHasTheLastWordOnConditions(): void {
		if ( ! Extension::usable() ) {
			self::markTestSkipped( 'The engine is in the extension.' );
		}
		$problems = $this->problems( $this->rules( self::rule( 'clinic_name', 'like', 'x' ) ) );
		self::assertStringContainsString( 'operator: must be is, is_not', $problems['conditions'] );
		self::assertStringContainsString( 'must be a number', $this->problems( $this->rules( self::rule( 'clinic_name', 'gt', 'x' ) ) )['conditions'] );
	}

	public function testNothingIsSaidAboutEventsThatNobodyDeclaresNow(): void {
		self::assertSame( array(), $this->problems( array( 'events' => array( 'lab.gone' ), 'body' => '"{{x}}"' ) + $this->rules( self::rule( 'x', 'is', 1 ) ) ) );
	}
}
