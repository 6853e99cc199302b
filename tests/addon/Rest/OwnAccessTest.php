<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\Tests\Addon\Support\RestTestCase;
use KiviHook\WordPress\Rest\Access;
use KiviHook\WordPress\Rest\Own\Route;
use KiviHook\WordPress\Rest\Own\Table;

/** Every role and capability against every route of kivihook/v1, and whose things are whose. */
final class OwnAccessTest extends RestTestCase {

	private const ROLES = array( 'subscriber', 'editor', 'author', 'contributor', 'kiviCare_doctor', 'kiviCare_receptionist', 'kiviCare_clinic_admin', 'kiviCare_patient' );

	/** @dataProvider routes */
	public function testGuestsAndPeopleWithoutTheCapabilityLearnNothing( string $method, string $path ): void {
		$path = self::filled( $path );
		wp_set_current_user( 0 );
		list( $code, $answer ) = $this->call( $method, $path );
		self::assertSame( array( 401, 'kivihook_not_logged_in' ), array( $code, $answer['code'] ) );
		foreach ( self::ROLES as $role ) {
			if ( null === get_role( $role ) ) {
				add_role( $role, $role, array( 'read' => true ) );
			}
			$this->as( $role );
			list( $code, $answer ) = $this->call( $method, $path );
			self::assertSame( array( 403, 'kivihook_forbidden' ), array( $code, $answer['code'] ), $role );
		}
		$this->as( 'editor', array( 'manage_options' ) );
		self::assertSame( 403, $this->call( $method, $path )[0], 'manage_options alone' );
	}

	/** @dataProvider routes */
	public function testEachCapabilityOpensItsOwnRoutesOnly( string $method, string $path, array $words ): void {
		foreach ( Access::WORDS as $word => $capability ) {
			$this->as( 'subscriber', array( $capability ), array( 1 ) );
			$code = $this->call( $method, self::filled( $path ) )[0];
			in_array( $word, $words, true )
				? self::assertNotContains( $code, array( 401, 500 ), $word )
				: self::assertSame( 403, $code, $word );
		}
		$this->as( 'administrator' );
		self::assertNotContains( $this->call( $method, self::filled( $path ) )[0], array( 401, 403, 500 ), 'administrator' );
	}

	/** @return array<string, array{0: string, 1: string, 2: string[]}> */
	public static function routes(): array {
		$all = array();
		foreach ( Table::routes() as $route ) {
			$all[ "$route->method $route->path" ] = array( $route->method, $route->path, $route->words );
		}
		return $all;
	}

	public function testEveryRegisteredRouteStandsInTheTable(): void {
		$table = array_map( static fn ( Route $route ): string => "$route->method /kivihook/v1" . $route->pattern(), Table::routes() );
		$found = array();
		foreach ( rest_get_server()->get_routes( 'kivihook/v1' ) as $pattern => $handlers ) {
			foreach ( '/kivihook/v1' === $pattern ? array() : $handlers as $handler ) {
				foreach ( array_keys( $handler['methods'] ) as $method ) {
					$found[] = "$method $pattern";
				}
			}
		}
		// What Prometheus reads is no JSON, and stands for itself.
		$table[] = 'GET /kivihook/v1/metrics';
		sort( $table );
		sort( $found );
		self::assertSame( $table, $found );
	}

	public function testOthersSeeAndChangeOnlyWhatBelongsToTheirClinics(): void {
		$ids = array();
		foreach ( array( 'all' => array(), 'north' => array( 1 ), 'both' => array( 1, 2 ), 'south' => array( 2 ) ) as $name => $clinics ) {
			$ids[ $name ] = $this->good( 'POST', 'webhooks', self::draft( compact( 'name', 'clinics' ) ), 201 )['webhook']['id'];
		}
		$everything = array_values( Access::WORDS );
		$this->as( 'subscriber', $everything, array( 1 ) );
		self::assertSame( array( 'north' ), array_column( $this->good( 'GET', 'webhooks' )['items'], 'name' ) );
		self::assertSame( array( array( 'id' => 1, 'name' => 'North' ) ), $this->good( 'GET', 'clinics' )['items'] );
		self::assertSame( array( 1 ), $this->good( 'GET', 'me' )['clinics'] );
		$this->good( 'GET', "webhooks/{$ids['north']}" );
		foreach ( array( 'all', 'both', 'south' ) as $name ) {
			$id = $ids[ $name ];
			foreach ( array( array( 'GET', "webhooks/$id" ), array( 'PUT', "webhooks/$id" ), array( 'DELETE', "webhooks/$id" ), array( 'POST', "webhooks/$id/duplicate" ),
				array( 'POST', "webhooks/$id/resend-failed" ), array( 'POST', "webhooks/$id/cancel-waiting" ) ) as list( $method, $path ) ) {
				$this->refused( $method, $path, array(), 404 );
			}
			$this->refused( 'PUT', "webhooks/$id/active", array( 'active' => false ), 404 );
			foreach ( array( 'check', 'preview', 'test' ) as $trial ) {
				$this->refused( 'POST', "webhooks/$trial", array( 'id' => $id ) + ( 'check' === $trial ? array( 'draft' => array() ) : array() ), 404 );
			}
			// KiviCare's own contract knows the same bounds.
			foreach ( array( array( 'GET', "webhooks/$id" ), array( 'PUT', "webhooks/$id" ), array( 'DELETE', "webhooks/$id" ), array( 'POST', "webhooks/$id/test" ), array( 'GET', "webhooks/statistics/$id" ) ) as list( $method, $path ) ) {
				self::assertSame( 404, $this->call( $method, $path, array(), 'kivicare/v1' )[0], "$method kivicare/v1/$path" );
			}
			self::assertSame( 404, $this->call( 'PATCH', "webhooks/$id/status", array( 'status' => 0 ), 'kivicare/v1' )[0] );
		}
		self::assertSame( array( 'north' ), array_column( $this->call( 'GET', 'webhooks', array(), 'kivicare/v1' )[1]['data']['data'], 'name' ) );
		self::assertSame( array( $ids['north'] ), $this->good( 'POST', 'webhooks/bulk', array( 'action' => 'delete', 'ids' => array_values( $ids ) ) )['done'] );
		$this->call( 'POST', 'webhooks/bulk-delete', array( 'ids' => array_values( $ids ) ), 'kivicare/v1' );
		self::assertCount( 3, $this->own->rows( "SELECT id FROM `{$this->schema->table( 'webhooks' )}`" ) );

		// What they make is for their clinics; they can't widen it.
		$made = $this->good( 'POST', 'webhooks', self::draft(), 201 )['webhook'];
		self::assertSame( array( 1 ), $made['clinics'] );
		self::assertArrayHasKey( 'clinics', $this->refused( 'PUT', "webhooks/{$made['id']}", array( 'clinics' => array() ) ) );
		self::assertArrayHasKey( 'clinics', $this->refused( 'PUT', "webhooks/{$made['id']}", array( 'clinics' => array( 1, 2 ) ) ) );
		self::assertArrayHasKey( 'clinics', $this->refused( 'POST', 'webhooks', self::draft( array( 'clinics' => array( 3 ) ) ) ) );
		$this->as( 'subscriber', $everything );
		self::assertSame( array(), $this->good( 'GET', 'webhooks' )['items'], 'somebody of no clinic' );
		self::assertArrayHasKey( 'clinics', $this->refused( 'POST', 'webhooks', self::draft() ) );
	}

	public function testOthersResendAndReadOnlyWhatConcernsTheirClinics(): void {
		$north = $this->good( 'POST', 'webhooks', self::draft( array( 'clinics' => array( 1 ) ) ), 201 )['webhook']['id'];
		$all   = $this->good( 'POST', 'webhooks', self::draft(), 201 )['webhook']['id'];
		foreach ( array( 1, 2 ) as $clinic ) {
			$this->writer->append( array( 'clinic_ids' => array( $clinic ) ) + $this->event( $clinic ), array( $north, $all ) );
		}
		$this->clinic( "UPDATE wp_kivihook_deliveries SET state = 'failed', due_at = NULL" );
		$rows = $this->own->rows( "SELECT d.id, d.webhook, e.clinic_ids FROM wp_kivihook_deliveries d JOIN wp_kivihook_events e ON e.sequence = d.event ORDER BY d.id" );
		$ids  = array_map( 'intval', array_column( $rows, 'id' ) );
		$this->as( 'subscriber', array_values( Access::WORDS ), array( 1 ) );
		self::assertSame( array( 'resent' => 1, 'skipped' => 3 ), $this->good( 'POST', 'deliveries/resend', array( 'ids' => $ids ) ) );
		$resent = $this->own->rows( "SELECT d.webhook, e.clinic_ids FROM wp_kivihook_deliveries d JOIN wp_kivihook_events e ON e.sequence = d.event WHERE d.state = 'pending'" );
		self::assertSame( array( array( 'webhook' => (string) $north, 'clinic_ids' => '1' ) ), $resent );
		self::assertSame( array( 'cancelled' => 1 ), $this->good( 'POST', 'deliveries/cancel', array( 'ids' => $ids ) ) );
	}

	private static function filled( string $path ): string {
		return str_replace( array( '{id}', '{name}', '{event}' ), array( '999', 'slack', 'appointment.booked' ), $path );
	}
}
