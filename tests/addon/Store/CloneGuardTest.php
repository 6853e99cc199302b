<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\QueueTestCase;
use KiviHook\WordPress\Delivery\Place;
use KiviHook\WordPress\Store\CloneGuard;
use KiviHook\WordPress\Store\Deliveries;
use KiviHook\WordPress\Store\Marker;
use KiviHook\WordPress\Store\Reasons;

/** A copy, or a restored database, sends nothing until an administrator says what it is; and records all the same. */
final class CloneGuardTest extends QueueTestCase {

	private string $marker;

	protected function setUp(): void {
		parent::setUp();
		$this->marker = sys_get_temp_dir() . '/kivihook-marker-' . bin2hex( random_bytes( 6 ) );
	}

	protected function tearDown(): void {
		parent::tearDown();
		is_file( $this->marker ?? '' ) && unlink( $this->marker );
	}

	public function testTheFirstLookMakesThePlaceAndAnotherAddressSendsNothing(): void {
		$webhook = $this->webhook()->id;
		$this->queue( array( $webhook ), 2 );
		self::assertCount( 1, $this->store( null, $this->siteAt( 'https://clinic.test' ) )->lease( $this->demand( 1 ) ) );
		// Another scheme or letter case is the same site.
		self::assertNull( $this->siteAt( 'HTTP://Clinic.test/' )->reason() );
		$copy = $this->siteAt( 'https://staging.clinic.test' );
		self::assertSame( CloneGuard::URL, $copy->reason() );
		self::assertStringContainsString( 'clinic.test and is staging.clinic.test', $copy->text() );
		self::assertMatchesRegularExpression( '/\A\d{4}-\d\d-\d\d \d\d:/', $copy->since() );
		self::assertSame( array(), $this->store( null, $copy )->lease( $this->demand() ) );
		$this->queue( array( $webhook ), 1 );
		self::assertSame( 3, $this->committed( 'deliveries' ), 'the append knows nothing of it' );
		self::assertSame( array(), $this->lines );
	}

	public function testAnotherDatabaseSendsNothingUntilConfirmedAndNodesMayNameItDifferently(): void {
		self::assertNull( $this->siteAt( 'https://a', 'wp@10.0.0.1' )->reason() );
		$node = $this->siteAt( 'https://a', 'wp@10.0.0.2' );
		self::assertSame( CloneGuard::DATABASE, $node->reason() );
		$node->confirm();
		self::assertNull( $node->reason() );
		self::assertNull( $this->siteAt( 'https://a', 'wp@10.0.0.1' )->reason(), 'the first one stays confirmed' );
		self::assertSame( CloneGuard::DATABASE, $this->siteAt( 'https://a', 'copy@10.0.0.2' )->reason() );
	}

	public function testARestoredDatabaseSendsNothingUntilConfirmedOnWhateverMachine(): void {
		$webhook = $this->webhook()->id;
		$this->queue( array( $webhook ), 3 );
		self::assertNull( $this->siteAt( 'https://a' )->reason() );
		self::assertSame( "1 3\n", file_get_contents( $this->marker ) );
		$this->clinic( 'DELETE FROM wp_kivihook_events WHERE sequence = 3' );
		$restored = $this->siteAt( 'https://a' );
		self::assertSame( CloneGuard::RESTORED, $restored->reason() );
		self::assertSame( array(), $this->store( null, $restored )->lease( $this->demand() ) );
		// Another machine has a marker of its own.
		$other = $this->marker . '-2';
		copy( $this->marker, $other );
		$restored->confirm();
		self::assertNull( $restored->reason() );
		self::assertNull( $this->guard( 'https://a', 'db@host', $other )->reason() );
		self::assertSame( "2 2\n", file_get_contents( $other ) );
		unlink( $other );
		// A backup from before the confirmation.
		$this->options->put( CloneGuard::OPTION, array( 'epoch' => 1 ) + $this->options->fresh( CloneGuard::OPTION ) );
		$this->queue( array( $webhook ), 20 );
		self::assertSame( CloneGuard::RESTORED, $this->siteAt( 'https://a' )->reason() );
	}

	public function testWithoutAFileOnlyAddressAndDatabaseAreCompared(): void {
		$this->queue( array( $this->webhook()->id ), 2 );
		self::assertNull( $this->guard( 'https://a' )->reason() );
		$this->clinic( 'DELETE FROM wp_kivihook_events' );
		self::assertNull( $this->guard( 'https://a' )->reason() );
	}

	public function testGarbageInTheFileIsNoAnswer(): void {
		file_put_contents( $this->marker, "9999999999 x\n" );
		self::assertNull( $this->siteAt( 'https://a' )->reason() );
		self::assertSame( array( 'epoch' => 1, 'sequence' => 0 ), ( new Marker( fn (): string => $this->marker ) )->read() );
		self::assertSame( array( $this->marker ), glob( $this->marker . '*' ), 'nothing is left beside it' );
	}

	public function testMovedSendsEverythingACopyNothingOfTheOthers(): void {
		$webhook = $this->webhook()->id;
		$this->queue( array( $webhook ), 2 );
		$this->siteAt( 'https://a' )->reason();
		$moved = $this->siteAt( 'https://b' );
		$place = new Place( $moved, new Deliveries( $this->own, $this->schema ), $this->webhooks );
		self::assertSame( CloneGuard::URL, $moved->reason() );
		$place->moved();
		self::assertNull( $moved->reason() );
		self::assertCount( 1, $this->store( null, $moved )->lease( $this->demand( 1 ) ) );
		$copy  = $this->siteAt( 'https://c' );
		$place = new Place( $copy, new Deliveries( $this->own, $this->schema ), $this->webhooks );
		self::assertSame( 1, $place->copy() );
		self::assertNull( $copy->reason() );
		self::assertSame( 1, $this->committed( 'deliveries', "state = 'cancelled'" ) );
		self::assertSame( array( false, Reasons::COPY ), array( $this->webhooks->find( $webhook )->active, $this->webhooks->find( $webhook )->offReason ) );
	}

	private function siteAt( string $url, string $database = 'db@host' ): CloneGuard {
		return $this->guard( $url, $database, $this->marker );
	}
}
