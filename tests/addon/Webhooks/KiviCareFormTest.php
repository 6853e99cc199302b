<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Webhooks;

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Webhooks\AuthForm;
use KiviHook\WordPress\Webhooks\Draft;
use KiviHook\WordPress\Webhooks\KiviCareForm;
use KiviHook\WordPress\Webhooks\Refused;
use PHPUnit\Framework\TestCase;

/** What KiviCare's form sends, becomes, and gets back. The shapes are those of the built screens of 4.3.0. */
final class KiviCareFormTest extends TestCase {

	private KiviCareForm $form;

	protected function setUp(): void {
		$this->form = new KiviCareForm( new Catalogue() );
	}

	private static function sent( array $data = array(), array $form = array() ): array {
		return array_replace(
			array(
				'name'         => 'Front desk on Slack',
				'module_name'  => 'appointment',
				'event_name'   => 'kc_appointment_book',
				'methods'      => 'POST',
				'status'       => 1,
				'webhook_data' => array_replace(
					array(
						'url'            => 'https://example.com/in?team=a&x={{appointment_id}}',
						'method'         => 'POST',
						'auth_method'    => 'none',
						'auth_config'    => array(),
						'content_type'   => 'application/json',
						'custom_headers' => array(
							array(
								'key'   => 'X-Clinic',
								'value' => '{{clinic_name}}',
							),
						),
						'query_params'   => array(),
						'request_body'   => '{"text":"{{patient_name}}"}',
						'timeout'        => 20,
						'retry_attempts' => 4,
						'retry_delay'    => 7,
						'enable_ssl'     => true,
					),
					$data
				),
			),
			$form
		);
	}

	private static function stored( Draft $draft, bool $active = true ): Webhook {
		return new Webhook( 7, 'u', $draft->name, $active, 1, $draft->config );
	}

	private function refusal( callable $call ): Refused {
		try {
			$call();
		} catch ( Refused $refused ) {
			return $refused;
		}
		self::fail( 'It was not refused.' );
	}

	public function testAFilledFormBecomesAConfiguration(): void {
		$draft = $this->form->draft( self::sent() );
		self::assertSame( 'Front desk on Slack', $draft->name );
		self::assertTrue( $draft->active );
		self::assertSame( array(), $draft->secrets );
		self::assertEquals(
			array(
				'module'             => 'appointment',
				'events'             => array( 'appointment.booked' ),
				'method'             => 'POST',
				'url'                => 'https://example.com/in?team=a&x={{appointment_id}}',
				'content_type'       => 'application/json',
				'headers'            => array( array( 'X-Clinic', '{{clinic_name}}' ) ),
				'query'              => array(),
				'body'               => '{"text":"{{patient_name}}"}',
				'auth'               => array( 'method' => 'none' ),
				'timeout_ms'         => 20000,
				'connect_timeout_ms' => 5000,
				'retry'              => array(
					'quick_tries'   => 4,
					'quick_delay_s' => 7,
				),
				'kivicare'           => array(),
			),
			$draft->config
		);
	}

	public function testTheDottedNameMeansTheSameEvent(): void {
		$draft = $this->form->draft( self::sent( array(), array( 'event_name' => 'appointment.booked' ) ) );
		self::assertSame( array( 'appointment.booked' ), $draft->config['events'] );
	}

	public function testWhatTheFormGetsBackIsWhatItSent(): void {
		$draft = $this->form->draft( self::sent() );
		$edit  = $this->form->edit( self::stored( $draft ), $draft->secrets );
		$sent  = self::sent();
		self::assertSame( $sent['name'], $edit['name'] );
		self::assertSame( $sent['module_name'], $edit['moduleName'] );
		self::assertSame( $sent['event_name'], $edit['eventName'] );
		self::assertSame( 'POST', $edit['methods'] );
		self::assertSame( 1, $edit['status'] );
		self::assertEquals( $sent['webhook_data'], $edit['webhookData'] );
	}

	public function testEmptiedNumberFieldsMeanTheDefaults(): void {
		$draft = $this->form->draft(
			self::sent(
				array(
					'timeout'        => null,
					'retry_attempts' => null,
					'retry_delay'    => null,
				)
			)
		);
		self::assertSame( 30000, $draft->config['timeout_ms'] );
		self::assertSame( 3, $draft->config['retry']['quick_tries'] );
		self::assertSame( 5, $draft->config['retry']['quick_delay_s'] );
	}

	public function testNoRetryStaysNoRetryThroughTheForm(): void {
		$draft = $this->form->draft( self::sent( array( 'retry_attempts' => 0 ) ) );
		self::assertTrue( $draft->config['retry']['never'] );
		$edit = $this->form->edit( self::stored( $draft ), array() );
		// JavaScript: "0" || 3 is "0", and parseInt("0") is what comes back.
		self::assertSame( '0', $edit['webhookData']['retry_attempts'] );

		$again = $this->form->draft( self::sent( array( 'retry_attempts' => 2 ) ), self::stored( $draft ) );
		self::assertArrayNotHasKey( 'never', $again->config['retry'] );
	}

	public function testWhatWasSwitchedOffStaysOff(): void {
		$off  = self::stored( $this->form->draft( self::sent() ), false );
		$edit = $this->form->edit( $off, array() );
		self::assertSame( '0', $edit['status'], 'the form reads `status || 1` and compares with the number 1' );
		self::assertFalse( $this->form->draft( self::sent( array(), array( 'status' => 1 ) ), $off )->active );
		self::assertFalse( $this->form->draft( self::sent( array(), array( 'status' => '0' ) ), $off )->active );
		$on = self::stored( $this->form->draft( self::sent() ) );
		self::assertFalse( $this->form->draft( self::sent( array(), array( 'status' => 0 ) ), $on )->active );
		self::assertTrue( $this->form->draft( self::sent(), $on )->active );
	}

	public function testAPutKeepsWhatTheFormCannotExpress(): void {
		$draft            = $this->form->draft( self::sent( array( 'auth_method' => 'bearer', 'auth_config' => array( 'bearer_token' => 't0ken' ) ) ) );
		$stored           = self::stored( $draft );
		$stored->config   = array_replace(
			$stored->config,
			array(
				'events'     => array( 'appointment.booked', 'appointment.updated' ),
				'conditions' => array( 'status' => 1 ),
				'auth'       => $stored->config['auth'] + array( 'later' => 'x' ),
				'retry'      => $stored->config['retry'] + array( 'schedule' => 'long' ),
			)
		);
		$sent = self::sent(
			array(
				'auth_method' => 'bearer',
				'auth_config' => array(
					'bearer_token' => AuthForm::PLACEHOLDER,
					'token_type'   => 'Token',
				),
			),
			array( 'name' => 'Renamed' )
		);
		$new  = $this->form->draft( $sent, $stored, $draft->secrets );
		self::assertSame( 'Renamed', $new->name );
		self::assertSame( array( 'appointment.booked', 'appointment.updated' ), $new->config['events'] );
		self::assertSame( array( 'status' => 1 ), $new->config['conditions'] );
		self::assertSame( 'x', $new->config['auth']['later'] );
		self::assertSame( 'Token', $new->config['auth']['scheme'] );
		self::assertSame( 'long', $new->config['retry']['schedule'] );
		self::assertSame( array( 'bearer_token' => 't0ken' ), $new->secrets );

		$other = $this->form->draft( self::sent( array(), array( 'event_name' => 'kc_appointment_delete' ) ), $stored, $draft->secrets );
		self::assertSame( array( 'appointment.deleted', 'appointment.updated' ), $other->config['events'] );
	}

	public function testAPartOfTheFormChangesThatPartOnly(): void {
		$draft  = $this->form->draft(
			self::sent(
				array(
					'auth_method' => 'basic',
					'auth_config' => array(
						'username' => 'ac',
						'password' => ' p w ',
					),
				)
			)
		);
		$stored = self::stored( $draft );
		$new    = $this->form->draft( array( 'webhook_data' => array( 'timeout' => 9 ) ), $stored, $draft->secrets );
		self::assertSame( 9000, $new->config['timeout_ms'] );
		self::assertSame( $draft->name, $new->name );
		self::assertSame( array_diff_key( $draft->config, array( 'timeout_ms' => 1 ) ), array_diff_key( $new->config, array( 'timeout_ms' => 1 ) ) );
		self::assertSame( array( 'username' => 'ac', 'password' => ' p w ' ), $new->secrets );
	}

	/** @dataProvider credentials */
	public function testCredentialsGoOneWay( string $method, array $config, array $secrets, array $auth ): void {
		$sent  = self::sent(
			array(
				'auth_method' => $method,
				'auth_config' => $config,
			)
		);
		$draft = $this->form->draft( $sent );
		self::assertSame( $secrets, $draft->secrets );
		self::assertSame( $auth, $draft->config['auth'] );
		foreach ( $secrets as $secret ) {
			self::assertStringNotContainsString( $secret, (string) json_encode( $draft->config ) );
		}

		$signing = array( 'signing_secrets' => array( 'whsec_abc' ) );
		$edit    = $this->form->edit( self::stored( $draft ), $draft->secrets + $signing );
		foreach ( array_keys( $secrets ) as $member ) {
			self::assertSame( AuthForm::PLACEHOLDER, $edit['webhookData']['auth_config'][ $member ] );
		}
		$text = (string) json_encode( $edit );
		foreach ( array_merge( array_values( $secrets ), $signing['signing_secrets'] ) as $secret ) {
			self::assertStringNotContainsString( $secret, $text );
		}

		$again = $this->form->draft(
			self::sent(
				array(
					'auth_method' => $method,
					'auth_config' => $edit['webhookData']['auth_config'],
				)
			),
			self::stored( $draft ),
			$draft->secrets + $signing
		);
		self::assertSame( $secrets + $signing, $again->secrets );
	}

	public static function credentials(): array {
		return array(
			'API key in a header' => array(
				'apikey',
				array(
					'api_key'      => " k-12345678\n",
					'key_location' => 'header',
					'header_name'  => 'X-API-Key',
				),
				array( 'api_key' => 'k-12345678' ),
				array(
					'method'   => 'apikey',
					'location' => 'header',
					'name'     => 'X-API-Key',
				),
			),
			'API key in the query' => array(
				'apikey',
				array(
					'api_key'      => 'k-12345678',
					'key_location' => 'query',
					'header_name'  => 'api_key',
				),
				array( 'api_key' => 'k-12345678' ),
				array(
					'method'   => 'apikey',
					'location' => 'query',
					'name'     => 'api_key',
				),
			),
			'Basic'                => array(
				'basic',
				array(
					'username' => 'AC0123',
					'password' => 'pässw0rd ',
					'encoding' => 'Base64',
				),
				array(
					'username' => 'AC0123',
					'password' => 'pässw0rd ',
				),
				array( 'method' => 'basic' ),
			),
			'Bearer'               => array(
				'bearer',
				array(
					'bearer_token' => 'abc.def.ghi',
					'token_type'   => 'JWT',
					'token_expiry' => '2027-01-01T00:00',
				),
				array( 'bearer_token' => 'abc.def.ghi' ),
				array(
					'method' => 'bearer',
					'scheme' => 'JWT',
				),
			),
		);
	}

	/** @dataProvider elsewhere */
	public function testAStoredCredentialIsNeverSentElsewhere( string $url ): void {
		$config = array(
			'auth_method' => 'bearer',
			'auth_config' => array( 'bearer_token' => 't0ken' ),
		);
		$draft  = $this->form->draft( self::sent( $config ) );
		$moved  = array(
			'url'         => $url,
			'auth_method' => 'bearer',
			'auth_config' => array( 'bearer_token' => AuthForm::PLACEHOLDER ),
		);
		$refused = $this->refusal(
			function () use ( $moved, $draft ) {
				$this->form->draft( self::sent( $moved ), self::stored( $draft ), $draft->secrets );
			}
		);
		self::assertSame( 422, $refused->status() );
		self::assertStringContainsString( 'https://example.com:443', $refused->getMessage() );

		// Not naming it is no way around that.
		$refused = $this->refusal(
			function () use ( $url, $draft ) {
				$this->form->draft( array( 'webhook_data' => array( 'url' => $url ) ), self::stored( $draft ), $draft->secrets );
			}
		);
		self::assertSame( 422, $refused->status() );

		$moved['auth_config']['bearer_token'] = 'new';
		self::assertSame( array( 'bearer_token' => 'new' ), $this->form->draft( self::sent( $moved ), self::stored( $draft ), $draft->secrets )->secrets );

		$moved['auth_method'] = 'none';
		self::assertSame( array(), $this->form->draft( self::sent( $moved ), self::stored( $draft ), $draft->secrets )->secrets );
	}

	public static function elsewhere(): array {
		return array(
			'host'   => array( 'https://evil.example/in' ),
			'port'   => array( 'https://example.com:8443/in' ),
			'scheme' => array( 'http://example.com/in' ),
		);
	}

	public function testAnotherPathIsTheSamePlace(): void {
		$config = array(
			'auth_method' => 'bearer',
			'auth_config' => array( 'bearer_token' => 't0ken' ),
		);
		$draft  = $this->form->draft( self::sent( $config ) );
		$moved  = array(
			'url'         => 'https://EXAMPLE.com:443/other',
			'auth_method' => 'bearer',
			'auth_config' => array( 'bearer_token' => AuthForm::PLACEHOLDER ),
		);
		self::assertSame( array( 'bearer_token' => 't0ken' ), $this->form->draft( self::sent( $moved ), self::stored( $draft ), $draft->secrets )->secrets );
	}

	public function testAContentTypeHeaderIsTheContentType(): void {
		$draft = $this->form->draft(
			self::sent(
				array(
					'custom_headers' => array(
						array(
							'key'   => 'content-type',
							'value' => 'application/fhir+json',
						),
					),
				)
			)
		);
		self::assertSame( 'application/fhir+json', $draft->config['content_type'] );
		self::assertSame( array(), $draft->config['headers'] );
	}

	public function testHmacTakesTheFormsFieldsAndGivesNoKeyBack(): void {
		$draft = $this->form->draft(
			self::sent(
				array(
					'auth_method' => 'hmac',
					'auth_config' => array(
						'hmac_access_key'         => 'access-7',
						'hmac_secret_key'         => 's3cret',
						'hmac_algorithm'          => 'HMAC-SHA512',
						'hmac_signature_location' => 'header',
						'hmac_header_param_name'  => 'X-Hub',
					),
				)
			)
		);
		self::assertSame(
			array(
				'method'          => 'hmac',
				'algorithm'       => 'HMAC-SHA512',
				'location'        => 'header',
				'name'            => 'X-Hub',
				'access_key_name' => 'X-Access-Key',
			),
			$draft->config['auth']
		);
		self::assertSame( array( 'hmac_secret_key' => 's3cret', 'hmac_access_key' => 'access-7' ), $draft->secrets );
		$form = AuthForm::form( $draft->config['auth'], array(), $draft->secrets )['auth_config'];
		self::assertSame( AuthForm::PLACEHOLDER, $form['hmac_secret_key'] );
		self::assertSame( AuthForm::PLACEHOLDER, $form['hmac_access_key'] );
		self::assertSame( 'X-Hub', $form['hmac_header_param_name'] );

		$without = $this->form->draft(
			self::sent( array( 'auth_method' => 'hmac', 'auth_config' => array( 'hmac_secret_key' => 'k', 'hmac_access_key' => '' ) ) )
		);
		self::assertArrayNotHasKey( 'access_key_name', $without->config['auth'] );
		self::assertSame( array( 'hmac_secret_key' => 'k' ), $without->secrets );
	}

	/** @dataProvider wrong */
	public function testRefusesWithWordsThatHelp( array $data, array $form, string $words ): void {
		$refused = $this->refusal(
			function () use ( $data, $form ) {
				$this->form->draft( self::sent( $data, $form ) );
			}
		);
		self::assertSame( 422, $refused->status() );
		self::assertStringContainsString( $words, $refused->getMessage() );
	}

	public static function wrong(): array {
		$headers = static function ( string $key, string $value ): array {
			return array( 'custom_headers' => array( array( 'key' => $key, 'value' => $value ) ) );
		};
		return array(
			'no name'                  => array( array(), array( 'name' => ' ' ), 'name is missing' ),
			'a name without end'       => array( array(), array( 'name' => str_repeat( 'x', 192 ) ), '191' ),
			'no event'                 => array( array(), array( 'event_name' => '' ), 'event is missing' ),
			'unknown event'            => array( array(), array( 'event_name' => 'kc_apointment_book' ), 'kc_appointment_book' ),
			'event of another module'  => array( array(), array( 'module_name' => 'patient' ), 'belongs to the module "appointment"' ),
			'method'                   => array( array(), array( 'methods' => 'HEAD' ), 'GET, POST' ),
			'no URL'                   => array( array( 'url' => '' ), array(), 'URL is missing' ),
			'fragment'                 => array( array( 'url' => 'https://example.com/#a' ), array(), '#' ),
			'certificates unchecked'   => array( array( 'enable_ssl' => false ), array(), 'Enable SSL Certificate Verification' ),
			'… as a text'              => array( array( 'enable_ssl' => 'false' ), array(), 'Enable SSL Certificate Verification' ),
			'oauth2'                   => array( array( 'auth_method' => 'oauth2' ), array(), 'Token URL is missing' ),
			'hmac without a key'       => array( array( 'auth_method' => 'hmac' ), array(), 'secret key is missing' ),
			'hmac of another kind'     => array(
				array( 'auth_method' => 'hmac', 'auth_config' => array( 'hmac_algorithm' => 'HMAC-CRC32', 'hmac_secret_key' => 'k' ) ),
				array(),
				'HMAC-SHA256',
			),
			'jwt'                      => array( array( 'auth_method' => 'jwt' ), array(), 'The private key is missing' ),
			'another method'           => array( array( 'auth_method' => 'ntlm' ), array(), 'not known' ),
			'no key'                   => array( array( 'auth_method' => 'apikey' ), array(), 'API key is missing' ),
			'a placeholder for nothing' => array(
				array( 'auth_method' => 'bearer', 'auth_config' => array( 'bearer_token' => AuthForm::PLACEHOLDER ) ),
				array(),
				'nothing is stored',
			),
			'half a placeholder'       => array(
				array( 'auth_method' => 'bearer', 'auth_config' => array( 'bearer_token' => AuthForm::PLACEHOLDER . 'abc' ) ),
				array(),
				'Empty the field',
			),
			'line break in a password' => array(
				array( 'auth_method' => 'basic', 'auth_config' => array( 'username' => 'a', 'password' => "b\r\nX: y" ) ),
				array(),
				'line break',
			),
			'colon in a user name'     => array(
				array( 'auth_method' => 'basic', 'auth_config' => array( 'username' => 'a:b', 'password' => 'c' ) ),
				array(),
				'colon',
			),
			'API key as Host'          => array(
				array( 'auth_method' => 'apikey', 'auth_config' => array( 'api_key' => 'k', 'header_name' => 'Host' ) ),
				array(),
				'sets the header "Host" itself',
			),
			'timeout'                  => array( array( 'timeout' => 301 ), array(), 'from 1 to 300' ),
			'timeout 0'                => array( array( 'timeout' => 0 ), array(), 'from 1 to 300' ),
			'tries'                    => array( array( 'retry_attempts' => 11 ), array(), 'from 0 to 10' ),
			'delay'                    => array( array( 'retry_delay' => '1e1' ), array(), 'from 1 to 60' ),
			'content type'             => array( array( 'content_type' => 'json' ), array(), 'application/json' ),
			'header name'              => array( $headers( 'X Clinic', 'a' ), array(), 'no valid header name' ),
			'header injection'         => array( $headers( 'X-A', "a\r\nX-B: c" ), array(), 'line break' ),
			'our own header'           => array( $headers( 'Webhook-Signature', 'a' ), array(), 'itself' ),
			'half a row'               => array( $headers( 'X-A', '' ), array(), 'needs both' ),
			'a credential in clear'    => array( $headers( 'Authorization', 'Bearer abc' ), array(), 'API Key' ),
			'… in the query'           => array( array( 'query_params' => array( array( 'key' => 'api_key', 'value' => 'abc' ) ) ), array(), 'API Key' ),
			'header twice'             => array(
				array( 'custom_headers' => array( array( 'key' => 'X-A', 'value' => '1' ), array( 'key' => 'x-a', 'value' => '2' ) ) ),
				array(),
				'twice',
			),
		);
	}

	public function testAnImportedBodyMayBeJson(): void {
		$draft = $this->form->draft( self::sent( array( 'request_body' => array( 'text' => '{{patient_name}}' ) ) ) );
		self::assertSame( array( 'text' => '{{patient_name}}' ), json_decode( $draft->config['body'], true ) );
	}

	public function testAFormBodyStaysAsItWasWritten(): void {
		$body  = "To={{patient_contact_number}}\nBody=See you, {{patient_name}} & thanks";
		$draft = $this->form->draft(
			self::sent(
				array(
					'content_type' => 'application/x-www-form-urlencoded',
					'request_body' => $body,
				)
			)
		);
		self::assertSame( $body, $draft->config['body'] );
	}

	public function testTheListHidesTheQueryAndSaysWhenItLastDelivered(): void {
		$webhook = self::stored( $this->form->draft( self::sent() ), false );
		$row     = $this->form->row( $webhook, null );
		self::assertSame( 'https://example.com/in?…', $row['endpoint'] );
		self::assertSame( 0, $row['status'] );
		self::assertNull( $row['updated_at'] );
		self::assertSame( '2026-11-23T09:15:00.000Z', $this->form->row( $webhook, '2026-11-23T09:15:00.000Z' )['updated_at'] );
	}
}
