<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Webhooks;

use KiviHook\Tests\Addon\Support\RestTestCase;

/** Webhooks as files, and out of the original add-on's tables. */
final class TransferTest extends RestTestCase {

	private const PASSPHRASE = 'correct horse battery';

	private function stored( int $id ): array {
		$webhook = $this->webhooks->find( $id );
		return array( $webhook->name, $webhook->active, $webhook->config, array_diff_key( $this->webhooks->secrets( $webhook ), array( 'signing_secrets' => 1 ) ) );
	}

	public function testAFileBringsEverythingBackButSecrets(): void {
		$draft = self::draft( array( 'headers' => array( array( 'name' => 'X-A', 'value' => 'b' ) ), 'limits' => array( 'per_minute' => 5 ), 'classes' => array( 'operational', 'identifier' ), 'description' => 'Desk' ) );
		$id    = $this->good( 'POST', 'webhooks', $draft, 201 )['webhook']['id'];
		$file  = $this->good( 'POST', 'webhooks/export' );
		self::assertStringNotContainsString( 'tok-3f9a81d2c4b6e7', $file['content'] );
		self::assertStringNotContainsString( 'whsec_', $file['content'] );
		$dry = $this->good( 'POST', 'webhooks/import', array( 'content' => $file['content'], 'dry_run' => true ) );
		self::assertSame( array( 1, 0, array( 'bearer_token' ) ), array( $dry['created'], $dry['refused'], $dry['items'][0]['missing_secrets'] ), json_encode( $dry ) );
		self::assertSame( 1, $this->good( 'GET', 'webhooks' )['total'] );
		$made = $this->good( 'POST', 'webhooks/import', array( 'content' => $file['content'] ) )['items'][0];
		list( $name, $active, $config, $secrets ) = $this->stored( $made['id'] );
		self::assertSame( array( 'Front desk', false, array() ), array( $name, $active, $secrets ) );
		self::assertEquals( $this->stored( $id )[2], $config );
	}

	public function testSecretsTravelSealedUnderAPassphrase(): void {
		$id   = $this->good( 'POST', 'webhooks', self::draft(), 201 )['webhook']['id'];
		$file = $this->good( 'POST', 'webhooks/export', array( 'ids' => array( $id ), 'passphrase' => self::PASSPHRASE ) )['content'];
		self::assertStringNotContainsString( 'tok-3f9a81d2c4b6e7', $file );
		$made = $this->good( 'POST', 'webhooks/import', array( 'content' => $file, 'passphrase' => self::PASSPHRASE ) )['items'][0];
		self::assertSame( array( 'bearer_token' => 'tok-3f9a81d2c4b6e7' ), $this->stored( $made['id'] )[3] );
		self::assertArrayHasKey( 'passphrase', $this->refused( 'POST', 'webhooks/import', array( 'content' => $file, 'passphrase' => 'wrong horse battery' ) ) );
		self::assertArrayHasKey( 'passphrase', $this->refused( 'POST', 'webhooks/export', array( 'passphrase' => 'short' ) ) );
		// Whoever changes where a secret would be sent has a file that no longer opens.
		$moved = str_replace( 'https://127.0.0.1:1/hook', 'https://evil.example/hook', $file );
		self::assertArrayHasKey( 'passphrase', $this->refused( 'POST', 'webhooks/import', array( 'content' => $moved, 'passphrase' => self::PASSPHRASE ) ) );
	}

	public function testWhatIsWrongIsSaidAndTheRestComesIn(): void {
		$good = array( 'name' => 'Good', 'events' => array( 'appointment.booked' ), 'url' => 'https://example.com/x' );
		$file = json_encode( array( 'format' => 'kivihook-webhooks', 'version' => 1, 'webhooks' => array( $good, array( 'name' => '', 'url' => 'ftp://x' ) + $good ) ) );
		$done = $this->good( 'POST', 'webhooks/import', array( 'content' => $file ) );
		self::assertSame( array( 1, 1 ), array( $done['created'], $done['refused'] ) );
		self::assertContains( 'url', array_column( $done['items'][1]['errors'], 'field' ) );
		foreach ( array( 'no JSON', '[]', '{"a": 1}', '[{"webhook_data": 1}, 2]' ) as $nonsense ) {
			self::assertArrayHasKey( 'content', $this->refused( 'POST', 'webhooks/import', array( 'content' => $nonsense ) ), $nonsense );
		}
	}

	public function testKiviCaresImportFormat(): void {
		$file = array( 'name' => 'From KiviCare', 'module_name' => 'appointment', 'event_name' => 'kc_appointment_book', 'methods' => 'PUT', 'status' => 1,
			'webhook_data' => array( 'url' => 'https://example.com/x', 'auth_method' => 'apikey', 'auth_config' => array( 'api_key' => 'key-0123456789', 'header_name' => 'X-Key' ), 'custom_headers' => array( array( 'key' => 'X-A', 'value' => 'b' ) ), 'request_body' => '{"a": "{{patient_name}}"}', 'retry_attempts' => 0 ) );
		$made = $this->good( 'POST', 'webhooks/import', array( 'content' => json_encode( $file ) ) )['items'][0];
		list( , , $config, $secrets ) = $this->stored( $made['id'] );
		self::assertSame( array( 'PUT', array( array( 'X-A', 'b' ) ), array( 'never' => true ), 'X-Key' ), array( $config['method'], $config['headers'], $config['retry'], $config['auth']['name'] ) );
		self::assertSame( array( 'api_key' => 'key-0123456789' ), $secrets );
	}

	public function testTakesOverTheOriginalAddonsWebhooksAndLogOnce(): void {
		$this->clinic( 'DROP TABLE IF EXISTS wp_kc_webhooks, wp_kc_webhooks_logs' );
		self::assertSame( 0, $this->good( 'GET', 'original' )['webhooks'] );
		$this->clinic( 'CREATE TABLE wp_kc_webhooks (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(192), module_name VARCHAR(192), event_name VARCHAR(192), methods VARCHAR(192), webhook_data LONGTEXT, user_id BIGINT UNSIGNED, status BIGINT(1), created_at DATETIME, updated_at DATETIME)' );
		$this->clinic( 'CREATE TABLE wp_kc_webhooks_logs (id BIGINT AUTO_INCREMENT PRIMARY KEY, module_id BIGINT UNSIGNED, webhook_id BIGINT UNSIGNED, log_data LONGTEXT, created_at DATETIME)' );
		$data = json_encode( array( 'url' => 'https://example.com/one', 'headers' => array( array( 'key' => 'Authorization', 'value' => 'Bearer tok-original-1' ) ), 'query_parameters' => array( array( 'key' => 'a', 'value' => '{{patient_id}}' ) ), 'content_type' => array( 'value' => 'json_data' ), 'json_data' => array( 'text' => '{{patient_name}}' ) ) );
		$form = json_encode( array( 'url' => 'https://example.com/two', 'content_type' => array( 'value' => 'form_data' ), 'form_data' => array( array( 'key' => 'To', 'value' => '{{patient_contact_number}}' ) ) ) );
		$this->clinic( "INSERT INTO wp_kc_webhooks (name, module_name, event_name, methods, webhook_data, status) VALUES ('One', 'appointment', 'kc_appointment_book', 'POST', '" . addslashes( $data ) . "', 1), ('Two', 'patient', 'kc_patient_save', 'PUT', '" . addslashes( $form ) . "', 1), ('Bad', 'x', 'kc_nothing', 'POST', '{}', 1)" );
		$this->clinic( "INSERT INTO wp_kc_webhooks_logs (module_id, webhook_id, log_data, created_at) VALUES (12, 1, '{\"request\": {\"body\": \"Pat Example\"}, \"response\": \"ok\"}', '2026-01-02 03:04:05'), (13, 1, '{\"errors\": \"no\"}', '2026-01-02 03:04:06')" );

		$dry = $this->good( 'POST', 'original/import', array( 'dry_run' => true ) );
		self::assertSame( array( 2, 1 ), array( $dry['created'], $dry['refused'] ), json_encode( $dry ) );
		$done = $this->good( 'POST', 'original/import', array( 'log' => true ) );
		self::assertSame( array( 2, 1, 2 ), array( $done['created'], $done['refused'], $done['logs'] ) );
		list( $name, $active, $config, $secrets ) = $this->stored( $done['items'][0]['id'] );
		self::assertSame( array( 'One', false, array( 'appointment.booked' ), array(), array( array( 'a', '{{patient_id}}' ) ), array( 'bearer_token' => 'tok-original-1' ) ), array( $name, $active, $config['events'], $config['headers'], $config['query'], $secrets ) );
		self::assertSame( 'To={{patient_contact_number}}', $this->stored( $done['items'][1]['id'] )[2]['body'] );
		$log = $this->log->page( array(), 1, 10 )['items'];
		self::assertSame( array( 'failed', 'succeeded' ), array_column( $log, 'state' ) );
		self::assertStringNotContainsString( 'Pat Example', serialize( $this->own->rows( "SELECT * FROM `{$this->schema->table( 'attempts' )}`" ) ) );
		$again = $this->good( 'POST', 'original/import', array( 'log' => true ) );
		self::assertSame( array( 0, 0 ), array( $again['created'], $again['logs'] ) );
		self::assertSame( 2, $this->good( 'GET', 'original' )['imported'] );
		$this->clinic( 'DROP TABLE wp_kc_webhooks, wp_kc_webhooks_logs' );
	}

	public function testTheAuditTrailSaysWhoAndWhat(): void {
		$id = $this->good( 'POST', 'webhooks', self::draft(), 201 )['webhook']['id'];
		$this->good( 'PUT', "webhooks/$id", array( 'name' => 'New' ) );
		$this->good( 'POST', 'webhooks/export' );
		$trail = $this->good( 'GET', 'audit' );
		self::assertSame( array( 'webhook.exported', 'webhook.updated', 'webhook.created' ), array_column( $trail['items'], 'action' ) );
		self::assertSame( get_current_user_id(), $trail['items'][0]['user']['id'] );
		self::assertSame( array( array( 'field' => 'name', 'old' => 'Front desk', 'new' => 'New' ) ), $trail['items'][1]['changes'] );
		self::assertSame( 2, $this->good( 'GET', 'audit', array( 'object' => 'webhook', 'object_id' => $id ) )['total'] );
	}
}
