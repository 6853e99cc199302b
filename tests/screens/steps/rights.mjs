// People with few rights: they are offered what the server lets them do, and nothing that it would refuse.

import assert from 'node:assert/strict';
import { Page, inWordPress } from '../lib.mjs';

const PASSWORD = 'f3w-r1ghts-0nly';
const PEOPLE = {
	reader: [ 'list', 'view' ],
	witness: [ 'view' ],
	writer: [ 'add' ],
	mender: [ 'list', 'edit' ],
	remover: [ 'list', 'delete' ],
};

/** Receptionists of the clinic, with KiviCare's capabilities for webhooks as named. */
function employ( site ) {
	inWordPress(
		site,
		`global $wpdb;
		foreach ( json_decode( '${ JSON.stringify( PEOPLE ) }', true ) as $name => $words ) {
			$old = get_user_by( "login", "kh_$name" ); if ( $old ) { wp_delete_user( $old->ID ); }
			$id = wp_insert_user( array( 'user_login' => "kh_$name", 'user_pass' => '${ PASSWORD }', 'user_email' => "$name@example.test", 'role' => 'subscriber' ) );
			$user = new WP_User( $id );
			foreach ( $words as $word ) {
				$user->add_cap( "kiviCare_webhook_$word" );
			}
			if ( ! $wpdb->insert( $wpdb->prefix . 'kc_receptionist_clinic_mappings', array( 'receptionist_id' => $id, 'clinic_id' => ${ site.ids.clinic }, 'created_at' => gmdate( 'Y-m-d H:i:s' ) ) ) ) {
				throw new Exception( $wpdb->last_error );
			}
		}`
	);
}

export async function rights( { story, screen, site, endpoint, browser } ) {
	let id;

	/** Somebody's own browser; whatever the server refuses there is counted. */
	async function as( name, play ) {
		const context = await browser.newContext( { viewport: { width: 1280, height: 900 }, locale: 'en-US', reducedMotion: 'reduce' } );
		const page = await context.newPage();
		page.setDefaultTimeout( 15000 );
		const theirs = new Page( page, site, screen.pictures );
		const refused = [];
		page.on( 'response', ( response ) => {
			if ( /kivihook\/v1/.test( response.url() ) && [ 401, 403 ].includes( response.status() ) ) {
				refused.push( `${ response.request().method() } ${ response.url() }` );
			}
		} );
		await theirs.logIn( `kh_${ name }`, PASSWORD );
		await play( theirs, page );
		assert.deepEqual( refused, [], 'nothing was offered that is refused' );
		assert.deepEqual( theirs.errors, [] );
		await context.close();
	}

	const settled = async ( page ) => {
		await page.waitForLoadState( 'networkidle' ).catch( () => {} );
		await page.waitForFunction( () => ! document.querySelector( '.kh-loading, .kh-screen .components-spinner' ) );
	};
	const tabs = ( page ) => page.locator( '.kh-tabs a' ).allInnerTexts();

	await story.step( 'rights: there are people with some of the capabilities', async () => {
		employ( site );
		await screen.open();
		const made = await screen.rest( 'POST', 'kivihook/v1/webhooks', {
			name: 'Desk of one clinic',
			events: [ 'appointment.booked' ],
			clinics: [ site.ids.clinic ],
			url: `${ endpoint.url }/one-clinic`,
			body: '{"id": {{appointment_id}}}',
		} );
		assert.equal( made.status, 201, JSON.stringify( made.json ) );
		id = made.json.webhook.id;
	} );

	await story.step( 'rights: who may look sees all of their clinic and can change nothing', async () => {
		await as( 'reader', async ( theirs, page ) => {
			await theirs.open();
			await settled( page );
			assert.deepEqual( await tabs( page ), [ 'Overview', 'Webhooks', 'Log' ] );
			assert.equal( await theirs.link( 'KiviCare’s own screens' ).count(), 0 );
			assert.deepEqual( await theirs.violations(), [] );
			await theirs.open( 'webhooks' );
			await theirs.row( 'Desk of one clinic' ).waitFor();
			assert.equal( await theirs.row( 'Laboratory' ).count(), 0, 'another clinic’s, or everybody’s' );
			assert.equal( await theirs.link( 'Add webhook' ).count(), 0 );
			assert.equal( await page.getByRole( 'checkbox', { name: /is switched on/ } ).isDisabled(), true );
			await theirs.row( 'Desk of one clinic' ).getByRole( 'button', { name: 'Actions' } ).click();
			assert.deepEqual( ( await page.locator( '[role="menu"]:not( #wpadminbar * ) [role="menuitem"]' ).allInnerTexts() ).map( ( text ) => text.trim() ), [ 'Show', 'Show its log' ] );
			await page.keyboard.press( 'Escape' );
			assert.deepEqual( await theirs.violations(), [] );
			await theirs.open( `webhooks/${ id }` );
			await page.getByText( 'You may look at this webhook, and not change it.' ).first().waitFor();
			await settled( page );
			assert.deepEqual( await page.getByRole( 'tab' ).allInnerTexts(), [ 'Variables' ] );
			assert.equal( await theirs.button( /Save/ ).count(), 0 );
			assert.equal( await theirs.button( 'Duplicate' ).count(), 0 );
			assert.equal( await theirs.field( 'Name' ).isDisabled(), true );
			await page.getByRole( 'textbox', { name: 'Body template' } ).click();
			await page.keyboard.insertText( 'typed' );
			assert.ok( ! ( await page.locator( '.kh-edit__form .cm-content' ).innerText() ).includes( 'typed' ) );
			for ( const name of [ 'Authentication', 'Clinics', 'Retries and limits' ] ) {
				await theirs.section( name );
			}
			assert.deepEqual( await theirs.violations(), [] );
			await theirs.picture( 'rights-reader' );
			await theirs.open( 'log' );
			await settled( page );
			assert.deepEqual( await theirs.violations(), [] );
		} );
	} );

	await story.step( 'rights: who may see the log only begins there', async () => {
		await as( 'witness', async ( theirs, page ) => {
			await theirs.open();
			await theirs.heading( 'Log' ).waitFor();
			await settled( page );
			assert.deepEqual( await tabs( page ), [ 'Log' ] );
			await theirs.button( 'Add filter' ).click();
			await page.getByRole( 'menuitem' ).first().waitFor();
			assert.equal( await page.getByRole( 'menuitem', { name: 'Webhook' } ).count(), 0, 'they may not list webhooks to choose among' );
			for ( const place of [ 'webhooks', 'webhooks/new', 'settings/general' ] ) {
				await theirs.open( place );
				await theirs.heading( 'Not for this account' ).waitFor();
			}
			assert.deepEqual( await theirs.violations(), [] );
		} );
	} );

	await story.step( 'rights: who may add writes one for the own clinic, tries it, and is led no further', async () => {
		await as( 'writer', async ( theirs, page ) => {
			await theirs.open();
			await theirs.heading( 'Add webhook' ).waitFor();
			assert.deepEqual( await tabs( page ), [ 'Add webhook' ] );
			await theirs.link( /^Signed JSON/ ).click();
			await page.locator( '.kh-preset-form' ).getByRole( 'textbox' ).first().fill( `${ endpoint.url }/written` );
			await theirs.button( 'Continue' ).click();
			await theirs.field( 'Name' ).fill( 'Written by one of few rights' );
			await page.getByRole( 'tab', { name: 'Test' } ).click();
			await theirs.button( 'Send a test now' ).click();
			await page.getByText( 'It works' ).waitFor();
			await theirs.button( 'Save webhook' ).click();
			await theirs.keepSecret();
			await theirs.heading( 'Add webhook' ).waitFor();
		} );
		const { json } = await screen.rest( 'GET', 'kivihook/v1/webhooks?per_page=100' );
		const written = json.items.find( ( one ) => one.url.endsWith( '/written' ) );
		assert.deepEqual( ( await screen.rest( 'GET', `kivihook/v1/webhooks/${ written.id }` ) ).json.clinics, [ site.ids.clinic ] );
		await screen.rest( 'DELETE', `kivihook/v1/webhooks/${ written.id }` );
	} );

	await story.step( 'rights: who may edit mends, tries and switches, and neither copies nor deletes', async () => {
		await as( 'mender', async ( theirs, page ) => {
			await theirs.open();
			await settled( page );
			assert.deepEqual( await tabs( page ), [ 'Overview', 'Webhooks' ] );
			await theirs.open( 'webhooks' );
			await theirs.row( 'Desk of one clinic' ).getByRole( 'button', { name: 'Actions' } ).click();
			assert.deepEqual( ( await page.locator( '[role="menu"]:not( #wpadminbar * ) [role="menuitem"]' ).allInnerTexts() ).map( ( text ) => text.trim() ), [ 'Edit', 'Switch off', 'Send what failed again' ] );
			await page.getByRole( 'menuitem', { name: 'Switch off' } ).click();
			await theirs.said( '1 webhook is off.' );
			await theirs.open( `webhooks/${ id }` );
			await settled( page );
			await page.locator( '.kh-preview' ).getByText( '/one-clinic' ).waitFor();
			assert.equal( await theirs.link( 'Its log' ).count(), 0 );
			assert.equal( await theirs.button( 'Duplicate' ).count(), 0 );
			await theirs.section( 'Signing' );
			await page.getByText( 'An administrator can make a new one.' ).waitFor();
			await theirs.field( 'Name' ).fill( 'Desk, mended' );
			await theirs.button( 'Save', { exact: true } ).click();
			await theirs.said( 'Saved.' );
			await page.locator( '.kh-preview:not( .is-busy )' ).waitFor();
			assert.deepEqual( await theirs.violations(), [] );
		} );
	} );

	await story.step( 'rights: who may delete does that', async () => {
		await as( 'remover', async ( theirs, page ) => {
			await theirs.open( 'webhooks' );
			await theirs.act( theirs.row( 'Desk, mended' ), 'Delete' );
			await page.getByRole( 'dialog' ).getByRole( 'button', { name: 'Delete for good' } ).click();
			await theirs.said( '1 webhook is deleted.' );
		} );
	} );
}
