// The browser, the endpoint and the words that the story in screens.mjs is written in.

import { chromium } from 'playwright-core';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';

/** Chromium of the machine: playwright's own download is not needed. */
export function findChromium() {
	if ( process.env.CHROMIUM ) {
		return process.env.CHROMIUM;
	}
	for ( const folder of ( process.env.PATH ?? '' ).split( delimiter ) ) {
		for ( const name of [ 'chromium', 'chromium-browser', 'google-chrome' ] ) {
			try {
				accessSync( join( folder, name ), constants.X_OK );
				return join( folder, name );
			} catch {
				// Not here.
			}
		}
	}
	return null;
}

/** An endpoint on a free loopback port: /status/500 answers 500, everything else 200. Keeps what it got. */
export async function startEndpoint() {
	const inbox = [];
	const server = createServer( ( request, response ) => {
		const chunks = [];
		request.on( 'data', ( chunk ) => chunks.push( chunk ) );
		request.on( 'end', () => {
			inbox.push( { method: request.method, url: request.url, headers: request.headers, body: Buffer.concat( chunks ).toString() } );
			const status = Number( /\/status\/(\d+)/.exec( request.url )?.[ 1 ] ?? 200 );
			response.writeHead( status, { 'Content-Type': 'application/json' } );
			response.end( JSON.stringify( { heard: true, status } ) );
		} );
	} );
	await new Promise( ( resolve ) => server.listen( 0, '127.0.0.1', resolve ) );
	return {
		inbox,
		url: `http://127.0.0.1:${ server.address().port }`,
		stop: () => new Promise( ( resolve ) => server.close( resolve ) ),
	};
}

export async function startBrowser() {
	// Chromium refuses to run as root inside its own sandbox.
	const args = process.getuid?.() === 0 ? [ '--no-sandbox' ] : [];
	return chromium.launch( { executablePath: findChromium(), args } );
}

/** One page of KiviCare's dashboard, and how a person uses its Webhooks screens. */
export class Screens {
	constructor( page, site ) {
		this.page = page;
		this.site = site;
		this.answers = [];
		page.on( 'response', async ( response ) => {
			if ( /\/kivicare\/v1\/webhook/.test( response.url() ) ) {
				const text = await response.text().catch( () => '' );
				this.answers.push( { method: response.request().method(), url: response.url(), status: response.status(), text } );
			}
		} );
	}

	async logIn() {
		await this.page.goto( `${ this.site.url }/wp-login.php` );
		await this.page.fill( '#user_login', this.site.admin_user );
		await this.page.fill( '#user_pass', this.site.admin_password );
		await this.page.click( '#wp-submit' );
		await this.page.waitForURL( /wp-admin/, { waitUntil: 'commit' } );
	}

	/** KiviCare names icons and fonts on servers that a test machine can't reach: nothing waits for them. */
	async open( path ) {
		await this.page.goto( `${ this.site.url }/kivicare-administrator-dashboard/setting/webhooks/${ path }`, {
			waitUntil: 'domcontentloaded',
		} );
	}

	async openList() {
		await this.open( 'configuration' );
		await this.page.getByRole( 'heading', { name: 'Webhook Configuration' } ).waitFor();
	}

	async openNewForm() {
		await this.openList();
		await this.page.getByRole( 'link', { name: 'Add Webhook' } ).click();
		await this.page.locator( 'form.webhook-form' ).waitFor();
	}

	async openEditForm( name ) {
		await this.openList();
		await this.row( name ).locator( 'a[href*="/edit/"]' ).click();
		await this.page.locator( 'form.webhook-form' ).waitFor();
		await this.page.waitForFunction( () => document.querySelector( 'input[name="name"]' )?.value !== '' );
	}

	/** The row of a table that has this text. */
	row( text ) {
		return this.page.locator( 'table tbody tr' ).filter( { hasText: text } );
	}

	async fill( field, value ) {
		await this.page.locator( `[name="${ field }"]:not([type="hidden"])` ).fill( value );
	}

	async value( field ) {
		return this.page.locator( `[name="${ field }"]:not([type="hidden"])` ).inputValue();
	}

	/** In one of the form's drop-down lists. */
	async choose( field, label ) {
		const box = this.page.locator( '.react-select-box' ).filter( { has: this.page.locator( `input[name="${ field }"]` ) } );
		await box.locator( '.react-select__control' ).click();
		await this.page.locator( '.react-select__option' ).getByText( label, { exact: true } ).click();
	}

	async submit() {
		await this.page.locator( 'form.webhook-form button[type="submit"]' ).click();
	}

	/** For the rows that are ticked. */
	async bulk( action ) {
		await this.page.locator( '.react-select__control' ).filter( { hasText: 'Bulk Actions' } ).click();
		await this.page.locator( '.react-select__option' ).getByText( action, { exact: true } ).click();
		await this.page.getByRole( 'button', { name: 'Apply' } ).click();
	}

	/** What we added to the screen: the reason why something was refused, or a note. */
	async reason() {
		const box = this.page.locator( '#kivihook-reason' );
		await box.waitFor();
		return box.innerText();
	}

	/** KiviCare's "Are you sure?" and "Success" windows. */
	async press( label ) {
		await this.page.getByRole( 'button', { name: label } ).last().click();
	}
}
