// Names, answers and headers with markup and script: on every screen they stay text.

import assert from 'node:assert/strict';
import { HOSTILE, book } from '../lib.mjs';

export async function hostile( { story, screen, page, endpoint } ) {
	let id;

	const unharmed = async () => {
		await page.waitForTimeout( 300 );
		assert.equal( await page.evaluate( () => window.hacked ), undefined );
		assert.equal( await page.locator( '#kivihook-root img[src="x"], #kivihook-root script' ).count(), 0 );
	};

	await story.step( 'a hostile name stays text in list, editor, question and log', async () => {
		await screen.open();
		const made = await screen.rest( 'POST', 'kivihook/v1/webhooks', {
			name: HOSTILE,
			description: HOSTILE,
			events: [ 'appointment.booked' ],
			url: `${ endpoint.url }/hostile`,
			headers: [ { name: 'X-Note', value: HOSTILE.replace( '{{7*7}}', '' ) } ],
			body: JSON.stringify( { text: HOSTILE.replace( '{{7*7}}', '' ) } ),
			retry: { never: true },
		} );
		assert.equal( made.status, 201, JSON.stringify( made.json ) );
		id = made.json.webhook.id;
		const shown = made.json.webhook.name;
		await screen.open( 'webhooks' );
		await screen.row( shown ).waitFor();
		await unharmed();
		await screen.act( screen.row( shown ), 'Delete' );
		await page.getByRole( 'dialog' ).getByText( shown, { exact: false } ).waitFor();
		await page.getByRole( 'dialog' ).getByRole( 'button', { name: 'Cancel' } ).click();
		await screen.open( `webhooks/${ id }` );
		await screen.heading().getByText( shown ).waitFor();
		await page.locator( '.kh-preview' ).getByText( 'window.hacked' ).first().waitFor();
		await unharmed();
	} );

	await story.step( 'a hostile answer stays text in a test and in the log', async () => {
		await screen.open( `webhooks/${ id }` );
		await page.getByRole( 'tab', { name: 'Test' } ).click();
		await screen.button( 'Send a test now' ).click();
		await page.locator( '.kh-test' ).getByText( /<html>.*window\.hacked=1/ ).waitFor();
		await page.locator( '.kh-test' ).getByRole( 'rowheader', { name: 'X-Hostile' } ).waitFor();
		await unharmed();
		await book( screen );
		let delivery;
		for ( let i = 0; i < 100 && delivery?.state !== 'succeeded'; i++ ) {
			await page.waitForTimeout( 200 );
			delivery = ( await screen.rest( 'GET', `kivihook/v1/deliveries?webhook=${ id }` ) ).json.items.find( ( one ) => one.state === 'succeeded' );
		}
		await screen.open( `log/${ delivery.id }` );
		await page.locator( '.kh-attempt' ).getByText( /window\.hacked=1/ ).first().waitFor();
		await unharmed();
	} );

	await story.step( 'hostile names stay text on the overview, in the log and its filter, in the audit trail and in an import', async () => {
		const name = ( await screen.rest( 'GET', `kivihook/v1/webhooks/${ id }` ) ).json.name;
		const changed = await screen.rest( 'PUT', `kivihook/v1/webhooks/${ id }`, { url: `${ endpoint.url }/status/500?q=${ encodeURIComponent( HOSTILE.replace( '{{7*7}}', '' ) ) }` } );
		assert.equal( changed.status, 200, JSON.stringify( changed.json ) );
		await book( screen );
		for ( let i = 0, failed = 0; i < 100 && ! failed; i++ ) {
			await page.waitForTimeout( 200 );
			failed = ( await screen.rest( 'GET', `kivihook/v1/deliveries?webhook=${ id }&state=failed` ) ).json.items.length;
		}
		await screen.open();
		await page.getByRole( 'region', { name: 'Needs your attention' } ).getByText( name ).waitFor();
		await unharmed();
		await screen.open( `log?webhook=${ id }` );
		await page.locator( '.dataviews-view-table tbody' ).getByText( name ).first().waitFor();
		// The filter shows the webhook's name as its value.
		await page.locator( '.dataviews-filters__container' ).getByText( name ).first().waitFor();
		await unharmed();
		await screen.open( 'settings/audit' );
		await screen.link( name ).first().waitFor();
		await unharmed();
		await screen.open( 'settings/transfer' );
		const file = await screen.rest( 'POST', 'kivihook/v1/webhooks/export', { ids: [ id ] } );
		const content = file.json.content.replaceAll( 'X-Note', 'X-Note-Two' );
		await page.locator( 'input[type="file"]' ).setInputFiles( { name: `${ HOSTILE.replaceAll( '/', '' ) }.json`, mimeType: 'application/json', buffer: Buffer.from( content ) } );
		await page.locator( '.kh-import' ).getByText( name ).waitFor();
		await page.getByRole( 'button', { name: /window\.hacked=1/ } ).waitFor();
		await unharmed();
		await page.locator( 'input[type="file"]' ).setInputFiles( { name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from( JSON.stringify( [ { name: HOSTILE, module_name: HOSTILE, event_name: HOSTILE, webhook_data: { url: HOSTILE } } ] ) ) } );
		await page.locator( '.kh-import .is-refused, .kh-failure' ).first().waitFor();
		await unharmed();
		await screen.rest( 'DELETE', `kivihook/v1/webhooks/${ id }` );
	} );

	await story.step( 'hostile settings are refused, and named as text', async () => {
		await screen.open( 'settings/general' );
		const mail = page.getByRole( 'combobox', { name: 'Who is mailed' } );
		await mail.fill( '<img/src=x/onerror=window.hacked=3>@example.test' );
		await mail.press( 'Enter' );
		await screen.button( 'Save settings' ).click();
		await page.locator( '.kh-field-error' ).first().waitFor();
		await unharmed();
	} );
}
