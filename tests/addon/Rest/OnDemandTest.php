<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\Tests\Addon\Support\RestTestCase;
use KiviHook\WordPress\Rest\OnDemand;

/** Routes of ours are there for whoever needs them, and are not built for who does not. */
final class OnDemandTest extends RestTestCase {

	private const OURS = array( '/kivihook/v1/webhooks', '/kivihook/v1/metrics', '/kivicare/v1/webhooks', '/kivicare/v1/webhook-logs' );

	/** @var callable|null what KiviCare's route does */
	private $work = null;

	protected function setUp(): void {
		parent::setUp();
		add_action( 'rest_api_init', array( $this, 'kivicare' ), 11 );
	}

	protected function tearDown(): void {
		remove_action( 'rest_api_init', array( $this, 'kivicare' ), 11 );
		unset( $GLOBALS['wp']->query_vars['rest_route'] );
		parent::tearDown();
	}

	/** @internal */
	public function kivicare(): void {
		register_rest_route(
			'kivicare/v1',
			'/appointments',
			array(
				'methods'             => 'GET',
				'permission_callback' => '__return_true',
				'callback'            => fn () => null === $this->work ? 'booked' : ( $this->work )(),
			)
		);
	}

	/** What WordPress answers to a request for this route. */
	private function request( string $route, string $method = 'GET' ): \WP_REST_Response {
		$GLOBALS['wp']->query_vars['rest_route'] = $route;
		$this->serve();
		return rest_do_request( new \WP_REST_Request( $method, $route ) );
	}

	/** @return string[] those of OURS that WordPress knows, without asking for them as others do */
	private static function known(): array {
		$server    = rest_get_server();
		$endpoints = new \ReflectionProperty( $server, 'endpoints' );
		$endpoints->setAccessible( true );
		return array_values( array_intersect( self::OURS, array_keys( $endpoints->getValue( $server ) ) ) );
	}

	public function testARequestForARouteOfKiviCaresBuildsNoneOfOurs(): void {
		self::assertSame( 'booked', $this->request( '/kivicare/v1/appointments' )->get_data() );
		// KiviCare looks at all routes before and after its callback, to see what is encrypted.
		rest_get_server()->get_routes();
		self::assertSame( array(), self::known() );
	}

	/** @dataProvider askers */
	public function testEveryOtherRequestFindsThem( string $route, string $method = 'GET' ): void {
		$this->request( $route, $method );
		self::assertSame( self::OURS, self::known(), $route );
	}

	/** @return array<int, array{0: string, 1?: string}> */
	public static function askers(): array {
		return array(
			array( '/' ),
			array( '' ),
			array( '/kivihook/v1' ),
			array( '/kivihook/v1/webhooks' ),
			array( '/KiviHook/V1/webhooks' ),
			array( '/kivicare/v1' ),
			array( '/kivicare/v1/' ),
			array( '/kivicare/v1/webhooks' ),
			array( '/KIVICARE/V1/Webhook-Logs' ),
			array( '/kivicare/v1/webhooks/1', 'OPTIONS' ),
			array( '/batch/v1', 'POST' ),
			array( '/wp/v2' ),
			array( '/somebody/v1/elses' ),
			array( 'kivicare/v1/appointments' ),
		);
	}

	public function testWithoutARestRequestTheyAreThereAtOnce(): void {
		$this->serve();
		self::assertSame( self::OURS, self::known() );
	}

	/** @dataProvider within */
	public function testARequestWithinARequestFindsThem( string $route, string $found ): void {
		$this->work = static fn () => rest_do_request( new \WP_REST_Request( 'GET', $route ) )->get_status();
		$answer     = $this->request( '/kivicare/v1/appointments' );
		self::assertSame( array( 200, 200 ), array( $answer->get_status(), $answer->get_data() ) );
		self::assertContains( $found, self::known() );
	}

	/** @return array<int, array{0: string, 1: string}> */
	public static function within(): array {
		return array(
			array( '/kivihook/v1/webhooks', '/kivihook/v1/webhooks' ),
			array( '/kivicare/v1/webhooks', '/kivicare/v1/webhooks' ),
			array( '/', '/kivicare/v1/webhooks' ),
		);
	}

	/** @dataProvider namespaces */
	public function testWhoLooksAtAllRoutesFromWithinACallbackFindsThem( string $namespace, array $expected ): void {
		$this->work = static fn () => array_values( array_intersect( self::OURS, array_keys( rest_get_server()->get_routes( $namespace ) ) ) );
		self::assertSame( $expected, $this->request( '/kivicare/v1/appointments' )->get_data() );
		// Each once, and as WordPress gives it.
		$handlers = rest_get_server()->get_routes()['/kivicare/v1/webhook-logs'];
		self::assertSame( array( array( 'GET' => true ), array( 'DELETE' => true ) ), array_column( $handlers, 'methods' ) );
	}

	/** @return array<string, array{0: string, 1: string[]}> */
	public static function namespaces(): array {
		return array(
			'all'       => array( '', self::OURS ),
			'KiviCare'  => array( 'kivicare/v1', array( '/kivicare/v1/webhooks', '/kivicare/v1/webhook-logs' ) ),
			'WordPress' => array( 'wp/v2', array() ),
		);
	}

	public function testARequestWithinARequestForAnotherRouteBuildsNone(): void {
		$this->work = static fn () => rest_do_request( new \WP_REST_Request( 'GET', '/wp/v2/types' ) )->get_status();
		self::assertSame( 200, $this->request( '/kivicare/v1/appointments' )->get_data() );
		self::assertSame( array(), self::known() );
	}

	public function testRefusalsKeepTheirShape(): void {
		wp_set_current_user( 0 );
		$this->work = static fn () => rest_do_request( new \WP_REST_Request( 'GET', '/kivicare/v1/webhooks' ) );
		$answer     = $this->request( '/kivicare/v1/appointments' );
		self::assertSame( 401, $answer->get_status() );
		self::assertFalse( $answer->get_data()['status'] );
	}

	public function testOursAreNeverTakenForOthers(): void {
		foreach ( self::OURS as $route ) {
			self::assertFalse( OnDemand::isOthers( $route ) );
		}
		self::assertTrue( OnDemand::isOthers( '/kivicare/v1/appointments/7' ) );
		self::assertTrue( OnDemand::isOthers( '/wp/v2/users/me' ) );
	}
}
