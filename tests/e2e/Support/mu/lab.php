<?php
/**
 * Another plugin with an event of its own, as docs/custom-events.md has it. It fires at ?lab_result=ID, in a transaction
 * that is rolled back if ?lab_undo=1. At ?lab_tube=ID a hook fires that knows nothing of events.
 */

declare(strict_types=1);

add_filter(
	'kivihook_events',
	static function ( array $events ): array {
		$events['lab.result_ready'] = array(
			'label'     => 'Laboratory result ready',
			'module'    => 'Laboratory',
			'record'    => 'result_id',
			'variables' => array(
				'result_id' => array( 'type' => 'integer', 'label' => 'Result', 'class' => 'operational', 'sample' => 12 ),
				'test_name' => array( 'label' => 'Test', 'class' => 'operational', 'sample' => 'HbA1c' ),
				'values'    => array( 'type' => 'list', 'class' => 'operational', 'sample' => array( 1 ) ),
			),
		);
		return $events;
	}
);

add_action(
	'wp_loaded',
	static function (): void {
		if ( isset( $_GET['lab_tube'] ) ) {
			$kept = apply_filters( 'lab_tube_scanned', (int) $_GET['lab_tube'], array( 'rack' => 'A7', 'secret' => 'LAB-SECRET' ), 'LAB-SECRET' );
			wp_send_json( array( 'status' => true, 'kept' => $kept ) );
		}
		if ( ! isset( $_GET['lab_result'] ) ) {
			return;
		}
		global $wpdb;
		$wpdb->query( 'START TRANSACTION' );
		do_action(
			'kivihook_emit',
			'lab.result_ready',
			array(
				'result_id' => (int) $_GET['lab_result'],
				'test_name' => 'HbA1c',
				'values'    => array( array( 'value' => 5.4 ) ),
				'password'  => 'LAB-SECRET',
			),
			array( 'clinic_ids' => array( 1 ) )
		);
		$wpdb->query( empty( $_GET['lab_undo'] ) ? 'COMMIT' : 'ROLLBACK' );
		wp_send_json( array( 'status' => true, 'function' => function_exists( 'kivihook_emit' ) ) );
	}
);
