<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Delivery;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\Tests\Addon\Support\Receiver;
use KiviHook\WordPress\Delivery\EngineFactory;
use KiviHook\WordPress\Delivery\Inline;
use KiviHook\WordPress\Delivery\Passes;
use KiviHook\WordPress\Delivery\Schedule;
use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Delivery\Worker;
use KiviHook\WordPress\KiviCare\Scheduled\Pass;
use KiviHook\WordPress\NativeEmitter;
use KiviHook\WordPress\Store\Subscriptions;
use KiviHook\WordPress\Store\Workers;

/** A worker with the real engine; and that the other drivers leave the work to it. */
final class WorkerTest extends DatabaseTestCase {

	private static ?Receiver $receiver = null;

	private EngineFactory $engines;
	private Workers $workers;

	public static function setUpBeforeClass(): void {
		self::$receiver = new Receiver();
	}

	public static function tearDownAfterClass(): void {
		self::$receiver?->stop();
		self::$receiver = null;
	}

	protected function setUp(): void {
		if ( ! extension_loaded( 'kivihook' ) || ! str_contains( (string) ini_get( 'kivihook.allow_networks' ), '127.0.0.0/8' ) ) {
			self::markTestSkipped( 'Needs the kivihook extension and -d kivihook.allow_networks=127.0.0.0/8.' );
		}
		parent::setUp();
		self::$receiver->reset();
		$this->engines = new EngineFactory( fn () => $this->store(), $this->keyring, $this->subscriptions, $this->problems );
		$this->workers = new Workers( $this->own, $this->schema );
	}

	protected function tearDown(): void {
		if ( isset( $this->engines ) ) {
			remove_action( Subscriptions::CHANGED, array( $this->engines, 'renew' ) );
			parent::tearDown();
		}
	}

	public function testOnceSendsWhatIsDueAndIsNotOnDuty(): void {
		$id = $this->to( '/ok' );
		for ( $i = 1; $i <= 40; $i++ ) {
			$this->writer->append( $this->event( $i ), array( $id ) );
		}
		self::assertSame( array( 'sent' => 40, 'succeeded' => 40, 'left' => 0 ), $this->worker()->run( 20, true, 8 ) );
		self::assertCount( 40, self::$receiver->requests() );
		self::assertSame( 40, $this->committed( 'attempts', "driver = 'worker'" ) );
		self::assertSame( 0, $this->committed( 'workers' ) );
	}

	public function testStopsBetweenTwoDeliveriesWhenTold(): void {
		$this->needsSignals();
		$id = $this->to( '/ok' );
		$this->writer->append( $this->event( 1 ), array( $id ) );
		$since = hrtime( true );
		$this->signalIn( 1.0 );
		self::assertSame( 1, $this->worker()->run( 60 )['succeeded'] );
		self::assertLessThan( 10e9, hrtime( true ) - $since );
		self::assertSame( 0, $this->committed( 'workers' ), 'who leaves says so' );
		self::assertSame( array(), $this->lines );
	}

	public function testWaitsForWhatIsOnItsWay(): void {
		$this->needsSignals();
		$this->writer->append( $this->event( 1 ), array( $this->to( '/hang/2' ) ) );
		$this->signalIn( 1.0 );
		self::assertSame( 1, $this->worker()->run( 60 )['sent'] );
		self::assertSame( 0, $this->committed( 'deliveries', "state = 'leased'" ) );
	}

	public function testADatabaseThatGoesAwayEndsNoWorker(): void {
		$id = $this->to( '/ok' );
		$this->writer->append( $this->event( 1 ), array( $id ) );
		$first = true;
		$worker = new Worker(
			new EngineFactory(
				function () use ( &$first ) {
					if ( $first ) {
						$first = false;
						$this->kill( $this->own->thread() );
						throw new \KiviHook\WordPress\Store\DatabaseError( 'gone', 2013 );
					}
					return $this->store();
				},
				$this->keyring,
				$this->subscriptions,
				$this->problems
			),
			$this->own,
			$this->schema,
			$this->workers,
			$this->problems,
			$this->watch(),
			$this->retention()
		);
		self::assertSame( 1, $worker->run( 20, true )['succeeded'] );
		self::assertStringContainsString( 'lost its database', $this->lines[0] );
	}

	public function testWithAWorkerOnDutyOthersOnlyAppend(): void {
		$this->writer->append( $this->event( 1 ), array( $this->to( '/ok' ) ) );
		self::assertFalse( $this->workers->alive() );
		$this->workers->beat( 'elsewhere:1', 8 );
		self::assertTrue( $this->workers->alive() );
		$schedule = $this->schedule();
		self::assertSame( array(), $schedule->run() );
		$inline  = new Inline( $this->engines, $this->own, $this->booking, $schedule, $this->problems, $this->workers, $this->watch() );
		$deliver = new \ReflectionMethod( $inline, 'deliver' );
		$deliver->setAccessible( true );
		self::assertSame( 0, $deliver->invoke( $inline ) );
		self::assertSame( array(), self::$receiver->requests() );

		// It lives, and does nothing: the schedule helps.
		$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3) - INTERVAL 121 SECOND' );
		self::assertSame( 1, $schedule->run()['succeeded'] );

		// It is dead.
		$this->writer->append( $this->event( 2 ), array( 1 ) );
		$this->clinic( 'UPDATE wp_kivihook_workers SET seen_at = UTC_TIMESTAMP(3) - INTERVAL 31 SECOND' );
		self::assertSame( array( false ), array_column( $this->workers->all(), 'alive' ) );
		self::assertSame( 1, $schedule->run()['succeeded'] );
	}

	public function testARunOfTheScheduleLimitsNobodyWhoHasNoLimit(): void {
		$limit = (string) ini_get( 'max_execution_time' );
		try {
			set_time_limit( 0 );
			$this->schedule()->run();
			self::assertSame( '0', (string) ini_get( 'max_execution_time' ), 'a command line that goes on for hours' );
			set_time_limit( 30 );
			$this->schedule()->run();
			self::assertSame( '80', (string) ini_get( 'max_execution_time' ), "a web server's process, which has time for the run" );
		} finally {
			set_time_limit( (int) $limit );
		}
	}

	public function testWithoutTheTableNobodyIsOnDuty(): void {
		$this->clinic( 'DROP TABLE wp_kivihook_workers' );
		self::assertFalse( $this->workers->alive() );
		$this->options->put( \KiviHook\WordPress\Store\Schema::OPTION, 1 );
		wp_cache_delete( 'alloptions', 'options' );
		self::assertFalse( $this->schema->installed() );
		$this->schedule()->run();
		self::assertSame( 0, $this->committed( 'workers' ), 'an older schema is brought up' );
	}

	public function testWhereNoScheduleRunsOneWorkerLooksForWhatComesWithTime(): void {
		$this->options->delete( Passes::OPTION );
		$this->engines->engine(); // It knows of no subscriber yet.
		$this->to( '/ok' );
		$emitter = new NativeEmitter( $this->engines, $this->subscriptions, $this->booking, $this->problems );
		$passes  = 0;
		$look    = static function () use ( $emitter, &$passes ): void {
			++$passes;
			$emitter->emit( 'appointment.booked', array( 'data' => array( 'appointment_id' => $passes ) ) );
		};
		add_action( Pass::ACTION, $look );
		try {
			$this->options->put( Watch::RAN, time() - 60 );
			$this->worker()->run( 20, true );
			self::assertSame( 0, $passes, 'the schedule is alive' );
			$this->options->put( Watch::RAN, time() - 600 );
			self::assertSame( 1, $this->worker()->run( 20, true )['succeeded'] );
			$this->worker()->run( 20, true );
			self::assertSame( 1, $passes, 'once a minute' );
			$this->options->put( Passes::OPTION, time() - 60 );
			$lock = 'kivihook.pass.' . $this->own->place();
			$this->clinic( "SELECT GET_LOCK('$lock', 0)" );
			$this->worker()->run( 20, true );
			self::assertSame( 1, $passes, 'another one is at it' );
			$this->clinic( "SELECT RELEASE_LOCK('$lock')" );
			self::assertSame( 1, $this->worker()->run( 20, true )['succeeded'] );
		} finally {
			remove_action( Pass::ACTION, $look );
		}
		self::assertCount( 2, self::$receiver->requests() );
	}

	private function worker(): Worker {
		return new Worker( $this->engines, $this->own, $this->schema, $this->workers, $this->problems, $this->watch(), $this->retention(), new Passes( $this->own, $this->options, $this->engines ) );
	}

	private function schedule(): Schedule {
		return new Schedule(
			$this->engines,
			$this->own,
			$this->schema,
			$this->keyring,
			$this->subscriptions,
			$this->retention(),
			$this->problems,
			$this->workers,
			$this->watch()
		);
	}

	private function to( string $path ): int {
		return $this->webhook( array( 'url' => self::$receiver->url( $path ) ) )->id;
	}

	private function needsSignals(): void {
		if ( ! function_exists( 'pcntl_signal' ) ) {
			self::markTestSkipped( 'Needs the pcntl extension.' );
		}
	}

	/** From another process, while this one sleeps in C. */
	private function signalIn( float $seconds ): void {
		proc_close( proc_open( array( 'sh', '-c', sprintf( '(sleep %.1f; kill -TERM %d) >/dev/null 2>&1 &', $seconds, getmypid() ) ), array(), $pipes ) );
	}
}
