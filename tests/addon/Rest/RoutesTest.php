<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Extension;
use KiviHook\WordPress\Rest\Envelope;
use KiviHook\WordPress\Rest\KiviCareScreens;
use KiviHook\WordPress\Rest\Routes;
use KiviHook\WordPress\Webhooks\AuthForm;

/** Every route as WordPress serves it, on a real database. */
final class RoutesTest extends DatabaseTestCase {

	private const TOKEN = 'tok-3f9a81d2c4b6e7';

	protected function setUp(): void {
		parent::setUp();
		// Constants stay for the whole run.
		defined( 'KIVICARE_WEBHOOKS_ADDON_VERSION' ) ? self::ours( true ) : KiviCareScreens::unlock();
		$this->serve();
		$this->as( 'administrator' );
	}

	protected function tearDown(): void {
		wp_set_current_user( 0 );
		remove_all_filters( 'pre_option_active_plugins' );
		unset( $GLOBALS['wp_rest_server'] );
		parent::tearDown();
	}

	private function serve(): void {
		remove_all_actions( 'rest_api_init', 50 );
		unset( $GLOBALS['wp_rest_server'] );
		Routes::register( $this->plugin() );
		rest_get_server();
	}

	private static function ours( bool $ours ): void {
		$property = new \ReflectionProperty( KiviCareScreens::class, 'ours' );
		$property->setAccessible( true );
		$property->setValue( null, $ours );
	}

	/** @param string[] $capabilities */
	private function as( string $role, array $capabilities = array() ): void {
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
		wp_set_current_user( $id );
	}

	/** @return array{0: int, 1: array} Status and envelope. */
	private function call( string $method, string $path, array $params = array(), string $namespace = 'kivicare/v1' ): array {
		$request = new \WP_REST_Request( $method, "/$namespace/$path" );
		if ( 'GET' === $method ) {
			$request->set_query_params( $params );
		} else {
			$request->set_header( 'Content-Type', 'application/json' );
			$request->set_body( (string) json_encode( $params ) );
		}
		$response = rest_do_request( $request );
		return array( $response->get_status(), json_decode( (string) wp_json_encode( $response->get_data() ), true ), $response->get_headers() );
	}

	private static function form( array $data = array(), array $form = array() ): array {
		return array_replace(
			array(
				'name'         => 'Front desk',
				'module_name'  => 'appointment',
				'event_name'   => 'kc_appointment_book',
				'methods'      => 'POST',
				'status'       => 1,
				'webhook_data' => array_replace(
					array(
						'url'          => 'https://127.0.0.1:1/hook',
						'auth_method'  => 'bearer',
						'auth_config'  => array( 'bearer_token' => self::TOKEN ),
						'request_body' => '{"text":"{{patient_name}}"}',
						'enable_ssl'   => true,
					),
					$data
				),
			),
			$form
		);
	}

	private function create( array $data = array(), array $form = array() ): int {
		list( $status, $answer ) = $this->call( 'POST', 'webhooks', self::form( $data, $form ) );
		self::assertSame( 201, $status, (string) json_encode( $answer ) );
		self::assertTrue( $answer['status'] );
		return $answer['data']['id'];
	}

	public function testSendsAgainAndTakesBack(): void {
		$webhook = $this->webhook()->id;
		$this->writer->append( $this->event( 1 ), array( $webhook ) );
		$this->writer->append( $this->event( 2 ), array( $webhook ) );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'failed', due_at = NULL" );
		list( $code, $answer ) = $this->call( 'POST', 'deliveries/resend', array( 'ids' => array( 1 ) ), 'kivihook/v1' );
		self::assertSame( array( 200, 1, 0 ), array( $code, $answer['resent'], $answer['skipped'] ) );
		self::assertSame( 400, $this->call( 'POST', "webhooks/$webhook/resend-failed", array( 'since' => 'whenever' ), 'kivihook/v1' )[0] );
		self::assertSame( 404, $this->call( 'POST', 'webhooks/99/resend-failed', array(), 'kivihook/v1' )[0] );
		self::assertSame( 1, $this->call( 'POST', "webhooks/$webhook/resend-failed", array( 'since' => '2020-01-01' ), 'kivihook/v1' )[1]['resent'] );
		self::assertSame( 1, $this->call( 'POST', 'deliveries/cancel', array( 'ids' => 2 ), 'kivihook/v1' )[1]['cancelled'] );
		self::assertSame( 1, $this->call( 'POST', "webhooks/$webhook/cancel-waiting", array(), 'kivihook/v1' )[1]['cancelled'] );
		$this->as( 'subscriber' );
		self::assertSame( 403, $this->call( 'POST', 'deliveries/resend', array( 'ids' => 1 ), 'kivihook/v1' )[0] );
	}

	public function testAWebhookFromCradleToGrave(): void {
		$id      = $this->create();
		$webhook = $this->webhooks->find( $id );
		self::assertSame( get_current_user_id(), $webhook->createdBy );
		self::assertSame( array( $id ), $this->webhooks->activeFor( 'appointment.booked' ) );
		$secrets = $this->webhooks->secrets( $webhook );
		self::assertSame( self::TOKEN, $secrets['bearer_token'] );
		self::assertMatchesRegularExpression( '~\Awhsec_[A-Za-z0-9+/]{32,}=*\z~', $secrets['signing_secrets'][0] );

		list( $status, $list ) = $this->call( 'GET', 'webhooks' );
		self::assertSame( 200, $status );
		self::assertSame( array( 'currentPage' => 1, 'perPage' => 10, 'total' => 1, 'lastPage' => 1 ), $list['data']['pagination'] );
		self::assertSame( 'kc_appointment_book', $list['data']['data'][0]['event_name'] );
		self::assertNull( $list['data']['data'][0]['updated_at'] );

		list( , $one ) = $this->call( 'GET', "webhooks/$id" );
		self::assertSame( AuthForm::PLACEHOLDER, $one['data']['webhookData']['auth_config']['bearer_token'] );

		$form                 = self::form( $one['data']['webhookData'], array( 'name' => 'Renamed' ) );
		list( $status, $put ) = $this->call( 'PUT', "webhooks/$id", $form );
		self::assertSame( 200, $status, (string) json_encode( $put ) );
		self::assertSame( 'Renamed', $put['data']['name'] );
		$changed = $this->webhooks->find( $id );
		self::assertGreaterThan( $webhook->version, $changed->version );
		self::assertSame( $secrets, $this->webhooks->secrets( $changed ) );

		self::assertSame( 200, $this->call( 'PATCH', "webhooks/$id/status", array( 'status' => 0 ) )[0] );
		self::assertFalse( $this->webhooks->find( $id )->active );
		self::assertSame( array(), $this->webhooks->activeFor( 'appointment.booked' ) );
		list( , $put ) = $this->call( 'PUT', "webhooks/$id", $form );
		self::assertFalse( $this->webhooks->find( $id )->active );
		self::assertStringContainsString( 'still switched off', $put['message'] );
		self::assertSame( 200, $this->call( 'PATCH', "webhooks/$id/status", array( 'status' => 1 ) )[0] );
		self::assertTrue( $this->webhooks->find( $id )->active );

		self::assertSame( 200, $this->call( 'DELETE', "webhooks/$id" )[0] );
		self::assertNull( $this->webhooks->find( $id ) );
		list( $status, $gone, $headers ) = $this->call( 'GET', "webhooks/$id" );
		self::assertSame( 404, $status );
		self::assertFalse( $gone['status'] );
		self::assertNull( $gone['data'] );
		self::assertSame( $gone['message'], rawurldecode( $headers[ Envelope::REASON_HEADER ] ) );
	}

	public function testSeveralAtOnce(): void {
		$ids = array( $this->create(), $this->create(), $this->create() );
		self::assertSame( 200, $this->call( 'POST', 'webhooks/bulk-status', array( 'ids' => array_slice( $ids, 0, 2 ), 'status' => 0 ) )[0] );
		self::assertSame( array( $ids[2] ), $this->webhooks->activeFor( 'appointment.booked' ) );
		self::assertSame( 400, $this->call( 'POST', 'webhooks/bulk-status', array( 'ids' => $ids ) )[0] );
		self::assertSame( 200, $this->call( 'POST', 'webhooks/bulk-delete', array( 'ids' => $ids ) )[0] );
		self::assertSame( 0, $this->webhooks->page( 1, 10 )['total'] );
	}

	public function testWhatIsRefusedIsNotStored(): void {
		foreach ( array( array( 'enable_ssl' => false ), array( 'auth_method' => 'oauth2' ), array( 'url' => '' ) ) as $data ) {
			list( $status, $answer, $headers ) = $this->call( 'POST', 'webhooks', self::form( $data ) );
			self::assertSame( 422, $status );
			self::assertFalse( $answer['status'] );
			self::assertNotSame( '', $headers[ Envelope::REASON_HEADER ] );
		}
		self::assertSame( 0, $this->webhooks->page( 1, 10 )['total'] );
	}

	public function testACredentialIsInNoAnswerAndInNoTableInClear(): void {
		$id      = $this->create();
		$signing = $this->webhooks->secrets( $this->webhooks->find( $id ) )['signing_secrets'][0];
		$this->call( 'POST', "webhooks/$id/test", array( 'event_name' => 'kc_appointment_book' ) );
		$texts = array();
		foreach ( array( 'webhooks', "webhooks/$id", 'webhook-logs', 'webhook-logs/export', 'webhooks/statistics' ) as $path ) {
			$texts[] = (string) json_encode( $this->call( 'GET', $path ), JSON_UNESCAPED_SLASHES );
		}
		$texts[] = (string) json_encode( $this->call( 'PUT', "webhooks/$id", array( 'name' => 'x' ) ), JSON_UNESCAPED_SLASHES );
		$texts[] = (string) json_encode( $this->call( 'PATCH', "webhooks/$id/status", array( 'status' => 1 ) ), JSON_UNESCAPED_SLASHES );
		foreach ( array( 'webhooks', 'attempts', 'problems', 'keys' ) as $table ) {
			$texts[] = serialize( $this->own->rows( "SELECT * FROM `{$this->schema->table( $table )}`" ) );
		}
		foreach ( $texts as $text ) {
			self::assertStringNotContainsString( self::TOKEN, $text );
			self::assertStringNotContainsString( $signing, $text );
		}
	}

	public function testTheSigningSecretIsShownOnceAndTheOldOneStaysForAWhile(): void {
		$id  = $this->create();
		$old = $this->webhooks->secrets( $this->webhooks->find( $id ) )['signing_secrets'][0];

		list( $status, $answer, $headers ) = $this->call( 'POST', "webhooks/$id/signing-secret", array(), 'kivihook/v1' );
		self::assertSame( 201, $status );
		self::assertSame( 'no-store', $headers['Cache-Control'] );
		$new = $answer['signing_secret'];
		self::assertNotSame( $old, $new );
		$secrets = $this->webhooks->secrets( $this->webhooks->find( $id ) );
		self::assertSame( array( $new, $old ), $secrets['signing_secrets'] );
		self::assertSame( self::TOKEN, $secrets['bearer_token'] );

		$newest = $this->call( 'POST', "webhooks/$id/signing-secret", array(), 'kivihook/v1' )[1]['signing_secret'];
		self::assertSame( array( $newest, $new ), $this->webhooks->secrets( $this->webhooks->find( $id ) )['signing_secrets'] );

		$this->as( 'editor', array( 'kiviCare_webhook_edit' ) );
		self::assertSame( 403, $this->call( 'POST', "webhooks/$id/signing-secret", array(), 'kivihook/v1' )[0] );
	}

	/** @dataProvider routes */
	public function testOnlyPeopleWithTheCapabilityGetIn( string $method, string $path, string $capability ): void {
		wp_set_current_user( 0 );
		list( $status, $answer ) = $this->call( $method, $path );
		self::assertSame( 401, $status );
		self::assertSame( array( 'status', 'message', 'data' ), array_keys( $answer ) );
		self::assertFalse( $answer['status'] );

		$this->as( 'editor', array( 'manage_options' ) );
		self::assertSame( 403, $this->call( $method, $path )[0] );
		$this->as( 'subscriber', array( 'kiviCare_webhook_' . $capability ) );
		self::assertNotContains( $this->call( $method, $path )[0], array( 401, 403 ) );
		$this->as( 'administrator' );
		self::assertNotContains( $this->call( $method, $path )[0], array( 401, 403 ) );
	}

	public static function routes(): array {
		return array(
			array( 'GET', 'webhooks', 'list' ),
			array( 'POST', 'webhooks', 'add' ),
			array( 'GET', 'webhooks/1', 'view' ),
			array( 'GET', 'webhooks/1', 'edit' ),
			array( 'PUT', 'webhooks/1', 'edit' ),
			array( 'DELETE', 'webhooks/1', 'delete' ),
			array( 'PATCH', 'webhooks/1/status', 'edit' ),
			array( 'POST', 'webhooks/1/test', 'edit' ),
			array( 'POST', 'webhooks/bulk-delete', 'delete' ),
			array( 'POST', 'webhooks/bulk-status', 'edit' ),
			array( 'GET', 'webhooks/statistics', 'list' ),
			array( 'GET', 'webhooks/statistics/1', 'list' ),
			array( 'GET', 'webhooks/events', 'add' ),
			array( 'GET', 'webhooks/table-config', 'list' ),
			array( 'POST', 'webhooks/oauth2/exchange-token', 'edit' ),
			array( 'POST', 'webhooks/oauth2/refresh-token', 'edit' ),
			array( 'GET', 'webhook-logs', 'view' ),
			array( 'DELETE', 'webhook-logs', 'delete' ),
			array( 'GET', 'webhook-logs/1', 'view' ),
			array( 'DELETE', 'webhook-logs/1', 'delete' ),
			array( 'GET', 'webhook-logs/stats', 'list' ),
			array( 'POST', 'webhook-logs/clear', 'delete' ),
			array( 'GET', 'webhook-logs/export', 'view' ),
		);
	}

	public function testEveryRouteOfOursIsInThatList(): void {
		$listed = array();
		foreach ( $this->routes() as list( $method, $path ) ) {
			$listed[ $method . ' ' . $path ] = true;
		}
		$served = array();
		foreach ( rest_get_server()->get_routes( 'kivicare/v1' ) as $route => $handlers ) {
			foreach ( $handlers as $handler ) {
				if ( ! empty( $handler['kivihook'] ) ) {
					$path = str_replace( array( '/kivicare/v1/', '(?P<id>\d+)' ), array( '', '1' ), $route );
					$served[ key( $handler['methods'] ) . ' ' . $path ] = true;
				}
			}
		}
		ksort( $listed );
		ksort( $served );
		self::assertSame( $listed, $served );
	}

	public function testATestIsSentAndLogged(): void {
		if ( ! Extension::usable() ) {
			$this->markTestSkipped( 'The extension is not loaded.' );
		}
		$id                      = $this->create();
		$payload                 = array(
			'event'    => 'kc_appointment_book',
			'module'   => 'appointment',
			'data'     => array( 'patient_name' => 'John Doe' ),
			'metadata' => array( 'test_mode' => true ),
		);
		list( $status, $answer ) = $this->call( 'POST', "webhooks/$id/test", array( 'event_name' => 'kc_appointment_book', 'payload' => $payload ) );
		self::assertSame( 200, $status );
		// Nothing answers on port 1, or the machine's owner allows no loopback: in any case it failed, and says how.
		self::assertFalse( $answer['status'] );
		self::assertFalse( $answer['data']['success'] );
		self::assertSame( 0, $answer['data']['status_code'] );
		self::assertSame( 'Front desk', $answer['data']['webhook_data']['name'] );
		self::assertSame( 'POST', $answer['data']['webhook_data']['method'] );
		self::assertSame( 'https://127.0.0.1:1/hook', $answer['data']['webhook_data']['url'] );
		self::assertNotSame( '', $answer['data']['error'] );

		list( , $logs ) = $this->call( 'GET', 'webhook-logs', array( 'webhook_id' => $id, 'status' => 'failed', 'date_from' => '', 'date_to' => '' ) );
		self::assertSame( 1, $logs['data']['pagination']['total'] );
		$row = $logs['data']['logs'][0];
		self::assertSame( 'test', $row['driver'] );
		self::assertSame( 'kc_appointment_book', $row['event_type'] );
		self::assertSame( $answer['data']['error'], $row['error_message'] );
		self::assertSame( array( 'text' => 'John Doe' ), $row['payload'] );
		self::assertSame( $row, $this->call( 'GET', "webhook-logs/{$row['id']}" )[1]['data'] );
		self::assertNotNull( $this->call( 'GET', 'webhooks' )[1]['data']['data'][0]['updated_at'] );
	}

	public function testATestWithoutTheExtensionSaysSo(): void {
		if ( Extension::usable() ) {
			$this->markTestSkipped( 'The extension is loaded.' );
		}
		$id                      = $this->create();
		list( $status, $answer ) = $this->call( 'POST', "webhooks/$id/test", array( 'event_name' => 'kc_appointment_book' ) );
		self::assertSame( 503, $status );
		self::assertStringContainsString( 'kivihook extension', $answer['message'] );
	}

	public function testTheEngineHasTheLastWord(): void {
		if ( ! Extension::usable() ) {
			$this->markTestSkipped( 'The extension is not loaded.' );
		}
		list( $status, $answer ) = $this->call( 'POST', 'webhooks', self::form( array( 'request_body' => "{\n \"a\": {{patient_name}" ) ) );
		self::assertSame( 422, $status );
		self::assertStringContainsString( 'line 2', $answer['message'] );

		list( $status, $answer ) = $this->call( 'POST', 'webhooks', self::form( array( 'request_body' => '{"a":"{{patient_nam}}"}' ) ) );
		self::assertSame( 201, $status );
		self::assertStringContainsString( '{{patient_nam}} (did you mean {{patient_name}}?)', $answer['data']['note'] );

		if ( '' === (string) ini_get( 'kivihook.allow_networks' ) && ! ini_get( 'kivihook.allow_http' ) ) {
			self::assertSame( 422, $this->call( 'POST', 'webhooks', self::form( array( 'url' => 'http://example.com/' ) ) )[0] );
		}
	}

	public function testAWeakSignatureIsSavedAndNamed(): void {
		if ( ! Extension::usable() ) {
			$this->markTestSkipped( 'The extension is not loaded.' );
		}
		foreach ( array( 'HMAC-SHA1' => true, 'HMAC-SHA256' => false ) as $algorithm => $weak ) {
			list( $status, $answer ) = $this->call(
				'POST',
				'webhooks',
				self::form( array( 'auth_method' => 'hmac', 'auth_config' => array( 'hmac_secret_key' => 'k', 'hmac_algorithm' => $algorithm ) ) )
			);
			self::assertSame( 201, $status );
			self::assertSame( $weak, str_contains( $answer['data']['note'] ?? '', 'is weak' ) );
		}
	}

	public function testTheLogIsDeletedAsTheScreensAsk(): void {
		$ids = array();
		foreach ( range( 1, 5 ) as $number ) {
			$ids[] = $this->log->recordTest( 1, 'appointment.booked', array( 'succeeded' => 0 === $number % 2, 'status' => 200, 'total_us' => 1000 ) );
		}
		list( , $stats ) = $this->call( 'GET', 'webhook-logs/stats' );
		self::assertSame( array( 'total' => 5, 'success' => 2, 'failed' => 3, 'pending' => 0, 'success_rate' => 40 ), $stats['data'] );
		self::assertSame( 200, $this->call( 'DELETE', "webhook-logs/$ids[0]" )[0] );
		self::assertSame( 200, $this->call( 'DELETE', 'webhook-logs', array( 'ids' => $ids[1] ) )[0] );
		self::assertSame( 200, $this->call( 'DELETE', 'webhook-logs', array( 'ids' => array( 'id' => $ids[2], 'webhook_name' => 'x' ) ) )[0] );
		self::assertSame( 2, $this->log->page( array(), 1, 10 )['total'] );
		self::assertSame( 200, $this->call( 'DELETE', 'webhook-logs', array( 'ids' => array_slice( $ids, 3 ) ) )[0] );
		self::assertSame( 0, $this->log->page( array(), 1, 10 )['total'] );
		self::assertSame( 200, $this->call( 'POST', 'webhook-logs/clear' )[0] );
		self::assertSame( 400, $this->call( 'POST', 'webhook-logs/clear', array( 'days' => 'all' ) )[0] );
		self::assertSame( 404, $this->call( 'GET', "webhook-logs/$ids[0]" )[0] );
	}

	public function testTheExportIsACsv(): void {
		$this->log->recordTest( 1, 'appointment.booked', array( 'succeeded' => false, 'error' => '=cmd|x', 'status' => 0 ) );
		list( $status, $answer ) = $this->call( 'GET', 'webhook-logs/export', array( 'status' => 'failed' ) );
		self::assertSame( 200, $status );
		self::assertSame( 1, $answer['data']['rows'] );
		self::assertStringContainsString( "\"'=cmd|x\"", $answer['data']['content'] );
	}

	public function testTheTableConfigIsWhatTheFormReads(): void {
		list( , $answer ) = $this->call( 'GET', 'webhooks/table-config' );
		$module           = $answer['data']['modules'][0];
		self::assertSame( array( 'value', 'label', 'events' ), array_keys( $module ) );
		self::assertSame( 'appointment', $module['value'] );
		$event = $module['events'][0];
		self::assertSame( 'kc_appointment_book', $event['value'] );
		foreach ( array( 'header', 'body', 'query_params' ) as $place ) {
			self::assertContains( '{{patient_name}}', $event['dynamic_variables'][ $place ] );
			self::assertSame( array_keys( $event['dynamic_variables'][ $place ] ), range( 0, count( $event['dynamic_variables'][ $place ] ) - 1 ) );
		}
		self::assertContains( '{{current_date}}', $answer['data']['common_variables'] );
		self::assertNotContains( '{{appointment_id}}', $answer['data']['common_variables'] );
		self::assertSame( 'appointment.booked', $this->call( 'GET', 'webhooks/events' )[1]['data'][0]['id'] );
	}

	public function testTheCards(): void {
		$id = $this->create();
		list( , $answer ) = $this->call( 'GET', 'webhooks/statistics' );
		self::assertSame( array( 'active_webhooks', 'success_rate', 'failed_deliveries', 'events_today' ), array_keys( $answer['data'] ) );
		self::assertSame( 1, $answer['data']['active_webhooks'] );
		self::assertSame( 200, $this->call( 'GET', "webhooks/statistics/$id" )[0] );
		self::assertSame( 404, $this->call( 'GET', 'webhooks/statistics/999' )[0] );
		self::assertSame( 400, $this->call( 'GET', 'webhooks/statistics', array( 'start_date' => 'yesterday' ) )[0] );
	}

	public function testALostKeyIsNamed(): void {
		$id = $this->create();
		$this->build( base64_encode( str_repeat( 'x', 32 ) ) );
		$this->serve();
		list( $status, $answer ) = $this->call( 'GET', "webhooks/$id" );
		self::assertSame( 409, $status );
		self::assertStringContainsString( 'KIVIHOOK_KEY', $answer['message'] );
		self::assertSame( 200, $this->call( 'GET', 'webhooks' )[0] );
		self::assertSame( 200, $this->call( 'DELETE', "webhooks/$id" )[0] );
	}

	public function testADatabaseThatFailsIsOneClearAnswer(): void {
		$this->schema->drop();
		$log                     = ini_set( 'error_log', '/dev/null' );
		list( $status, $answer ) = $this->call( 'GET', 'webhooks' );
		ini_set( 'error_log', (string) $log );
		self::assertSame( 500, $status );
		self::assertSame( array( 'status', 'message', 'data' ), array_keys( $answer ) );
		self::assertStringNotContainsString( 'SELECT', $answer['message'] );
	}

	public function testUnlocksKiviCaresScreens(): void {
		self::assertTrue( KiviCareScreens::areOurs() );
		self::assertTrue( version_compare( constant( 'KIVICARE_WEBHOOKS_ADDON_VERSION' ), '4.0.1', '>=' ) );
		self::assertTrue( version_compare( constant( 'KIVICARE_WEBHOOKS_VERSION' ), '4.0.1', '>=' ) );
	}

	public function testLeavesEverythingToTheOriginalAddOn(): void {
		self::ours( false );
		remove_all_actions( 'admin_notices' );
		add_filter(
			'pre_option_active_plugins',
			static function (): array {
				return array( KiviCareScreens::ORIGINAL );
			}
		);
		self::assertFalse( KiviCareScreens::unlock() );
		self::assertNotFalse( has_action( 'admin_notices', array( KiviCareScreens::class, 'notice' ) ) );
		ob_start();
		KiviCareScreens::notice();
		self::assertStringContainsString( 'KiviCare Webhook Addon', (string) ob_get_clean() );
		$this->serve();
		self::assertSame( array(), array_filter(
			array_keys( rest_get_server()->get_routes() ),
			static function ( string $route ): bool {
				return str_contains( $route, 'kivicare/v1/webhook' );
			}
		) );
		self::assertArrayHasKey( '/kivihook/v1/webhooks/(?P<id>\d+)/signing-secret', rest_get_server()->get_routes() );
	}

	public function testStaysOutOfRoutesThatAreTaken(): void {
		$first = static function (): void {
			register_rest_route(
				'kivicare/v1',
				'/webhooks',
				array(
					'methods'             => 'GET',
					'callback'            => static function (): string {
						return 'first';
					},
					'permission_callback' => '__return_true',
				)
			);
		};
		add_action( 'rest_api_init', $first );
		$this->serve();
		remove_action( 'rest_api_init', $first );
		self::assertSame( 'first', rest_do_request( new \WP_REST_Request( 'GET', '/kivicare/v1/webhooks' ) )->get_data() );
	}
}
