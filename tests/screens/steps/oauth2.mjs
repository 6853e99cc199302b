// OAuth2's authorization code: somebody logs in at a provider of others, comes back, and deliveries carry the token.

import assert from 'node:assert/strict';
import { book } from '../lib.mjs';
import { CLIENT, startProvider } from '../provider.mjs';

export async function oauth2( { story, screen, page, site } ) {
	const provider = await startProvider( `${ site.url }/wp-admin/admin-post.php?action=kivihook_oauth2` );
	let id;

	const authorize = async () => {
		const [ popup ] = await Promise.all( [ page.waitForEvent( 'popup' ), screen.button( /^Authorize/ ).click() ] );
		popup.setDefaultTimeout( 15000 );
		await popup.waitForURL( /\/interaction\// );
		return popup;
	};
	/** It closes itself. */
	const gone = ( popup ) => popup.isClosed() || popup.waitForEvent( 'close' );
	const logIn = async ( popup ) => {
		await popup.fill( 'input[name="login"]', 'doctor' );
		await popup.fill( 'input[name="password"]', 'anything' );
		await popup.click( 'button[type="submit"]' );
		await popup.getByRole( 'button', { name: 'Continue' } ).waitFor();
	};
	const openIt = async () => {
		await screen.open( `webhooks/${ id }` );
		await screen.heading( 'Registry' ).waitFor();
		await screen.section( 'Authentication' );
	};

	await story.step( 'OAuth2: a webhook is written, and says that nobody has authorized it', async () => {
		await screen.open( 'webhooks/new/scratch' );
		await screen.field( 'Name' ).fill( 'Registry' );
		await page.getByRole( 'searchbox', { name: 'Search events' } ).fill( 'booked' );
		await page.getByLabel( 'Appointment booked', { exact: true } ).check();
		await screen.field( 'URL' ).fill( `${ provider.url }/api` );
		await screen.section( 'Authentication' );
		await screen.choose( screen.field( 'Method of authentication' ), 'oauth2' );
		await screen.choose( screen.field( 'Grant' ), 'authorization_code' );
		await screen.field( 'Token URL', {} ).fill( `${ provider.url }/token` );
		await screen.field( 'Authorization URL', {} ).fill( `${ provider.url }/auth` );
		await screen.field( 'Client ID', {} ).fill( CLIENT.id );
		await page.getByLabel( /^Client secret(?! goes)/ ).first().fill( CLIENT.secret );
		await screen.field( 'Scopes, separated by blanks', {} ).fill( 'openid' );
		await page.getByText( 'Save first; then you can authorize it at the provider.' ).waitFor();
		await screen.button( 'Save webhook' ).click();
		await screen.keepSecret();
		await screen.heading( 'Registry' ).waitFor();
		id = Number( /webhooks\/(\d+)/.exec( page.url() )[ 1 ] );
		await screen.section( 'Authentication' );
		await page.locator( '.kh-oauth2' ).getByText( 'Not authorized yet: nothing can be sent.' ).waitFor();
		await page.locator( '.kh-oauth2' ).getByText( 'admin-post.php?action=kivihook_oauth2' ).waitFor();
	} );

	await story.step( 'OAuth2: who says no at the provider is told so, and nothing is stored', async () => {
		await openIt();
		const popup = await authorize();
		await popup.getByRole( 'link', { name: /Cancel/ } ).click();
		await screen.said( /The provider said no/ );
		await gone( popup );
		const { json } = await screen.rest( 'GET', `kivihook/v1/webhooks/${ id }` );
		assert.equal( json.oauth2.authorized, false );
	} );

	await story.step( 'OAuth2: who logs in and agrees comes back, and the tokens are stored', async () => {
		await openIt();
		const popup = await authorize();
		await logIn( popup );
		await popup.getByRole( 'button', { name: 'Continue' } ).click();
		await screen.said( 'Authorized: tokens are stored.' );
		await gone( popup );
		await page.locator( '.kh-oauth2' ).getByText( 'Authorized.', { exact: true } ).waitFor();
		const { json } = await screen.rest( 'GET', `kivihook/v1/webhooks/${ id }` );
		assert.equal( json.oauth2.authorized, true );
		assert.equal( json.secrets.access_token, '••••••••' );
		assert.equal( json.secrets.refresh_token, '••••••••' );
	} );

	await story.step( 'OAuth2: a delivery carries the token that the provider gave', async () => {
		await screen.open();
		await book( screen );
		let delivery;
		for ( let i = 0; i < 100 && delivery?.state !== 'succeeded'; i++ ) {
			await page.waitForTimeout( 200 );
			delivery = ( await screen.rest( 'GET', `kivihook/v1/deliveries?webhook=${ id }` ) ).json.items[ 0 ];
		}
		assert.equal( delivery?.state, 'succeeded', JSON.stringify( delivery ) );
		assert.ok( provider.inbox.some( ( one ) => one.known ) );
		assert.ok( provider.inbox.every( ( one ) => one.known ), 'none went without' );
		await screen.rest( 'DELETE', `kivihook/v1/webhooks/${ id }` );
	} );

	await provider.stop();
}
