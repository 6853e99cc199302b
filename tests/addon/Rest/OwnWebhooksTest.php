<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\Tests\Addon\Support\RestTestCase;
use KiviHook\WordPress\Webhooks\Secret;

/** kivihook/v1/webhooks: everything that a configuration can hold, in and out again; what is wrong comes with its place. */
final class OwnWebhooksTest extends RestTestCase {

	private const TOKEN = 'tok-3f9a81d2c4b6e7';

	public function testEverythingThatAConfigurationCanHoldComesBack(): void {
		$draft   = self::draft(
			array(
				'description'        => "For the desk\nand nobody else",
				'events'             => array( 'appointment.booked', 'appointment.cancelled' ),
				'method'             => 'PUT',
				'url'                => 'https://127.0.0.1:1/hook?a={{clinic_id}}',
				'headers'            => array( array( 'name' => 'X-Clinic', 'value' => '{{clinic_id}}' ) ),
				'query'              => array( array( 'name' => 'day', 'value' => '{{appointment_date}}' ) ),
				'timeout_ms'         => 12000,
				'connect_timeout_ms' => 3000,
				'retry'              => array( 'schedule_s' => array( 60, 600 ) ),
				'log_mask'           => array( 'patient_email' ),
				'clinics'            => array( 2, 1 ),
				'classes'            => array( 'operational', 'identifier', 'clinical' ),
				'clinical'           => array( 'purpose' => 'Laboratory', 'agreement' => 'No 7', 'until' => '2099-12-31' ),
				'conditions'         => array( 'match' => 'any', 'rules' => array( array( 'field' => 'clinic_id', 'operator' => 'in', 'value' => array( 1, 2 ) ) ) ),
				'limits'             => array( 'concurrency' => 2, 'per_minute' => 100, 'order' => 'record' ),
				'reminders_min'      => array( 60, 1440 ),
				'preset'             => 'slack',
			)
		);
		$made    = $this->good( 'POST', 'webhooks', $draft, 201 );
		$webhook = $this->good( 'GET', "webhooks/{$made['webhook']['id']}" );
		self::assertMatchesRegularExpression( '/\Awhsec_/', $made['signing_secret'] );
		unset( $draft['secrets'] );
		foreach ( array( 'clinics' => array( 1, 2 ), 'reminders_min' => array( 1440, 60 ) ) + $draft as $name => $value ) {
			self::assertSame( $value, $webhook[ $name ], $name );
		}
		self::assertSame( array( 'bearer_token' => Secret::PLACEHOLDER ), $webhook['secrets'] );
		self::assertSame( array( 'count' => 1, 'previous' => false, 'kind' => 'whsec' ), $webhook['signing'] );
		self::assertSame( 'idle', $webhook['health']['state'] );
		self::assertSame( get_current_user_id(), $webhook['created_by']['id'] );
		self::assertSame( self::TOKEN, $this->webhooks->secrets( $this->webhooks->find( $webhook['id'] ) )['bearer_token'] );
	}

	public function testWhatIsNotSentStaysAsItIs(): void {
		$id = $this->good( 'POST', 'webhooks', self::draft( array( 'limits' => array( 'concurrency' => 3 ) ) ), 201 )['webhook']['id'];

		$saved = $this->good( 'PUT', "webhooks/$id", array( 'name' => 'Renamed', 'version' => 1 ) )['webhook'];
		self::assertSame( array( 'Renamed', 3, 2 ), array( $saved['name'], $saved['limits']['concurrency'], $saved['version'] ) );
		self::assertSame( self::TOKEN, $this->webhooks->secrets( $this->webhooks->find( $id ) )['bearer_token'] );
		list( $code, $answer ) = $this->call( 'PUT', "webhooks/$id", array( 'name' => 'Late', 'version' => 1 ) );
		self::assertSame( array( 409, 2 ), array( $code, $answer['data']['version'] ) );
	}

	public function testSecretsStayWithTheirServer(): void {
		$id   = $this->good( 'POST', 'webhooks', self::draft(), 201 )['webhook']['id'];
		$kept = array( 'secrets' => array( 'bearer_token' => Secret::PLACEHOLDER ), 'auth' => array( 'method' => 'bearer' ) );
		$this->good( 'PUT', "webhooks/$id", $kept );
		self::assertSame( self::TOKEN, $this->webhooks->secrets( $this->webhooks->find( $id ) )['bearer_token'] );
		foreach ( array( 'https://127.0.0.2:1/hook', 'http://127.0.0.1:1/hook', 'https://127.0.0.1:2/hook' ) as $elsewhere ) {
			self::assertArrayHasKey( 'secrets.bearer_token', $this->refused( 'PUT', "webhooks/$id", array( 'url' => $elsewhere ) + $kept ) );
			self::assertArrayHasKey( 'secrets.bearer_token', $this->refused( 'PUT', "webhooks/$id", array( 'url' => $elsewhere ) ) );
			self::assertArrayHasKey( 'secrets.bearer_token', $this->refused( 'POST', 'webhooks/test', array( 'id' => $id, 'draft' => array( 'url' => $elsewhere ) ) ) );
			self::assertArrayHasKey( 'secrets.bearer_token', $this->refused( 'POST', 'webhooks/preview', array( 'id' => $id, 'draft' => array( 'url' => $elsewhere ) ) ) );
		}
		self::assertArrayHasKey( 'secrets.bearer_token', $this->refused( 'PUT', "webhooks/$id", array( 'secrets' => array( 'bearer_token' => 'abc••••' ) ) ) );
		$this->good( 'PUT', "webhooks/$id", array( 'url' => 'https://127.0.0.2:1/hook', 'secrets' => array( 'bearer_token' => 'new-token-1234' ) ) );
		self::assertSame( 'new-token-1234', $this->webhooks->secrets( $this->webhooks->find( $id ) )['bearer_token'] );
		// Another method forgets the former's.
		$this->good( 'PUT', "webhooks/$id", array( 'auth' => array( 'method' => 'none' ) ) );
		self::assertSame( array( 'signing_secrets' ), array_keys( $this->webhooks->secrets( $this->webhooks->find( $id ) ) ) );
	}

	/** An OAuth2 client's secret goes to the token URL: that is its server as well. */
	public function testAChangedTokenServerAsksForTheClientSecretAgain(): void {
		$auth = array( 'method' => 'oauth2', 'grant' => 'client_credentials', 'token_url' => 'https://127.0.0.1:1/token', 'client_id' => 'me' );
		$id   = $this->good( 'POST', 'webhooks', self::draft( array( 'auth' => $auth, 'secrets' => array( 'client_secret' => 'S3cret-client' ) ) ), 201 )['webhook']['id'];
		$this->good( 'PUT', "webhooks/$id", array( 'auth' => array( 'scope' => 'a b' ) + $auth ) );
		self::assertSame( 'S3cret-client', $this->webhooks->secrets( $this->webhooks->find( $id ) )['client_secret'] );
		$moved = array( 'auth' => array( 'token_url' => 'https://evil.example/token' ) + $auth, 'secrets' => array( 'client_secret' => Secret::PLACEHOLDER ) );
		self::assertArrayHasKey( 'secrets.client_secret', $this->refused( 'PUT', "webhooks/$id", $moved ) );
		unset( $moved['secrets'] );
		$this->good( 'PUT', "webhooks/$id", $moved );
		self::assertArrayNotHasKey( 'client_secret', $this->webhooks->secrets( $this->webhooks->find( $id ) ) );
	}

	public function testAllThatIsWrongComesAtOnceWithItsPlace(): void {
		$errors = $this->good(
			'POST',
			'webhooks/check',
			array(
				'draft' => array(
					'name'       => '',
					'events'     => array( 'appointment.bokked' ),
					'url'        => 'https://example.com/{{x',
					'headers'    => array( array( 'name' => 'X-A', 'value' => '{{#x}}' ), array( 'name' => 'Host', 'value' => 'x' ), array( 'name' => 'X-Api-Key', 'value' => 'abc' ) ),
					'body'       => "{\n  \"a\": {{patient_name | uper}}\n}",
					'auth'       => array( 'method' => 'basic' ),
					'retry'      => array( 'quick_tries' => 99 ),
					'classes'    => array( 'clinical' ),
					'conditions' => array( 'rules' => array( array( 'field' => 'a b', 'operator' => 'nope' ) ) ),
					'limits'     => array( 'per_minute' => -1 ),
				),
			)
		);
		self::assertFalse( $errors['valid'] );
		$fields = array_column( $errors['errors'], null, 'field' );
		foreach ( array( 'name', 'events.0', 'url', 'headers.0.value', 'headers.1.name', 'headers.2.name', 'body', 'secrets.username', 'secrets.password', 'retry.quick_tries',
			'clinical.purpose', 'clinical.until', 'conditions.rules.0.field', 'conditions.rules.0.operator', 'limits.per_minute' ) as $field ) {
			self::assertArrayHasKey( $field, $fields, json_encode( $errors['errors'] ) );
		}
		self::assertSame( array( 2, 8 ), array( $fields['body']['line'], $fields['body']['column'] ) );
		self::assertStringContainsString( 'upper', $fields['body']['message'] );
		self::assertStringContainsString( 'appointment.booked', $fields['events.0']['message'] );
	}

	public function testNotesWarnAndRefuseNothing(): void {
		$check = $this->good( 'POST', 'webhooks/check', array( 'draft' => self::draft( array( 'body' => '{"a": "{{patient_nam}} {{clinic_id}}"}' ) ) ) );
		self::assertTrue( $check['valid'], json_encode( $check ) );
		self::assertSame( array( 'patient_nam', 'clinic_id' ), $check['variables'] );
		self::assertSame( array( 'unknown_variable' ), array_column( $check['notes'], 'code' ) );
		$check = $this->good( 'POST', 'webhooks/check', array( 'draft' => self::draft( array( 'url' => 'https://api-eu.mixpanel.com/track' ) ) ) );
		self::assertSame( array( 'person_to_analytics' ), array_column( $check['notes'], 'code' ) );
		$check = $this->good( 'POST', 'webhooks/check', array( 'draft' => self::draft( array( 'url' => 'https://api-eu.mixpanel.com/track', 'body' => '{"day": "{{appointment_date}}"}' ) ) ) );
		self::assertSame( array(), $check['notes'] );
	}

	public function testWhatAWebhookMayNotCarryIsRefusedInTemplatesAndConditions(): void {
		$check = $this->good( 'POST', 'webhooks/check', array( 'draft' => self::draft( array( 'body' => '{"a": "{{service_names}}"}' ) ) ) );
		self::assertFalse( $check['valid'] );
		self::assertSame( array( 'body' ), array_column( $check['errors'], 'field' ) );
		$rules  = array( array( 'field' => 'service_names', 'operator' => 'exists' ), array( 'field' => 'clinicid', 'operator' => 'is', 'value' => 1 ) );
		$errors = $this->refused( 'POST', 'webhooks', self::draft( array( 'conditions' => array( 'match' => 'all', 'rules' => $rules ) ) ) );
		self::assertStringContainsString( 'is clinical data', $errors['conditions.rules.0.field'] );
		self::assertStringContainsString( 'Did you mean "clinic_id"?', $errors['conditions.rules.1.field'] );
		$clinical = array( 'classes' => array( 'operational', 'clinical' ), 'clinical' => array( 'purpose' => 'p', 'agreement' => 'a', 'until' => '2099-12-31' ) );
		$this->good( 'POST', 'webhooks', self::draft( $clinical + array( 'body' => '{"a": "{{service_names}}"}' ) ), 201 );
		$ended = array( 'clinical' => array( 'until' => '2020-01-01' ) + $clinical['clinical'] );
		self::assertStringContainsString( 'was allowed until 2020-01-01', $this->refused( 'POST', 'webhooks', self::draft( $ended + $clinical ) )['clinical.until'] );
	}

	public function testEventsSayWhatTheyAreAndWhetherTheyCanHappen(): void {
		$schema = $this->good( 'GET', 'events/appointment.booked/schema' );
		self::assertSame( array( 'const' => 'appointment.booked' ), $schema['properties']['type'] );
		$this->refused( 'GET', 'events/nothing.at_all/schema', array(), 404 );
		$items = array_column( $this->good( 'GET', 'events' )['items'], null, 'id' );
		self::assertSame( array( 'no', 'KiviCare is not active on this site.' ), array( $items['patient.registered']['state'], $items['patient.registered']['why'] ) );
	}

	public function testProfilesAreMadeForWhatMayBeCarried(): void {
		$all = array_column( $this->good( 'GET', 'profiles' )['items'], null, 'id' );
		self::assertStringContainsString( '"resourceType": "Appointment"', $all['fhir']['bodies']['appointment.booked'] );
		self::assertStringNotContainsString( 'service_names', $all['fhir']['bodies']['appointment.booked'] );
		$clinical = array_column( $this->good( 'GET', 'profiles', array( 'classes' => array( 'operational', 'clinical' ) ) )['items'], null, 'id' );
		self::assertStringContainsString( 'service_names', $clinical['fhir']['bodies']['appointment.booked'] );
		self::assertStringNotContainsString( 'patient_name', $clinical['fhir']['bodies']['appointment.booked'] );
		self::assertSame( array( 'name' => 'ce-specversion', 'value' => '1.0' ), $all['cloudevents-binary']['headers'][0] );
	}

	public function testHooksAreTurnedIntoEvents(): void {
		$row = array( 'hook' => 'lab_done', 'id' => 'probe.done', 'label' => 'Done', 'fields' => array( array( 'name' => 'probe', 'path' => '0', 'class' => 'operational' ) ) );
		self::assertSame( array( $row ), $this->good( 'PUT', 'hook-events', array( 'items' => array( $row ) ) )['items'] );
		self::assertSame( array( $row ), $this->good( 'GET', 'hook-events' )['items'] );
		$errors = $this->refused( 'PUT', 'hook-events', array( 'items' => array( array( 'hook' => 'user_register' ) + $row ) ) );
		self::assertStringContainsString( 'passwords in clear', $errors['items.0.hook'] );
		self::assertSame( array(), $this->good( 'PUT', 'hook-events', array( 'items' => array() ) )['items'] );
	}

	public function testAKeyThatIsNoneIsFoundOnSaving(): void {
		$errors = $this->refused( 'POST', 'webhooks', self::draft( array( 'auth' => array( 'method' => 'jwt', 'algorithm' => 'RS256' ), 'secrets' => array( 'jwt_key' => 'no PEM' ) ) ) );
		self::assertArrayHasKey( 'secrets.jwt_key', $errors );
		$errors = $this->refused(
			'POST',
			'webhooks',
			self::draft( array( 'tls' => array( 'client_certificate' => true ), 'secrets' => array( 'bearer_token' => 'tok-12345678', 'client_certificate_pem' => 'x', 'client_key_pem' => 'y' ) ) )
		);
		self::assertArrayHasKey( 'secrets.client_certificate_pem', $errors );
	}

	public function testAPkcs12FileBecomesPem(): void {
		$key = openssl_pkey_new( array( 'private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1' ) );
		$csr = openssl_csr_new( array( 'commonName' => 'clinic' ), $key );
		openssl_pkcs12_export( openssl_csr_sign( $csr, null, $key, 10 ), $file, $key, 'p12-password' );
		$secrets = array( 'bearer_token' => 'tok-12345678', 'client_certificate_p12' => base64_encode( $file ), 'client_certificate_password' => 'p12-password' );
		$made    = $this->good( 'POST', 'webhooks', self::draft( array( 'tls' => array( 'client_certificate' => true ), 'secrets' => $secrets ) ), 201 );
		self::assertStringStartsWith( 'CN=clinic', $made['webhook']['certificate']['subject'] );
		self::assertSame( array( 'certificate_expires' ), array_column( $made['notes'], 'code' ) );
		$stored = $this->webhooks->secrets( $this->webhooks->find( $made['webhook']['id'] ) );
		self::assertStringContainsString( 'PRIVATE KEY', $stored['client_key_pem'] );
		self::assertArrayNotHasKey( 'client_certificate_password', $stored );
		$wrong = array( 'client_certificate_password' => 'wrong' ) + $secrets;
		self::assertArrayHasKey( 'secrets.client_certificate_p12', $this->refused( 'POST', 'webhooks', self::draft( array( 'tls' => array( 'client_certificate' => true ), 'secrets' => $wrong ) ) ) );
	}

	public function testPreviewAndTestKeepBackWhatTheClassesForbid(): void {
		$draft   = self::draft( array( 'classes' => array( 'operational' ), 'body' => '' ) );
		$preview = $this->good( 'POST', 'webhooks/preview', array( 'draft' => $draft ) );
		self::assertContains( 'patient_name', $preview['withheld'] );
		self::assertStringNotContainsString( 'Pat Example', $preview['request']['body'] );
		self::assertStringContainsString( '"appointment_id":1042', $preview['request']['body'] );
		self::assertStringNotContainsString( self::TOKEN, json_encode( $preview ) );
		$id   = $this->good( 'POST', 'webhooks', $draft, 201 )['webhook']['id'];
		$test = $this->good( 'POST', 'webhooks/test', array( 'id' => $id, 'data' => array( 'patient_name' => 'Somebody', 'appointment_id' => 5 ) ) );
		self::assertFalse( $test['succeeded'] );
		self::assertNotSame( '', $test['error'] );
		self::assertStringNotContainsString( 'Somebody', (string) $test['request']['body'] );
		self::assertGreaterThan( 0, $test['attempt_id'] );
	}

	public function testTestsAreLimitedPerPerson(): void {
		$draft = array( 'draft' => self::draft() );
		for ( $i = 0; $i < 20; $i++ ) {
			$this->good( 'POST', 'webhooks/test', $draft );
		}
		list( $code, $answer, $headers ) = $this->call( 'POST', 'webhooks/test', $draft );
		self::assertSame( 429, $code );
		self::assertSame( (string) $answer['data']['retry_after'], $headers['Retry-After'] );
		$this->as( 'administrator' );
		$this->good( 'POST', 'webhooks/test', $draft );
	}

	public function testACopyIsOffAndSignsWithItsOwnSecret(): void {
		$made = $this->good( 'POST', 'webhooks', self::draft(), 201 );
		$copy = $this->good( 'POST', "webhooks/{$made['webhook']['id']}/duplicate", array(), 201 );
		self::assertFalse( $copy['webhook']['active'] );
		self::assertNotSame( $made['signing_secret'], $copy['signing_secret'] );
		self::assertSame( self::TOKEN, $this->webhooks->secrets( $this->webhooks->find( $copy['webhook']['id'] ) )['bearer_token'] );
	}

	public function testListFiltersAndSwitches(): void {
		$ids = array();
		foreach ( array( 'One' => 'appointment.booked', 'Two' => 'patient.registered', 'Three' => 'appointment.booked' ) as $name => $event ) {
			$ids[] = $this->good( 'POST', 'webhooks', self::draft( array( 'name' => $name, 'events' => array( $event ), 'body' => '' ) ), 201 )['webhook']['id'];
		}
		self::assertSame( array( 'done' => array( $ids[0] ), 'skipped' => array( 9999 ) ), $this->good( 'POST', 'webhooks/bulk', array( 'action' => 'disable', 'ids' => array( $ids[0], 9999 ) ) ) );
		$names = fn ( array $filters ): array => array_column( $this->good( 'GET', 'webhooks', $filters )['items'], 'name' );
		self::assertSame( array( 'Three', 'One' ), $names( array( 'event' => 'appointment.booked' ) ) );
		self::assertSame( array( 'Two' ), $names( array( 'search' => 'tw' ) ) );
		self::assertSame( array( 'One' ), $names( array( 'state' => 'off' ) ) );
		self::assertSame( array( 'Three', 'Two' ), $names( array( 'active' => 'true' ) ) );
		self::assertSame( array( 'One', 'Three', 'Two' ), $names( array( 'orderby' => 'name', 'order' => 'asc' ) ) );
		self::assertSame( array(), $names( array( 'state' => 'failing' ) ) );
		self::assertSame( 3, $this->good( 'GET', 'webhooks', array( 'per_page' => 1 ) )['pages'] );
		self::assertTrue( $this->good( 'PUT', "webhooks/$ids[0]/active", array( 'active' => true ) )['active'] );
		self::assertSame( array( 'deleted' => array( $ids[1] ) ), $this->good( 'DELETE', "webhooks/$ids[1]" ) );
		$this->refused( 'GET', "webhooks/$ids[1]", array(), 404 );
	}

	public function testAnAddressThatIsACredentialIsShownToThoseWhoMayChangeItOnly(): void {
		$address = 'https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx';
		$masked  = 'https://hooks.slack.com/services/T00000000/B00000000/…';
		$id      = $this->good( 'POST', 'webhooks', self::draft( array( 'url' => $address, 'clinics' => array( 1 ) ) ), 201 )['webhook']['id'];
		$this->good( 'PUT', "webhooks/$id", array( 'url' => str_replace( 'uvwx', 'wxyz', $address ), 'secrets' => array( 'bearer_token' => 'another-token-1' ) ) );
		self::assertSame( $masked, $this->good( 'GET', 'webhooks' )['items'][0]['url'] );
		self::assertStringContainsString( 'wxyz', $this->good( 'GET', "webhooks/$id" )['url'] );
		self::assertSame( 0, $this->good( 'GET', 'webhooks', array( 'search' => 'abcdefghij' ) )['total'], 'nobody guesses it by searching' );
		self::assertSame( 1, $this->good( 'GET', 'webhooks', array( 'search' => 'hooks.slack' ) )['total'] );
		self::assertStringNotContainsString( 'abcdefghij', serialize( $this->own->rows( "SELECT * FROM `{$this->schema->table( 'audit' )}`" ) ) );
		list( , $list ) = $this->call( 'GET', 'webhooks', array(), 'kivicare/v1' );
		self::assertStringNotContainsString( 'abcdefghij', (string) json_encode( $list ) );
		$this->log->add( array( array( 'delivery' => 0, 'webhook' => $id, 'event' => 0, 'type' => 'test', 'number' => 1, 'driver' => 'test', 'state' => 'succeeded', 'trace' => array( 'request' => array( 'url' => $address ) ) ) ) );

		$this->as( 'subscriber', array( 'kiviCare_webhook_view', 'kiviCare_webhook_list' ), array( 1 ) );
		self::assertSame( $masked, $this->good( 'GET', "webhooks/$id" )['url'] );
		foreach ( array( "webhooks/$id", 'webhook-logs' ) as $path ) {
			list( , $body ) = $this->call( 'GET', $path, array(), 'kivicare/v1' );
			self::assertStringNotContainsString( 'abcdefghij', (string) json_encode( $body ), $path );
		}
	}

	public function testAFailureIsToldInWordsWithItsBeginning(): void {
		$id = $this->good( 'POST', 'webhooks', self::draft(), 201 )['webhook']['id'];
		foreach ( array( array( 7, 'succeeded', '' ), array( 8, 'pending', 'It answered 500.' ), array( 9, 'failed', 'It answered 503.' ) ) as list( $delivery, $state, $error ) ) {
			$this->log->add( array( array( 'delivery' => $delivery, 'webhook' => $id, 'event' => 1, 'type' => 'appointment.booked', 'number' => 1, 'driver' => 'inline', 'state' => $state,
				'trace' => array( 'status' => '' === $error ? 200 : 500, 'error' => $error, 'advice' => 'Ask its owner.', 'total_us' => 1000, 'started_at' => gmdate( 'Y-m-d\TH:i:s.000\Z' ) ) ) ) );
			$this->statistics->add( array( array( 'webhook' => $id, 'state' => $state, 'trace' => array( 'total_us' => 1000 ) ) ) );
		}
		$health = $this->good( 'GET', "webhooks/$id" )['health'];
		self::assertSame( array( 'failing', 'It answered 503.', 'Ask its owner.', 8 ), array( $health['state'], $health['reason'], $health['advice'], $health['first_failure'] ) );
		self::assertSame( array( 'Front desk' ), array_column( $this->good( 'GET', 'webhooks', array( 'state' => 'failing' ) )['items'], 'name' ) );
	}

	public function testEveryChangeIsNotedWithoutSecrets(): void {
		$id = $this->good( 'POST', 'webhooks', self::draft(), 201 )['webhook']['id'];
		$this->good( 'PUT', "webhooks/$id", array( 'name' => 'New', 'secrets' => array( 'bearer_token' => 'another-token-1' ) ) );
		$this->good( 'DELETE', "webhooks/$id" );
		$rows = $this->own->rows( "SELECT action, changes FROM `{$this->schema->table( 'audit' )}` ORDER BY id" );
		self::assertSame( array( 'webhook.created', 'webhook.updated', 'webhook.deleted' ), array_column( $rows, 'action' ) );
		$changes = array_column( json_decode( $rows[1]['changes'], true ), 'new', 'field' );
		self::assertSame( array( 'name' => 'New', 'secrets.bearer_token' => 'changed' ), $changes );
		self::assertStringNotContainsString( 'another-token-1', serialize( $rows ) );
		self::assertStringNotContainsString( self::TOKEN, serialize( $rows ) );
	}

	public function testWhoIsAskingAndWhatThereIsToChooseFrom(): void {
		$me = $this->good( 'GET', 'me' );
		self::assertTrue( $me['admin'] );
		self::assertNull( $me['clinics'] );
		$catalogue = $this->good( 'GET', 'catalogue' );
		self::assertSame( 'appointment', $catalogue['modules'][0]['id'] );
		self::assertSame( 1042, $catalogue['modules'][0]['events'][0]['sample']['appointment_id'] );
		self::assertSame( array( 'none', 'apikey', 'basic', 'bearer', 'jwt', 'hmac', 'aws_sigv4', 'oauth2' ), array_column( $catalogue['auth'], 'method' ) );
		self::assertSame( array( 'North', 'South', 'West' ), array_column( $this->good( 'GET', 'clinics' )['items'], 'name' ) );
	}
}
