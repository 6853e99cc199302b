<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\WordPress\Rest\Input;
use KiviHook\WordPress\Webhooks\Refused;
use PHPUnit\Framework\TestCase;
use WP_REST_Request;

final class InputTest extends TestCase {

	private static function request( array $params ): WP_REST_Request {
		$request = new WP_REST_Request( 'DELETE', '/kivicare/v1/webhook-logs' );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_body( (string) json_encode( $params ) );
		return $request;
	}

	/** @dataProvider ids */
	public function testReadsIdsAsTheScreensSendThem( mixed $sent, array $ids ): void {
		self::assertSame( $ids, Input::ids( self::request( array( 'ids' => $sent ) ) ) );
	}

	public static function ids(): array {
		return array(
			'a list'           => array( array( 3, 1, '2', 3 ), array( 1, 2, 3 ) ),
			'a bare number'    => array( 5, array( 5 ) ),
			'a number in text' => array( '5', array( 5 ) ),
			'commas'           => array( '5,6', array( 5, 6 ) ),
			'a whole row'      => array(
				array(
					'id'           => 9,
					'webhook_name' => 'x',
				),
				array( 9 ),
			),
			'rows'             => array( array( array( 'id' => 9 ), array( 'id' => '8' ) ), array( 8, 9 ) ),
		);
	}

	/** @dataProvider wrongIds */
	public function testRefusesOtherIds( mixed $sent ): void {
		$this->expectException( Refused::class );
		Input::ids( self::request( array( 'ids' => $sent ) ) );
	}

	public static function wrongIds(): array {
		return array(
			'nothing'        => array( null ),
			'an empty list'  => array( array() ),
			'words'          => array( 'all' ),
			'zero'           => array( 0 ),
			'negative'       => array( array( 1, -2 ) ),
			'a fraction'     => array( 1.5 ),
			'true'           => array( true ),
			'a list in a row' => array( array( 'id' => array( 1 ) ) ),
			'too many'       => array( range( 1, 1001 ) ),
		);
	}

	public function testTheRouteNamesTheWebhookNotTheBody(): void {
		$request = self::request( array( 'id' => 7 ) );
		$request->set_url_params( array( 'id' => '5' ) );
		self::assertSame( 5, Input::id( $request ) );
	}

	/**
	 * KiviCare 4.3 leaves the encrypted body, one JSON string, where WordPress looks for JSON, and sets the decrypted
	 * members as query and form parameters.
	 */
	public function testReadsWhatKiviCareDecrypted(): void {
		$request = new WP_REST_Request( 'DELETE', '/kivicare/v1/webhook-logs' );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_body( '"bm90IGZvciB5b3U="' );
		$request->set_query_params( array( 'ids' => 4 ) );
		$request->set_body_params( array( 'ids' => 4 ) );
		self::assertSame( array( 4 ), Input::ids( $request ) );
	}

	public function testPages(): void {
		self::assertSame( array( 1, 10 ), Input::page( self::request( array() ) ) );
		self::assertSame( array( 2, 25 ), Input::page( self::request( array( 'page' => '2', 'per_page' => 25 ) ) ) );
		self::assertSame( array( 1, 100 ), Input::page( self::request( array( 'page' => -1, 'per_page' => 5000 ) ) ) );
		self::assertSame( array( 1, 1 ), Input::page( self::request( array( 'page' => 'x', 'per_page' => 0 ) ) ) );
		self::assertSame( 3, Input::pagination( 1, 10, 21 )['lastPage'] );
		self::assertSame( 1, Input::pagination( 1, 10, 0 )['lastPage'] );
	}

	public function testDaysAreTheClinicsDays(): void {
		$zone = static function (): string {
			return 'Europe/Berlin';
		};
		add_filter( 'pre_option_timezone_string', $zone );
		$range = Input::range( self::request( array( 'a' => '2026-11-23', 'b' => '2026-11-23T10:00:00Z' ) ), 'a', 'b' );
		remove_filter( 'pre_option_timezone_string', $zone );
		self::assertSame( array( '2026-11-22 23:00:00', '2026-11-23 22:59:59' ), $range );
		self::assertSame( array( null, null ), Input::range( self::request( array( 'a' => '' ) ), 'a', 'b' ) );
	}

	public function testRefusesADayThatIsNone(): void {
		$this->expectException( Refused::class );
		Input::range( self::request( array( 'a' => '2026-02-30' ) ), 'a', 'b' );
	}
}
