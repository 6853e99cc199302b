<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Support;

use KiviHook\WordPress\Rest\KiviCareScreens;
use KiviHook\WordPress\Rest\Routes;

/** Routes as WordPress serves them, on a real database, as somebody. */
abstract class RestTestCase extends DatabaseTestCase {

	protected function setUp(): void {
		parent::setUp();
		// Constants stay for the whole run.
		defined( 'KIVICARE_WEBHOOKS_ADDON_VERSION' ) ? $this->ours( true ) : KiviCareScreens::unlock();
		foreach ( array( 'clinics', 'doctor_clinic_mappings', 'receptionist_clinic_mappings' ) as $table ) {
			$this->clinic( "DROP TABLE IF EXISTS wp_kc_$table" );
		}
		$this->clinic( 'CREATE TABLE wp_kc_clinics (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(191), clinic_admin_id BIGINT) ENGINE=InnoDB' );
		$this->clinic( 'CREATE TABLE wp_kc_doctor_clinic_mappings (id BIGINT AUTO_INCREMENT PRIMARY KEY, doctor_id BIGINT, clinic_id BIGINT) ENGINE=InnoDB' );
		$this->clinic( 'CREATE TABLE wp_kc_receptionist_clinic_mappings (id BIGINT AUTO_INCREMENT PRIMARY KEY, receptionist_id BIGINT, clinic_id BIGINT) ENGINE=InnoDB' );
		$this->clinic( "INSERT INTO wp_kc_clinics (id, name, clinic_admin_id) VALUES (1, 'North', 0), (2, 'South', 0), (3, 'West', 0)" );
		$this->serve();
		$this->as( 'administrator' );
	}

	protected function tearDown(): void {
		wp_set_current_user( 0 );
		remove_all_filters( 'pre_option_active_plugins' );
		unset( $GLOBALS['wp_rest_server'] );
		parent::tearDown();
	}

	protected function serve(): void {
		remove_all_actions( 'rest_api_init', 50 );
		unset( $GLOBALS['wp_rest_server'] );
		Routes::register( $this->plugin() );
		rest_get_server();
	}

	protected function ours( bool $ours ): void {
		$property = new \ReflectionProperty( KiviCareScreens::class, 'ours' );
		$property->setAccessible( true );
		$property->setValue( null, $ours );
	}

	/** @param string[] $capabilities @param int[] $clinics where somebody works as receptionist */
	protected function as( string $role, array $capabilities = array(), array $clinics = array() ): int {
		$name = 'user' . wp_rand();
		$id   = wp_insert_user(
			array(
				'user_login' => $name,
				'user_pass'  => 'x',
				'user_email' => "$name@clinic.test",
				'role'       => $role,
			)
		);
		self::assertIsInt( $id );
		foreach ( $capabilities as $capability ) {
			( new \WP_User( $id ) )->add_cap( $capability );
		}
		foreach ( $clinics as $clinic ) {
			$this->clinic( "INSERT INTO wp_kc_receptionist_clinic_mappings (receptionist_id, clinic_id) VALUES ($id, $clinic)" );
		}
		wp_set_current_user( $id );
		return $id;
	}

	/** @return array{0: int, 1: mixed, 2: array} Status, body, headers. */
	protected function call( string $method, string $path, array $params = array(), string $namespace = 'kivihook/v1' ): array {
		$request = new \WP_REST_Request( $method, "/$namespace/" . ltrim( $path, '/' ) );
		if ( 'GET' === $method ) {
			$request->set_query_params( $params );
		} else {
			$request->set_header( 'Content-Type', 'application/json' );
			$request->set_body( (string) json_encode( (object) $params ) );
		}
		$response = rest_do_request( $request );
		return array( $response->get_status(), json_decode( (string) wp_json_encode( $response->get_data() ), true ), $response->get_headers() );
	}

	/** The body of a call that has to go well. */
	protected function good( string $method, string $path, array $params = array(), int $status = 200 ): array {
		list( $code, $body ) = $this->call( $method, $path, $params );
		self::assertSame( $status, $code, "$method $path: " . json_encode( $body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) );
		return $body;
	}

	/** The errors of a call that has to be refused: field => message. */
	protected function refused( string $method, string $path, array $params = array(), int $status = 422 ): array {
		list( $code, $body ) = $this->call( $method, $path, $params );
		self::assertSame( $status, $code, "$method $path: " . json_encode( $body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) );
		self::assertIsString( $body['code'] );
		self::assertNotSame( '', $body['message'] );
		return array_column( $body['data']['errors'] ?? array(), 'message', 'field' );
	}

	protected static function draft( array $more = array() ): array {
		return $more + array(
			'name'    => 'Front desk',
			'events'  => array( 'appointment.booked' ),
			'url'     => 'https://127.0.0.1:1/hook',
			'auth'    => array( 'method' => 'bearer' ),
			'secrets' => array( 'bearer_token' => 'tok-3f9a81d2c4b6e7' ),
			'body'    => '{"text": "{{patient_name}}"}',
		);
	}
}
