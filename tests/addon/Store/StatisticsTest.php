<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\Histogram;

/** Counters, percentiles and series, against what the same numbers give when they are sorted. */
final class StatisticsTest extends DatabaseTestCase {

	public function testBucketsFollowEachOther(): void {
		self::assertSame( 0, Histogram::bucket( 0 ) );
		self::assertSame( 0, Histogram::bucket( 999 ) );
		self::assertSame( 1, Histogram::bucket( 1_000 ) );
		self::assertSame( Histogram::BUCKETS - 1, Histogram::bucket( 300_000_000 ) );
		$last = 0;
		for ( $us = 1; $us < 4_000_000_000; $us = (int) ( $us * 1.07 ) + 1 ) {
			$bucket = Histogram::bucket( $us );
			self::assertTrue( $bucket === $last || $bucket === $last + 1, "$us" );
			$last = $bucket;
		}
	}

	public function testPercentilesAreNearThoseOfTheSortedList(): void {
		mt_srand( 5 );
		$times    = array();
		$outcomes = array();
		for ( $i = 0; $i < 3_000; $i++ ) {
			$times[]    = $us = (int) exp( mt_rand( 70, 160 ) / 10 );
			$outcomes[] = $this->outcome( 1 + $i % 2, 'succeeded', $us );
		}
		sort( $times );
		foreach ( array_chunk( $outcomes, 256 ) as $some ) {
			$this->statistics->add( $some );
		}
		$found = $this->statistics->percentiles( null, null );
		self::assertSame( 3_000, $found['count'] );
		foreach ( array( 'p50_ms' => 0.5, 'p95_ms' => 0.95, 'p99_ms' => 0.99 ) as $name => $part ) {
			$exact = $times[ (int) ceil( $part * 3_000 ) - 1 ] / 1_000;
			self::assertEqualsWithDelta( 1, $found[ $name ] / $exact, 0.2, $name );
		}
		self::assertSame( 1_500, $this->statistics->percentiles( null, null, 2 )['count'] );
		self::assertSame( array( 'p50_ms' => null, 'p95_ms' => null, 'p99_ms' => null, 'count' => 0 ), $this->statistics->percentiles( null, null, 3 ) );
	}

	public function testWhatWasNeverSentHasNoTime(): void {
		$this->statistics->add( array( $this->outcome( 1, 'held', 0 ), $this->outcome( 1, 'failed', 4_000 ), $this->outcome( 1, 'pending', 2_000 ) ) );
		$each = $this->statistics->perWebhook( null, null );
		self::assertSame( array( 1 ), array_keys( $each ) );
		self::assertSame( array( 0, 2, 1, 0.0, 3.0 ), array( $each[1]['succeeded'], $each[1]['failed'], $each[1]['retried'], $each[1]['success_rate'], $each[1]['mean_ms'] ) );
		self::assertSame( 2, $this->statistics->percentiles( null, null )['count'] );
		$this->statistics->addExpired( array( 1 => 7, 2 => 1 ) );
		self::assertSame( 8, $this->statistics->sums( null, null, null )['expired'] );
		self::assertNull( $this->statistics->perWebhook( null, null )[2]['success_rate'] );
	}

	public function testASeriesHasAPointForEachHourAndDayOfAZone(): void {
		foreach ( array( '2026-03-28 22:00:00', '2026-03-28 23:00:00', '2026-03-29 21:00:00', '2026-03-29 22:00:00' ) as $i => $hour ) {
			$this->clinic( "INSERT INTO wp_kivihook_statistics (webhook, hour, succeeded, h05, total_us) VALUES (1, '$hour', 10, 10, 50000), (2, '$hour', $i, 0, 0)" );
		}
		$hours = $this->statistics->series( '2026-03-28', '2026-03-29', null, 'hour' );
		self::assertCount( 48, $hours );
		self::assertSame( '2026-03-28 00:00:00', $hours[0]['at'] );
		self::assertSame( array( 10, 11, 5.0 ), array( $hours[22]['succeeded'], $hours[23]['succeeded'], $hours[22]['mean_ms'] ) );
		self::assertNull( $hours[0]['p95_ms'] );
		self::assertGreaterThan( 4, $hours[22]['p50_ms'] );
		// Berlin's 29 March begins at 23:00 UTC, and ends, in summer time, at 22:00 UTC.
		$days = $this->statistics->series( '2026-03-28', '2026-03-29', null, 'day', new \DateTimeZone( 'Europe/Berlin' ) );
		self::assertSame( array( '2026-03-27 23:00:00', '2026-03-28 23:00:00', '2026-03-29 22:00:00' ), array_column( $days, 'at' ) );
		self::assertSame( array( 10, 11 + 12, 13 ), array_column( $days, 'succeeded' ) );
		self::assertSame( array( 10 ), array_column( $this->statistics->series( '2026-03-28 22:00:00', '2026-03-28 22:59:59', 1 ), 'succeeded' ) );
	}

	private function outcome( int $webhook, string $state, int $us ): array {
		return array(
			'webhook' => $webhook,
			'state'   => $state,
			'trace'   => array( 'total_us' => $us ),
		);
	}
}
