<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Demand;
use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\Deliveries;

/** Sending again, and taking back. */
final class DeliveriesTest extends DatabaseTestCase {

	private Deliveries $deliveries;
	private int $webhook;

	protected function setUp(): void {
		parent::setUp();
		$this->deliveries = new Deliveries( $this->own, $this->schema );
		$this->webhook    = $this->webhook()->id;
	}

	public function testASelectionIsSentAgainUnderItsOldId(): void {
		$this->inStates( 'succeeded', 'failed', 'held', 'cancelled', 'expired', 'leased', 'pending' );
		self::assertSame( array( 'resent' => 6, 'skipped' => 2 ), $this->deliveries->resend( array( 7, 5, 4, 3, 2, 1, 6, 999 ) ) );
		self::assertSame( 5, $this->committed( 'deliveries', "state = 'pending' AND resends = 1 AND attempt = 0" ) );
		self::assertSame( 1, $this->committed( 'deliveries', "id = 7 AND resends = 0 AND attempt = 3 AND due_at <= UTC_TIMESTAMP(3)" ), 'a retry comes sooner, and is none' );
		self::assertSame( 1, $this->committed( 'deliveries', "id = 6 AND state = 'leased' AND attempt = 3" ), 'on its way' );
		$demand        = new Demand();
		$demand->limit = 10;
		$demand->owner = 'me';
		$leased        = array_column( $this->store()->lease( $demand ), null, 'id' );
		self::assertSame( array( true, false ), array( $leased[1]['resend'], $leased[7]['resend'] ) );
		self::assertSame( "{$this->event( 1 )['id']}_$this->webhook", $leased[1]['message_id'] );
		self::assertSame( array( 1, 4 ), array( $leased[1]['attempt'], $leased[7]['attempt'] ) );
	}

	public function testNotWithoutItsDataNorToAWebhookThatIsOff(): void {
		$this->inStates( 'failed', 'failed' );
		$this->clinic( 'UPDATE wp_kivihook_events SET snapshot = NULL WHERE sequence = 1' );
		self::assertSame( array( 'resent' => 1, 'skipped' => 1 ), $this->deliveries->resend( array( 1, 2 ) ) );
		$this->inStates( 'failed' );
		$this->webhooks->setActive( array( $this->webhook ), false );
		self::assertSame( array( 'resent' => 0, 'skipped' => 1 ), $this->deliveries->resend( array( 3 ) ) );
	}

	public function testAllFailedOfAWebhookSinceATime(): void {
		$other = $this->webhook()->id;
		$this->inStates( ...array_fill( 0, 450, 'failed' ) );
		$this->inStates( 'succeeded', 'held', 'cancelled' );
		$this->writer->append( $this->event( 900 ), array( $other ) );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'failed' WHERE webhook = $other" );
		$this->clinic( "UPDATE wp_kivihook_events SET created_at = '2026-01-01 10:00:00' WHERE sequence <= 100" );
		self::assertSame( array( 'resent' => 351, 'skipped' => 0 ), $this->deliveries->resendFailed( $this->webhook, Deliveries::since( '2026-01-01T11:30:00+01:00' ) ) );
		self::assertSame( array( 'resent' => 100, 'skipped' => 0 ), $this->deliveries->resendFailed( $this->webhook ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'failed' AND webhook = $other" ) );
	}

	public function testTakesBackWhatWaits(): void {
		$this->inStates( 'pending', 'held', 'leased', 'succeeded', 'pending' );
		self::assertSame( 1, $this->deliveries->cancel( array( 1, 3, 4 ) ) );
		self::assertSame( 2, $this->deliveries->cancelWaiting( $this->webhook ) );
		self::assertSame( 3, $this->committed( 'deliveries', "state = 'cancelled' AND due_at IS NULL AND last_error <> ''" ) );
	}

	public function testTimesAsPeopleWriteThem(): void {
		self::assertSame( '2026-11-23 08:00:00', Deliveries::since( '2026-11-23T08:00:00Z' ) );
		self::assertSame( '2026-11-23 00:00:00', Deliveries::since( '2026-11-23' ) );
		self::assertSame( '', Deliveries::since( 'whenever' ) );
		self::assertSame( '', Deliveries::since( ' ' ) );
	}

	private function inStates( string ...$states ): void {
		static $number = 0;
		$number = 0 === $this->committed( 'events' ) ? 0 : $number;
		foreach ( $states as $state ) {
			$this->writer->append( $this->event( ++$number ), array( $this->webhook ) );
			$due = 'leased' === $state || 'pending' === $state ? 'UTC_TIMESTAMP(3) + INTERVAL 1 HOUR' : 'NULL';
			$this->clinic( "UPDATE wp_kivihook_deliveries SET state = '$state', attempt = 3, due_at = $due ORDER BY id DESC LIMIT 1" );
		}
	}
}
