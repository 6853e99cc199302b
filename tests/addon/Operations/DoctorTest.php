<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Operations;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Admin\SiteHealth;
use KiviHook\WordPress\Delivery\Watch;
use KiviHook\WordPress\Operations\Doctor;
use KiviHook\WordPress\Operations\Finding;
use KiviHook\WordPress\Operations\Libraries;
use KiviHook\WordPress\Operations\Metrics;
use KiviHook\WordPress\Plugin;
use KiviHook\WordPress\Store\Schema;
use KiviHook\WordPress\Store\Workers;

/** What is wrong is found, and only that. */
final class DoctorTest extends DatabaseTestCase {

	private Doctor $doctor;
	private Plugin $plugin;

	protected function setUp(): void {
		parent::setUp();
		$this->plugin = new Plugin( $this->wpdb );
		$this->doctor = new Doctor( $this->plugin );
		$this->plugin->keyring()->prepare();
		$this->options->put( Watch::RAN, time() );
	}

	public function testLateDeliveriesAreCriticalAndSiteHealthSaysSo(): void {
		$this->writer->append( $this->event( 1 ), array( $this->webhook()->id ) );
		$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3) - INTERVAL 14 MINUTE' );
		self::assertSame( Finding::GOOD, $this->finding( 'queue' )->status );
		$this->clinic( 'UPDATE wp_kivihook_deliveries SET due_at = UTC_TIMESTAMP(3) - INTERVAL 16 MINUTE' );
		self::assertSame( Finding::CRITICAL, $this->finding( 'queue' )->status );
		self::assertStringContainsString( '16 minutes', $this->finding( 'queue' )->text );
		$health = new SiteHealth( $this->doctor );
		self::assertSame( 'critical', $health->test()['status'] );
		self::assertStringContainsString( '16 minutes', $health->test()['description'] );
		self::assertArrayHasKey( 'kivihook_queue', $health->tests( array() )['direct'] );
		self::assertSame( Plugin::VERSION, $health->information( array() )['kivihook']['fields']['version']['value'] );
		self::assertTrue( $health->information( array() )['kivihook']['fields']['proxy']['private'] );
	}

	public function testNobodyWhoSendsIsCritical(): void {
		self::assertSame( Finding::GOOD, $this->finding( 'senders' )->status );
		$this->options->put( Watch::RAN, time() - 600 );
		self::assertSame( Finding::CRITICAL, $this->finding( 'senders' )->status );
		( new Workers( $this->own, $this->schema ) )->beat( 'w', 1 );
		self::assertSame( Finding::GOOD, $this->finding( 'senders' )->status );
	}

	public function testMissingAndOlderAndNewerTablesAreTold(): void {
		self::assertSame( Finding::GOOD, $this->finding( 'tables' )->status );
		$this->clinic( 'DROP TABLE wp_kivihook_tokens' );
		self::assertStringContainsString( 'tokens', $this->finding( 'tables' )->text );
		$this->schema->create();
		$this->options->put( Schema::OPTION, 1 );
		self::assertStringContainsString( 'older', $this->finding( 'tables' )->text );
		$this->options->put( Schema::OPTION, 99 );
		self::assertStringContainsString( 'newer', $this->finding( 'tables' )->text );
	}

	public function testOneExaminationThatFailsLeavesTheOthers(): void {
		$this->clinic( 'DROP TABLE wp_kivihook_deliveries' );
		self::assertSame( Finding::CRITICAL, $this->finding( 'queue' )->status );
		self::assertSame( Finding::GOOD, $this->finding( 'clock' )->status );
	}

	public function testLibrariesAreRead(): void {
		if ( ! extension_loaded( 'kivihook' ) ) {
			self::assertSame( array( 'running' => '', 'compiled' => '' ), Libraries::versions() );
			return;
		}
		foreach ( Libraries::versions() as $text ) {
			self::assertMatchesRegularExpression( '/libcurl.*OpenSSL/', $text );
			self::assertStringNotContainsString( '=>', $text );
		}
	}

	public function testMetricsKeepToTheirFormatWhateverAWebhookIsCalled(): void {
		$webhook       = $this->webhook();
		$webhook->name = "a\\b \"c\"";
		$this->webhooks->update( $webhook );
		$text = ( new Metrics( $this->plugin ) )->text();
		self::assertStringContainsString( "kivihook_webhook_active{webhook=\"$webhook->id\",name=\"a\\\\b \\\"c\\\"\"} 1\n", $text );
		self::assertStringEndsWith( "\n", $text );
	}

	private function finding( string $id ): Finding {
		foreach ( ( new Doctor( $this->plugin ) )->examine() as $finding ) {
			if ( $id === $finding->id ) {
				return $finding;
			}
		}
		self::fail( "no finding $id" );
	}
}
