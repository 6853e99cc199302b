<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Support;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\KiviCare\Hooks;
use KiviHook\WordPress\KiviCare\Once;
use KiviHook\WordPress\Store\Connection;
use KiviHook\WordPress\Store\Options;
use KiviHook\WordPress\Store\Schema;
use PHPUnit\Framework\TestCase;

/**
 * A clinic with a doctor and a patient in a real database, and what KiviCare does to them, statement by statement and
 * hook by hook as its source does.
 */
abstract class ClinicTestCase extends TestCase {

	protected const VERSION = 4;

	private const OPTIONS = array(
		'date_format'     => 'd/m/Y',
		'time_format'     => 'H:i',
		'timezone_string' => 'Europe/Berlin',
		'blogname'        => 'Test & Clinic',
		'home'            => 'https://clinic.test',
	);

	protected \wpdb $wpdb;
	protected FakeEmitter $emitter;
	protected int $clinic;
	protected int $doctor;
	protected int $patient;
	protected int $service;
	private array $filters = array();
	private ?Connection $connection = null;
	private ?Schema $schema = null;
	private static int $people = 0;

	protected function setUp(): void {
		$this->wpdb = $GLOBALS['wpdb'];
		foreach ( $GLOBALS['wp_filter'] as $hook => $callbacks ) {
			$this->filters[ $hook ] = clone $callbacks;
		}
		add_filter( 'pre_wp_mail', '__return_true' );
		Tables::make( $this->wpdb, static::VERSION );
		foreach ( array( 'patient', 'doctor', 'receptionist', 'clinic_admin' ) as $role ) {
			add_role( "kiviCare_$role", $role, array( 'read' => true ) );
		}
		foreach ( self::OPTIONS as $option => $value ) {
			update_option( $option, $value );
		}
		$this->clinic  = $this->clinic();
		$this->doctor  = $this->person( 'doctor', 'Dora' );
		$this->patient = $this->person( 'patient', 'Pat' );
		$this->service = $this->insert(
			'services',
			array( 'name' => 'Check-up', 'price' => '50', 'status' => 1, 'created_at' => '2031-01-01 00:00:00' )
		);
		$this->insert(
			'patient_clinic_mappings',
			array( 'patient_id' => $this->patient, 'clinic_id' => $this->clinic ),
		);
	}

	protected function tearDown(): void {
		$this->wpdb->query( 'ROLLBACK' );
		$GLOBALS['wp_filter'] = $this->filters;
		$this->connection?->close();
		if ( isset( $this->emitter ) ) {
			self::assertSame( array(), array_map( 'strval', $this->emitter->problems ) );
		}
	}

	/** @param string[]|null $wanted Types; null: all. */
	protected function listen( ?array $wanted = null ): FakeEmitter {
		$this->emitter = new FakeEmitter( $this->wpdb, $wanted );
		Hooks::register( $this->emitter, new Catalogue(), $this->wpdb, new Once( $this->wpdb, $this->schema() ) );
		return $this->emitter;
	}

	protected function connection(): Connection {
		return $this->connection ??= new Connection( $this->wpdb );
	}

	/** Our tables; those that detection keeps are empty at the start of each test. */
	protected function schema(): Schema {
		if ( null === $this->schema ) {
			$this->schema = new Schema( $this->wpdb, $this->connection(), new Options( $this->wpdb, $this->connection() ) );
			$this->schema->create();
			foreach ( array( 'told', 'marks', 'events' ) as $table ) {
				$this->connection()->run( "DELETE FROM `{$this->schema->table( $table )}`" );
			}
		}
		return $this->schema;
	}

	/** A new request: what the last one knew is forgotten. */
	protected function nextRequest(): FakeEmitter {
		foreach ( $GLOBALS['wp_filter'] as $hook => $callbacks ) {
			unset( $GLOBALS['wp_filter'][ $hook ] );
		}
		foreach ( $this->filters as $hook => $callbacks ) {
			$GLOBALS['wp_filter'][ $hook ] = clone $callbacks;
		}
		$_POST = array();
		$_GET  = array();
		unset( $_SERVER['CONTENT_TYPE'] );
		return $this->listen( isset( $this->emitter ) ? $this->emitter->wanted : null );
	}

	/** What WordPress does when a request ends, but for its output. */
	protected function endOfRequest(): void {
		remove_action( 'shutdown', 'wp_ob_end_flush_all', 1 );
		do_action( 'shutdown' );
	}

	/** Runs a route of KiviCare 4's as WordPress does. */
	protected function route( string $method, string $route, array $params, callable $callback ): void {
		$request = new \WP_REST_Request( $method, '/kivicare/v1/' . $route );
		$request->set_header( 'Content-Type', 'application/json' );
		if ( 1 === preg_match( '#/(\d+)(/|\z)#', $route, $found ) ) {
			$request->set_url_params( array( 'id' => $found[1] ) );
		}
		if ( 'GET' === $method ) {
			$request->set_query_params( $params );
		} else {
			$request->set_body( (string) json_encode( $params ) );
		}
		$response = apply_filters( 'rest_request_before_callbacks', null, array(), $request );
		$response = $callback( $request ) ?? $response;
		apply_filters( 'rest_request_after_callbacks', $response, array(), $request );
	}

	/** Runs an ajax route of KiviCare 3's, as a form. */
	protected function ajax( string $method, string $route, array $params, callable $callback ): void {
		if ( 'post' === $method ) {
			$_SERVER['CONTENT_TYPE'] = 'application/x-www-form-urlencoded; charset=UTF-8';

			$_POST = array( 'route_name' => $route ) + $params;
		} else {
			unset( $_SERVER['CONTENT_TYPE'] );
			$_GET = array( 'route_name' => $route ) + array_map( 'strval', $params );
		}
		add_action( "wp_ajax_ajax_$method", $callback );
		do_action( "wp_ajax_ajax_$method" );
		remove_action( "wp_ajax_ajax_$method", $callback );
		apply_filters( 'wp_die_ajax_handler', '_ajax_wp_die_handler' );
	}

	protected function appointment( array $columns = array(), bool $withService = true ): int {
		$id = $this->insert(
			'appointments',
			$columns + array(
				'appointment_start_date' => '2031-05-14',
				'appointment_start_time' => '10:15:00',
				'appointment_end_date'   => '2031-05-14',
				'appointment_end_time'   => '10:45:00',
				'clinic_id'              => $this->clinic,
				'doctor_id'              => $this->doctor,
				'patient_id'             => $this->patient,
				'description'            => 'Knee',
				'status'                 => 1,
				'created_at'             => '2031-05-12 09:30:00',
			) + ( 4 === static::VERSION ? array( 'appointment_timezone' => 'America/New_York' ) : array() )
		);
		if ( $withService ) {
			$this->insert(
				'appointment_service_mapping',
				array( 'appointment_id' => $id, 'service_id' => $this->service )
			);
		}
		return $id;
	}

	protected function insert( string $table, array $columns ): int {
		self::assertSame(
			1,
			$this->wpdb->insert( $this->wpdb->prefix . 'kc_' . $table, $columns ),
			$this->wpdb->last_error,
		);
		return (int) $this->wpdb->insert_id;
	}

	protected function setStatus( int $appointment, int $status ): void {
		$this->change( $appointment, array( 'status' => $status ) );
	}

	protected function change( int $appointment, array $columns ): void {
		$this->wpdb->update( "{$this->wpdb->prefix}kc_appointments", $columns, array( 'id' => $appointment ) );
	}

	protected function remove( string $table, string $column, int $id ): void {
		$this->wpdb->delete( "{$this->wpdb->prefix}kc_$table", array( $column => $id ) );
	}

	protected function person( string $role, string $first, array $basic = array() ): int {
		$login = strtolower( $first ) . ++self::$people . bin2hex( random_bytes( 3 ) );
		$id    = wp_insert_user(
			array(
				'user_login'   => $login,
				'user_email'   => "$login@example.test",
				'user_pass'    => 'hunter2-of-' . $login,
				'display_name' => "$first Example",
				'role'         => "kiviCare_$role",
			)
		);
		self::assertIsInt( $id );
		update_user_meta( $id, 'first_name', $first );
		update_user_meta( $id, 'last_name', 'Example' );
		$basic += array(
			'mobile_number' => 4 === static::VERSION ? '+15550102' : '5550102',
			'gender'        => 'female',
			'dob'           => '1990-01-01',
			'address'       => '2 Sample Street',
			'city'          => 'Sampletown',
			'country'       => 'Samplestan',
			'postal_code'   => '00001',
			'blood_group'   => 'O+',
			'temp_password' => 'basic-data-secret',
		);
		update_user_meta( $id, 'basic_data', wp_slash( (string) json_encode( $basic ) ) );
		update_user_meta( $id, 'country_calling_code', '1' );
		return $id;
	}

	private function clinic(): int {
		return $this->insert(
			'clinics',
			array(
				'name'         => 'Test Clinic',
				'email'        => 'desk@clinic.test',
				'telephone_no' => 4 === static::VERSION ? '+1 5550100' : '5550100',
				'address'      => '1 Sample Street',
				'city'         => 'Sampletown',
				'postal_code'  => '00001',
				'country'      => 'Samplestan',
				'status'       => 1,
			) + ( 4 === static::VERSION ? array( 'country_calling_code' => '1' ) : array() )
		);
	}
}
