<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Store\DeliveryList;
use KiviHook\WordPress\Store\IdRange;
use KiviHook\WordPress\Store\Present;
use KiviHook\WordPress\Store\Queue;

/** Lists and counts of deliveries: every filter, page by page, against what a plain loop finds. */
final class DeliveryListTest extends DatabaseTestCase {

	private DeliveryList $list;
	/** @var array<int, array> id => webhook, state, type, record, clinics, created */
	private array $rows = array();

	protected function setUp(): void {
		parent::setUp();
		$this->list = new DeliveryList( $this->own, $this->schema );
		$webhooks   = array( $this->webhook()->id, $this->webhook()->id, $this->webhook()->id );
		$id         = 0;
		for ( $i = 1; $i <= 60; $i++ ) {
			$type    = array( 'appointment.booked', 'appointment.updated', 'patient.registered' )[ $i % 3 ];
			$clinics = $i % 4 ? array( $i % 4 ) : array( 1, 12 );
			$this->writer->append( array( 'type' => $type, 'record_id' => $i % 7, 'clinic_ids' => $clinics ) + $this->event( $i ), array_slice( $webhooks, 0, 1 + $i % 3 ) );
			for ( $n = 0; $n <= $i % 3; $n++ ) {
				$state = DeliveryList::STATES[ ( $i + $n ) % 7 ];
				$this->rows[ ++$id ] = array( $webhooks[ $n ], $state, $type, $i % 7, $clinics, 61 - $i );
				$due   = in_array( $state, array( 'pending', 'leased' ), true ) ? 'due_at' : 'NULL';
				$error = 'succeeded' === $state ? 'NULL' : "'It answered 50$n.'";
				$this->clinic( "UPDATE wp_kivihook_deliveries SET state = '$state', due_at = $due, last_error = $error, created_at = UTC_TIMESTAMP(3) - INTERVAL 61 - $i DAY WHERE id = $id" );
			}
		}
	}

	public function testDeletedWebhooksThatStillHaveDeliveriesAreFoundBetweenTheOthers(): void {
		$this->own->run( "DELETE FROM `{$this->schema->table( 'deliveries' )}`" );
		$first = $this->webhook()->id;
		$last  = $this->webhook()->id;
		$this->own->run( "UPDATE `{$this->schema->table( 'webhooks' )}` SET id = ? WHERE id = ?", array( $last + 10, $last ) );
		foreach ( array( $first, $last + 3, $last + 4, $last + 10, $last + 20, $last + 21 ) as $webhook ) {
			$this->own->run( "INSERT INTO `{$this->schema->table( 'deliveries' )}` (event, webhook, state, attempt, created_at, updated_at) VALUES (1, ?, 'leased', 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))", array( $webhook ) );
		}
		self::assertSame( array( $first, $last + 3, $last + 4, $last + 10, $last + 20, $last + 21 ), Present::webhooks( $this->own, $this->schema ) );
		self::assertSame( 6, ( new Queue( $this->own, $this->schema ) )->depth()['leased'] );
		self::assertSame( 2, ( new Queue( $this->own, $this->schema ) )->depth( array( $last + 3, $last + 10 ) )['leased'] );
	}

	public function testEveryFilterAndEveryPage(): void {
		$day   = static fn ( int $ago ): string => gmdate( 'Y-m-d H:i:s', time() - $ago * 86_400 + 3_000 );
		$cases = array(
			array( array(), static fn ( array $row ): bool => true ),
			array( array( 'webhooks' => array( 2 ) ), static fn ( array $row ): bool => 2 === $row[0] ),
			array( array( 'webhooks' => array( 2, 3 ), 'states' => array( 'failed' ) ), static fn ( array $row ): bool => $row[0] > 1 && 'failed' === $row[1] ),
			array( array( 'states' => array( 'pending', 'held' ) ), static fn ( array $row ): bool => in_array( $row[1], array( 'pending', 'held' ), true ) ),
			array( array( 'type' => 'patient.registered' ), static fn ( array $row ): bool => 'patient.registered' === $row[2] ),
			array( array( 'type' => 'patient.registered', 'webhooks' => array( 1 ), 'record' => 3 ), static fn ( array $row ): bool => 'patient.registered' === $row[2] && 1 === $row[0] && 3 === $row[3] ),
			array( array( 'record' => 4 ), static fn ( array $row ): bool => 4 === $row[3] ),
			array( array( 'clinics' => array( 1, 2 ) ), static fn ( array $row ): bool => array() !== array_intersect( array( 1, 2 ), $row[4] ) ),
			array( array( 'clinics' => array( 2 ), 'states' => array( 'succeeded', 'failed' ) ), static fn ( array $row ): bool => in_array( 2, $row[4], true ) && in_array( $row[1], array( 'succeeded', 'failed' ), true ) ),
			array( array( 'clinics' => array() ), static fn ( array $row ): bool => false ),
			array( array( 'from' => $day( 20 ), 'to' => $day( 10 ) ), static fn ( array $row ): bool => $row[5] >= 10 && $row[5] < 20 ),
			array( array( 'from' => $day( 20 ), 'type' => 'appointment.booked' ), static fn ( array $row ): bool => $row[5] < 20 && 'appointment.booked' === $row[2] ),
			array( array( 'text' => 'answered 502' ), fn ( array $row, int $id ): bool => 'succeeded' !== $row[1] && 3 === $row[0] ),
			array( array( 'text' => '%' ), static fn ( array $row ): bool => false ),
			array( array( 'text' => '17' ), static fn ( array $row, int $id ): bool => 17 === $id ),
			array( array( 'text' => '17', 'clinics' => array( 99 ) ), static fn ( array $row ): bool => false ),
			array( array( 'text' => $this->event( 9 )['id'] ), static fn ( array $row ): bool => 61 - 9 === $row[5] ),
			array( array( 'webhooks' => array() ), static fn ( array $row ): bool => false ),
			array( array( 'states' => array( 'nonsense' ) ), static fn ( array $row ): bool => false ),
		);
		foreach ( $cases as $number => list( $filters, $fits ) ) {
			$expected = array_reverse( array_keys( array_filter( $this->rows, $fits, ARRAY_FILTER_USE_BOTH ) ) );
			$found    = array();
			$after    = '';
			do {
				$page  = $this->list->page( $filters, 7, $after );
				$found = array_merge( $found, array_column( $page['items'], 'id' ) );
				$after = (string) $page['next'];
				self::assertSame( array( count( $expected ), true ), array( $page['total'], $page['total_exact'] ), "case $number" );
			} while ( '' !== $after );
			self::assertSame( $expected, $found, "case $number" );
		}
	}

	public function testAPageSortsNoMoreThanAPage(): void {
		$name    = null === $this->own->row( "SHOW SESSION STATUS LIKE 'Handler_tmp_write'" ) ? 'Handler_write' : 'Handler_tmp_write'; // MySQL counts both in one.
		$written = fn (): int => (int) $this->own->row( "SHOW SESSION STATUS LIKE '$name'" )['Value'];
		foreach ( array( array( 'type' => 'patient.registered' ), array( 'type' => 'appointment.updated', 'states' => array( 'failed', 'held', 'pending' ) ), array( 'from' => gmdate( 'Y-m-d', 0 ) ), array() ) as $filters ) {
			for ( $after = '', $number = 1; $number <= 2; $number++ ) {
				$before = $written();
				$page   = $this->list->page( $filters, 2, $after );
				$after  = (string) $page['next'];
				// To be sorted: one more than a page, and what else its last event has. To be counted: all. Two are for this question itself.
				self::assertLessThanOrEqual( 2 + 1 + 3 + $page['total'] + 2, $written() - $before, (string) wp_json_encode( $filters ) );
			}
		}
	}

	public function testAnItemSaysAllThatAListShows(): void {
		$this->webhooks->delete( array( 2 ) );
		$item = $this->list->find( 1 );
		self::assertSame( array( 1, 1, 1, 'Lab', true, 'appointment.updated', 1, array( 1 ), true ), array( $item['id'], $item['event'], $item['webhook'], $item['webhook_name'], $item['webhook_active'], $item['type'], $item['record_id'], $item['clinic_ids'], $item['data_kept'] ) );
		self::assertSame( $this->event( 1 )['id'], $item['event_id'] );
		self::assertNull( $this->list->find( 9_999 ) );
		self::assertTrue( $this->list->has( 1, array( 'clinics' => array( 1 ) ) ) );
		self::assertFalse( $this->list->has( 1, array( 'clinics' => array( 2 ) ) ) );
		self::assertNull( $this->list->find( 2 )['webhook_name'] );
	}

	public function testHowMuchWaits(): void {
		$queue = new Queue( $this->own, $this->schema );
		$depth = $queue->depth();
		$count = fn ( string $state, ?int $webhook = null ): int => count( array_filter( $this->rows, static fn ( array $row ): bool => $state === $row[1] && ( null === $webhook || $webhook === $row[0] ) ) );
		self::assertSame( array( $count( 'pending' ), $count( 'leased' ), $count( 'held' ) ), array( $depth['pending'], $depth['leased'], $depth['held'] ) );
		self::assertSame( $count( 'pending' ) + $count( 'leased' ), $depth['due'] );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR WHERE state = 'leased'" );
		$this->clinic( "UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3) - INTERVAL 90 SECOND WHERE state = 'pending' AND webhook = 2" );
		$depth = $queue->depth( 2 );
		self::assertSame( array( $count( 'pending', 2 ), $count( 'pending', 2 ) ), array( $depth['pending'], $depth['due'] ) );
		self::assertEqualsWithDelta( 90, $depth['oldest_due_s'], 5 );
		self::assertEqualsWithDelta( 90, $queue->oldestDueSeconds(), 5 );
	}

	public function testIdsOfATime(): void {
		$range = new IdRange( $this->own, $this->schema );
		$at    = static fn ( float $daysAgo ): string => gmdate( 'Y-m-d H:i:s', (int) ( time() - $daysAgo * 86_400 ) );
		list( $first, $last ) = $range->between( 'deliveries', 'id', 'created_at', $at( 20.5 ), $at( 9.5 ) );
		$ids = array_keys( array_filter( $this->rows, static fn ( array $row ): bool => $row[5] >= 10 && $row[5] <= 20 ) );
		self::assertSame( array( min( $ids ), max( $ids ) ), array( $first, $last ) );
		self::assertSame( array( 1, 0 ), $range->between( 'attempts', 'id', 'started_at', $at( 3 ), null ) );
		list( $first, $last ) = $range->between( 'deliveries', 'id', 'created_at', null, $at( 90 ) );
		self::assertLessThan( $first, $last );
	}
}
