// For everybody: keyboard, screen readers, zoom, small screens, right to left; and nothing in consoles or logs.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { OTHERS, contentSecurityPolicy, speak, translations, turnAround } from '../lib.mjs';

const PLACES = [ '', 'webhooks', 'webhooks/new', 'webhooks/new/slack', 'webhooks/new/scratch', 'webhooks/ID', 'log', 'log/ID', 'settings/general', 'settings/machine', 'settings/keys', 'settings/transfer', 'settings/audit' ];

export async function access( { story, screen, page, site } ) {
	const places = [];

	await story.step( 'there is something to look at', async () => {
		await screen.open();
		const webhook = ( await screen.rest( 'GET', 'kivihook/v1/webhooks?search=Laboratory' ) ).json.items[ 0 ] ?? ( await screen.rest( 'GET', 'kivihook/v1/webhooks' ) ).json.items[ 0 ];
		const delivery = ( await screen.rest( 'GET', 'kivihook/v1/deliveries' ) ).json.items[ 0 ];
		for ( const place of PLACES ) {
			const id = place.startsWith( 'log' ) ? delivery?.id : webhook?.id;
			if ( ! place.includes( 'ID' ) || id ) {
				places.push( place.replace( 'ID', id ) );
			}
		}
		assert.equal( places.length, PLACES.length );
	} );

	/** Waits until what the screen loads is there. */
	const settle = async () => {
		await page.waitForLoadState( 'networkidle' ).catch( () => {} );
		await page.waitForFunction( () => ! document.querySelector( '.kh-loading, .kh-screen .components-spinner' ) );
	};
	const fileName = ( place ) => ( place || 'overview' ).replace( /\d+/, 'one' ).replace( /\W/g, '-' );

	async function eachPlace( look ) {
		const found = [];
		assert.equal( places.length, PLACES.length, 'there is something to look at' );
		for ( const place of places ) {
			await screen.open( place );
			await settle();
			found.push( ...( await look( place ) ).map( ( line ) => `#/${ place } ${ line }` ) );
		}
		assert.deepEqual( found, [] );
	}

	const overflow = () => page.evaluate( () => document.documentElement.scrollWidth - document.documentElement.clientWidth );

	for ( const [ width, height ] of [ [ 1280, 900 ], [ 390, 844 ] ] ) {
		await story.step( `axe-core finds nothing, and nothing runs over the edge, at ${ width } pixels`, async () => {
			await page.setViewportSize( { width, height } );
			await eachPlace( async ( place ) => {
				await screen.picture( `${ fileName( place ) }-${ width }` );
				const wide = await overflow();
				return [ ...( wide > 0 ? [ `is ${ wide } pixels too wide` ] : [] ), ...( await screen.violations() ) ];
			} );
		} );
	}

	await story.step( 'axe-core finds nothing in the editor with everything open', async () => {
		await page.setViewportSize( { width: 1280, height: 900 } );
		await screen.open( places.find( ( one ) => /^webhooks\/\d/.test( one ) ) );
		for ( const name of [ 'Authentication', 'Conditions', 'Privacy', 'Retries and limits', 'Signing' ] ) {
			await screen.section( name );
		}
		for ( const tab of [ 'Test', 'Variables', 'Preview' ] ) {
			await page.getByRole( 'tab', { name: tab } ).click();
			assert.deepEqual( await screen.violations(), [] );
		}
		await screen.picture( 'editor-open-1280' );
	} );

	await story.step( 'at 200 % zoom nothing runs over the edge', async () => {
		// What a window of 1280 pixels has left at 200 %.
		await page.setViewportSize( { width: 640, height: 450 } );
		await eachPlace( async () => {
			const wide = await overflow();
			return wide > 0 ? [ `is ${ wide } pixels too wide` ] : [];
		} );
		await page.setViewportSize( { width: 1280, height: 900 } );
	} );

	await story.step( 'right to left', async () => {
		const turnBack = turnAround( site );
		for ( const width of [ 1280, 390 ] ) {
			await page.setViewportSize( { width, height: 900 } );
			await eachPlace( async ( place ) => {
				assert.equal( await page.evaluate( () => document.documentElement.dir ), 'rtl' );
				assert.equal( await page.locator( 'link[href*="index-rtl.css"]' ).count(), 1 );
				await screen.picture( `${ fileName( place ) }-${ width }-rtl` );
				const wide = await overflow();
				return wide > 0 ? [ `is ${ wide } pixels too wide` ] : [];
			} );
		}
		turnBack();
		await page.setViewportSize( { width: 1280, height: 900 } );
	} );

	await story.step( 'in German and in Spanish no word of the page is left in English', async () => {
		for ( const [ locale, overview, shown ] of [ [ 'de_DE', 'Übersicht', 'Webhook hinzufügen' ], [ 'es_ES', 'Resumen', 'Añadir webhook' ] ] ) {
			const turnBack = speak( site, locale );
			await screen.open( 'webhooks' );
			await settle();
			await screen.link( overview, { exact: true } ).waitFor();
			await screen.link( shown ).waitFor();
			// A word of WordPress' components.
			await page.getByRole( 'columnheader', { name: locale === 'de_DE' ? 'Aktionen' : 'Acciones' } ).waitFor();
			await screen.picture( `webhooks-${ locale }` );
			// Whatever of ours is shown, a translation of it is shown: no whole text is an original that has another translation.
			const originals = translations( locale );
			for ( const place of places ) {
				await screen.open( place );
				await settle();
				const texts = await page.evaluate( () => {
					const walker = document.createTreeWalker( document.querySelector( '#kivihook-root' ), NodeFilter.SHOW_TEXT );
					const found = [];
					while ( walker.nextNode() ) {
						if ( ! walker.currentNode.parentElement.closest( 'pre, code, .kh-headers, .cm-editor, script' ) ) {
							found.push( walker.currentNode.data.trim() );
						}
					}
					return found;
				} );
				assert.deepEqual( texts.filter( ( text ) => originals.has( text ) ), [], `${ locale } #/${ place }` );
			}
			await screen.open( places.find( ( one ) => /^webhooks\/\d/.test( one ) ) );
			await settle();
			await screen.picture( `editor-${ locale }` );
			turnBack();
		}
	} );

	await story.step( 'in every colour scheme of wp-admin the page is readable', async () => {
		for ( const scheme of [ 'light', 'modern', 'blue', 'coffee', 'ectoplasm', 'midnight', 'ocean', 'sunrise' ] ) {
			await screen.open( 'webhooks' );
			await settle();
			await page.evaluate( ( name ) => {
				document.body.className = document.body.className.replace( /admin-color-\w+/, `admin-color-${ name }` );
			}, scheme );
			assert.deepEqual( ( await screen.violations() ).map( ( line ) => `${ scheme } ${ line }` ), [] );
		}
	} );

	await story.step( 'the keyboard alone leads from the overview into a webhook', async () => {
		await screen.open();
		await settle();
		await tabTo( page, 'Webhooks', 'A' );
		await page.keyboard.press( 'Enter' );
		await screen.heading( 'Webhooks' ).waitFor();
		await page.waitForFunction( () => document.activeElement?.tagName === 'H2' );
		await settle();
		await tabTo( page, 'Laboratory', 'A' );
		await page.keyboard.press( 'Enter' );
		await screen.heading( 'Laboratory' ).waitFor();
		await tabTo( page, 'Body template', 'DIV' );
		await tabTo( page, 'Save changes', 'BUTTON' );
	} );

	await story.step( 'no console error, no asset from elsewhere', async () => {
		const foreign = new Set();
		page.on( 'request', ( request ) => {
			if ( ! request.url().startsWith( site.url ) && /^https?:/.test( request.url() ) ) {
				foreign.add( request.url() );
			}
		} );
		await eachPlace( async () => [] );
		assert.deepEqual( [ ...foreign ].filter( ( url ) => ! OTHERS.test( url ) ), [] );
		// What the tests provoke (422, 404, 409) the browser notes as failed loading.
		assert.deepEqual( screen.errors.filter( ( line ) => ! /status of (4\d\d)/.test( line ) ), [] );
	} );

	await story.step( 'under a content security policy every screen works, and no script of ours stands in the page', async () => {
		const turnBack = contentSecurityPolicy( site );
		await page.addInitScript( () => {
			window.blocked = [];
			document.addEventListener( 'securitypolicyviolation', ( event ) => window.blocked.push( `${ event.violatedDirective } ${ event.blockedURI } ${ event.sample }` ) );
		} );
		const before = screen.errors.length;
		const policy = page.waitForResponse( ( response ) => response.url().includes( 'page=kivihook' ) );
		await eachPlace( async () => {
			// WordPress up to 6.3 prints scripts of its own into the page, and gives them no nonce: they are not ours to judge.
			const blocked = await page.evaluate( () => window.blocked.filter( ( one ) => /kivihook|eval|\bkh\b/i.test( one ) || ! /inline/.test( one ) ) );
			const inline = await page.evaluate( () => [ ...document.querySelectorAll( 'script:not([src])' ) ].filter( ( one ) => /kivihook/i.test( one.id ) && ! /^(kivihook-page-js-translations)$/.test( one.id ) ).map( ( one ) => one.id ) );
			return [ ...blocked, ...inline ];
		} );
		assert.match( ( await ( await policy ).headersArray() ).map( ( one ) => one.value ).join( '\n' ), /script-src 'self' 'nonce-screens'/ );
		screen.errors.splice( before );
		turnBack();
	} );

	await story.step( 'with WP_DEBUG nothing of ours is in the logs', async () => {
		const log = [ site.logs.debug, site.logs.php, site.logs.fpm ].map( ( file ) => ( existsSync( file ) ? readFileSync( file, 'utf8' ) : '' ) ).join( '\n' );
		const ours = log.split( '\n' ).filter( ( line ) => /plugins\/kivihook\/|KiviHook\\|kivihook/.test( line ) && /PHP (Notice|Warning|Deprecated|Fatal)|called <strong>incorrectly/.test( line ) );
		assert.deepEqual( ours, [] );
	} );
}

/** Presses Tab until an element with this name has the focus. */
async function tabTo( page, name, tag ) {
	for ( let i = 0; i < 120; i++ ) {
		await page.keyboard.press( 'Tab' );
		const found = await page.evaluate( () => {
			const element = document.activeElement;
			return `${ element?.tagName } ${ ( element?.getAttribute( 'aria-label' ) || element?.innerText || '' ).trim() }`;
		} );
		if ( found === `${ tag } ${ name }` ) {
			return;
		}
	}
	throw new Error( `Tab does not lead to "${ name }".` );
}
