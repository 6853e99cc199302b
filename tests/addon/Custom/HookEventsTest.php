<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Custom;

use KiviHook\Tests\Addon\KiviCare\Support\FakeEmitter;
use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Custom\CustomEvents;
use KiviHook\WordPress\Custom\HookEvents;
use KiviHook\WordPress\Custom\HookForm;
use KiviHook\WordPress\Custom\HookRules;

/** Hooks that configuration turns into events: what is refused, and that nothing leaves but what was named. */
final class HookEventsTest extends DatabaseTestCase {

	private const ORDER = array(
		'hook'   => 'shop_order_placed',
		'id'     => 'shop.order_placed',
		'label'  => 'Order placed',
		'record' => 'order_id',
		'clinic' => '1.clinic',
		'fields' => array(
			array( 'name' => 'order_id', 'path' => '0', 'type' => 'integer', 'class' => 'operational', 'sample' => 12 ),
			array( 'name' => 'total', 'path' => '1.totals.sum', 'class' => 'billing', 'label' => 'Total', 'sample' => '10.00' ),
			array( 'name' => 'city', 'path' => '2.city', 'class' => 'contact' ),
		),
	);

	private FakeEmitter $emitter;

	protected function setUp(): void {
		parent::setUp();
		$this->emitter = new FakeEmitter( $this->wpdb );
	}

	protected function tearDown(): void {
		$this->options->delete( HookEvents::OPTION );
		remove_all_filters( 'shop_order_placed' );
		parent::tearDown();
	}

	private function form(): HookForm {
		return new HookForm( $this->options, new Catalogue() );
	}

	/** Another request's. */
	private function listen(): void {
		HookEvents::register( new HookEvents( new CustomEvents( $this->emitter, new Catalogue() ), $this->emitter, $this->problems ) );
	}

	private function problem( array $changes ): array {
		return $this->form()->save( array( $changes + self::ORDER ) );
	}

	public function testAHookBecomesAnEventLikeAnyOther(): void {
		self::assertSame( array(), $this->form()->save( array( self::ORDER ) ) );
		$event = ( new Catalogue() )->event( 'shop.order_placed' );
		self::assertSame( array( 'Order placed', 'shop', 'order_id' ), array( $event->label, $event->module, $event->record ) );
		self::assertSame( array( 12, '10.00', '' ), array( $event->sample()['order_id'], $event->sample()['total'], $event->sample()['city'] ) );
		self::assertSame( 'billing', $event->variables['total']->class );
		self::assertSame( array( self::ORDER ), $this->form()->all() );
		self::assertSame( array(), $this->form()->save( array( self::ORDER ) ), 'Saved again as it is.' );
	}

	public function testNothingLeavesButTheFieldsThatWereNamed(): void {
		$this->form()->save( array( self::ORDER ) );
		$this->listen();
		$address       = new \stdClass();
		$address->city = 'Sampletown';
		$address->zip  = '12345';
		self::assertSame( '4711', apply_filters( 'shop_order_placed', '4711', array( 'totals' => array( 'sum' => 12.5 ), 'clinic' => 3, 'card_number' => '4111' ), $address, 'hunter2' ) );
		$data = $this->emitter->data( 'shop.order_placed' );
		self::assertSame( array( 4711, '12.5', 'Sampletown', 4711 ), array( $data['order_id'], $data['total'], $data['city'], $data['record_id'] ) );
		self::assertStringNotContainsString( '4111', json_encode( $this->emitter->events ) );
		self::assertStringNotContainsString( 'hunter2', json_encode( $this->emitter->events ) );
		self::assertSame( array( array( 3 ), 4711 ), array( $this->emitter->events[0]['snapshot']['clinic_ids'], $this->emitter->events[0]['snapshot']['record_id'] ) );
	}

	public function testWhateverTheArgumentsAreTheHookGoesOn(): void {
		$this->form()->save( array( self::ORDER ) );
		$this->listen();
		$trap = new class {
			public string $visible = 'x';
			private string $city   = 'hidden';
			public function __get( string $name ): mixed {
				throw new \LogicException( "asked for $name" );
			}
		};
		foreach ( array( array(), array( null ), array( array(), 'text', $trap ), array( new \stdClass(), array( 'totals' => array( 'sum' => array( 1 ) ) ), $trap ), array( 1.5, $trap, STDIN ) ) as $arguments ) {
			do_action( 'shop_order_placed', ...$arguments );
		}
		self::assertCount( 5, $this->emitter->events );
		foreach ( $this->emitter->events as $event ) {
			self::assertSame( array( null, '', '' ), array( $event['snapshot']['data']['order_id'], $event['snapshot']['data']['total'], $event['snapshot']['data']['city'] ) );
		}
	}

	public function testWithoutSubscribersNobodyListens(): void {
		$this->form()->save( array( self::ORDER ) );
		$this->emitter->wanted = array();
		$this->listen();
		self::assertFalse( has_filter( 'shop_order_placed' ) );
	}

	public function testAHookThatFiresAtEveryTurnIsCutOff(): void {
		$this->form()->save( array( self::ORDER ) );
		$this->listen();
		for ( $i = 0; $i < 150; $i++ ) {
			do_action( 'shop_order_placed', $i );
		}
		self::assertCount( 100, $this->emitter->events );
		self::assertCount( 1, $this->lines );
		self::assertStringContainsString( 'shop.order_placed fires too often', $this->lines[0] );
	}

	/** @dataProvider refusedHooks */
	public function testHooksThatCarrySecretsOrFireConstantlyAreRefused( string $hook, string $words ): void {
		self::assertStringContainsString( $words, HookRules::refusal( $hook ) );
		self::assertArrayHasKey( '0.hook', $this->problem( array( 'hook' => $hook ) ) );
		// However it got there.
		$this->options->put( HookEvents::OPTION, array( array( 'hook' => $hook ) + self::ORDER ) );
		self::assertSame( array(), HookEvents::rows() );
	}

	public static function refusedHooks(): array {
		return array(
			array( 'user_register', 'passwords in clear' ),
			array( 'profile_update', 'passwords in clear' ),
			array( 'kc_patient_save', 'passwords in clear' ),
			array( 'kivicare_after_user_register', 'passwords in clear' ),
			array( 'wp_set_password', 'passwords' ),
			array( 'after_password_reset', 'passwords' ),
			array( 'authenticate', 'passwords' ),
			array( 'wp_login', 'passwords' ),
			array( 'retrieve_password_key', 'passwords' ),
			array( 'http_request_args', 'whole requests' ),
			array( 'rest_request_before_callbacks', 'whole requests' ),
			array( 'phpmailer_init', 'whole requests' ),
			array( 'all', 'many times' ),
			array( 'query', 'many times' ),
			array( 'gettext', 'many times' ),
			array( 'option_siteurl', 'many times' ),
			array( 'updated_option', 'many times' ),
			array( 'shutdown', 'many times' ),
			array( 'kivihook_emit', 'of KiviHook itself' ),
			array( "x'y", 'letters, digits' ),
			array( '', 'letters, digits' ),
		);
	}

	public function testOtherHooksAreFine(): void {
		foreach ( array( 'woocommerce_new_order', 'transition_post_status', 'comment_post', 'gform_after_submission', 'my-plugin/saved', 'publish_post', 'kc_service_add', 'woocommerce_order_status_completed' ) as $hook ) {
			self::assertSame( '', HookRules::refusal( $hook ), $hook );
		}
	}

	public function testWrongRowsAreRefusedWithTheirPlace(): void {
		$field = static fn ( array $changes ): array => array( 'fields' => array( $changes + self::ORDER['fields'][0] ) );
		$cases = array(
			'0.id'             => array( 'id' => 'appointment.booked' ),
			'0.fields'         => array( 'fields' => array() ),
			'0.fields.0.path'  => $field( array( 'path' => '0.user_pass' ) ),
			'0.fields.0.type'  => $field( array( 'type' => 'object' ) ),
			'0.fields.1.name'  => array( 'fields' => array( self::ORDER['fields'][0], self::ORDER['fields'][0] ) ),
			'0.clinic'         => array( 'clinic' => 'clinic' ),
		);
		foreach ( $cases as $place => $changes ) {
			self::assertArrayHasKey( $place, $this->problem( $changes ), $place );
		}
		foreach ( array( array( 'id' => 'shop' ), array( 'id' => 'patient.hooked' ), array( 'label' => '' ), array( 'record' => 'total' ), $field( array( 'class' => 'secret' ) ), $field( array( 'name' => 'record_id' ) ) ) as $changes ) {
			self::assertArrayHasKey( '0', $this->problem( $changes ), json_encode( $changes ) );
		}
		self::assertArrayHasKey( '0', $this->form()->save( array( 'nonsense' ) ) );
		self::assertArrayHasKey( '1.id', $this->form()->save( array( self::ORDER, self::ORDER ) ) );
		self::assertSame( array(), HookEvents::rows(), 'Nothing of it was kept.' );
		foreach ( array( '0.card', '1.api_key', '0.a.session_tokens', 'x', '20', '0.', '-1', '0..a' ) as $path ) {
			self::assertNotSame( '', HookRules::refusalOfPath( $path ), $path );
		}
	}
}
