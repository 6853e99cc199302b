<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\WordPress\Rest\LogRow;
use PHPUnit\Framework\TestCase;

final class LogRowTest extends TestCase {

	private static function attempt( array $more = array() ): array {
		return array_replace(
			array(
				'id'           => 12,
				'webhook'      => 3,
				'webhook_name' => 'Slack',
				'type'         => 'appointment.booked',
				'record_id'    => 42,
				'number'       => 2,
				'driver'       => 'inline',
				'started_at'   => '2026-11-23 09:15:00.123',
				'state'        => 'succeeded',
				'outcome'      => 'success',
				'status'       => 200,
				'error_code'   => '',
				'error'        => '',
				'total_us'     => 12345,
				'trace'        => array(
					'request'  => array(
						'method'  => 'POST',
						'url'     => 'https://example.com/in?key=***',
						'headers' => array( array( 'Authorization', '***' ), array( 'X-A', '1' ), array( 'X-A', '2' ) ),
						'body'    => '{"id":12345678901234567890,"list":[],"map":{}}',
					),
					'response' => array(
						'headers' => array( array( 'Server', 'x' ) ),
						'body'    => 'ok',
					),
				),
			),
			$more
		);
	}

	public function testIsWhatTheEventsLogReads(): void {
		$row = LogRow::of( self::attempt() );
		self::assertSame( 12, $row['id'] );
		self::assertSame( 3, $row['webhook_id'] );
		self::assertSame( 'Slack', $row['webhook_name'] );
		self::assertSame( 'appointment.booked', $row['event_type'] );
		self::assertSame( 'success', $row['status'] );
		self::assertSame( '2026-11-23T09:15:00.123Z', $row['created_at'] );
		self::assertSame( 12, $row['execution_time'] );
		self::assertSame( 200, $row['response_code'] );
		self::assertSame( 'ok', $row['response']['body'] );
		self::assertSame( '{"id":"12345678901234567890","list":[],"map":{}}', json_encode( $row['payload'] ) );
		self::assertSame( '{"Authorization":"***","X-A":"1, 2"}', json_encode( $row['request']['headers'] ) );
		self::assertSame( '', $row['error_message'] );
	}

	public function testAFormBodyIsText(): void {
		$attempt                             = self::attempt();
		$attempt['trace']['request']['body'] = 'To=%2B1&Body=hi';
		self::assertSame( 'To=%2B1&Body=hi', LogRow::of( $attempt )['payload'] );
	}

	public function testNobodyAnswered(): void {
		$row = LogRow::of(
			self::attempt(
				array(
					'state'    => 'pending',
					'outcome'  => 'pending',
					'status'   => null,
					'error'    => 'Connection refused',
					'total_us' => 90,
					'trace'    => null,
				)
			)
		);
		self::assertSame( 'pending', $row['status'] );
		self::assertSame( 0, $row['response_code'] );
		self::assertNull( $row['response'] );
		self::assertNull( $row['payload'] );
		self::assertSame( 'Connection refused', $row['error_message'] );
		self::assertSame( 1, $row['execution_time'], 'the screen shows a dash for 0' );
	}
}
