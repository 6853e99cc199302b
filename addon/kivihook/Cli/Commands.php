<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Cli;

use KiviHook\WordPress\Plugin;

/** `wp kivihook …` */
final class Commands {

	public static function register( Plugin $plugin ): void {
		$operations = new OperationsCommand( $plugin );
		$webhooks   = new WebhookCommand( $plugin );
		$deliveries = new DeliveriesCommand( $plugin );
		$transfer   = new TransferCommand( $plugin );
		$seal       = new SealCommand( $plugin );
		$commands   = array(
			'doctor'      => array( $operations, 'doctor' ),
			'list'        => array( $webhooks, 'index' ),
			'get'         => array( $webhooks, 'get' ),
			'create'      => array( $webhooks, 'create' ),
			'update'      => array( $webhooks, 'update' ),
			'delete'      => array( $webhooks, 'delete' ),
			'enable'      => array( $webhooks, 'enable' ),
			'disable'     => array( $webhooks, 'disable' ),
			'test'        => array( $webhooks, 'test' ),
			'events'      => new EventsCommand( $plugin ),
			'deliveries'  => new DeliveryListCommand( $plugin ),
			'resend'      => array( $deliveries, 'resend' ),
			'cancel'      => array( $deliveries, 'cancel' ),
			'confirm'     => array( $deliveries, 'confirm' ),
			'retry-now'   => array( $deliveries, 'retryNow' ),
			'export'      => array( $transfer, 'export' ),
			'import'      => array( $transfer, 'import' ),
			'place'       => new PlaceCommand( $plugin ),
			'seal rotate' => array( $seal, 'rotate' ),
			'work'        => new WorkCommand( $plugin ),
			'recipients'  => new RecipientsCommand( $plugin ),
			'status'      => array( $operations, 'status' ),
			'stats'       => array( $operations, 'stats' ),
		);
		foreach ( $commands as $name => $command ) {
			\WP_CLI::add_command( "kivihook $name", $command, 'doctor' === $name ? array() : array( 'before_invoke' => static fn () => self::guard( $plugin ) ) );
		}
	}

	/** An older plugin on tables of a newer one touches nothing, on the command line either. */
	private static function guard( Plugin $plugin ): void {
		if ( $plugin->schema()->newer() ) {
			\WP_CLI::error( 'The tables were made by a newer version of KiviHook: install that version again.' );
		}
	}
}
