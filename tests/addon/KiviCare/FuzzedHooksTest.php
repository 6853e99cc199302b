<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare;

use KiviHook\Tests\Addon\KiviCare\Support\ChartTestCase;
use KiviHook\Tests\Addon\KiviCare\Support\Nonsense;
use KiviHook\WordPress\KiviCare\AjaxSources;
use KiviHook\WordPress\KiviCare\HookSources;
use KiviHook\WordPress\KiviCare\RouteSources;

/**
 * Hooks fired with what nobody expects: whoever fires them goes on, and nothing is told of a record that was not named.
 * There is a record with number 1 of every kind, because that is what a careless cast makes of an array.
 */
final class FuzzedHooksTest extends ChartTestCase {

	private const ROUNDS = 40;

	/** @var array<string, int> Subject => a record that may be told of. */
	private array $ids;

	protected function setUp(): void {
		parent::setUp();
		foreach ( array( 'appointments', 'patient_encounters', 'bills', 'prescription', 'medical_history', 'clinics', 'service_doctor_mapping' ) as $table ) {
			$this->wpdb->query( "SET SESSION sql_mode = ''" );
			$this->insert( $table, array( 'id' => 1 ) );
		}
		$this->wpdb->query( "UPDATE {$this->wpdb->usermeta} SET meta_value = '" . serialize( array( 'kiviCare_patient' => true, 'kiviCare_doctor' => true, 'kiviCare_receptionist' => true ) ) . "' WHERE user_id = 1 AND meta_key = 'wp_capabilities'" );
		$encounter = $this->encounter();
		$this->ids = array(
			'appointment'     => $this->appointment(),
			'encounter'       => $encounter,
			'bill'            => $this->bill( $encounter ),
			'service'         => $this->insert( 'service_doctor_mapping', array( 'service_id' => $this->service, 'doctor_id' => $this->doctor, 'clinic_id' => $this->clinic ) ),
			'patient'         => $this->patient,
			'doctor'          => $this->doctor,
			'receptionist'    => $this->person( 'receptionist', 'Rita' ),
			'clinic'          => $this->clinic,
			'refund'          => 4242,
		);
		$this->listen();
	}

	protected function tearDown(): void {
		$admin = serialize( array( 'administrator' => true ) );
		$this->wpdb->query( "UPDATE {$this->wpdb->usermeta} SET meta_value = '$admin' WHERE user_id = 1 AND meta_key = 'wp_capabilities'" );
		$this->emitter->problems = array(); // Told to administrators; here only the bookings count.
		parent::tearDown();
	}

	/** Only what is ours hears it: WordPress' own listeners are not made for this. */
	private function fire( string $hook, array $arguments ): void {
		foreach ( $GLOBALS['wp_filter'][ $hook ]->callbacks[ PHP_INT_MAX ] ?? array() as $callback ) {
			$callback['function']( ...array_slice( $arguments, 0, $callback['accepted_args'] ) );
		}
	}

	public function testNonsenseNamesNobody(): void {
		$nonsense = new Nonsense( 2031 );
		$count    = 0;
		foreach ( array_keys( HookSources::ALL ) as $hook ) {
			for ( $round = 0; $round < self::ROUNDS; $round++ ) {
				$this->fire( strtok( $hook, ' ' ), $nonsense->arguments() );
				++$count;
			}
			$this->fire( strtok( $hook, ' ' ), array( Nonsense::huge(), Nonsense::huge() ) );
			$this->fire( strtok( $hook, ' ' ), array() );
		}
		$this->endOfRequest();
		self::assertSame( array(), $this->told() );
		self::assertGreaterThan( 2000, $count );
	}

	public function testNonsenseBesideARecordTellsOfNoOther(): void {
		$nonsense = new Nonsense( 2032 );
		foreach ( HookSources::ALL as $hook => $source ) {
			for ( $round = 0; $round < self::ROUNDS; $round++ ) {
				$arguments = $nonsense->arguments();
				$id        = $this->ids[ $source[0] ];

				$arguments[ $source['record'] ?? 0 ] = array( $id, (string) $id, array( 'id' => $id ), (object) array( 'id' => (string) $id ) )[ $round % 4 ];
				ksort( $arguments );
				$this->fire( strtok( $hook, ' ' ), array_values( $arguments ) );
			}
		}
		$this->endOfRequest();
		// A hook is a hint; of what nobody saw before, some of them are believed.
		self::assertNotSame( array(), $this->emitter->events );
		foreach ( $this->emitter->events as $event ) {
			$module = strtok( $event['type'], '.' );
			self::assertSame( $this->ids[ $module ], $event['snapshot']['record_id'], $event['type'] );
		}
	}

	public function testRoutesWithNonsenseGoOn(): void {
		$nonsense = new Nonsense( 2033 );
		foreach ( RouteSources::ALL as $row ) {
			$route  = str_replace( array( '\d+', '(', ')', '?' ), array( '1', '', '', '' ), strtok( $row[1], '|' ) );
			$method = strtok( $row[0], '|' );
			for ( $round = 0; $round < 5; $round++ ) {
				$request = new \WP_REST_Request( $method, "/kivicare/v1/$route" );
				foreach ( array( 'id', 'ids', 'appointment_id', 'patientEncounter', 'module_id', 'module_type' ) as $name ) {
					$request->set_param( $name, $nonsense->value() );
				}
				$answer = apply_filters( 'rest_request_before_callbacks', 'the answer', array(), $request );
				self::assertSame( 'the answer', apply_filters( 'rest_request_after_callbacks', $answer, array(), $request ) );
			}
			foreach ( array( null, 'request', array(), new \stdClass() ) as $request ) {
				apply_filters( 'rest_request_before_callbacks', null, null, $request );
				apply_filters( 'rest_request_after_callbacks', null, null, $request );
			}
		}
		$this->endOfRequest();
		self::assertSame( array(), $this->told() );
	}

	public function testAjaxWithNonsenseGoesOn(): void {
		$nonsense = new Nonsense( 2034 );
		foreach ( AjaxSources::ALL as $row ) {
			for ( $round = 0; $round < 5; $round++ ) {
				$names = array( 'id', 'ID', 'appointment_id', 'encounter_id', 'patientEncounter', 'data', 'module', 'module_type' );
				$input = array_map( static fn (): mixed => $nonsense->value(), array_flip( $names ) );
				$this->ajax( 'post', $row[0], $input, static fn () => null );
			}
		}
		$this->endOfRequest();
		self::assertSame( array(), $this->told() );
	}

	public function testABookingWithinTheNonsenseIsToldAllTheSame(): void {
		$nonsense = new Nonsense( 2035 );
		for ( $round = 0; $round < 50; $round++ ) {
			$this->fire( 'kc_after_create_appointment', $nonsense->arguments() );
		}
		$this->wpdb->query( 'START TRANSACTION' );
		$id = $this->appointment();
		do_action( 'kc_after_create_appointment', $id, array(), null );
		$this->wpdb->query( 'COMMIT' );
		$this->fire( 'kc_after_create_appointment', $nonsense->arguments() );
		$this->endOfRequest();
		self::assertSame( array( array( 'appointment.booked', $id ) ), $this->told() );
	}
}
