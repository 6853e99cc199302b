// From an empty page to webhooks that come, change, rest and go.

import assert from 'node:assert/strict';

export async function webhooks( { story, screen, page, endpoint } ) {
	await story.step( 'somebody logs in and sees an empty overview', async () => {
		await screen.logIn();
		await screen.open();
		await screen.heading( 'Overview' ).waitFor();
		await screen.link( 'Add your first webhook' ).waitFor();
	} );

	await story.step( 'a first webhook from a preset takes fewer than ten interactions', async () => {
		await screen.open();
		screen.interactions = 0;
		await screen.click( screen.link( 'Add your first webhook' ) );
		await screen.click( screen.link( /^Slack/ ) );
		await screen.type( screen.field( 'Webhook URL', {} ), 'https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx' );
		await screen.click( screen.button( 'Continue' ) );
		await screen.click( screen.button( 'Save webhook' ) );
		const secret = await screen.keepSecret();
		assert.match( secret, /^whsec_/ );
		await screen.heading( /Slack/ ).waitFor();
		assert.ok( screen.interactions < 10, `${ screen.interactions } interactions` );
		console.log( `        ${ screen.interactions } interactions` );
		const { json } = await screen.rest( 'GET', 'kivihook/v1/webhooks' );
		assert.equal( json.total, 1 );
		assert.equal( json.items[ 0 ].active, true );
		// Nothing may go out to the real service.
		await screen.rest( 'PUT', `kivihook/v1/webhooks/${ json.items[ 0 ].id }/active`, { active: false } );
	} );

	await story.step( 'what a preset refuses is said at its field', async () => {
		await screen.open( 'webhooks/new/slack' );
		await screen.type( screen.field( 'Webhook URL', {} ), 'https://example.com/nowhere' );
		await screen.click( screen.button( 'Continue' ) );
		await page.locator( '.kh-field-error' ).first().waitFor();
	} );

	await story.step( 'a webhook is written from scratch', async () => {
		await screen.open( 'webhooks/new/scratch' );
		await screen.type( screen.field( 'Name' ), 'Front desk' );
		await screen.type( page.getByRole( 'searchbox', { name: 'Search events' } ), 'booked' );
		await page.getByLabel( 'Appointment booked', { exact: true } ).check();
		await screen.type( screen.field( 'URL' ), `${ endpoint.url }/desk` );
		await screen.click( screen.button( 'Save webhook' ) );
		await screen.keepSecret();
		await screen.heading( 'Front desk' ).waitFor();
	} );

	await story.step( 'it is edited, and found in the list', async () => {
		await screen.open( 'webhooks' );
		await screen.click( screen.link( 'Front desk' ) );
		await screen.heading( 'Front desk' ).waitFor();
		await screen.type( screen.field( 'Name' ), 'Reception' );
		await screen.click( screen.button( 'Save', { exact: true } ) );
		await screen.said( 'Saved.' );
		await screen.heading( 'Reception' ).waitFor();
		await screen.open( 'webhooks' );
		await page.getByRole( 'searchbox' ).fill( 'recep' );
		await screen.row( 'Slack' ).waitFor( { state: 'detached' } );
		await screen.row( 'Reception' ).waitFor();
		await page.getByRole( 'searchbox' ).fill( 'nothing like it' );
		await page.getByText( 'No webhook matches.' ).waitFor();
	} );

	await story.step( 'it is switched off and on again', async () => {
		await screen.open( 'webhooks' );
		const toggle = () => page.getByRole( 'checkbox', { name: 'Reception is switched on' } );
		await toggle().click();
		await screen.said( /Reception is off/ );
		await screen.row( 'Reception' ).getByText( 'Off', { exact: true } ).waitFor();
		await toggle().click();
		await screen.said( /Reception is on/ );
		const { json } = await screen.rest( 'GET', 'kivihook/v1/webhooks?search=Reception' );
		assert.equal( json.items[ 0 ].active, true );
	} );

	await story.step( 'it is duplicated, and the copy is off', async () => {
		await screen.open( 'webhooks' );
		await screen.act( screen.row( 'Reception' ), 'Duplicate' );
		await screen.heading( /Reception .*copy/ ).waitFor();
		const { json } = await screen.rest( 'GET', 'kivihook/v1/webhooks?search=copy' );
		assert.equal( json.items[ 0 ].active, false );
	} );

	await story.step( 'the copy is deleted after a question; with "Cancel" it stays', async () => {
		await screen.open( 'webhooks' );
		await screen.act( screen.row( 'copy' ), 'Delete' );
		const question = page.getByRole( 'dialog' );
		await question.getByRole( 'button', { name: 'Cancel' } ).click();
		await question.waitFor( { state: 'detached' } );
		await screen.act( screen.row( 'copy' ), 'Delete' );
		await question.getByRole( 'button', { name: 'Delete for good' } ).click();
		await screen.said( '1 webhook is deleted.' );
		await screen.row( 'copy' ).waitFor( { state: 'detached' } );
	} );

	await story.step( 'several are switched on and off at once', async () => {
		await screen.open( 'webhooks' );
		await screen.row( 'Reception' ).getByRole( 'checkbox' ).first().check();
		await page.locator( '.dataviews-bulk-actions-footer__container, .dataviews-footer' ).getByRole( 'button', { name: 'Switch off' } ).click();
		await screen.said( '1 webhook is off.' );
		const { json } = await screen.rest( 'GET', 'kivihook/v1/webhooks?active=true' );
		assert.equal( json.total, 0 );
		await screen.rest( 'POST', 'kivihook/v1/webhooks/bulk', { action: 'enable', ids: ( await screen.rest( 'GET', 'kivihook/v1/webhooks?search=Reception' ) ).json.items.map( ( one ) => one.id ) } );
	} );
}
