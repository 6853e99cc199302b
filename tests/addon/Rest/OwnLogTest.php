<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\Tests\Addon\Support\RestTestCase;
use KiviHook\WordPress\Rest\Access;
use KiviHook\WordPress\Store\Reasons;

/** kivihook/v1/deliveries, overview, settings: what happened, and what is set. */
final class OwnLogTest extends RestTestCase {

	private int $north = 0;
	private int $all   = 0;

	/** Two webhooks, one of clinic 1; an event of each of the clinics 1 and 2 goes to both. */
	private function deliveries(): void {
		$this->north = $this->good( 'POST', 'webhooks', self::draft( array( 'name' => 'North', 'clinics' => array( 1 ) ) ), 201 )['webhook']['id'];
		$this->all   = $this->good( 'POST', 'webhooks', self::draft( array( 'name' => 'All' ) ), 201 )['webhook']['id'];
		foreach ( array( 1, 2 ) as $clinic ) {
			$this->writer->append( array( 'clinic_ids' => array( $clinic ), 'record_id' => 40 + $clinic ) + $this->event( $clinic ), array( $this->north, $this->all ) );
		}
	}

	private function attempt( int $delivery, int $webhook, string $state, string $error = '' ): void {
		$this->log->add( array( array( 'delivery' => $delivery, 'webhook' => $webhook, 'event' => 1, 'type' => 'appointment.booked', 'number' => 1, 'driver' => 'inline', 'state' => $state,
			'trace' => array( 'status' => '' === $error ? 200 : 500, 'error' => $error, 'error_code' => '' === $error ? '' : 'http', 'advice' => 'Ask its owner.', 'total_us' => 1500, 'connect_us' => 500, 'started_at' => gmdate( 'Y-m-d\TH:i:s.000\Z' ),
				'request' => array( 'method' => 'POST', 'url' => 'https://x/', 'headers' => array(), 'body' => '<script>alert(1)</script>' ), 'response' => array( 'headers' => array(), 'body' => 'no', 'truncated' => false ) ) ) ) );
		$this->statistics->add( array( array( 'webhook' => $webhook, 'state' => $state, 'trace' => array( 'total_us' => 1500, 'status' => 200 ) ) ) );
	}

	public function testListsWithFiltersAndACursor(): void {
		$this->deliveries();
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'failed', due_at = NULL, last_error = 'It answered 500.' WHERE webhook = {$this->all}" );
		$ids  = fn ( array $filters ): array => array_column( $this->good( 'GET', 'deliveries', $filters )['items'], 'id' );
		$page = $this->good( 'GET', 'deliveries', array( 'per_page' => 3 ) );
		self::assertSame( array( array( 4, 3, 2 ), 4, true ), array( array_column( $page['items'], 'id' ), $page['total'], $page['total_exact'] ) );
		self::assertSame( array( 1 ), $ids( array( 'per_page' => 3, 'cursor' => $page['next'] ) ) );
		$item = $page['items'][0];
		self::assertSame( array( 'failed', 'It answered 500.', true, false, 'Appointment booked', array( 2 ), 42 ), array( $item['state'], $item['last_error'], $item['can_resend'], $item['can_cancel'], $item['event']['label'], $item['event']['clinic_ids'], $item['event']['record_id'] ) );
		self::assertMatchesRegularExpression( '/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/', $item['created_at'] );
		self::assertSame( array( 4, 2 ), $ids( array( 'webhook' => $this->all ) ) );
		self::assertSame( array( 4, 2 ), $ids( array( 'state' => 'failed,held' ) ) );
		self::assertSame( array( 4, 3 ), $ids( array( 'record' => 42 ) ) );
		self::assertSame( array( 4, 2 ), $ids( array( 'text' => 'answered 500' ) ) );
		self::assertSame( array( 2 ), $ids( array( 'text' => '2' ) ) );
		self::assertSame( array( 4 ), $ids( array( 'text' => $item['message_id'] ) ) );
		self::assertSame( array( 4, 3, 2, 1 ), $ids( array( 'event' => 'kc_appointment_book' ) ) );
		self::assertSame( array(), $ids( array( 'to' => '2020-01-01' ) ) );
		$this->refused( 'GET', 'deliveries', array( 'from' => 'whenever' ), 400 );
		$this->refused( 'GET', 'deliveries', array( 'state' => 'nope' ), 400 );
	}

	public function testADeliveryWithItsAttempts(): void {
		$this->deliveries();
		$this->attempt( 2, $this->all, 'pending', 'It answered 500.' );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET attempt = 1, last_error = 'It answered 500.', last_status = 500 WHERE id = 2" );
		$shown = $this->good( 'GET', 'deliveries/2' );
		self::assertSame( array( 'inline', 500, 'It answered 500.', 'Ask its owner.', 1500, false ), array( $shown['attempts'][0]['driver'], $shown['attempts'][0]['status'], $shown['attempts'][0]['error'], $shown['attempts'][0]['advice'], $shown['attempts'][0]['timings']['total_us'], $shown['attempts'][0]['succeeded'] ) );
		self::assertSame( '<script>alert(1)</script>', $shown['attempts'][0]['request']['body'] );
		self::assertSame( array( 2, 2 ), array( $shown['next_try']['number'], $shown['first_failure'] ) );
		self::assertNotSame( '', $shown['waiting_for'] );
		$this->refused( 'GET', 'deliveries/99', array(), 404 );
		$csv = $this->good( 'GET', 'deliveries/export', array( 'format' => 'csv', 'webhook' => $this->all ) );
		self::assertSame( array( 2, false ), array( $csv['rows'], $csv['truncated'] ) );
		self::assertStringStartsWith( '"id","message_id","event"', $csv['content'] );
		self::assertCount( 4, json_decode( $this->good( 'GET', 'deliveries/export', array( 'format' => 'json' ) )['content'], true ) );
	}

	public function testOthersReadOnlyWhatConcernsTheirClinics(): void {
		$this->deliveries();
		$this->attempt( 1, $this->north, 'succeeded' );
		$this->attempt( 2, $this->all, 'failed', 'It answered 500.' );
		$this->as( 'subscriber', array_values( Access::WORDS ), array( 1 ) );
		self::assertSame( array( 1 ), array_column( $this->good( 'GET', 'deliveries' )['items'], 'id' ) );
		self::assertSame( array(), $this->good( 'GET', 'deliveries', array( 'webhook' => $this->all ) )['items'] );
		self::assertSame( array(), $this->good( 'GET', 'deliveries', array( 'text' => '4' ) )['items'] );
		self::assertSame( 1, $this->good( 'GET', 'deliveries/export' )['rows'] );
		$this->good( 'GET', 'deliveries/1' );
		foreach ( array( 2, 3, 4 ) as $id ) {
			$this->refused( 'GET', "deliveries/$id", array(), 404 );
		}
		$overview = $this->good( 'GET', 'overview' );
		self::assertSame( array( 1, 0, 1, 100 ), array( $overview['totals']['succeeded'], $overview['totals']['failed'], $overview['webhooks']['total'], (int) $overview['totals']['success_rate'] ) );
		self::assertSame( array( array(), array() ), array( $overview['failing'], $overview['problems'] ) );
		$this->refused( 'GET', 'overview', array( 'webhook' => $this->all ), 404 );
		$logs = $this->call( 'GET', 'webhook-logs', array(), 'kivicare/v1' )[1]['data']['logs'];
		self::assertSame( array( $this->north ), array_column( $logs, 'webhook_id' ) );
		$other = $this->log->page( array( 'webhook' => $this->all ), 1, 1 )['items'][0]['id'];
		self::assertSame( 404, $this->call( 'GET', "webhook-logs/$other", array(), 'kivicare/v1' )[0] );
		$this->call( 'DELETE', 'webhook-logs', array( 'ids' => array( $other ) ), 'kivicare/v1' );
		self::assertNotNull( $this->log->find( $other ) );
	}

	public function testTheOverviewSaysHowThingsAre(): void {
		$this->deliveries();
		$this->attempt( 1, $this->north, 'succeeded' );
		$this->attempt( 2, $this->all, 'failed', 'It answered 500.' );
		$this->problems->add( 'test', 'Something happened.' );
		$this->problems->flush();
		$overview = $this->good( 'GET', 'overview' );
		self::assertCount( 24, $overview['series'] );
		self::assertSame( array( 1, 1 ), array( end( $overview['series'] )['succeeded'], end( $overview['series'] )['failed'] ) );
		self::assertSame( array( 50, 4 ), array( (int) $overview['totals']['success_rate'], $overview['queue']['pending'] ) );
		self::assertSame( array( $this->all, 'failing', 'It answered 500.' ), array( $overview['failing'][0]['webhook']['id'], $overview['failing'][0]['health']['state'], $overview['failing'][0]['health']['reason'] ) );
		self::assertSame( array( 'total' => 2, 'active' => 2, 'off_by_us' => 0 ), $overview['webhooks'] );
		self::assertNotSame( '', $overview['duty']['text'] );
		self::assertSame( 'Something happened.', $overview['problems'][0]['message'] );
		$this->good( 'POST', 'problems/seen', array( 'up_to' => $overview['problems'][0]['id'] ) );
		self::assertSame( array(), $this->good( 'GET', 'overview', array( 'period' => '30d' ) )['problems'] );
		self::assertSame( 1, $this->good( 'GET', 'overview', array( 'period' => '7d', 'webhook' => $this->north ) )['totals']['succeeded'] );
	}

	public function testWhatAnotherHostWouldGetWaitsForAnAdministrator(): void {
		$this->deliveries();
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'held', due_at = NULL, last_error = '" . Reasons::MOVED . "' WHERE webhook = {$this->all}" );
		self::assertSame( Reasons::MOVED, $this->good( 'GET', 'deliveries/2' )['waiting_for'] );
		self::assertSame( 2, $this->good( 'GET', "webhooks/{$this->all}" )['held'] );
		self::assertSame( 2, $this->good( 'POST', "webhooks/{$this->all}/confirm" )['resent'] );
		self::assertSame( 'pending', $this->good( 'GET', 'deliveries/2' )['state'] );
	}

	public function testSettings(): void {
		$shown = $this->good( 'GET', 'settings' );
		self::assertSame( 7, $shown['settings']['body_days'] );
		self::assertSame( array( 'min' => 1, 'max' => 90 ), $shown['limits']['body_days'] );
		self::assertStringContainsString( 'ExecStart', $shown['systemd'] );
		self::assertStringContainsString( '--path=' . untrailingslashit( ABSPATH ), $shown['systemd'] );
		self::assertStringContainsString( 'libcurl', $shown['extension']['libraries'] );
		self::assertSame( '127.0.0.0/8', $shown['networks'][0]['value'] );
		self::assertSame( 14, $this->good( 'PUT', 'settings', array( 'body_days' => 14, 'alarm_recipients' => array( 'it@clinic.test' ) ) )['settings']['body_days'] );
		self::assertTrue( $shown['settings']['reconciler'] );
		$events = $this->good( 'PUT', 'settings', array( 'reconciler' => false, 'report_hour' => 5 ) )['settings'];
		self::assertSame( array( false, 5 ), array( $events['reconciler'], $events['report_hour'] ) );
		self::assertSame( array( 'reconciler', 'report_hour' ), array_keys( $this->refused( 'PUT', 'settings', array( 'reconciler' => 'off', 'report_hour' => 24 ) ) ) );
		$errors = $this->refused( 'PUT', 'settings', array( 'body_days' => 1000, 'alarm_recipients' => array( 'no mail' ), 'report' => 'hourly' ) );
		self::assertSame( array( 'body_days', 'alarm_recipients', 'report' ), array_keys( $errors ) );
		self::assertSame( array( 'it@clinic.test' ), $this->good( 'GET', 'settings' )['settings']['alarm_recipients'] );
		self::assertSame( 'settings.updated', $this->good( 'GET', 'audit' )['items'][0]['action'] );
	}
}
