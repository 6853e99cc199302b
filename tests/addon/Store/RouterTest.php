<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\TransactionLost;
use KiviHook\WordPress\PlainEmitter;

/** Events that were kept without the extension, and deliveries that did not get into the table. */
final class RouterTest extends DatabaseTestCase {

	public function testUnroutedEventsGoToWhoSubscribesWhenTheExtensionIsBack(): void {
		$first   = $this->webhook();
		$emitter = $this->emitter();
		self::assertTrue( $emitter->listens( 'appointment.booked' ) );
		self::assertNull( $emitter->emit( 'appointment.deleted', array( 'data' => array() ) ) );
		$id = $emitter->emit( 'appointment.booked', array( 'data' => array( 'name' => 'Zoë' ), 'record_id' => 7, 'clinic_ids' => array( 1 ) ) );
		self::assertMatchesRegularExpression( '/\A[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z/', (string) $id );
		self::assertSame( 1, $this->committed( 'events', "routed = 0 AND webhooks = '' AND ABS(TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP())) < 60" ) );
		self::assertSame( 0, $this->committed( 'deliveries' ) );
		$second = $this->webhook();
		self::assertSame( 1, $this->router->route() );
		self::assertSame( 0, $this->router->route() );
		self::assertSame( 1, $this->committed( 'events', "routed = 1 AND webhooks = '{$first->id},{$second->id}'" ) );
		self::assertSame( 2, $this->committed( 'deliveries', "state = 'pending'" ) );
	}

	public function testRoutingHalfWayIsRepeatedWithoutDoubles(): void {
		$webhook = $this->webhook();
		$this->writer->append( $this->event(), array(), false );
		$this->clinic( "INSERT INTO wp_kivihook_deliveries (event, webhook, state, created_at, updated_at) SELECT sequence, {$webhook->id}, 'pending', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM wp_kivihook_events" );
		$this->router->route();
		self::assertSame( 1, $this->committed( 'deliveries' ) );
	}

	public function testSweepMakesWhatIsMissingForWebhooksThatStillExist(): void {
		$one = $this->webhook();
		$two = $this->webhook();
		$this->writer->append( array( 'timestamp' => gmdate( 'Y-m-d\TH:i:s.000\Z' ) ) + $this->event( 1 ), array( $one->id, $two->id, 999 ) );
		$this->clinic( "DELETE FROM wp_kivihook_deliveries WHERE webhook <> {$one->id}" );
		self::assertSame( 1, $this->router->sweep() );
		self::assertSame( 0, $this->router->sweep() );
		self::assertSame( 1, $this->committed( 'deliveries', "webhook = {$two->id} AND state = 'pending' AND due_at IS NOT NULL" ) );
	}

	public function testAListenerWithoutTheExtension(): void {
		$this->webhook();
		$emitter = $this->emitter();
		$asked   = 0;
		$quiet   = $emitter->listener( 'appointment.deleted', function () use ( &$asked ): array {
			$asked++;
			return array( 'data' => array() );
		} );
		self::assertSame( 'first', $quiet( 'first', 2 ) );
		self::assertSame( 0, $asked );
		$listener = $emitter->listener( 'appointment.booked', fn ( $id ): ?array => $id ? array( 'data' => array( 'id' => $id ) ) : null );
		self::assertSame( 5, $listener( 5 ) );
		self::assertSame( 0, $listener( 0 ) );
		self::assertSame( 1, $this->committed( 'events' ) );
		$broken = $emitter->listener( 'appointment.booked', function (): array {
			throw new \RuntimeException( 'Jane Roe, born 1980' );
		} );
		self::assertSame( 5, $broken( 5 ) );
		self::assertStringContainsString( 'RuntimeException in RouterTest.php', end( $this->lines ) );
		self::assertStringNotContainsString( 'Jane', implode( $this->lines ) );
	}

	public function testALostTransactionIsTheOnlyThingAListenerLetsThrough(): void {
		$this->webhook();
		$listener = $this->emitter()->listener( 'appointment.booked', fn (): array => array( 'data' => array() ) );
		$this->wpdb->query( 'START TRANSACTION' );
		$this->killBooking();
		$this->expectException( TransactionLost::class );
		$listener( 1 );
	}

	public function testAMissingTableIsSwallowedAndTold(): void {
		$this->webhook();
		$emitter = $this->emitter();
		$this->clinic( 'DROP TABLE wp_kivihook_events' );
		self::assertNull( $emitter->emit( 'appointment.booked', array( 'data' => array() ) ) );
		$this->problems->flush();
		self::assertSame( 'append', $this->problems->latest()[0]['code'] );
	}

	private function emitter(): PlainEmitter {
		return new PlainEmitter( $this->writer, $this->subscriptions, $this->subscribers, $this->booking, $this->problems );
	}
}
