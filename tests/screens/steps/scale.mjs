// A big clinic: a thousand webhooks and a hundred thousand deliveries. Lists are paged by the server, whatever their length.

import assert from 'node:assert/strict';
import { inWordPress } from '../lib.mjs';

const WEBHOOKS = 1000;
const DELIVERIES = 100000;

/** Copies of the newest webhook, and deliveries of one event, in MariaDB itself: by requests it would take hours. */
const FILL = `
global $wpdb;
$p = $wpdb->prefix . 'kivihook_';
$run = static function ( $sql ) use ( $wpdb ) {
	if ( false === $wpdb->query( $sql ) ) {
		throw new Exception( $wpdb->last_error );
	}
};
$copy = static function ( $table, $skip, $set, $from ) use ( $wpdb, $p, $run ) {
	$columns = array_diff( $wpdb->get_col( "SHOW COLUMNS FROM \`$p$table\`" ), $skip );
	$values  = array_map( static fn ( $c ) => $set[ $c ] ?? "t.\`$c\`", $columns );
	$run( "INSERT INTO \`$p$table\` (\`" . implode( '\`,\`', $columns ) . '\`) SELECT ' . implode( ',', $values ) . " FROM \`$p$table\` t JOIN $from" );
};
$webhook = (int) $wpdb->get_var( "SELECT MAX(id) FROM \`{$p}webhooks\`" );
$event   = (int) $wpdb->get_var( "SELECT MAX(sequence) FROM \`{$p}events\`" );
$copy( 'webhooks', array( 'id' ), array( 'name' => "CONCAT('Branch ', LPAD(s.seq, 4, '0'))", 'active' => '0' ), "seq_1_to_${ WEBHOOKS } s WHERE t.id = $webhook" );
$run( "INSERT INTO \`{$p}deliveries\` (event, webhook, state, attempt, last_status, created_at, updated_at) SELECT $event, $webhook, IF(s.seq % 50 = 0, 'failed', 'succeeded'), 1, IF(s.seq % 50 = 0, 500, 200), UTC_TIMESTAMP(3) - INTERVAL s.seq SECOND, UTC_TIMESTAMP(3) FROM seq_1_to_${ DELIVERIES } s" );
echo $webhook;
`;

export async function scale( { story, screen, page } ) {
	const asked = [];
	const note = async ( response ) => {
		if ( /kivihook\/v1\/(webhooks|deliveries)\?/.test( response.url() ) && response.ok() ) {
			asked.push( { url: new URL( response.url() ), rows: ( await response.json() ).items.length, ms: response.request().timing().responseEnd } );
		}
	};

	await story.step( `a thousand webhooks and ${ DELIVERIES } deliveries are there`, async () => {
		await screen.open();
		inWordPress( screen.site, FILL );
		const { json } = await screen.rest( 'GET', 'kivihook/v1/webhooks' );
		assert.ok( json.total >= WEBHOOKS, String( json.total ) );
	} );

	await story.step( 'both lists load a page at a time, find by search and filter, and go on to the next page', async () => {
		page.on( 'response', note );
		await screen.open( 'webhooks' );
		await screen.row( 'Branch 0001' ).waitFor();
		assert.ok( ( await page.locator( '.dataviews-view-table tbody tr' ).count() ) <= 20 );
		await screen.button( 'Next page' ).click();
		await screen.row( 'Branch 0001' ).waitFor( { state: 'detached' } );
		await screen.row( 'Branch 0025' ).waitFor();
		await page.getByRole( 'searchbox' ).fill( 'Branch 0999' );
		await screen.row( 'Branch 0999' ).waitFor();
		assert.equal( await page.locator( '.dataviews-view-table tbody tr' ).count(), 1 );
		await screen.open( 'log' );
		await page.locator( '.dataviews-view-table tbody tr' ).first().waitFor();
		const first = await page.locator( '.dataviews-view-table tbody' ).innerText();
		await screen.button( 'Older' ).click();
		await page.waitForFunction( ( text ) => document.querySelector( '.dataviews-view-table tbody' )?.innerText !== text, first );
		await screen.open( 'log?state=failed' );
		await page.locator( '.dataviews-view-table tbody' ).getByText( 'Failed' ).first().waitFor();
		await screen.open();
		await page.locator( '.kh-figures' ).waitFor();
		page.off( 'response', note );
		assert.ok( asked.length >= 5 );
		assert.deepEqual( asked.filter( ( one ) => one.rows > 100 ).map( ( one ) => one.url.href ), [], 'nothing is loaded whole' );
		for ( const { url, rows, ms } of asked ) {
			console.log( `        ${ String( Math.round( ms ) ).padStart( 5 ) } ms ${ String( rows ).padStart( 4 ) } rows ${ url.searchParams.get( 'rest_route' ) ?? url.pathname.replace( /.*kivihook\/v1/, '' ) }${ url.search.slice( 0, 90 ) }` );
		}
	} );
}
