<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Support;

use KiviHook\Demand;

/** Words for tests of the queue: what is due, what is asked for, what came out. */
abstract class QueueTestCase extends DatabaseTestCase {

	private int $number = 0;

	protected function setUp(): void {
		$this->needsExtension();
		parent::setUp();
	}

	protected function tearDown(): void {
		if ( extension_loaded( 'kivihook' ) ) {
			parent::tearDown();
		}
	}

	/** So many events for these webhooks, of one record or each of its own. @param int[] $webhooks */
	protected function queue( array $webhooks, int $count, ?int $record = null, string $type = 'appointment.booked' ): void {
		for ( $i = 0; $i < $count; $i++ ) {
			++$this->number;
			$this->writer->append( array( 'type' => $type, 'record_id' => $record ?? 10_000 + $this->number ) + $this->event( $this->number ), $webhooks );
		}
	}

	/** @param array<int, int> $capacity */
	protected function demand( int $limit = 10, array $capacity = array(), array $events = array(), int $leaseMs = 1_000 ): Demand {
		$demand           = new Demand();
		$demand->limit    = $limit;
		$demand->owner    = 'me';
		$demand->leaseMs  = $leaseMs;
		$demand->capacity = $capacity;
		$demand->events   = $events;
		return $demand;
	}

	protected function outcome( array $leased, string $state, int $delayMs = 60_000, ?int $health = null ): array {
		$good = 'succeeded' === $state;
		return array(
			'id'         => $leased['id'],
			'lease'      => $leased['lease'],
			'webhook'    => $leased['webhook']['id'],
			'attempt'    => $leased['attempt'],
			'state'      => $state,
			'delay_ms'   => 'pending' === $state ? $delayMs : null,
			'switch_off' => false,
			'health'     => $health ?? ( $good ? 1 : -1 ),
			'trace'      => array(
				'succeeded' => $good,
				'status'    => $good ? 200 : 500,
				'error'     => $good ? '' : 'It answered 500.',
				'total_us'  => 1_500,
			),
		);
	}

	/** Time goes by, for everything that the database's clock decides. */
	protected function later( int $seconds ): void {
		$this->clinic( "UPDATE wp_kivihook_deliveries SET due_at = due_at - INTERVAL $seconds SECOND WHERE due_at IS NOT NULL" );
		$this->clinic( "UPDATE wp_kivihook_breakers SET since_ms = since_ms - $seconds * 1000, probe_at_ms = probe_at_ms - $seconds * 1000 WHERE state <> 0" );
		$this->clinic( "UPDATE wp_kivihook_pace SET next_us = next_us - $seconds * 1000000" );
	}
}
