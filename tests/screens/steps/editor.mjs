// The editor: what is typed is checked, previewed and tested there, and is not lost.

import assert from 'node:assert/strict';

export async function editor( { story, screen, page, endpoint } ) {
	const body = () => page.getByRole( 'textbox', { name: 'Body template' } );

	async function openReception() {
		await screen.open( 'webhooks' );
		await screen.link( 'Reception' ).click();
		await screen.heading( 'Reception' ).waitFor();
	}

	/** CodeMirror takes keys, not values. */
	async function write( text ) {
		await body().click();
		await page.keyboard.press( 'Control+A' );
		await page.keyboard.press( 'Delete' );
		await page.keyboard.insertText( text );
	}

	await story.step( 'events are found by words of their name, module and description, and several are chosen', async () => {
		await screen.open( 'webhooks/new/scratch' );
		const search = page.getByRole( 'searchbox', { name: 'Search events' } );
		const list = page.locator( '.kh-events__list' );
		await search.fill( 'patient arrived' );
		await list.getByLabel( 'Patient checked in', { exact: true } ).check();
		assert.equal( await list.getByRole( 'checkbox' ).count(), 2, 'one event and its module' );
		await page.getByText( '1 event found' ).waitFor();
		await search.fill( 'prescription' );
		await list.getByLabel( /^Prescription \(0\// ).check();
		await search.fill( 'nothing like it' );
		await page.getByText( 'No event has these words.' ).waitFor();
		const chosen = page.getByRole( 'list', { name: 'Chosen events' } ).getByRole( 'listitem' );
		const before = await chosen.count();
		assert.ok( before >= 4, `${ before } chosen` );
		await screen.button( 'Remove: Patient checked in' ).click();
		assert.equal( await chosen.count(), before - 1 );
		await search.fill( '' );
		await page.getByRole( 'tab', { name: 'Variables' } ).click();
		await page.getByRole( 'searchbox', { name: 'Search variables' } ).fill( 'prescription_' );
		await page.getByRole( 'button', { name: /^Insert \{\{prescription_/ } ).first().waitFor();
		await screen.link( 'Overview', { exact: true } ).click();
		await page.getByRole( 'dialog', { name: 'Leave without saving?' } ).getByRole( 'button', { name: 'Leave' } ).click();
		await screen.heading( 'Overview' ).waitFor();
	} );

	await story.step( 'a mistake in the body is underlined, with line and column', async () => {
		await openReception();
		await write( '{\n "text": "{{patient_name | nosuchfilter}}"\n}' );
		await page.locator( '.kh-editor__errors .kh-field-error' ).getByText( /Line 2, column \d+/ ).waitFor();
		await page.locator( '.cm-lintRange-error' ).waitFor();
		assert.equal( await body().getAttribute( 'aria-invalid' ), 'true' );
	} );

	await story.step( 'variables are completed while typing', async () => {
		await openReception();
		await write( '{"text": "' );
		await page.keyboard.type( '{{patient_na', { delay: 20 } );
		await page.getByRole( 'option', { name: /^patient_name/ } ).first().waitFor();
		await page.waitForTimeout( 150 );
		await page.keyboard.press( 'Enter' );
		await page.waitForFunction( () => document.querySelector( '.kh-edit__form .cm-content' ).textContent.includes( '{{patient_name}}' ) );
	} );

	await story.step( 'the variable picker writes where the cursor was', async () => {
		await openReception();
		await write( 'Booked: ' );
		await page.getByRole( 'tab', { name: 'Variables' } ).click();
		await page.getByRole( 'searchbox', { name: 'Search variables' } ).fill( 'doctor_name' );
		await page.getByRole( 'button', { name: 'Insert {{doctor_name}}' } ).click();
		await page.waitForFunction( () => document.querySelector( '.kh-edit__form .cm-content' ).textContent === 'Booked: {{doctor_name}}' );
	} );

	await story.step( 'Tab leaves the body: the keyboard is never trapped', async () => {
		await openReception();
		await body().click();
		await page.keyboard.press( 'Tab' );
		assert.equal( await page.evaluate( () => document.activeElement.closest( '.cm-editor' ) === null ), true );
	} );

	await story.step( 'the preview follows what is typed', async () => {
		await openReception();
		await write( '{"note": "Preview 4711 {{event_name}}"}' );
		await page.locator( '.kh-preview' ).getByText( /Preview 4711 kc_appointment_book/ ).waitFor();
		await page.locator( '.kh-preview' ).getByText( 'webhook-signature', { exact: true } ).waitFor();
		await screen.picture( 'window-editor', false );
	} );

	await story.step( 'leaving with unsaved changes asks first', async () => {
		await openReception();
		await screen.field( 'Name' ).fill( 'Reception, changed' );
		await screen.link( 'Overview', { exact: true } ).click();
		const question = page.getByRole( 'dialog', { name: 'Leave without saving?' } );
		await question.getByRole( 'button', { name: 'Stay here' } ).click();
		assert.equal( await screen.field( 'Name' ).inputValue(), 'Reception, changed' );
		assert.match( page.url(), /#\/webhooks\/\d+/ );
		let asked = 0;
		page.once( 'dialog', ( dialog ) => {
			asked++;
			dialog.dismiss();
		} );
		await page.reload( { timeout: 3000 } ).catch( () => {} );
		assert.equal( asked, 1, 'the browser asks before a reload' );
		await screen.link( 'Overview', { exact: true } ).click();
		await question.getByRole( 'button', { name: 'Leave' } ).click();
		await screen.heading( 'Overview' ).waitFor();
		await openReception();
		assert.equal( await screen.field( 'Name' ).inputValue(), 'Reception' );
	} );

	await story.step( 'a test shows request, response and timings, unsaved changes included', async () => {
		await openReception();
		await write( '{"note": "tested {{event_name}}"}' );
		await page.getByRole( 'tab', { name: 'Test' } ).click();
		await screen.button( 'Send a test now' ).click();
		await page.getByText( 'It works' ).waitFor();
		const result = page.locator( '.kh-test' );
		await result.getByText( 'tested kc_appointment_book' ).waitFor();
		await result.getByText( '"heard":true' ).waitFor();
		await result.getByRole( 'rowheader', { name: 'Endpoint’s answer' } ).waitFor();
		assert.ok( endpoint.inbox.some( ( one ) => one.url === '/desk' && one.body.includes( 'tested' ) ) );
		await screen.picture( 'editor-test' );
	} );

	await story.step( 'fields of the chosen authentication, and a token that is stored but never shown', async () => {
		await openReception();
		await screen.section( 'Authentication' );
		await screen.choose( screen.field( 'Method of authentication' ), 'bearer' );
		await page.getByLabel( /Token/ ).first().fill( 'tok-3f9a81d2c4b6e7' );
		await screen.button( 'Save', { exact: true } ).click();
		await screen.said( 'Saved.' );
		await openReception();
		await screen.section( 'Authentication' );
		await page.getByText( 'Stored, and shown to nobody.' ).waitFor();
		assert.ok( ! ( await page.content() ).includes( 'tok-3f9a81d2c4b6e7' ) );
		await page.getByRole( 'button', { name: /^Replace/ } ).click();
		await page.getByText( 'Not saved yet.' ).waitFor();
		await screen.open( 'webhooks' ).catch( () => {} );
	} );

	await story.step( 'conditions, privacy and retries are kept', async () => {
		await openReception();
		await screen.section( 'Conditions' );
		await screen.button( 'Add condition' ).click();
		await screen.choose( screen.field( 'Condition 1: field' ), 'doctor_name' );
		await screen.choose( screen.field( 'Condition 1: comparison' ), 'exists' );
		await screen.section( 'Privacy' );
		await page.getByLabel( 'Contact', { exact: false } ).first().uncheck();
		await screen.section( 'Retries and limits' );
		await screen.choose( screen.field( 'When it fails' ), 'own' );
		await screen.field( 'Delays between tries' ).fill( '1 min, 2 h' );
		await screen.button( 'Save', { exact: true } ).click();
		await screen.said( 'Saved.' );
		const { json } = await screen.rest( 'GET', 'kivihook/v1/webhooks?search=Reception' );
		const kept = ( await screen.rest( 'GET', `kivihook/v1/webhooks/${ json.items[ 0 ].id }` ) ).json;
		assert.deepEqual( kept.conditions.rules.map( ( one ) => [ one.field, one.operator ] ), [ [ 'doctor_name', 'exists' ] ] );
		assert.deepEqual( kept.retry.schedule_s, [ 60, 7200 ] );
		assert.ok( ! kept.classes.includes( 'contact' ) && kept.classes.includes( 'operational' ) );
	} );

	await story.step( 'the signing secret is rotated, shown once, and the old one ended', async () => {
		await openReception();
		await screen.section( 'Signing' );
		await screen.button( 'Make a new secret' ).click();
		await page.getByRole( 'dialog' ).getByRole( 'button', { name: 'Make it' } ).click();
		assert.match( await screen.keepSecret(), /^whsec_/ );
		await screen.button( 'End the previous secret' ).click();
		await page.getByRole( 'dialog' ).getByRole( 'button', { name: 'End it' } ).click();
		await screen.said( 'The secret before is no longer used.' );
	} );
}
