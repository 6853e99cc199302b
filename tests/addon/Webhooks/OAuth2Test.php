<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Webhooks;

use KiviHook\Tests\Addon\Support\RestTestCase;
use KiviHook\WordPress\Rest\Own\Parts;
use KiviHook\WordPress\Webhooks\AuthForm;
use KiviHook\WordPress\Webhooks\Refused;

/** The authorization code, from our editor (PKCE, state) and from KiviCare's form; tokens never reach a browser. */
final class OAuth2Test extends RestTestCase {

	/** @var resource|null */
	private static $process = null;
	private static string $url = '';

	public static function setUpBeforeClass(): void {
		// The server says its port on its error output.
		self::$process = proc_open( array( PHP_BINARY, '-n', '-S', '127.0.0.1:0', dirname( __DIR__ ) . '/Support/oauth2-provider.php' ), array( array( 'pipe', 'r' ), array( 'pipe', 'w' ), array( 'pipe', 'w' ) ), $pipes );
		while ( '' === self::$url && false !== ( $line = fgets( $pipes[2] ) ) ) {
			self::$url = 1 === preg_match( '~(http://127\.0\.0\.1:\d+)~', $line, $found ) ? $found[1] : '';
		}
	}

	public static function tearDownAfterClass(): void {
		proc_terminate( self::$process );
		proc_close( self::$process );
		self::$url = '';
	}

	private function authorizing(): int {
		$auth = array(
			'method'            => 'oauth2',
			'grant'             => 'authorization_code',
			'authorization_url' => self::$url . '/authorize',
			'token_url'         => self::$url . '/token',
			'client_id'         => 'clinic',
		);
		return $this->good( 'POST', 'webhooks', self::draft( array( 'auth' => $auth, 'secrets' => array( 'client_secret' => 'S3cret-client' ) ) ), 201 )['webhook']['id'];
	}

	/** @return array<string, string> What the provider is asked for. */
	private function begin( int $id ): array {
		$begun = $this->good( 'POST', "webhooks/$id/oauth2/start" );
		parse_str( (string) wp_parse_url( $begun['url'], PHP_URL_QUERY ), $query );
		self::assertSame( $begun['redirect_uri'], $query['redirect_uri'] );
		self::assertSame( 'S256', $query['code_challenge_method'] );
		return $query;
	}

	private function finish( string $state, string $code ): ?Refused {
		try {
			( new Parts( $this->plugin() ) )->authorization()->finish( $state, $code, get_current_user_id() );
			return null;
		} catch ( Refused $refused ) {
			return $refused;
		}
	}

	public function testALogInAtTheProviderStoresTheTokens(): void {
		$id    = $this->authorizing();
		$asked = $this->begin( $id );
		self::assertNull( $this->finish( $asked['state'], $asked['code_challenge'] ) );
		$secrets = $this->webhooks->secrets( $this->webhooks->find( $id ) );
		self::assertSame( array( 't0ken-from-provider', 'r3fresh-from-provider' ), array( $secrets['access_token'], $secrets['refresh_token'] ) );
		$shown = $this->good( 'GET', "webhooks/$id" );
		self::assertTrue( $shown['oauth2']['authorized'] );
		self::assertStringNotContainsString( 'from-provider', json_encode( $shown ) );
		self::assertSame( 403, $this->finish( $asked['state'], $asked['code_challenge'] )->status(), 'once' );
	}

	public function testAnotherPersonAnotherStateAndAChangedWebhookAreRefused(): void {
		$id    = $this->authorizing();
		$asked = $this->begin( $id );
		self::assertSame( 403, $this->finish( 'made-up', $asked['code_challenge'] )->status() );
		$this->as( 'administrator' );
		self::assertSame( 403, $this->finish( $asked['state'], $asked['code_challenge'] )->status() );
		$asked = $this->begin( $id );
		$this->good( 'PUT', "webhooks/$id", array( 'name' => 'Changed' ) );
		self::assertSame( 409, $this->finish( $asked['state'], $asked['code_challenge'] )->status() );
		$asked = $this->begin( $id );
		self::assertSame( 422, $this->finish( $asked['state'], 'wrong-code' )->status() );
		self::assertArrayNotHasKey( 'access_token', $this->webhooks->secrets( $this->webhooks->find( $id ) ) );
		$none = $this->good( 'POST', 'webhooks', self::draft(), 201 )['webhook']['id'];
		$this->refused( 'POST', "webhooks/$none/oauth2/start", array(), 409 );
	}

	public function testKiviCaresFormGetsHandlesAndSavesThem(): void {
		$sent = array(
			'code'          => 'no-pkce',
			'client_id'     => 'clinic',
			'client_secret' => 'S3cret-client',
			'token_url'     => self::$url . '/token',
			'redirect_uri'  => 'https://clinic.test/dashboard/setting/webhooks/oauth2/callback',
		);
		list( $code, $answer ) = $this->call( 'POST', 'webhooks/oauth2/exchange-token', $sent, 'kivicare/v1' );
		self::assertSame( 200, $code, json_encode( $answer ) );
		self::assertStringNotContainsString( 'from-provider', json_encode( $answer ) );
		$config = array(
			'client_id'     => 'clinic',
			'client_secret' => 'S3cret-client',
			'auth_url'      => self::$url . '/authorize',
			'token_url'     => self::$url . '/token',
			'redirect_url'  => $sent['redirect_uri'],
			'scopes'        => 'a b',
			'access_token'  => $answer['data']['access_token'],
			'refresh_token' => $answer['data']['refresh_token'],
		);
		$form = array( 'name' => 'OAuth', 'module_name' => 'appointment', 'event_name' => 'kc_appointment_book', 'methods' => 'POST', 'status' => 1,
			'webhook_data' => array( 'url' => 'https://127.0.0.1:1/hook', 'auth_method' => 'oauth2', 'auth_config' => $config ) );
		list( $code, $saved ) = $this->call( 'POST', 'webhooks', $form, 'kivicare/v1' );
		self::assertSame( 201, $code, json_encode( $saved ) );
		$id      = $saved['data']['id'];
		$secrets = $this->webhooks->secrets( $this->webhooks->find( $id ) );
		self::assertSame( array( 't0ken-from-provider', 'r3fresh-from-provider', 'S3cret-client' ), array( $secrets['access_token'], $secrets['refresh_token'], $secrets['client_secret'] ) );
		self::assertSame( AuthForm::PLACEHOLDER, $saved['data']['webhookData']['auth_config']['access_token'] );
		self::assertSame( $config['auth_url'], $saved['data']['webhookData']['auth_config']['auth_url'] );

		// Edited: the form holds the placeholder where the secret was.
		list( $code ) = $this->call( 'POST', 'webhooks/oauth2/exchange-token', array( 'client_secret' => AuthForm::PLACEHOLDER ) + $sent, 'kivicare/v1' );
		self::assertSame( 200, $code );
		list( $code ) = $this->call( 'POST', 'webhooks/oauth2/exchange-token', array( 'client_secret' => AuthForm::PLACEHOLDER, 'client_id' => 'other' ) + $sent, 'kivicare/v1' );
		self::assertSame( 422, $code );

		// "Refresh Token" before saving: the form gets the new tokens as handles.
		list( $code, $answer ) = $this->call( 'POST', 'webhooks/oauth2/refresh-token', array( 'refresh_token' => $config['refresh_token'] ) + $sent, 'kivicare/v1' );
		self::assertSame( 200, $code, json_encode( $answer ) );
		self::assertStringNotContainsString( 'from-provider', json_encode( $answer ) );
		$handles = ( new Parts( $this->plugin() ) )->handles();
		self::assertSame( 't0ken-from-provider-2', $handles->open( $answer['data']['access_token'], $sent['token_url'], get_current_user_id() ) );
		self::assertSame( 'r3fresh-from-provider-2', $handles->open( $answer['data']['refresh_token'], $sent['token_url'], get_current_user_id() ) );

		// Afterwards: fetched and stored where deliveries find it, with the refresh token that was rotated.
		foreach ( array( 'client_secret' => AuthForm::PLACEHOLDER, 'again' => 'x' ) as $name => $value ) {
			list( $code, $answer ) = $this->call( 'POST', 'webhooks/oauth2/refresh-token', array( 'refresh_token' => AuthForm::PLACEHOLDER, $name => $value ) + $sent, 'kivicare/v1' );
			self::assertSame( 200, $code, json_encode( $answer ) );
			self::assertSame( AuthForm::PLACEHOLDER, $answer['data']['access_token'] );
		}
		list( $code, $answer ) = $this->call( 'POST', 'webhooks/oauth2/refresh-token', array( 'refresh_token' => AuthForm::PLACEHOLDER, 'client_id' => 'other' ) + $sent, 'kivicare/v1' );
		self::assertSame( 422, $code, 'nothing is stored for that client' );
		list( $code ) = $this->call( 'POST', 'webhooks/oauth2/refresh-token', array( 'refresh_token' => 'made-up' ) + $sent, 'kivicare/v1' );
		self::assertSame( 422, $code );

		// Another person's handle, and one for another server, are worth nothing.
		$moved = $form;
		$moved['webhook_data']['auth_config']['token_url'] = 'https://evil.example/token';
		self::assertSame( 422, $this->call( 'POST', 'webhooks', $moved, 'kivicare/v1' )[0] );
		$this->as( 'administrator' );
		self::assertSame( 422, $this->call( 'POST', 'webhooks', $form, 'kivicare/v1' )[0] );
	}

	public function testKiviCaresFormKeepsAJwtKey(): void {
		$form = array( 'name' => 'JWT', 'module_name' => 'appointment', 'event_name' => 'kc_appointment_book', 'methods' => 'POST', 'status' => 1,
			'webhook_data' => array( 'url' => 'https://127.0.0.1:1/hook', 'auth_method' => 'jwt', 'auth_config' => array( 'jwt_private_key' => 'S3cret-jwt-key-0123456789', 'jwt_issuer' => 'clinic', 'jwt_expiry_duration' => '30' ) ) );
		list( $code, $saved ) = $this->call( 'POST', 'webhooks', $form, 'kivicare/v1' );
		self::assertSame( 201, $code, json_encode( $saved ) );
		$webhook = $this->webhooks->find( $saved['data']['id'] );
		self::assertSame( array( 'HS256', 1800, 'clinic' ), array( $webhook->config['auth']['algorithm'], $webhook->config['auth']['lifetime_s'], $webhook->config['auth']['issuer'] ) );
		self::assertSame( AuthForm::PLACEHOLDER, $saved['data']['webhookData']['auth_config']['jwt_private_key'] );
		self::assertStringContainsString( 'KiviHook', $saved['data']['name'], 'marked: 4.3.0 does not offer JWT' );

		// The form of 4.3.0 would save it as "none".
		$loss = array( 'name' => $saved['data']['name'] ) + $form;
		$loss['webhook_data'] = array( 'auth_method' => 'none', 'auth_config' => array() ) + $form['webhook_data'];
		list( $code, $refused ) = $this->call( 'PUT', "webhooks/{$webhook->id}", $loss, 'kivicare/v1' );
		self::assertSame( 409, $code );
		self::assertStringContainsString( "page=kivihook#/webhooks/{$webhook->id}", $refused['data']['edit_url'] );
		// What does not touch it is welcome, and the mark is no part of the name.
		self::assertSame( 200, $this->call( 'PUT', "webhooks/{$webhook->id}", array( 'name' => $saved['data']['name'] ), 'kivicare/v1' )[0] );
		self::assertSame( 'JWT', $this->webhooks->find( $webhook->id )->name );
		self::assertSame( 'S3cret-jwt-key-0123456789', $this->webhooks->secrets( $this->webhooks->find( $webhook->id ) )['jwt_key'] );
	}

	public function testWhatTheFormCannotShowSurvivesIt(): void {
		$id = $this->good(
			'POST',
			'webhooks',
			self::draft(
				array(
					'events'       => array( 'appointment.booked', 'patient.registered' ),
					'conditions'   => array( 'match' => 'all', 'rules' => array( array( 'field' => 'clinic_id', 'operator' => 'is', 'value' => 1 ) ) ),
					'classes'      => array( 'operational' ),
					'limits'       => array( 'concurrency' => 2 ),
					'retry'        => array( 'schedule_s' => array( 60 ) ),
					'content_type' => 'application/json',
					'body'         => '{}',
				)
			),
			201
		)['webhook']['id'];
		$shown = $this->call( 'GET', "webhooks/$id", array(), 'kivicare/v1' )[1]['data'];
		$back  = array( 'name' => 'Renamed', 'module_name' => $shown['moduleName'], 'event_name' => $shown['eventName'], 'methods' => $shown['methods'], 'status' => $shown['status'], 'webhook_data' => $shown['webhookData'] );
		self::assertSame( 200, $this->call( 'PUT', "webhooks/$id", $back, 'kivicare/v1' )[0] );
		$config = $this->webhooks->find( $id )->config;
		self::assertSame( array( 'appointment.booked', 'patient.registered' ), $config['events'] );
		self::assertSame( array( array( 'operational' ), 2, array( 60 ), 'clinic_id' ), array( $config['classes'], $config['limits']['concurrency'], $config['retry']['schedule_s'], $config['conditions']['rules'][0]['field'] ) );
		self::assertSame( 'tok-3f9a81d2c4b6e7', $this->webhooks->secrets( $this->webhooks->find( $id ) )['bearer_token'] );
	}
}
