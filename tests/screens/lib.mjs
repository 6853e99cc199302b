// The browser, the endpoint, the clinic and the words that the steps are written in.

import { chromium } from 'playwright-core';
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const axe = readFileSync( createRequire( import.meta.url ).resolve( 'axe-core/axe.min.js' ), 'utf8' );

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

export function startBrowser() {
	// Chromium refuses to run as root inside its own sandbox.
	const sandbox = process.getuid?.() === 0 ? [ '--no-sandbox' ] : [];
	return chromium.launch( { executablePath: findChromium(), args: [ ...sandbox, '--disable-gpu', '--disable-quic' ] } );
}

/**
 * An endpoint on a free loopback port. /status/500 answers 500 until `repaired` is true; /hostile answers with markup and
 * script in headers and body; everything else 200. Keeps what it got.
 */
export async function startEndpoint() {
	const inbox = [];
	const server = createServer( ( request, response ) => {
		const chunks = [];
		request.on( 'data', ( chunk ) => chunks.push( chunk ) );
		request.on( 'end', () => {
			inbox.push( { method: request.method, url: request.url, headers: request.headers, body: Buffer.concat( chunks ).toString() } );
			const status = Number( /\/status\/(\d+)/.exec( request.url )?.[ 1 ] ?? 200 );
			const hostile = request.url.startsWith( '/hostile' );
			response.writeHead( status, hostile ? { 'Content-Type': 'text/html', 'X-Hostile': HOSTILE } : { 'Content-Type': 'application/json' } );
			response.end( hostile ? `<html>${ HOSTILE }</html>` : JSON.stringify( { heard: true, status } ) );
		} );
	} );
	await new Promise( ( resolve ) => server.listen( 0, '127.0.0.1', resolve ) );
	return {
		inbox,
		url: `http://127.0.0.1:${ server.address().port }`,
		stop: () => new Promise( ( resolve ) => server.close( resolve ) ),
	};
}

/** Whatever of it runs, sets a variable. */
export const HOSTILE = '"><script>window.hacked=1</script><img src=x onerror="window.hacked=2">{{7*7}}';

/** Steps are counted, and go on after a failure. */
export class Story {
	constructor( pictures ) {
		this.pictures = pictures;
		this.only = process.env.KH_ONLY ?? '';
		this.counts = { passed: 0, failed: 0, skipped: 0 };
	}

	async step( name, play ) {
		if ( this.only && ! name.includes( this.only ) && ! name.startsWith( 'somebody logs in' ) ) {
			return;
		}
		try {
			await play();
			this.counts.passed++;
			console.log( `ok      ${ name }` );
		} catch ( error ) {
			this.counts.failed++;
			console.log( `FAILED  ${ name }\n        ${ String( error.stack ?? error ).split( '\n' ).slice( 0, 12 ).join( '\n        ' ) }` );
			await this.screen?.picture( `failed-${ this.counts.failed }` );
		}
	}

	end() {
		console.log( `${ this.counts.passed } passed, ${ this.counts.failed } failed, ${ this.counts.skipped } skipped` );
	}
}

/** KiviHook's page, and how a person uses it. Every click, choice and text is one interaction. */
export class Page {
	constructor( page, site, pictures ) {
		this.page = page;
		this.site = site;
		this.pictures = pictures;
		this.interactions = 0;
		this.errors = [];
		page.on( 'pageerror', ( error ) => this.errors.push( `exception: ${ error.message }` ) );
		page.on( 'console', ( message ) => {
			// WordPress' own picture of a person comes from gravatar.com, which a test machine can't reach.
			if ( message.type() === 'error' && ! /favicon|\.gravatar\.com/.test( message.location()?.url ?? '' ) ) {
				this.errors.push( `console: ${ message.text() } ${ message.location()?.url ?? '' }` );
			}
		} );
	}

	async logIn( user = this.site.admin_user, password = this.site.admin_password ) {
		await this.page.goto( `${ this.site.url }/wp-login.php` );
		await this.page.fill( '#user_login', user );
		await this.page.fill( '#user_pass', password );
		await this.page.click( '#wp-submit' );
		await this.page.waitForURL( /wp-admin/, { waitUntil: 'commit' } );
	}

	/** A place of the page, loaded afresh. */
	async open( place = '' ) {
		await this.page.goto( 'about:blank' );
		await this.page.goto( `${ this.site.url }/wp-admin/admin.php?page=kivihook#/${ place }` );
		await this.heading().waitFor();
	}

	heading( name ) {
		return this.page.locator( '.kh-screen' ).getByRole( 'heading', { level: 2, ...( name ? { name } : {} ) } ).first();
	}

	async click( locator ) {
		this.interactions++;
		await locator.click();
	}

	async type( locator, text ) {
		this.interactions++;
		await locator.fill( text );
	}

	async choose( locator, value ) {
		this.interactions++;
		await locator.selectOption( value );
	}

	button( name, options = {} ) {
		return this.page.getByRole( 'button', { name, ...options } );
	}

	link( name, options = {} ) {
		return this.page.getByRole( 'link', { name, ...options } );
	}

	field( name, options = { exact: true } ) {
		return this.page.getByLabel( name, options );
	}

	/** The row of a list that has this text. */
	row( text ) {
		return this.page.locator( '.dataviews-view-table tbody tr' ).filter( { hasText: text } );
	}

	/** One of the actions behind a row's three dots. */
	async act( row, action ) {
		await row.getByRole( 'button', { name: 'Actions' } ).click();
		await this.page.getByRole( 'menuitem', { name: action } ).click();
	}

	/** The short notice at the foot. */
	async said( text ) {
		await this.page.locator( '.kh-snackbars' ).getByText( text ).first().waitFor();
	}

	/** Opens a part of the editor, if it is closed. */
	async section( name ) {
		const toggle = this.page.locator( '.kh-section' ).getByRole( 'button', { name: new RegExp( `^${ name }` ) } );
		if ( ( await toggle.getAttribute( 'aria-expanded' ) ) === 'false' ) {
			await this.click( toggle );
		}
	}

	/** A signing secret is shown once: keeps it and goes on. */
	async keepSecret() {
		const window = this.page.getByRole( 'dialog', { name: 'Your signing secret' } );
		const secret = await window.getByRole( 'group', { name: 'Signing secret' } ).innerText();
		await this.click( window.getByLabel( /I have kept it/ ) );
		await this.click( window.getByRole( 'button', { name: 'Done' } ) );
		return secret;
	}

	/** What axe-core finds, as lines. */
	async violations() {
		await this.page.evaluate( axe );
		const results = await this.page.evaluate( () => window.axe.run( '#wpbody-content', { resultTypes: [ 'violations' ] } ) );
		return results.violations.map( ( one ) => `${ one.id }: ${ one.help } (${ one.nodes.map( ( node ) => node.html.slice( 0, 120 ) ).join( ' ; ' ) })` );
	}

	/** The whole page, or what a window shows of it. */
	async picture( name, fullPage = true ) {
		if ( this.pictures ) {
			mkdirSync( this.pictures, { recursive: true } );
			await this.page.screenshot( { path: join( this.pictures, `${ name }.png` ), fullPage, animations: 'disabled' } );
		}
	}

	/** By the page's own session. */
	rest( method, path, data ) {
		return this.page.evaluate(
			async ( { method: verb, path: where, data: body } ) => {
				const boot = JSON.parse( document.getElementById( 'kivihook-root' ).dataset.boot );
				const answer = await fetch( boot.rest + where, {
					method: verb,
					headers: { 'X-WP-Nonce': boot.nonce, 'Content-Type': 'application/json' },
					body: body === undefined ? undefined : JSON.stringify( body ),
				} );
				return { status: answer.status, json: await answer.json().catch( () => null ) };
			},
			{ method, path, data }
		);
	}
}

let slot = 0;

/** Books, as KiviCare 4's own screens do. */
export async function book( screen ) {
	const { ids } = screen.site;
	const minutes = 8 * 60 + 30 * ( slot % 24 );
	const date = new Date( Date.now() + 86400000 * ( 1 + Math.floor( slot / 24 ) ) ).toISOString().slice( 0, 10 );
	slot++;
	const time = `${ String( Math.floor( minutes / 60 ) ).padStart( 2, '0' ) }:${ String( minutes % 60 ).padStart( 2, '0' ) }`;
	const answer = await screen.rest( 'POST', 'kivicare/v1/appointments', {
		appointmentStartDate: date,
		appointmentStartTime: time,
		clinicId: ids.clinic,
		doctorId: ids.doctor,
		patientId: ids.patient,
		serviceId: [ ids.service_mapping ],
		status: 1,
		description: 'Booked by a test',
	} );
	if ( answer.status >= 300 || answer.json?.status === false ) {
		throw new Error( `Not booked: ${ JSON.stringify( answer ).slice( 0, 400 ) }` );
	}
	return answer.json;
}

/** A must-use plugin, until what comes back is called. Its name is new each time: PHP looks at known files only now and then. */
function mustUse( site, code ) {
	const folder = join( site.wordpress.path, 'wp-content/mu-plugins' );
	mkdirSync( folder, { recursive: true } );
	const file = join( folder, `screens-${ Date.now() }.php` );
	writeFileSync( file, `<?php\n${ code }\n` );
	return () => rmSync( file );
}

/** Makes the site's texts run from right to left, as a translation into Arabic or Hebrew would. Gives what ends it. */
export function turnAround( site ) {
	return mustUse(
		site,
		"add_action( 'after_setup_theme', static function () { $GLOBALS['wp_locale']->text_direction = 'rtl'; }, 0 );\n"
			+ "add_action( 'admin_enqueue_scripts', static function () { wp_add_inline_script( 'wp-i18n', \"wp.i18n.setLocaleData( { 'text direction\\u0004ltr': [ 'rtl' ] } );\" ); } );"
	);
}

/** Makes everybody's language another one. WordPress' own words stay English: no language pack is installed. */
export function speak( site, locale ) {
	return mustUse( site, `foreach ( array( 'locale', 'determine_locale', 'pre_determine_locale' ) as $name ) { add_filter( $name, static fn () => '${ locale }' ); }` );
}
