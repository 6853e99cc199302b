<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Custom;

use KiviHook\Tests\Addon\KiviCare\Support\FakeEmitter;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Custom\CustomEvents;
use KiviHook\WordPress\Custom\Declarations;
use KiviHook\WordPress\Webhooks\TableConfig;
use PHPUnit\Framework\TestCase;

/** Events of other plugins: declared, listed, fired; and nothing but what was declared. */
final class CustomEventsTest extends TestCase {

	private const LAB = array(
		'label'       => 'Result ready',
		'description' => 'A result was released.',
		'module'      => 'Laboratory',
		'record'      => 'result_id',
		'variables'   => array(
			'result_id' => array( 'type' => 'integer', 'label' => 'Result', 'class' => 'operational', 'sample' => 12 ),
			'test_name' => array( 'label' => 'Test', 'class' => 'clinical', 'sample' => 'HbA1c' ),
			'values'    => array( 'type' => 'list', 'class' => 'clinical', 'sample' => array( 1 ) ),
			'urgent'    => array( 'class' => 'operational' ),
		),
	);

	private FakeEmitter $emitter;

	/** @var string[] */
	private array $complaints = array();

	protected function setUp(): void {
		$this->emitter = new FakeEmitter( $GLOBALS['wpdb'] );
		add_action( 'doing_it_wrong_run', array( $this, 'complained' ), 10, 2 );
		add_filter( 'doing_it_wrong_trigger_error', '__return_false' );
	}

	protected function tearDown(): void {
		remove_all_filters( Declarations::FILTER );
		remove_all_filters( CustomEvents::ACTION );
		remove_action( 'doing_it_wrong_run', array( $this, 'complained' ) );
		remove_filter( 'doing_it_wrong_trigger_error', '__return_false' );
		self::assertSame( array(), array_map( 'strval', $this->emitter->problems ) );
	}

	public function complained( string $function, string $message ): void {
		$this->complaints[] = $message;
	}

	public function testADeclaredEventIsInTheListsWithItsSample(): void {
		$catalogue = $this->catalogue( array( 'lab.result_ready' => self::LAB ) );
		$event     = $catalogue->event( 'lab.result_ready' );
		self::assertSame( array( 'lab', 'Result ready' ), array( $event->module, $event->label ) );
		self::assertSame( array( 'lab.result_ready' ), $catalogue->resolve( array( 'lab.result_ready' ) ) );
		self::assertSame( 'Laboratory', $catalogue->modules()['lab']->label );
		$sample = $event->sample();
		self::assertSame(
			array( 12, 'HbA1c', array( 1 ), '', 12, 'lab.result_ready', 'lab' ),
			array(
				$sample['result_id'],
				$sample['test_name'],
				$sample['values'],
				$sample['urgent'],
				$sample['record_id'],
				$sample['event_name'],
				$sample['module_name'],
			)
		);
		self::assertContains( 'lab.result_ready', TableConfig::values( $catalogue ) );
		self::assertSame( 'appointment.booked', $catalogue->event( 'kc_appointment_book' )->sample()['event_type'] );
		self::assertSame( array(), $this->complaints );
	}

	public function testItIsFiredWithOneCallAndBringsOnlyWhatWasDeclared(): void {
		$this->listen( array( 'lab.result_ready' => self::LAB ) );
		do_action(
			'kivihook_emit',
			'lab.result_ready',
			array(
				'result_id' => '4711',
				'test_name' => 'HbA1c',
				'values'    => array( array( 'value' => 5.4, 'by' => (object) array( 'password' => 'SECRET' ) ) ),
				'urgent'    => true,
				'password'  => 'SECRET',
				'site_name' => 'Forged',
			),
			array( 'clinic_ids' => array( 1, '2', 'x' ), 'patient_id' => '57', 'doctor_id' => null )
		);
		self::assertSame( array( 'lab.result_ready' ), $this->emitter->types() );
		$snapshot = $this->emitter->events[0]['snapshot'];
		self::assertSame(
			array( 4711, array( 1, 2 ), 57, null ),
			array(
				$snapshot['record_id'],
				$snapshot['clinic_ids'],
				$snapshot['patient_id'],
				$snapshot['doctor_id'],
			)
		);
		$data = $snapshot['data'];
		self::assertSame(
			array( 4711, 4711, 'HbA1c', array( array( 'value' => 5.4, 'by' => null ) ), 'yes', 'lab' ),
			array(
				$data['record_id'],
				$data['result_id'],
				$data['test_name'],
				$data['values'],
				$data['urgent'],
				$data['module_name'],
			)
		);
		self::assertNotSame( '', $data['timestamp'] );
		self::assertNotSame( 'Forged', $data['site_name'] );
		self::assertStringNotContainsString( 'SECRET', serialize( $this->emitter->events ) );
	}

	public function testItIsPartOfTheCallersTransaction(): void {
		$events = $this->listen( array( 'lab.result_ready' => self::LAB ) );
		$GLOBALS['wpdb']->query( 'START TRANSACTION' );
		self::assertSame( 'id', $events->emit( 'lab.result_ready', array( 'result_id' => 1 ) ) );
		$GLOBALS['wpdb']->query( 'ROLLBACK' );
		self::assertTrue( $this->emitter->events[0]['inside'] );
	}

	public function testNobodyFiresKiviCaresEventsNorUnknownOnes(): void {
		$events = $this->listen( array( 'lab.result_ready' => self::LAB ) );
		$none   = array( 'appointment.booked', 'kc_appointment_book', 'lab.other', '', null, 7, array(), new \stdClass() );
		foreach ( $none as $id ) {
			self::assertNull( $events->emit( $id, array( 'appointment_id' => 1 ) ) );
		}
		$this->emitter->wanted = array();
		self::assertNull( $events->emit( 'lab.result_ready', array() ) );
		self::assertSame( array(), $this->emitter->types() );
	}

	/** @dataProvider values */
	public function testValuesTakeTheirTypeOrAreNone( mixed $data, mixed $about ): void {
		$this->listen( array( 'lab.result_ready' => self::LAB ) );
		do_action( 'kivihook_emit', 'lab.result_ready', $data, $about );
		$data = $this->emitter->data( 'lab.result_ready' );
		self::assertSame( array( null, '', null, '' ), array( $data['result_id'], $data['test_name'], $data['values'], $data['urgent'] ) );
		self::assertNotFalse( json_encode( $data ) );
		self::assertSame( array(), $this->emitter->events[0]['snapshot']['clinic_ids'] );
	}

	public static function values(): array {
		return array(
			'none'  => array( array(), array() ),
			'wrong' => array( 'text', 7 ),
			'types' => array(
				array( 'result_id' => '1e3', 'test_name' => array( 'x' ), 'values' => 'x', 'urgent' => new \stdClass() ),
				array( 'clinic_ids' => new \stdClass(), 'patient_id' => -1 ),
			),
		);
	}

	public function testWhatIsNoUtf8OrTooDeepDoesNotStopIt(): void {
		$this->listen( array( 'lab.result_ready' => self::LAB ) );
		$deep = array();
		for ( $level = 0; $level < 40; $level++ ) {
			$deep = array( $deep, NAN, "\xff" );
		}
		do_action( 'kivihook_emit', 'lab.result_ready', array( 'test_name' => "a\xffb", 'values' => $deep ) );
		$data = $this->emitter->data( 'lab.result_ready' );
		self::assertSame( 'ab', $data['test_name'] );
		self::assertNotFalse( json_encode( $data ) );
	}

	/** @dataProvider refused */
	public function testWhatCannotBeUsedIsLeftOutAndSaidWhy( mixed $id, mixed $row, string $why ): void {
		$catalogue = $this->catalogue( array( $id => $row, 'lab.other' => self::LAB ) );
		self::assertNotNull( $catalogue->event( 'lab.other' ), 'the others are there' );
		self::assertNull( $catalogue->event( (string) $id ) );
		self::assertCount( 1, $this->complaints );
		self::assertStringContainsString( $why, $this->complaints[0] );
	}

	public static function refused(): array {
		$with = static fn ( array $variable, string $name = 'x' ): array => array(
			'label'     => 'X',
			'variables' => array( $name => $variable ),
		);
		return array(
			'no dot'          => array( 'result', self::LAB, 'lower case' ),
			'upper case'      => array( 'Lab.Result', self::LAB, 'lower case' ),
			'a number'        => array( 7, self::LAB, 'lower case' ),
			'too long'        => array( 'lab.' . str_repeat( 'x', 61 ), self::LAB, '64' ),
			'ours'            => array( 'patient.sneezed', self::LAB, 'word of your own' ),
			'no label'        => array( 'lab.x', array( 'variables' => array() ), 'label' ),
			'no array'        => array( 'lab.x', 'Label', 'label' ),
			'no class'        => array( 'lab.x', $with( array( 'type' => 'string' ) ), 'class' ),
			'another class'   => array( 'lab.x', $with( array( 'class' => 'secret' ) ), 'class' ),
			'another type'    => array( 'lab.x', $with( array( 'type' => 'float', 'class' => 'clinical' ) ), 'type' ),
			'a common one'    => array( 'lab.x', $with( array( 'class' => 'clinical' ), 'timestamp' ), 'every event' ),
			'a bad name'      => array( 'lab.x', $with( array( 'class' => 'clinical' ), 'a-b' ), 'lower case' ),
			'a record of air' => array( 'lab.x', array( 'label' => 'X', 'record' => 'y' ), 'record' ),
		);
	}

	private function catalogue( array $declared ): Catalogue {
		add_filter( Declarations::FILTER, static fn ( array $events ): array => $events + $declared );
		return new Catalogue();
	}

	private function listen( array $declared ): CustomEvents {
		$events = new CustomEvents( $this->emitter, $this->catalogue( $declared ) );
		CustomEvents::register( $events );
		return $events;
	}
}
