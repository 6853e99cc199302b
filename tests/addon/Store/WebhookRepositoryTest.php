<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\Store;

use KiviHook\Tests\Addon\Support\DatabaseTestCase;
use KiviHook\WordPress\Seal\SealError;
use KiviHook\WordPress\Store\Subscriptions;
use KiviHook\WordPress\Store\Webhook;

final class WebhookRepositoryTest extends DatabaseTestCase {

	public function testKeepsAWebhookAndSealsItsSecrets(): void {
		$webhook = ( new Webhook( name: 'Laboratory 日本', config: array( 'events' => array( 'appointment.booked' ), 'url' => 'https://lab.example/ü' ) ) )
			->withSecrets( array( 'api_key' => 's3cret' ) );
		$id      = $this->webhooks->insert( $webhook );
		$found   = $this->webhooks->find( $id );
		self::assertSame( array( 'Laboratory 日本', 1, true, $webhook->config ), array( $found->name, $found->version, $found->active, $found->config ) );
		self::assertSame( array( 'api_key' => 's3cret' ), $this->webhooks->secrets( $found ) );
		self::assertSame( 0, $this->committed( 'webhooks', "CONCAT(config, secrets) LIKE '%s3cret%'" ) );
		self::assertNull( $this->webhooks->find( $id + 1 ) );
	}

	public function testEveryChangeRaisesTheVersionAndRebuildsTheSubscriptions(): void {
		$webhook       = $this->webhook();
		$webhook->name = 'Renamed';
		$webhook->config['events'] = array( 'patient.added', 'appointment.booked' );
		$this->webhooks->update( $webhook );
		self::assertSame( 2, $webhook->version );
		$found = $this->webhooks->find( $webhook->id );
		self::assertSame( array( 'Renamed', 2 ), array( $found->name, $found->version ) );
		self::assertNotSame( array(), $this->webhooks->secrets( $found ) );
		self::assertSame( array( 'appointment.booked' => array( $webhook->id ), 'patient.added' => array( $webhook->id ) ), $this->subscriptions->all() );
		$this->webhooks->setActive( array( $webhook->id ), false, 'Because.' );
		self::assertSame( array( 3, 'Because.' ), array( $this->webhooks->find( $webhook->id )->version, $this->webhooks->find( $webhook->id )->offReason ) );
		self::assertSame( array(), $this->webhooks->activeFor( 'patient.added' ) );
	}

	public function testSubscriptionsCostNoQueryAndSurviveARollbackOfTheSite(): void {
		$this->wpdb->query( 'START TRANSACTION' );
		$webhook = $this->webhook();
		$this->wpdb->query( 'ROLLBACK' );
		$before = $this->wpdb->num_queries;
		self::assertSame( array( $webhook->id ), $this->subscriptions->webhooks( 'appointment.booked' ) );
		self::assertSame( array(), $this->subscriptions->webhooks( 'x' ) );
		self::assertSame( $before, $this->wpdb->num_queries );
		wp_cache_flush();
		self::assertSame( array( $webhook->id ), $this->subscriptions->webhooks( 'appointment.booked' ) );
		self::assertSame( '1', $this->wpdb->get_var( "SELECT COUNT(*) FROM wp_options WHERE option_name = '" . Subscriptions::OPTION . "' AND autoload IN ('yes', 'on')" ) );
	}

	public function testSecretsOfAnotherRowDoNotOpen(): void {
		$one         = $this->webhook();
		$two         = $this->webhook();
		$two->sealed = $one->sealed;
		$this->expectException( SealError::class );
		$this->webhooks->secrets( $two );
	}

	public function testPages(): void {
		foreach ( range( 1, 5 ) as $i ) {
			$this->webhook();
		}
		$this->webhooks->setActive( array( 1, 2 ), false );
		$page = $this->webhooks->page( 2, 2 );
		self::assertSame( array( 5, array( 3, 2 ) ), array( $page['total'], array_map( fn ( Webhook $one ) => $one->id, $page['items'] ) ) );
		self::assertSame( 3, $this->webhooks->page( 1, 10, array( 'active' => true ) )['total'] );
		self::assertSame( 0, $this->webhooks->page( 1, 10, array( 'search' => "%' OR 1=1 -- ?" ) )['total'] );
	}

	public function testProblemsKeepTheLastHundred(): void {
		foreach ( range( 1, 3 ) as $round ) {
			foreach ( range( 1, 50 ) as $i ) {
				$this->problems->add( 'test', "Problem $round.$i \xff" );
			}
			$this->problems->flush();
		}
		self::assertSame( 100, $this->committed( 'problems' ) );
		self::assertSame( 'Problem 3.50 ?', $this->problems->latest( 1 )[0]['message'] );
		$this->problems->markSeen( $this->problems->latest( 1 )[0]['id'] );
		self::assertSame( array(), $this->problems->latest( 5, true ) );
	}
}
