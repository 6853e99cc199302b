<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Demand;
use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Custom\Declarations;
use KiviHook\WordPress\PlainEmitter;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Subscribers;
use KiviHook\WordPress\Store\Subscriptions;

/** Who gets an event, and what of it may be kept and sent: with the extension and without it the same. */
final class SubscribersTest extends DatabaseTestCase {

	private const CLINICAL = array( 'appointment_description', 'service_names', 'custom_fields_data' );

	protected function tearDown(): void {
		remove_all_filters( Declarations::FILTER );
		parent::tearDown();
	}

	private static function over( int $amount ): array {
		return array( 'match' => 'all', 'rules' => array( array( 'field' => 'appointment_id', 'operator' => 'gt', 'value' => $amount ) ) );
	}

	private static function clinical( string $until = '2099-12-31' ): array {
		return array(
			'classes'  => array( 'operational', 'identifier', 'clinical' ),
			'clinical' => array( 'purpose' => 'p', 'agreement' => 'a', 'until' => $until ),
		);
	}

	private function emitter(): PlainEmitter {
		return new PlainEmitter( $this->writer, $this->subscriptions, $this->subscribers, $this->booking, $this->problems );
	}

	private function emit( array $data, array $clinics = array() ): ?string {
		return $this->emitter()->emit( 'appointment.booked', array( 'data' => $data, 'clinic_ids' => $clinics ) );
	}

	/** @return array<int, array> Webhook => what was leased for it. */
	private function leased(): array {
		$demand        = new Demand();
		$demand->limit = 50;
		$demand->owner = 'me';
		$leased        = $this->store()->lease( $demand );
		return array_combine( array_map( static fn ( array $one ): int => $one['webhook']['id'], $leased ), $leased );
	}

	public function testRowsComeOutOfOptionsWithoutAQuery(): void {
		$plain  = $this->webhook();
		$strict = $this->webhook( array( 'clinics' => array( 3 ), 'conditions' => self::over( 5 ), 'classes' => array( 'operational' ) ) );
		$this->webhook( array( 'conditions' => array( 'match' => 'all', 'rules' => array() ) ) );
		$queries = $this->wpdb->num_queries;
		$rows    = $this->subscribers->rows( 'appointment.booked' );
		self::assertSame( $queries, $this->wpdb->num_queries );
		self::assertSame( array( 'id' => $plain->id, 'without' => self::CLINICAL ), $rows[0] );
		self::assertSame( array( $strict->id, array( 3 ), self::over( 5 ) ), array( $rows[1]['id'], $rows[1]['clinics'], $rows[1]['conditions'] ) );
		self::assertContains( 'patient_name', $rows[1]['without'] );
		self::assertArrayNotHasKey( 'conditions', $rows[2] );
		self::assertSame( self::CLINICAL, Subscribers::unwanted( $rows ) );
	}

	public function testRulesFollowTheirWebhook(): void {
		$webhook = $this->webhook( array( 'clinics' => array( 3 ) ) );
		self::assertSame( array( $webhook->id => array( 'clinics' => array( 3 ) ) ), $this->subscriptions->rules() );
		unset( $webhook->config['clinics'] );
		$this->webhooks->update( $webhook );
		self::assertSame( array(), $this->subscriptions->rules() );
		$webhook->config['clinics'] = array( 4 );
		$this->webhooks->update( $webhook );
		$other = $this->webhook();
		// Whoever read the subscriptions a moment ago still finds the rules of what is going.
		$this->webhooks->delete( array( $webhook->id ) );
		self::assertSame( array( $webhook->id ), array_keys( $this->subscriptions->rules() ) );
		$this->webhooks->update( $other );
		self::assertSame( array(), $this->subscriptions->rules() );
		self::assertSame( '1', $this->wpdb->get_var( "SELECT COUNT(*) FROM wp_options WHERE option_name = '" . Subscriptions::RULES . "' AND autoload IN ('yes', 'on')" ) );
	}

	public function testWithoutTheExtensionNothingIsKeptForNobodyAndOnlyWhatSomebodyMayCarry(): void {
		$one = $this->webhook( array( 'clinics' => array( 3 ) ) );
		self::assertNull( $this->emit( array( 'clinic_name' => 'A' ), array( 4 ) ) );
		self::assertNull( $this->emit( array( 'clinic_name' => 'A' ) ), 'An event of no clinic goes to webhooks for all only.' );
		self::assertSame( 0, $this->committed( 'events' ) );
		$this->webhook( array( 'clinics' => array( 3 ), 'classes' => array( 'operational' ) ) );
		self::assertNotNull( $this->emit( array( 'clinic_name' => 'A', 'patient_name' => 'Zoë', 'service_names' => 'Blood test' ), array( 3 ) ) );
		$this->router->route();
		self::assertSame( array( 'clinic_name' => 'A', 'patient_name' => 'Zoë' ), json_decode( $this->leased()[ $one->id ]['event']['data'], true ) );
	}

	public function testRoutingAsksForClinicsAndConditionsAndKeepsNothingForNobody(): void {
		if ( ! Extension::usable() ) {
			self::markTestSkipped( 'Conditions are asked by the extension.' );
		}
		$high = $this->webhook( array( 'conditions' => self::over( 100 ) ) );
		$low  = $this->webhook( array( 'conditions' => self::over( 10 ), 'clinics' => array( 3 ) ) );
		$this->emit( array( 'appointment_id' => 50 ), array( 3 ) );
		$this->emit( array( 'appointment_id' => 500 ), array( 4 ) );
		$this->emit( array( 'appointment_id' => 5 ), array( 3 ) );
		self::assertSame( 3, $this->committed( 'events' ) );
		self::assertSame( 3, $this->router->route() );
		self::assertSame( 2, $this->committed( 'events' ), 'Nobody got the third.' );
		self::assertSame( 1, $this->committed( 'events', "webhooks = '{$low->id}'" ) );
		self::assertSame( 1, $this->committed( 'events', "webhooks = '{$high->id}'" ) );
		self::assertSame( 2, $this->committed( 'deliveries' ) );
	}

	public function testConditionsWaitForTheKeyThatOpensTheirEvent(): void {
		if ( ! Extension::usable() ) {
			self::markTestSkipped( 'Conditions are asked by the extension.' );
		}
		$this->webhook( array( 'conditions' => self::over( 10 ) ) );
		$this->emit( array( 'appointment_id' => 50 ) );
		$this->build( base64_encode( str_repeat( 'x', 32 ) ) );
		self::assertSame( 0, $this->router->route() );
		self::assertSame( 1, $this->committed( 'events', 'routed = 0' ) );
		$this->build( 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' );
		self::assertSame( 1, $this->router->route() );
		self::assertSame( 1, $this->committed( 'deliveries' ) );
	}

	public function testBrokenConditionsLeaveTheirWebhookOut(): void {
		if ( ! Extension::usable() ) {
			self::markTestSkipped( 'Conditions are asked by the extension.' );
		}
		$broken = $this->webhook( array( 'conditions' => array( 'rules' => array( array( 'field' => 'x', 'operator' => '?' ) ) ) ) );
		$whole  = $this->webhook();
		$this->emit( array( 'appointment_id' => 1 ) );
		$this->router->route();
		self::assertSame( 1, $this->committed( 'deliveries', "webhook = {$whole->id}" ) );
		self::assertSame( 0, $this->committed( 'deliveries', "webhook = {$broken->id}" ) );
		self::assertStringContainsString( "Webhook {$broken->id} was left out", implode( $this->lines ) );
	}

	public function testALeaseNamesWhatMayNotGoOutToday(): void {
		$plain    = $this->webhook();
		$clinical = $this->webhook( self::clinical() );
		$this->writer->append( $this->event( 1, array( 'service_names' => 'Blood test' ) ), array( $plain->id, $clinical->id ) );
		$leased = $this->leased();
		self::assertSame( self::CLINICAL, $leased[ $plain->id ]['webhook']['without'] );
		self::assertContains( 'patient_email', $leased[ $clinical->id ]['webhook']['without'] );
		self::assertNotContains( 'service_names', $leased[ $clinical->id ]['webhook']['without'] );
		// The last day has passed: at once, for what waits as well.
		$clinical->config = self::clinical( '2020-01-01' ) + $clinical->config;
		$this->webhooks->update( $clinical );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'pending', due_at = UTC_TIMESTAMP(3), lease = NULL" );
		self::assertContains( 'service_names', $this->leased()[ $clinical->id ]['webhook']['without'] );
	}

	public function testWhatTheCatalogueNoLongerNamesStaysHere(): void {
		$webhook = $this->webhook( self::clinical() );
		$kept    = array( 'patient_name' => 'Zoë', 'custom_fields_data' => (object) array(), 'appointment_id' => 7 );
		$this->writer->append( $this->event( 1, $kept + array( 'old_diagnosis' => 'Anaemia', '7' => 'x', '' => 'y' ) ), array( $webhook->id ) );
		self::assertSame( json_encode( $kept, JSON_UNESCAPED_UNICODE ), $this->leased()[ $webhook->id ]['event']['data'] );
	}

	public function testAVariableThatIsNoLongerDeclaredStaysHere(): void {
		$webhook = $this->webhook( array( 'events' => array( 'lab.ready' ) ) );
		add_filter( Declarations::FILTER, static fn (): array => array( 'lab.ready' => array( 'label' => 'Ready', 'variables' => array( 'test' => array( 'class' => 'operational', 'sample' => 'HbA1c' ) ) ) ) );
		$this->build( 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' );
		$this->writer->append( array( 'type' => 'lab.ready' ) + $this->event( 1, array( 'test' => 'HbA1c', 'result' => '9 %' ) ), array( $webhook->id ) );
		self::assertSame( array( 'test' => 'HbA1c' ), json_decode( $this->leased()[ $webhook->id ]['event']['data'], true ) );
	}

	public function testAnEventThatNobodyDeclaresWaits(): void {
		$declare = static fn (): array => array( 'lab.ready' => array( 'label' => 'Ready', 'variables' => array( 'test' => array( 'class' => 'clinical', 'sample' => 'HbA1c' ) ) ) );
		$webhook = $this->webhook( array( 'events' => array( 'lab.ready' ) ) );
		$this->writer->append( array( 'type' => 'lab.ready' ) + $this->event( 1, array( 'test' => 'HbA1c' ) ), array( $webhook->id ) );
		self::assertSame( array(), $this->subscribers->rows( 'lab.ready' ) );
		self::assertSame( array(), $this->leased() );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'held' AND last_error = '" . Reasons::UNDECLARED . "' AND attempt = 0" ) );
		add_filter( Declarations::FILTER, $declare );
		$this->build( 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' );
		$leased = $this->leased();
		self::assertSame( array( 'test' ), $leased[ $webhook->id ]['webhook']['without'] );
	}
}
