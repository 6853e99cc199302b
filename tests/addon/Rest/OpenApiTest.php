<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Rest;

use KiviHook\Tests\Addon\Support\RestTestCase;
use KiviHook\WordPress\Rest\Own\Table;

/** The OpenAPI document says what the routes do, and what they answer is what it says. */
final class OpenApiTest extends RestTestCase {

	public function testDescribesEveryRouteAndEveryReferenceLeadsSomewhere(): void {
		$document = $this->good( 'GET', 'openapi.json' );
		self::assertSame( '3.1.0', $document['openapi'] );
		$described = array();
		foreach ( $document['paths'] as $path => $operations ) {
			foreach ( array_keys( $operations ) as $method ) {
				$described[] = strtoupper( $method ) . " $path";
			}
		}
		$routes = array_map( static fn ( $route ): string => "$route->method $route->path", Table::routes() );
		sort( $described );
		sort( $routes );
		self::assertSame( $routes, $described );
		$ids = array();
		foreach ( $document['paths'] as $operations ) {
			array_push( $ids, ...array_column( $operations, 'operationId' ) );
		}
		self::assertSame( $ids, array_unique( $ids ) );
		preg_match_all( '~"#/components/(\w+)/(\w+)"~', json_encode( $document, JSON_UNESCAPED_SLASHES ), $found, PREG_SET_ORDER );
		foreach ( $found as list( , $kind, $name ) ) {
			self::assertArrayHasKey( $name, $document['components'][ $kind ] );
		}
	}

	/** @dataProvider answers */
	public function testAnswersAreWhatItSays( string $path, string $template ): void {
		$made     = $this->good( 'POST', 'webhooks', self::draft(), 201 );
		$document = $this->good( 'GET', 'openapi.json' );
		$answer   = $this->good( 'GET', str_replace( '{id}', (string) $made['webhook']['id'], $path ) );
		$schema   = $document['paths'][ $template ]['get']['responses']['200']['content']['application/json']['schema'];
		$valid    = rest_validate_value_from_schema( $answer, self::resolved( $schema, $document['components']['schemas'] ), 'answer' );
		self::assertTrue( $valid, is_wp_error( $valid ) ? $valid->get_error_message() : '' );
	}

	public static function answers(): array {
		return array(
			array( 'webhooks', '/webhooks' ),
			array( 'webhooks/{id}', '/webhooks/{id}' ),
			array( 'deliveries', '/deliveries' ),
			array( 'audit', '/audit' ),
			array( 'presets', '/presets' ),
		);
	}

	/** References replaced by what they lead to: WordPress' validator knows none. */
	private static function resolved( array $schema, array $all ): array {
		if ( isset( $schema['$ref'] ) ) {
			return self::resolved( $all[ basename( $schema['$ref'] ) ], $all );
		}
		return array_map( static fn ( mixed $part ): mixed => is_array( $part ) ? self::resolved( $part, $all ) : $part, $schema );
	}
}
