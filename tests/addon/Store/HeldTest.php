<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\QueueTestCase;
use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Store\Reasons;
use KiviHook\WordPress\Store\Webhook;

/** What was recorded for one host does not go to another one by itself; and who is waited for inline. */
final class HeldTest extends QueueTestCase {

	public function testWhatIsTooLateIsGivenUpHoweverItWasKept(): void {
		$webhook = $this->webhook();
		$engine  = new \KiviHook\Engine( $this->store() );
		$at      = static fn ( int $seconds ): array => array( 'expires_at' => gmdate( 'Y-m-d\TH:i:s\Z', time() + $seconds ) );
		foreach ( array( $at( -1 ), $at( 3_600 ), array(), $at( 3_600 ) ) as $context ) {
			self::assertNotNull( $engine->emit( 'appointment.booked', array( 'appointment_id' => 1 ), $context ) );
		}
		$store  = $this->store();
		$leased = $store->lease( $this->demand() );
		self::assertSame( array( 2, 3, 4 ), array_column( $leased, 'id' ) );
		self::assertSame( 1, $this->committed( 'deliveries', "id = 1 AND state = 'expired' AND due_at IS NULL AND attempt = 0 AND last_error = '" . Reasons::LATE . "'" ) );
		self::assertSame( 1, $this->committed( 'attempts', "delivery = 1 AND state = 'expired' AND error_code = 'expired'" ) );
		self::assertSame( 1, $this->statistics->sums( null, null, 1 )['expired'] );
		// Between two tries its time passes; that of the third event never does.
		$store->settle( 'me', array( $this->outcome( $leased[0], 'pending' ), $this->outcome( $leased[1], 'pending' ) ) );
		$this->clinic( 'UPDATE wp_kivihook_events SET expires_at = UTC_TIMESTAMP() WHERE sequence = 2' );
		$this->later( 120 );
		self::assertContains( 3, array_column( $store->lease( $this->demand() ), 'id' ) );
		self::assertSame( 1, $this->committed( 'deliveries', "id = 2 AND state = 'expired' AND attempt = 1" ) );
		// Nor is it sent when somebody asks for it.
		( new Deliveries( $this->own, $this->schema ) )->resend( array( 2 ) );
		self::assertNotContains( 2, array_column( $store->lease( $this->demand() ), 'id' ) );
	}

	public function testWhatIsNoLongerSoIsNotSentNorTriedAgain(): void {
		$this->webhook();
		$engine = new \KiviHook\Engine( $this->store() );
		$ends   = gmdate( 'Y-m-d\TH:i:s\Z', time() + 3_600 );
		foreach ( array( array( 'expires_at' => $ends ), array(), array( 'expires_at' => $ends ) ) as $i => $context ) {
			$engine->emit( 'appointment.booked', array( 'appointment_id' => 7 ), $context + array( 'record_id' => 7 + $i ) );
		}
		$asked  = array();
		$over   = array();
		$store  = $this->store( null, null, function ( array $events ) use ( &$asked, &$over ): array {
			$asked[] = array_column( $events, 'record_id' );
			return array_keys( array_filter( $events, static fn ( array $event ): bool => in_array( $event['record_id'], $over, true ) ) );
		} );
		$leased = $store->lease( $this->demand() );
		self::assertSame( array( 1, 2, 3 ), array_column( $leased, 'id' ) );
		self::assertSame( array( array( 7, 9 ) ), $asked, 'only about what has an end' );
		$store->settle( 'me', array_map( fn ( array $one ): array => $this->outcome( $one, 'pending' ), $leased ) );

		$over = array( 7, 8 );
		$this->later( 120 );
		self::assertEqualsCanonicalizing( array( 2, 3 ), array_column( $store->lease( $this->demand() ), 'id' ) );
		self::assertSame( 1, $this->committed( 'deliveries', "id = 1 AND state = 'cancelled' AND due_at IS NULL AND lease IS NULL AND attempt = 1 AND last_error = '" . Reasons::OBSOLETE . "'" ) );
		// Nor is it sent when somebody asks for it.
		( new Deliveries( $this->own, $this->schema ) )->resend( array( 1 ) );
		self::assertNotContains( 1, array_column( $store->lease( $this->demand() ), 'id' ) );
	}

	public function testAnotherHostHasToBeConfirmed(): void {
		$webhook = $this->webhook( array( 'url' => 'https://lab.example/a' ) );
		$this->queue( array( $webhook->id ), 3 );
		$this->to( $webhook->id, 'https://lab.example/b?c=1' );
		self::assertCount( 1, $this->store()->lease( $this->demand( 1 ) ), 'another path is the same host' );
		$this->to( $webhook->id, 'https://other.example/b' );
		$this->queue( array( $webhook->id ), 1 );
		self::assertSame( array( 4 ), array_column( $this->store()->lease( $this->demand() ), 'id' ) );
		self::assertSame( 2, $this->committed( 'deliveries', "state = 'held' AND attempt = 0 AND last_error = '" . Reasons::MOVED . "'" ) );
		// Neither housekeeping, nor switching it off and on, nor sending again is a confirmation.
		$this->store()->housekeep( true );
		$this->webhooks->setActive( array( $webhook->id ), false );
		$this->webhooks->setActive( array( $webhook->id ), true );
		self::assertSame( array( 'resent' => 0, 'skipped' => 2 ), ( new Deliveries( $this->own, $this->schema ) )->resendFailed( $webhook->id ) );
		self::assertSame( array(), $this->store()->lease( $this->demand() ) );
		self::assertSame( 2, $this->webhooks->confirm( $webhook->id ) );
		self::assertCount( 2, $this->store()->lease( $this->demand() ) );
	}

	public function testWhatIsTheSameHost(): void {
		$origin = static fn ( string $url ): string => Webhook::origin( array( 'url' => $url ) );
		self::assertSame( $origin( 'https://Lab.example:443/a' ), $origin( 'HTTPS://lab.example?b' ) );
		self::assertSame( $origin( 'https://u:p@lab.example/' ), $origin( 'https://lab.example/' ) );
		self::assertNotSame( $origin( 'http://lab.example/' ), $origin( 'https://lab.example/' ) );
		self::assertNotSame( $origin( 'https://lab.example:8443/' ), $origin( 'https://lab.example/' ) );
		self::assertNotSame( $origin( 'https://{{a}}/' ), $origin( 'https://{{b}}/' ) );
	}

	public function testInlineOnlyForWhomIsKnownToBeQuick(): void {
		$cases = array(
			'never asked'        => array( array(), 0 ),
			'quick once'         => array( array( 50 ), 2_000 ),
			'slow once'          => array( array( 50, 1_500 ), 0 ),
			'quick'              => array( array_fill( 0, 20, 40 ), 500 ),
			'adaptive'           => array( array_fill( 0, 20, 600 ), 1_450 ),
			'too slow'           => array( array_fill( 0, 20, 3_000 ), 0 ),
			'slow of late'       => array( array( ...array_fill( 0, 100, 40 ), ...array_fill( 0, 10, 4_000 ) ), 0 ),
			'quick of late'      => array( array( ...array_fill( 0, 10, 4_000 ), ...array_fill( 0, 50, 40 ) ), 500 ),
		);
		$number = 0;
		foreach ( $cases as $name => list( $latencies, $timeout ) ) {
			$webhook = $this->webhook();
			foreach ( $latencies as $ms ) {
				$this->asked( $webhook->id, $ms );
			}
			$this->queue( array( $webhook->id ), 1 );
			$leased = $this->store()->lease( $this->demand( 10, events: array( $this->event( ++$number )['id'] ), leaseMs: 5_000 ) );
			self::assertSame( $timeout > 0 ? array( $timeout ) : array(), array_column( $leased, 'timeout_ms' ), $name );
		}
		self::assertCount( 4, $this->store()->lease( $this->demand() ), 'the others are for those who have time' );
	}

	public function testWithLittleTimeLeftNobodyIsAskedWhoMightNeedMore(): void {
		$webhook = $this->webhook();
		$this->asked( $webhook->id, 600, 20 );
		$this->queue( array( $webhook->id ), 1 );
		self::assertSame( array(), $this->store()->lease( $this->demand( 10, events: array( $this->event( 1 )['id'] ), leaseMs: 1_400 ) ) );
		self::assertCount( 1, $this->store()->lease( $this->demand( 10, events: array( $this->event( 1 )['id'] ), leaseMs: 1_500 ) ) );
	}

	public function testOneThatNobodyHasAskedIsNotGivenUpHalfWay(): void {
		$webhook = $this->webhook( array( 'timeout_ms' => 10_000 ) );
		$this->queue( array( $webhook->id ), 1 );
		self::assertSame( array(), $this->store()->lease( $this->demand( 10, events: array( $this->event( 1 )['id'] ), leaseMs: 9_900 ) ) );
		$leased = $this->store()->lease( $this->demand( 10, events: array( $this->event( 1 )['id'] ), leaseMs: 10_500 ) );
		self::assertCount( 1, $leased );
		self::assertArrayNotHasKey( 'timeout_ms', $leased[0] );
	}

	private function to( int $webhook, string $url ): void {
		$found                = $this->webhooks->find( $webhook );
		$found->config['url'] = $url;
		$this->webhooks->update( $found );
	}
}
