<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\QueueTestCase;
use KiviHook\WordPress\Store\Breakers;
use KiviHook\WordPress\Store\Connection;

/** An endpoint that does not answer is left alone, costs nobody an attempt, and is asked by one probe of all workers. */
final class BreakersTest extends QueueTestCase {

	public function testOpensAfterFailuresAndPutsOffWithoutUsingUpAttempts(): void {
		list( $bad, $good ) = array( $this->webhook()->id, $this->webhook()->id );
		$this->failMany( $bad, 10 );
		self::assertSame( 'open', ( new Breakers( $this->own, $this->schema ) )->all()[ $bad ]['state'] );
		$this->queue( array( $bad ), 30 );
		$this->queue( array( $bad, $good ), 1 );
		self::assertSame( array( $good ), $this->webhooksOf( $this->store()->lease( $this->demand( 20 ) ) ) );
		self::assertSame( 31, $this->committed( 'deliveries', "webhook = $bad AND state = 'pending' AND attempt = 0 AND due_at > UTC_TIMESTAMP(3) + INTERVAL 25 SECOND" ) );
		self::assertSame( 1, (int) mysqli_query( $this->other, "SELECT COUNT(DISTINCT due_at) FROM wp_kivihook_deliveries WHERE webhook = $bad AND attempt = 0" )->fetch_row()[0] );
		self::assertSame( array(), $this->store()->lease( $this->demand( 20 ) ) );
	}

	public function testOneProbeOfAllWorkersAndItsSuccessLetsAllGo(): void {
		$webhook = $this->webhook()->id;
		$this->failMany( $webhook, 10 );
		$this->queue( array( $webhook ), 1_200 );
		self::assertSame( array(), $this->store()->lease( $this->demand() ) );
		$this->later( 31 );
		$second = $this->store( new Connection( $this->wpdb ) );
		$first  = $this->store();
		$probe  = $first->lease( $this->demand( 64 ) );
		self::assertCount( 1, $probe );
		self::assertSame( array(), $second->lease( $this->demand( 64 ) ) );
		self::assertSame( array(), $first->lease( $this->demand( 64 ) ) );
		$first->settle( 'me', array( $this->outcome( $probe[0], 'succeeded' ) ) );
		self::assertSame( array(), ( new Breakers( $this->own, $this->schema ) )->all() );
		self::assertSame( 1_199, $this->committed( 'deliveries', "attempt = 0 AND state = 'pending' AND due_at <= UTC_TIMESTAMP(3)" ) );
		self::assertCount( 64, $second->lease( $this->demand( 64 ) ) );
		self::assertSame( array(), $this->lines );
	}

	public function testAProbeThatFailsMakesItLonger(): void {
		$webhook = $this->webhook()->id;
		$this->failMany( $webhook, 10 );
		$this->queue( array( $webhook ), 5 );
		$store = $this->store();
		$waits = array();
		for ( $i = 0; $i < 3; $i++ ) {
			$this->later( 1_000 );
			$probe = $store->lease( $this->demand( 64 ) );
			self::assertCount( 1, $probe );
			$store->settle( 'me', array( $this->outcome( $probe[0], 'pending', 1 ) ) );
			$waits[] = (int) $this->own->value( 'SELECT (probe_at_ms - since_ms) DIV 1000 FROM wp_kivihook_breakers' );
		}
		self::assertSame( array( 60, 120, 240 ), $waits );
	}

	public function testAProbeThatSaysNothingOrIsGivenBackIsFollowedByTheNext(): void {
		$webhook = $this->webhook()->id;
		$this->failMany( $webhook, 10 );
		$this->queue( array( $webhook ), 5 );
		$this->later( 31 );
		$store = $this->store();
		$probe = $store->lease( $this->demand() );
		$store->settle( 'me', array( $this->outcome( $probe[0], 'pending', 60_000, 0 ) ) );
		$this->later( 2 );
		$probe = $store->lease( $this->demand() );
		self::assertCount( 0, $probe, 'the others wait for the first probe, until it would count as lost' );
		$this->later( 100 );
		$probe = $store->lease( $this->demand() );
		self::assertCount( 1, $probe );
		$store->release( 'me', array( $probe[0]['id'] ) );
		self::assertSame( array( $probe[0]['id'] ), array_column( $store->lease( $this->demand() ), 'id' ) );
	}

	public function testAProbeWhoseWorkerDiedIsReplaced(): void {
		$webhook = $this->webhook()->id;
		$this->failMany( $webhook, 10 );
		$this->queue( array( $webhook ), 2 );
		$this->later( 31 );
		self::assertCount( 1, $this->store()->lease( $this->demand() ) );
		$this->later( 89 );
		self::assertSame( array(), $this->store()->lease( $this->demand() ) );
		$this->later( 2 );
		self::assertCount( 1, $this->store()->lease( $this->demand() ) );
	}

	public function testAChangeOrAPersonClosesIt(): void {
		$webhook  = $this->webhook();
		$breakers = new Breakers( $this->own, $this->schema );
		foreach ( array(
			fn () => $breakers->close( array( $webhook->id ) ),
			fn () => $this->webhooks->update( $this->webhooks->find( $webhook->id ) ),
			fn () => $this->webhooks->setActive( array( $webhook->id ), true ),
		) as $mend ) {
			$this->clinic( 'DELETE FROM wp_kivihook_deliveries' );
			$this->clinic( 'DELETE FROM wp_kivihook_health' );
			$this->clinic( 'UPDATE wp_kivihook_breakers SET since_ms = 0' );
			$this->failMany( $webhook->id, 10 );
			$this->queue( array( $webhook->id ), 3 );
			self::assertSame( array(), $this->store()->lease( $this->demand() ) );
			$mend();
			self::assertCount( 3, $this->store()->lease( $this->demand() ) );
		}
		$this->webhooks->delete( array( $webhook->id ) );
		self::assertSame( 0, $this->committed( 'breakers' ) );
	}

	public function testWhatSaysNothingDoesNotCount(): void {
		$webhook = $this->webhook()->id;
		$this->queue( array( $webhook ), 30 );
		$store = $this->store();
		$store->settle( 'me', array_map( fn ( array $one ): array => $this->outcome( $one, 'pending', 60_000, 0 ), $store->lease( $this->demand( 30 ) ) ) );
		self::assertSame( array( 0, 0 ), array( $this->committed( 'health' ), $this->committed( 'breakers' ) ) );
	}

	public function testALogThatCannotBeWrittenStopsNeitherStateNorBreaker(): void {
		$webhook = $this->webhook()->id;
		$this->queue( array( $webhook ), 12 );
		$this->clinic( 'DROP TABLE wp_kivihook_attempts' );
		$this->clinic( 'DROP TABLE wp_kivihook_statistics' );
		$store = $this->store();
		$store->settle( 'me', array_map( fn ( array $one ): array => $this->outcome( $one, 'pending' ), $store->lease( $this->demand( 12 ) ) ) );
		self::assertSame( 12, $this->committed( 'deliveries', "state = 'pending' AND attempt = 1" ) );
		self::assertSame( 1, $this->committed( 'breakers', 'state = 1' ) );
		self::assertCount( 2, $this->lines );
	}

	/** So many deliveries fail, and are tried again in an hour. */
	private function failMany( int $webhook, int $count ): void {
		$this->queue( array( $webhook ), $count );
		$store = $this->store();
		$store->settle( 'me', array_map( fn ( array $one ): array => $this->outcome( $one, 'pending', 86_400_000 ), $store->lease( $this->demand( $count ) ) ) );
	}

	/** @return int[] */
	private function webhooksOf( array $leased ): array {
		return array_map( static fn ( array $one ): int => $one['webhook']['id'], $leased );
	}
}
