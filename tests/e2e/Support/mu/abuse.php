<?php
/**
 * Another plugin whose event is told from within a snapshot that dies: ?abuse=HOW&number=N, with HOW one of fine, exit, fatal,
 * memory, throw. It opens a transaction first, and commits it unless it died.
 */

declare(strict_types=1);

add_filter(
	'kivihook_events',
	static function ( array $events ): array {
		$events['abuse.happened'] = array(
			'label'     => 'Abuse',
			'module'    => 'Abuse',
			'record'    => 'number',
			'variables' => array( 'number' => array( 'type' => 'integer', 'class' => 'operational', 'sample' => 1 ) ),
		);
		return $events;
	}
);

add_action(
	'wp_loaded',
	static function (): void {
		// On a network's sites it may not be active.
		if ( ! isset( $_GET['abuse'] ) || ! class_exists( 'KiviHook\WordPress\Plugin' ) ) {
			return;
		}
		global $wpdb;
		$listener = KiviHook\WordPress\Plugin::container()->engines()->engine()->listener(
			'abuse.happened',
			static function ( string $how, int $number ): array {
				switch ( $how ) {
					case 'exit':
						exit( 'gone' );
					case 'fatal':
						trigger_error( 'a snapshot dies', E_USER_ERROR );
						break;
					case 'memory':
						ini_set( 'memory_limit', (string) ( memory_get_usage() + 4_000_000 ) );
						$all = array();
						while ( true ) {
							$all[] = str_repeat( 'x', 100_000 );
						}
					case 'throw':
						throw new RuntimeException( 'a snapshot throws' );
				}
				return array( 'data' => array( 'number' => $number, 'record_id' => $number ), 'record_id' => $number, 'clinic_ids' => array( 1 ) );
			}
		);
		$wpdb->query( 'START TRANSACTION' );
		$listener( (string) $_GET['abuse'], (int) $_GET['number'] );
		$wpdb->query( 'COMMIT' );
		wp_send_json( array( 'status' => true ) );
	}
);
