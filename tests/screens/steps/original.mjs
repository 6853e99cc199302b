// KiviCare's paid add-on, whose place is taken here by a stand-in that says so: it keeps what is its own, and is imported from.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inWordPress } from '../lib.mjs';

const PLUGIN = 'kivicare-webhook-addon/kivicare-webhooks-addon.php';
const CODE = `<?php
/**
 * Plugin Name: Stand-in for the KiviCare Webhook Addon (for tests)
 * Version: 4.0.2
 */
define( 'KIVICARE_WEBHOOKS_ADDON_VERSION', '4.0.2' );
add_action( 'rest_api_init', static function () {
	foreach ( array( 'webhooks', 'webhook-logs' ) as $route ) {
		register_rest_route( 'kivicare/v1', "/$route", array( 'methods' => 'GET', 'permission_callback' => '__return_true', 'callback' => static fn () => array( 'status' => true, 'message' => 'the stand-in answers' ) ) );
	}
} );
`;

/** Tables and shapes as the add-on 1.0.1 has them. */
const TABLES = `
global $wpdb;
$p = $wpdb->prefix;
$wpdb->query( "CREATE TABLE {$p}kc_webhooks (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(192), module_name VARCHAR(192), event_name VARCHAR(192), methods VARCHAR(192), webhook_data LONGTEXT, user_id BIGINT UNSIGNED, status BIGINT(1), created_at DATETIME, updated_at DATETIME)" );
$wpdb->query( "CREATE TABLE {$p}kc_webhooks_logs (id BIGINT AUTO_INCREMENT PRIMARY KEY, module_id BIGINT UNSIGNED, webhook_id BIGINT UNSIGNED, log_data LONGTEXT, created_at DATETIME)" );
$json = array( 'url' => 'https://crm.example/in', 'headers' => array( array( 'key' => 'X-Clinic', 'value' => '{{clinic_name}}' ) ), 'query_parameters' => array( array( 'key' => 'from', 'value' => 'clinic' ) ), 'content_type' => array( 'value' => 'json_data' ), 'json_data' => array( 'who' => '{{patient_name}}', 'id' => '{{appointment_id}}' ) );
$form = array( 'url' => 'https://crm.example/patients', 'headers' => array(), 'query_parameters' => array(), 'content_type' => array( 'value' => 'form_data' ), 'form_data' => array( array( 'key' => 'mail', 'value' => '{{patient_email}}' ) ) );
foreach ( array( array( 'Old CRM', 'appointment', 'kc_appointment_book', 'POST', $json ), array( 'Old <b>list</b>', 'patient', 'kc_patient_save', 'PUT', $form ), array( 'Unknown event', 'x', 'kc_nothing', 'POST', array() ) ) as list( $name, $module, $event, $method, $data ) ) {
	$wpdb->insert( "{$p}kc_webhooks", array( 'name' => $name, 'module_name' => $module, 'event_name' => $event, 'methods' => $method, 'webhook_data' => wp_json_encode( $data ), 'user_id' => 1, 'status' => 1, 'created_at' => '2026-01-01 00:00:00', 'updated_at' => '2026-01-01 00:00:00' ) );
}
$wpdb->insert( "{$p}kc_webhooks_logs", array( 'module_id' => 12, 'webhook_id' => 1, 'log_data' => '{"request": {"body": "Pat Example"}, "response": "ok"}', 'created_at' => '2026-01-02 03:04:05' ) );
$wpdb->insert( "{$p}kc_webhooks_logs", array( 'module_id' => 13, 'webhook_id' => 1, 'log_data' => '{"errors": "no"}', 'created_at' => '2026-01-02 03:04:06' ) );
`;

const CHECKSUM = 'global $wpdb; foreach ( array( "webhooks", "webhooks_logs" ) as $t ) { echo $wpdb->get_row( "CHECKSUM TABLE {$wpdb->prefix}kc_$t", ARRAY_N )[1], " "; }';

export async function original( { story, screen, page, site } ) {
	const folder = join( site.wordpress.path, 'wp-content/plugins/kivicare-webhook-addon' );
	let before;

	await story.step( 'original add-on: while it is active its routes and screens are its own, and we say so', async () => {
		mkdirSync( folder, { recursive: true } );
		writeFileSync( join( site.wordpress.path, 'wp-content/plugins', PLUGIN ), CODE );
		inWordPress( site, `${ TABLES } require_once ABSPATH . 'wp-admin/includes/plugin.php'; $e = activate_plugin( '${ PLUGIN }' ); if ( $e ) { throw new Exception( $e->get_error_message() ); }` );
		before = inWordPress( site, CHECKSUM );
		assert.match( before, /\d+ \d+/ );
		await screen.open();
		const theirs = await screen.rest( 'GET', 'kivicare/v1/webhooks' );
		assert.equal( theirs.json.message, 'the stand-in answers', JSON.stringify( theirs ) );
		assert.equal( ( await screen.rest( 'GET', 'kivicare/v1/webhook-logs' ) ).json.message, 'the stand-in answers' );
		assert.equal( ( await screen.rest( 'GET', 'kivihook/v1/me' ) ).json.original_addon, true );
		await page.goto( `${ site.url }/wp-admin/plugins.php` );
		await page.getByText( 'KiviHook leaves KiviCare\'s Webhooks screens to the KiviCare Webhook Addon' ).waitFor();
	} );

	await story.step( 'original add-on: the notice leads to its import, which takes webhooks and log over once', async () => {
		await screen.link( 'Take its webhooks and its log over' ).click();
		const card = page.getByRole( 'region', { name: 'KiviCare Webhook Addon' } );
		await card.getByText( 'Its tables hold 3 webhooks and 2 rows of log; 0 webhooks have been imported.' ).waitFor();
		await card.getByText( /as long as it is, both send/ ).first().waitFor();
		await card.getByRole( 'button', { name: 'Import its webhooks and log' } ).click();
		await card.getByText( '2 imported, 1 refused.' ).waitFor();
		await card.getByText( 'Old <b>list</b>' ).waitFor();
		assert.deepEqual( await screen.violations(), [] );
		await screen.picture( 'original' );
		await card.getByRole( 'button', { name: 'Import its webhooks and log' } ).click();
		await card.getByText( '0 imported, 1 refused.' ).waitFor();
		const { json } = await screen.rest( 'GET', 'kivihook/v1/webhooks?search=Old' );
		assert.deepEqual( json.items.map( ( one ) => [ one.name, one.active ] ).sort(), [ [ 'Old <b>list</b>', false ], [ 'Old CRM', false ] ] );
		const crm = ( await screen.rest( 'GET', `kivihook/v1/webhooks/${ json.items.find( ( one ) => one.name === 'Old CRM' ).id }` ) ).json;
		assert.deepEqual( crm.events, [ 'appointment.booked' ] );
		assert.match( crm.body, /\{\{patient_name\}\}/ );
		assert.deepEqual( crm.headers, [ { name: 'X-Clinic', value: '{{clinic_name}}' } ] );
		assert.equal( inWordPress( site, CHECKSUM ), before, 'its tables are as they were' );
	} );

	await story.step( 'original add-on: once it is gone the screens are ours, with what was imported', async () => {
		inWordPress( site, `require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins( '${ PLUGIN }' );` );
		rmSync( folder, { recursive: true } );
		await screen.open( 'settings/transfer' );
		await page.getByText( 'Its tables hold 3 webhooks and 2 rows of log; 2 webhooks have been imported.' ).waitFor();
		if ( site.kivicare.generation === 4 ) {
			const ours = await screen.rest( 'GET', 'kivicare/v1/webhooks?per_page=100' );
			assert.ok( ours.json.data.data.some( ( one ) => one.name.startsWith( 'Old CRM' ) ), JSON.stringify( ours.json ).slice( 0, 300 ) );
			const logs = ( await screen.rest( 'GET', 'kivicare/v1/webhook-logs?per_page=100' ) ).json.data.logs.filter( ( one ) => one.webhook_name.startsWith( 'Old CRM' ) );
			assert.deepEqual( logs.map( ( one ) => one.status ).sort(), [ 'failed', 'success' ] );
		}
		inWordPress( site, 'global $wpdb; $wpdb->query( "DROP TABLE {$wpdb->prefix}kc_webhooks, {$wpdb->prefix}kc_webhooks_logs" );' );
		for ( const one of ( await screen.rest( 'GET', 'kivihook/v1/webhooks?search=Old' ) ).json.items ) {
			await screen.rest( 'DELETE', `kivihook/v1/webhooks/${ one.id }` );
		}
	} );
}
