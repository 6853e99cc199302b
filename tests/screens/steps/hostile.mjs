// Names, answers and headers with markup and script: on every screen they stay text.

import assert from 'node:assert/strict';
import { HOSTILE } from '../lib.mjs';

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
		const { book } = await import( '../lib.mjs' );
		await book( screen );
		let delivery;
		for ( let i = 0; i < 100 && delivery?.state !== 'succeeded'; i++ ) {
			await page.waitForTimeout( 200 );
			delivery = ( await screen.rest( 'GET', `kivihook/v1/deliveries?webhook=${ id }` ) ).json.items.find( ( one ) => one.state === 'succeeded' );
		}
		await screen.open( `log/${ delivery.id }` );
		await page.locator( '.kh-attempt' ).getByText( /window\.hacked=1/ ).first().waitFor();
		await unharmed();
		await screen.rest( 'DELETE', `kivihook/v1/webhooks/${ id }` );
	} );
}
