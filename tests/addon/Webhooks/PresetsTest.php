<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Webhooks;

use KiviHook\Tests\Addon\Support\RestTestCase;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Webhooks\Editor\DataClasses;
use KiviHook\WordPress\Webhooks\Presets\AnalyticsHosts;
use KiviHook\WordPress\Webhooks\Presets\Presets;

/**
 * Each preset, once its values are pasted, makes the request that its service describes. The shapes in tests/fixtures/presets
 * are written after the pages that each names as its source.
 */
final class PresetsTest extends RestTestCase {

	/** What chat services may not learn by default, as the samples have it. */
	private const PERSON = array( 'Pat Example', 'pat@example.com', '2025550102', 'check-up', 'Blood test', 'Sample Mutual' );

	public static function ids(): array {
		$all = array();
		foreach ( Presets::ids() as $id ) {
			$all[ $id ] = array( $id );
		}
		return $all;
	}

	/** @dataProvider ids */
	public function testMakesTheRequestThatTheServiceDescribes( string $id ): void {
		$fixture = json_decode( (string) file_get_contents( __DIR__ . "/../../fixtures/presets/$id.json" ), true );
		$made    = $this->good( 'POST', "presets/$id", array( 'values' => $fixture['values'] ) );
		self::assertSame( array(), $made['notes'] );
		$request = $this->good( 'POST', 'webhooks/preview', array( 'draft' => $made['draft'] ) )['request'];

		self::assertSame( $fixture['method'] ?? 'POST', $request['method'] );
		self::assertMatchesRegularExpression( '~' . $fixture['url'] . '~', $request['url'] );
		$headers = array_change_key_case( array_column( $request['headers'], 1, 0 ) );
		self::assertStringStartsWith( $fixture['content_type'], $headers['content-type'] );
		foreach ( array_merge( $fixture['headers'] ?? array(), isset( $fixture['authorization'] ) ? array( 'authorization' ) : array() ) as $name ) {
			self::assertArrayHasKey( $name, $headers );
		}
		$valid = rest_validate_value_from_schema( self::body( $request['body'], $headers['content-type'] ), $fixture['body'], 'body' );
		self::assertTrue( $valid, is_wp_error( $valid ) ? $valid->get_error_message() . "\n" . $request['body'] : '' );

		// It can be stored as it is, by one more click.
		$stored = $this->good( 'POST', 'webhooks', $made['draft'], 201 )['webhook'];
		self::assertSame( $id, $stored['preset'] );
		foreach ( $made['draft']['secrets'] ?? array() as $secret ) {
			self::assertStringNotContainsString( $secret, json_encode( array_diff_key( $stored, array( 'url' => 1 ) ) ) );
		}
	}

	/** @dataProvider ids */
	public function testWorksForEveryEvent( string $id ): void {
		$fixture = json_decode( (string) file_get_contents( __DIR__ . "/../../fixtures/presets/$id.json" ), true );
		foreach ( array_chunk( array_keys( ( new Catalogue() )->events() ), 7 ) as $events ) {
			$made  = $this->good( 'POST', "presets/$id", array( 'values' => $fixture['values'], 'events' => $events ) );
			$check = $this->good( 'POST', 'webhooks/check', array( 'draft' => $made['draft'] ) );
			self::assertTrue( $check['valid'], json_encode( $check ) );
		}
	}

	public function testChatAndAnalyticsCarryNobody(): void {
		foreach ( $this->good( 'GET', 'presets' )['items'] as $preset ) {
			if ( ! in_array( $preset['group'], array( 'chat', 'analytics' ), true ) ) {
				continue;
			}
			self::assertFalse( $preset['person_level'], $preset['id'] );
			self::assertSame( array(), array_intersect( DataClasses::PERSON_LEVEL, $preset['classes'] ) );
			$fixture = json_decode( (string) file_get_contents( __DIR__ . "/../../fixtures/presets/{$preset['id']}.json" ), true );
			foreach ( array_keys( ( new Catalogue() )->events() ) as $event ) {
				$draft = $this->good( 'POST', "presets/{$preset['id']}", array( 'values' => $fixture['values'], 'events' => array( $event ) ) )['draft'];
				// Even where somebody allowed every class afterwards, the texts themselves name nobody.
				$draft   = array( 'classes' => null ) + $draft;
				$request = $this->good( 'POST', 'webhooks/preview', array( 'draft' => $draft ) )['request'];
				foreach ( self::PERSON as $word ) {
					self::assertStringNotContainsString( $word, $request['url'] . $request['body'], "{$preset['id']} $event" );
				}
			}
			if ( 'analytics' === $preset['group'] ) {
				self::assertNotSame( '', AnalyticsHosts::named( $draft['url'] ) );
				self::assertStringContainsString( '{{event_id}}', $draft['body'] );
				self::assertStringNotContainsString( 'record_id', $draft['body'] );
			}
		}
	}

	public function testSaysWhatIsWrongWithAValue(): void {
		$errors = $this->refused( 'POST', 'presets/slack', array( 'values' => array( 'webhook_url' => 'https://evil.example/services/x' ) ) );
		self::assertStringContainsString( 'https://hooks.slack.com/', $errors['values.webhook_url'] );
		self::assertArrayHasKey( 'values.webhook_url', $this->refused( 'POST', 'presets/n8n', array( 'values' => array( 'webhook_url' => 'https://n8n.example/{{patient_name}}' ) ) ) );
		self::assertSame( array( 'values.account_sid', 'values.auth_token', 'values.from' ), array_keys( $this->refused( 'POST', 'presets/twilio' ) ) );
		self::assertArrayHasKey( 'events.0', $this->refused( 'POST', 'presets/n8n', array( 'values' => array( 'webhook_url' => 'https://n8n.example/x' ), 'events' => array( 'nope' ) ) ) );
		$this->refused( 'POST', 'presets/nope', array(), 404 );
	}

	public function testEachSaysWhereItsValuesAreFound(): void {
		foreach ( $this->good( 'GET', 'presets' )['items'] as $preset ) {
			self::assertMatchesRegularExpression( '~\Ahttps://~', $preset['docs'], $preset['id'] );
			foreach ( $preset['fields'] as $field ) {
				self::assertTrue( '' !== $field['help'] || 'choice' === $field['type'] || ! $field['required'], "{$preset['id']} {$field['name']}" );
			}
		}
	}

	/** A body as its receiver takes it apart. */
	private static function body( string $body, string $type ): mixed {
		if ( str_contains( $type, 'json' ) ) {
			return json_decode( $body, true );
		}
		if ( str_starts_with( $type, 'multipart/' ) ) {
			preg_match_all( '/name="([^"]+)"\r\n\r\n(.*?)\r\n--/s', $body, $found );
			return array_combine( $found[1], $found[2] );
		}
		parse_str( $body, $fields );
		return $fields;
	}
}
