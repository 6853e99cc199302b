<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Delivery;

use KiviHook\Signature;
use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\Tests\Addon\Support\Receiver;
use KiviHook\WordPress\Delivery\EngineFactory;
use KiviHook\WordPress\Delivery\Inline;
use KiviHook\WordPress\Delivery\Schedule;
use KiviHook\WordPress\NativeEmitter;
use KiviHook\WordPress\Store\Cards;
use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Subscriptions;
use KiviHook\WordPress\Store\Workers;

/** The whole line with the real engine: emitted, appended, leased, sent, settled, logged. */
final class DeliveryTest extends DatabaseTestCase {

	private const SECRET = 'whsec_c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nz';

	private static ?Receiver $receiver = null;

	private EngineFactory $engines;
	private Schedule $schedule;

	public static function setUpBeforeClass(): void {
		self::$receiver = new Receiver();
	}

	public static function tearDownAfterClass(): void {
		self::$receiver?->stop();
		self::$receiver = null;
	}

	protected function setUp(): void {
		if ( ! extension_loaded( 'kivihook' ) ) {
			self::markTestSkipped( 'The kivihook extension is not loaded.' );
		}
		if ( ! str_contains( (string) ini_get( 'kivihook.allow_networks' ), '127.0.0.0/8' ) ) {
			self::markTestSkipped( 'Run with -d kivihook.allow_networks=127.0.0.0/8.' );
		}
		parent::setUp();
		self::$receiver->reset();
		$this->parts();
	}

	protected function tearDown(): void {
		if ( isset( $this->engines ) ) {
			remove_action( Subscriptions::CHANGED, array( $this->engines, 'renew' ) );
			parent::tearDown();
		}
	}

	public function testBookedInsideATransactionAndFlushedAfterTheCommit(): void {
		$webhook = $this->to( '/ok/lab', array( 'auth' => array( 'method' => 'bearer', 'scheme' => 'Bearer' ) ), array( 'bearer_token' => 't0ken' ) );
		$emitter = $this->emitter();
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		self::assertTrue( $emitter->inTransaction() );
		$id = $emitter->emit( 'appointment.booked', array( 'data' => array( 'patient_name' => 'Zoë "O\'Neil"' ), 'record_id' => 7001, 'clinic_ids' => array( 1 ) ) );
		self::assertNotNull( $id );
		self::assertSame( array( 'sent' => 0, 'succeeded' => 0 ), array_diff_key( $this->engines->engine()->flush( 2_000 ), array( 'left' => 0 ) ) );
		$this->wpdb->query( 'COMMIT' );
		self::assertSame( array( 'sent' => 1, 'succeeded' => 1, 'left' => 0 ), $this->engines->engine()->run( 5 ) );
		list( $request ) = self::$receiver->requests();
		$headers         = array_change_key_case( array_column( $request['headers'], 1, 0 ) );
		self::assertSame( "{$id}_{$webhook}", $headers['webhook-id'] );
		self::assertSame( 'Bearer t0ken', $headers['authorization'] );
		self::assertTrue( Signature::verify( self::SECRET, $headers, $request['body'] ) );
		$body = json_decode( $request['body'], true );
		self::assertSame( array( $id, 'appointment.booked', 'Zoë "O\'Neil"' ), array( $body['id'], $body['type'], $body['data']['patient_name'] ) );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'succeeded' AND attempt = 1 AND last_status = 200" ) );
		self::assertSame( 1, $this->committed( 'attempts', "status = 200 AND total_us > 0 AND record_id = 7001 AND trace LIKE 'kh1:b%'" ) );
		$item  = $this->log->page( array( 'webhook' => $webhook ), 1, 10 )['items'][0];
		$trace = $this->log->find( $item['id'] )['trace'];
		self::assertSame( $request['body'], $trace['request']['body'] );
		self::assertStringNotContainsString( 't0ken', (string) json_encode( $trace ) );
		$cards = ( new Cards( $this->own, $this->schema, $this->statistics ) )->numbers();
		self::assertSame( array( 100.0, 0 ), array( $cards['success_rate'], $cards['failed_deliveries'] ) );
	}

	public function testRolledBackIsNeverSent(): void {
		$this->to( '/ok' );
		$this->wpdb->query( 'START TRANSACTION' );
		self::assertNotNull( $this->emitter()->emit( 'appointment.booked', array( 'data' => array() ) ) );
		$this->wpdb->query( 'ROLLBACK' );
		$this->engines->engine()->flush( 1_000 );
		$this->schedule->run();
		self::assertSame( array(), self::$receiver->requests() );
	}

	public function testWhatFailsStaysDueWithItsReason(): void {
		$this->to( '/status/500' );
		$this->emitter()->emit( 'appointment.booked', array( 'data' => array() ) );
		$result = $this->engines->engine()->flush( 2_000 );
		self::assertSame( 0, $result['succeeded'] );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'pending' AND due_at > UTC_TIMESTAMP(3) AND last_status = 500 AND last_error <> ''" ) );
		self::assertSame( 1, $this->committed( 'attempts', "state = 'pending' AND error_code <> ''" ) );
	}

	public function testTheScheduleSendsWhatADeadWorkerLeftAndWhatWasKeptWithoutTheExtension(): void {
		$this->to( '/ok' );
		$this->writer->append( $this->event( 1 ), array( 1 ) );
		$this->writer->append( $this->event( 2 ), array(), false );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'leased', lease = REPEAT('a', 32), owner = 'dead', attempt = 1, due_at = UTC_TIMESTAMP(3)" );
		self::assertSame( 2, $this->schedule->run()['succeeded'] );
		self::assertCount( 2, self::$receiver->requests() );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'succeeded' AND attempt = 2" ) );
		self::assertSame( 2, $this->committed( 'attempts', "driver = 'schedule'" ) );
		self::assertSame( array( 'sent' => 0, 'succeeded' => 0, 'left' => 0 ), $this->schedule->run() );
		self::assertSame( array(), $this->lines );
	}

	public function testACredentialsKeyThatIsGoneHoldsAndComesBack(): void {
		$this->to( '/ok' );
		$this->build( base64_encode( str_repeat( 'n', 32 ) ) );
		$this->parts();
		$this->writer->append( $this->event(), array( 1 ) ); // Sealed with the new key, the webhook with the old one.
		$this->schedule->run();
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'held' AND last_error = '" . Reasons::KEY . "'" ) );
		self::assertSame( array(), self::$receiver->requests() );
		$this->schedule->run();
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'held'" ) );
		// The former line is back; the newer key must stay for what it sealed: as the fallback would.
		$this->webhooks->update( $this->webhooks->find( 1 )->withSecrets( array( 'signing_secrets' => array( self::SECRET ) ) ) );
		self::assertSame( 1, $this->schedule->run()['succeeded'] );
	}

	public function testASubscriptionOfThisVeryRequestIsHeard(): void {
		$emitter  = $this->emitter();
		$listener = $emitter->listener( 'appointment.booked', fn ( int $id ): array => array( 'data' => array( 'id' => $id ) ) );
		self::assertSame( 3, $listener( 3 ) );
		$this->to( '/ok/one' );
		self::assertSame( 4, $listener( 4 ) );
		$this->to( '/ok/two' );
		self::assertSame( 5, $listener( 5 ) );
		self::assertCount( 2, $this->engines->used() );
		foreach ( $this->engines->used() as $engine ) {
			$engine->flush( 2_000 );
		}
		self::assertCount( 3, self::$receiver->requests() );
	}

	public function testASnapshotThatThrowsIsToldWithoutItsWords(): void {
		$this->to( '/ok' );
		$listener = $this->emitter()->listener( 'appointment.booked', function (): array {
			throw new \RuntimeException( 'Jane Roe' );
		} );
		self::assertSame( 'x', $listener( 'x' ) );
		self::assertNotSame( array(), $this->lines );
		self::assertStringNotContainsString( 'Jane', implode( $this->lines ) );
	}

	public function testAnAppendThatFailsLeavesTheBookingAndIsTold(): void {
		$this->to( '/ok' );
		$emitter = $this->emitter();
		$this->clinic( 'DROP TABLE wp_kivihook_deliveries' );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		$id = $this->wpdb->insert_id;
		self::assertNull( $emitter->emit( 'appointment.booked', array( 'data' => array() ) ) );
		self::assertSame( $id, $this->wpdb->insert_id );
		$this->wpdb->query( 'COMMIT' );
		self::assertSame( array( 1, 0 ), array( $this->bookings(), $this->committed( 'events' ) ) );
		self::assertStringContainsString( 'error 1146', implode( $this->lines ) );
	}

	public function testALostTransactionGoesThroughTheEngine(): void {
		$this->to( '/ok' );
		$listener = $this->emitter()->listener( 'appointment.booked', fn (): array => array( 'data' => array() ) );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->book();
		$this->killBooking();
		$this->expectException( \KiviHook\TransactionLost::class );
		$listener( 1 );
	}

	public function testInlineStaysQuietOnACommandLine(): void {
		$inline = new Inline( $this->engines, $this->own, $this->booking, $this->schedule, $this->problems, new Workers( $this->own, $this->schema ), $this->watch() );
		$inline->arm();
		$armed = new \ReflectionProperty( $inline, 'armed' );
		$armed->setAccessible( true );
		self::assertFalse( $armed->getValue( $inline ) );
	}

	public function testInlineSlotsAreLimited(): void {
		$deliver = new \ReflectionMethod( Inline::class, 'deliver' );
		$deliver->setAccessible( true );
		$this->to( '/ok' );
		$this->emitter()->emit( 'appointment.booked', array( 'data' => array() ) );
		$inline = new Inline( $this->engines, $this->own, $this->booking, $this->schedule, $this->problems, new Workers( $this->own, $this->schema ), $this->watch() );
		for ( $i = 0; $i < Inline::SLOTS; $i++ ) {
			mysqli_query( $this->other, "SELECT GET_LOCK('kivihook.slot.{$this->own->place()}.$i', 0)" );
		}
		self::assertSame( 1, $deliver->invoke( $inline ) );
		self::assertSame( array(), self::$receiver->requests() );
		mysqli_query( $this->other, "DO RELEASE_LOCK('kivihook.slot.{$this->own->place()}.2')" );
		self::assertSame( 0, $deliver->invoke( $inline ) );
		self::assertCount( 1, self::$receiver->requests() );
		self::assertSame( 1, $this->committed( 'attempts', "driver = 'inline'" ) );
	}

	public function testWhatSomebodySendsAgainGoesOutInlineAndNothingElse(): void {
		$deliver = new \ReflectionMethod( Inline::class, 'deliver' );
		$deliver->setAccessible( true );
		$freed = $this->to( '/ok/freed' );
		$this->emitter()->emit( 'appointment.booked', array( 'data' => array() ) );
		self::assertSame( 1, $this->engines->engine()->run( 5 )['succeeded'] );
		$id    = (int) $this->own->value( "SELECT id FROM {$this->schema->table( 'deliveries' )}" );
		$other = $this->to( '/ok/other' );
		$this->emitter()->emit( 'appointment.booked', array( 'data' => array() ) );
		$this->own->run( "UPDATE {$this->schema->table( 'deliveries' )} SET due_at = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR WHERE webhook = ? AND state = 'pending'", array( $freed ) );
		self::$receiver->reset();
		$this->parts(); // Another request: its engine has emitted nothing.

		$deliveries = new Deliveries( $this->own, $this->schema );
		self::assertSame( array( $freed ), $deliveries->webhooks( array( $id ) ) );
		self::assertSame( 1, $deliveries->resend( array( $id ) )['resent'] );
		$inline = new Inline( $this->engines, $this->own, $this->booking, $this->schedule, $this->problems, new Workers( $this->own, $this->schema ), $this->watch() );
		$inline->arm( array( $freed ) );
		self::assertSame( 0, $deliver->invoke( $inline ) );
		self::assertSame( array( '/ok/freed' ), array_column( self::$receiver->requests(), 'path' ) );
		self::assertSame( 1, $this->committed( 'attempts', "driver = 'inline' AND delivery = $id" ) );
		self::assertSame( 1, $this->committed( 'deliveries', "webhook = $other AND state = 'pending'" ) );
	}

	public function testASlowEndpointIsLeftToTheScheduleWhenItsDeliveriesAreSentAgain(): void {
		$deliver = new \ReflectionMethod( Inline::class, 'deliver' );
		$deliver->setAccessible( true );
		$slow = $this->to( '/ok/slow' );
		$this->own->run( "UPDATE {$this->schema->table( 'attempts' )} SET total_us = 40000000 WHERE webhook = ?", array( $slow ) );
		$this->emitter()->emit( 'appointment.booked', array( 'data' => array() ) );
		$this->parts();
		$inline = new Inline( $this->engines, $this->own, $this->booking, $this->schedule, $this->problems, new Workers( $this->own, $this->schema ), $this->watch() );
		$inline->arm( array( $slow ) );
		self::assertSame( 1, $deliver->invoke( $inline ), 'it is left, and the schedule comes soon' );
		self::assertSame( array(), self::$receiver->requests() );
	}

	private function parts(): void {
		$this->engines  = new EngineFactory( fn () => $this->store(), $this->keyring, $this->subscriptions, $this->problems );
		$this->schedule = new Schedule(
			$this->engines,
			$this->own,
			$this->schema,
			$this->keyring,
			$this->subscriptions,
			$this->retention(),
			$this->problems,
			new Workers( $this->own, $this->schema ),
			$this->watch()
		);
	}

	private function emitter(): NativeEmitter {
		return new NativeEmitter( $this->engines, $this->subscriptions, $this->booking, $this->problems );
	}

	private function to( string $path, array $config = array(), array $secrets = array() ): int {
		$webhook = $this->webhook( $config + array( 'url' => self::$receiver->url( $path ) ) );
		$this->webhooks->update( $webhook->withSecrets( $secrets + array( 'signing_secrets' => array( self::SECRET ) ) ) );
		$this->asked( $webhook->id, 50 );
		return $webhook->id;
	}
}
