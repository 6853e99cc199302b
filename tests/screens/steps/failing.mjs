// An endpoint that fails: found, understood, repaired, sent again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { book } from '../lib.mjs';

export async function failing( { story, screen, page, endpoint } ) {
	await story.step( 'a failing endpoint is on top of the overview, with its reason', async () => {
		await screen.open();
		const made = await screen.rest( 'POST', 'kivihook/v1/webhooks', {
			name: 'Laboratory',
			events: [ 'appointment.booked' ],
			url: `${ endpoint.url }/status/500`,
			body: '{"id": {{appointment_id}}}',
			retry: { schedule_s: [ 3600 ] },
		} );
		assert.equal( made.status, 201, JSON.stringify( made.json ) );
		await book( screen );
		await until( async () => {
			const { json } = await screen.rest( 'GET', `kivihook/v1/deliveries?webhook=${ made.json.webhook.id }` );
			return json.items[ 0 ]?.attempt >= 1 && json.items[ 0 ].state !== 'leased';
		} );
		await screen.open();
		const card = page.getByRole( 'region', { name: 'Needs your attention' } );
		await card.getByText( 'Laboratory' ).waitFor();
		assert.match( await card.innerText(), /500/ );
		await screen.picture( 'window-overview', false );
	} );

	await story.step( 'one click leads to its first failure, which is explained', async () => {
		await screen.open();
		await screen.link( 'First failure of Laboratory' ).click();
		await screen.heading( /^Delivery \d+/ ).waitFor();
		const wrong = page.getByRole( 'region', { name: 'What went wrong' } );
		assert.match( await wrong.innerText(), /500/ );
		await page.locator( '.kh-screen' ).getByText( /is due in/ ).waitFor();
		await page.getByRole( 'heading', { name: 'Response' } ).waitFor();
		await page.getByText( '"status":500' ).first().waitFor();
		await screen.picture( 'window-delivery', false );
	} );

	await story.step( 'it is repaired and sent again', async () => {
		await screen.open();
		await screen.link( 'First failure of Laboratory' ).click();
		await screen.link( 'Repair the webhook' ).click();
		await screen.heading( 'Laboratory' ).waitFor();
		await screen.field( 'URL' ).fill( `${ endpoint.url }/laboratory` );
		await screen.button( 'Save', { exact: true } ).click();
		await screen.said( 'Saved.' );
		await screen.link( 'Its log' ).click();
		await screen.heading( 'Log' ).waitFor();
		await page.locator( '.dataviews-view-table tbody tr' ).first().getByRole( 'link' ).click();
		await screen.button( 'Send again' ).click();
		await screen.said( '1 delivery goes out again.' );
		// Without a worker it goes out after that answer, not with the schedule's next minute.
		await until( () => endpoint.inbox.some( ( one ) => one.url === '/laboratory' ) );
		const sent = ( await screen.rest( 'GET', 'kivihook/v1/deliveries?state=succeeded' ) ).json.items.find( ( one ) => one.webhook.name === 'Laboratory' );
		const tries = ( await screen.rest( 'GET', `kivihook/v1/deliveries/${ sent.id }` ) ).json.attempts;
		assert.ok( tries.some( ( one ) => one.driver === 'inline' && one.succeeded ), JSON.stringify( tries.map( ( one ) => one.driver ) ) );
		await page.locator( '.kh-facts' ).getByText( 'Delivered' ).waitFor();
	} );

	await story.step( 'the log is filtered, searched and live', async () => {
		await screen.open( 'log' );
		await page.locator( '.dataviews-view-table tbody tr' ).first().waitFor();
		const before = await page.locator( '.dataviews-view-table tbody tr' ).count();
		await book( screen );
		await page.waitForFunction( ( count ) => document.querySelectorAll( '.dataviews-view-table tbody tr' ).length > count, before );
		await screen.open( 'log?state=cancelled' );
		await page.getByText( 'Nothing matches.' ).waitFor();
		await screen.open( 'log?state=succeeded' );
		await screen.row( 'Delivered' ).first().waitFor();
		assert.equal( await page.locator( '.dataviews-view-table tbody' ).getByText( 'Failed', { exact: true } ).count(), 0 );
		await page.getByRole( 'searchbox' ).fill( 'nothing-like-this' );
		await page.getByText( 'Nothing matches.' ).waitFor();
	} );

	await story.step( 'an open menu outlives the live update', async () => {
		await screen.open( 'log' );
		const row = page.locator( '.dataviews-view-table tbody tr' ).first();
		await row.getByRole( 'button', { name: 'Actions' } ).click();
		const item = page.getByRole( 'menuitem', { name: 'Show attempts' } );
		await item.waitFor();
		for ( let i = 0; i < 2; i++ ) {
			await page.waitForResponse( ( response ) => /kivihook\/v1\/deliveries/.test( response.url() ) );
		}
		await page.waitForTimeout( 200 );
		await item.click( { timeout: 2000 } );
		await screen.heading( /^Delivery \d+/ ).waitFor();
	} );

	await story.step( 'what the log shows is exported', async () => {
		await screen.open( 'log' );
		for ( const format of [ 'CSV', 'JSON' ] ) {
			await screen.button( 'Export' ).click();
			const [ download ] = await Promise.all( [ page.waitForEvent( 'download' ), page.getByRole( 'menuitem', { name: format } ).click() ] );
			const content = readFileSync( await download.path(), 'utf8' );
			assert.match( content, /appointment\.booked/ );
			if ( format === 'JSON' ) {
				JSON.parse( content );
			}
		}
	} );

	await story.step( 'what waits is taken back after a question', async () => {
		await screen.open();
		const made = await screen.rest( 'POST', 'kivihook/v1/webhooks', { name: 'Unreachable', events: [ 'appointment.booked' ], url: 'http://127.0.0.1:9/', retry: { schedule_s: [ 3600 ] } } );
		const id = made.json.webhook.id;
		await book( screen );
		let delivery;
		await until( async () => {
			delivery = ( await screen.rest( 'GET', `kivihook/v1/deliveries?webhook=${ id }` ) ).json.items[ 0 ];
			return delivery?.attempt >= 1 && delivery.state === 'pending';
		} );
		await screen.open( `log/${ delivery.id }` );
		await screen.button( 'Take back' ).click();
		await page.getByRole( 'dialog' ).getByRole( 'button', { name: 'Take back' } ).click();
		await page.locator( '.kh-facts' ).getByText( 'Cancelled' ).waitFor();
		await screen.rest( 'DELETE', `kivihook/v1/webhooks/${ id }` );
	} );
}

/** Waits for what another process does. */
async function until( holds, seconds = 20 ) {
	const end = Date.now() + seconds * 1000;
	while ( ! ( await holds() ) ) {
		if ( Date.now() > end ) {
			throw new Error( 'It did not come to that in time.' );
		}
		await new Promise( ( resolve ) => setTimeout( resolve, 200 ) );
	}
}
