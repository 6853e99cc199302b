// The browser, the endpoint, the clinic and the words that the steps are written in.

import { chromium } from 'playwright-core';
import { execFileSync } from 'node:child_process';
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

/** What ends the changes of the site that a step makes for itself. */
const altered = new Set();

/** Steps are counted, and go on after a failure. */
export class Story {
	constructor( pictures ) {
		this.pictures = pictures;
		this.counts = { passed: 0, failed: 0, skipped: 0 };
	}

	async step( name, play ) {
		try {
			await play();
			this.counts.passed++;
			console.log( `ok      ${ name }` );
		} catch ( error ) {
			this.counts.failed++;
			console.log( `FAILED  ${ name }\n        ${ String( error.stack ?? error ).split( '\n' ).slice( 0, 12 ).join( '\n        ' ) }` );
			await this.screen?.picture( `failed-${ this.counts.failed }` );
		}
		altered.forEach( ( end ) => end() );
	}

	end() {
		console.log( `${ this.counts.passed } passed, ${ this.counts.failed } failed, ${ this.counts.skipped } skipped` );
	}
}

/**
 * What others load: WordPress a person's picture from gravatar.com, which a test machine can't reach; KiviCare 3.6.13 a
 * stylesheet from its developer's own machine.
 */
export const OTHERS = /favicon|\.gravatar\.com|\/\/localhost:8080\//;

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
			if ( message.type() === 'error' && ! OTHERS.test( message.location()?.url ?? '' ) ) {
				this.errors.push( `console: ${ message.text() } ${ message.location()?.url ?? '' }` );
			}
		} );
	}

	async logIn( user = this.site.admin_user, password = this.site.admin_password ) {
		await this.page.goto( `${ this.site.url }/wp-login.php` );
		await this.page.fill( '#user_login', user );
		await this.page.fill( '#user_pass', password );
		await this.page.click( '#wp-submit' );
		// KiviCare leads people who are no administrators elsewhere.
		await this.page.waitForURL( ( url ) => ! url.pathname.endsWith( 'wp-login.php' ), { waitUntil: 'commit' } );
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

/** As KiviCare 4's own screens book. */
function bookFour( screen, date, time ) {
	const { ids } = screen.site;
	return screen.rest( 'POST', 'kivicare/v1/appointments', {
		appointmentStartDate: date,
		appointmentStartTime: time,
		clinicId: ids.clinic,
		doctorId: ids.doctor,
		patientId: ids.patient,
		serviceId: [ ids.service_mapping ],
		status: 1,
		description: 'Booked by a test',
	} );
}

/** As KiviCare 3's own screens book: by admin-ajax.php. */
function bookThree( screen, date, time ) {
	const { ids } = screen.site;
	const appointment = {
		appointment_start_date: date,
		appointment_start_time: time,
		clinic_id: { id: ids.clinic },
		doctor_id: { id: ids.doctor },
		patient_id: { id: ids.patient },
		visit_type: [ { id: ids.service_mapping, service_id: ids.service, name: ids.service_name, charges: ids.service_charges, telemed_service: 'no' } ],
		status: 1,
		description: 'Booked by a test',
		payment_mode: 'paymentOffline',
		file: [],
		custom_fields_data: [],
		tax: [],
	};
	return screen.page.evaluate( async ( body ) => {
		const address = '/wp-admin/admin-ajax.php?action=';
		const nonce = await ( await fetch( `${ address }kivihook_test_nonce` ) ).json();
		const answer = await fetch( `${ address }ajax_post`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify( { action: 'ajax_post', route_name: 'appointment_save', _ajax_nonce: nonce, ...body } ),
		} );
		return { status: answer.status, json: await answer.json().catch( () => null ) };
	}, appointment );
}

/** Books the next time that is free. */
export async function book( screen ) {
	for ( const last = slot + 100; ; ) {
		const minutes = 8 * 60 + 30 * ( slot % 24 );
		const date = new Date( Date.now() + 86400000 * ( 1 + Math.floor( slot / 24 ) ) ).toISOString().slice( 0, 10 );
		const time = `${ String( Math.floor( minutes / 60 ) ).padStart( 2, '0' ) }:${ String( minutes % 60 ).padStart( 2, '0' ) }`;
		slot++;
		const answer = await ( screen.site.kivicare.generation === 3 ? bookThree : bookFour )( screen, date, time );
		if ( answer.status < 300 && answer.json?.status === true ) {
			return answer.json;
		}
		if ( answer.status !== 409 || slot >= last ) {
			throw new Error( `Not booked: ${ JSON.stringify( answer ).slice( 0, 400 ) }` );
		}
	}
}

/** For chapters that are played alone: the webhooks that the first one (and the one about failures) leave, and a delivery. */
export async function prepare( { screen, page, endpoint }, laboratory ) {
	await screen.logIn();
	await screen.open();
	const made = { Reception: '/desk', ...( laboratory ? { Laboratory: '/laboratory' } : {} ) };
	for ( const [ name, path ] of Object.entries( made ) ) {
		await screen.rest( 'POST', 'kivihook/v1/webhooks', { name, events: [ 'appointment.booked' ], url: endpoint.url + path, body: '{"id": {{appointment_id}}}' } );
	}
	await book( screen );
	let first;
	for ( let i = 0; i < 100 && ! first; i++ ) {
		await page.waitForTimeout( 200 );
		first = ( await screen.rest( 'GET', 'kivihook/v1/deliveries' ) ).json.items[ 0 ];
	}
}

/** Runs PHP inside the site's WordPress; what it prints. */
export function inWordPress( site, code ) {
	return execFileSync( join( process.env.KH_ROOT, 'dev/site' ), [ 'wp', `--run=${ site.run }` ], { input: code } ).toString();
}

/** A must-use plugin, until what comes back is called. Its name is new each time: PHP looks at known files only now and then. */
function mustUse( site, code ) {
	const folder = join( site.wordpress.path, 'wp-content/mu-plugins' );
	mkdirSync( folder, { recursive: true } );
	const file = join( folder, `screens-${ Date.now() }.php` );
	writeFileSync( file, `<?php\n${ code }\n` );
	const end = () => {
		rmSync( file, { force: true } );
		altered.delete( end );
	};
	altered.add( end );
	return end;
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

/** A strict policy for scripts; those that WordPress prints by its own functions carry the nonce. Gives what ends it. */
export function contentSecurityPolicy( site ) {
	return mustUse(
		site,
		"foreach ( array( 'wp_script_attributes', 'wp_inline_script_attributes' ) as $name ) { add_filter( $name, static fn ( $all ) => $all + array( 'nonce' => 'screens' ) ); }\n"
			+ "add_action( 'admin_init', static function () { header( \"Content-Security-Policy: script-src 'self' 'nonce-screens'; object-src 'none'; base-uri 'self'\", false ); }, PHP_INT_MAX );"
	);
}

/** The originals that a language has another text for, out of its compiled catalogue (gettext's .mo). */
export function translations( locale ) {
	const mo = readFileSync( join( process.env.KH_ROOT, `addon/kivihook/languages/kivihook-${ locale }.mo` ) );
	const [ count, originals, translated ] = [ 8, 12, 16 ].map( ( at ) => mo.readUInt32LE( at ) );
	const text = ( table, i ) => mo.subarray( mo.readUInt32LE( table + 8 * i + 4 ), mo.readUInt32LE( table + 8 * i + 4 ) + mo.readUInt32LE( table + 8 * i ) ).toString();
	const found = new Set();
	for ( let i = 0; i < count; i++ ) {
		const original = text( originals, i ).split( '\0' )[ 0 ];
		if ( original.length > 3 && ! original.includes( '\u0004' ) && text( translated, i ).split( '\0' )[ 0 ] !== original ) {
			found.add( original );
		}
	}
	return found;
}
