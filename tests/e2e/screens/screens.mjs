// KiviCare's own Webhooks screens, used as an administrator uses them, against our routes.
// Usage: node screens.mjs RUN/site.json [SCREENSHOT_FOLDER]; ./run does the rest.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Screens, findChromium, startBrowser, startEndpoint } from './lib.mjs';

const TOKEN = 'tok-3f9a81d2c4b6e7';
const DOTS = '••••••••';

const site = JSON.parse( readFileSync( process.argv[ 2 ], 'utf8' ) );
const pictures = process.argv[ 3 ] ?? '';
if ( site.kivicare?.kind !== 'real' || Number( site.kivicare.generation ) < 4 ) {
	console.log( 'These screens come with the real KiviCare 4; KIVICARE_DIR names none.' );
	console.log( '0 passed, 0 failed, 1 skipped' );
	process.exit( 0 );
}
if ( ! findChromium() ) {
	console.log( 'There is no Chromium on this machine (apt-get install chromium).' );
	console.log( '0 passed, 0 failed, 1 skipped' );
	process.exit( 0 );
}

const endpoint = await startEndpoint();
const browser = await startBrowser();
const page = await ( await browser.newContext( { viewport: { width: 1500, height: 1100 }, locale: 'en-US' } ) ).newPage();
page.setDefaultTimeout( 8000 );
const screens = new Screens( page, site );
const errors = [];
page.on( 'pageerror', ( error ) => errors.push( error.message ) );

const counts = { passed: 0, failed: 0, skipped: 0 };

async function picture( name ) {
	if ( pictures !== '' ) {
		mkdirSync( pictures, { recursive: true } );
		await page.screenshot( { path: join( pictures, `${ name }.png` ), fullPage: true, animations: 'disabled' } );
	}
}

async function step( name, story ) {
	try {
		await story();
		counts.passed++;
		console.log( `ok      ${ name }` );
	} catch ( error ) {
		counts.failed++;
		console.log( `FAILED  ${ name }\n        ${ String( error.stack ?? error ).split( '\n' ).slice( 0, 8 ).join( '\n        ' ) }` );
		await picture( `failed-${ counts.failed }` );
	}
}

async function fillForm( name, url ) {
	await screens.fill( 'name', name );
	await screens.choose( 'moduleName', 'Appointment' );
	await screens.choose( 'eventName', 'Appointment booked' );
	await screens.fill( 'webhookUrl', url );
	await screens.fill( 'requestBody', '{"text": "{{patient_name}} with {{doctor_name}}"}' );
}

await step( 'the screens are unlocked, and the list is empty', async () => {
	await screens.logIn();
	await screens.openList();
	await page.getByText( 'Create Your First Webhook' ).waitFor();
	await page.getByText( 'Activate Webhook', { exact: true } ).waitFor();
	await picture( '1-empty-list' );
} );

await step( 'what is refused says why', async () => {
	await screens.openNewForm();
	await fillForm( 'Front desk', `${ endpoint.url }/hook` );
	await page.locator( '[name="enableSSL"]' ).uncheck();
	await screens.submit();
	assert.match( await screens.reason(), /Enable SSL Certificate Verification/ );
	await picture( '2-refused' );
	await page.locator( '[name="enableSSL"]' ).check();
	await screens.fill( 'requestBody', '{"text": {{patient_name}' );
	await screens.submit();
	await page.locator( '#kivihook-reason' ).getByText( /line 1/ ).waitFor();
} );

await step( 'a webhook is added with a bearer token', async () => {
	await screens.openNewForm();
	await fillForm( 'Front desk', `${ endpoint.url }/hook` );
	await screens.choose( 'authMethod', 'Bearer Token Authentication (OAuth2 / JWT)' );
	await screens.fill( 'authConfig.bearerToken', TOKEN );
	await screens.fill( 'customHeaders.0.key', 'X-Clinic' );
	const header = page.locator( '.react-select-box' ).filter( { has: page.locator( 'input[name="customHeaders.0.value"]' ) } );
	await header.locator( '.react-select__control' ).click();
	await page.locator( '.react-select__option' ).getByText( '{{clinic_name}}', { exact: true } ).click();
	await screens.fill( 'queryParams.0.key', 'source' );
	const query = page.locator( '.react-select-box' ).filter( { has: page.locator( 'input[name="queryParams.0.value"]' ) } );
	await query.locator( 'input[role="combobox"]' ).pressSequentially( 'front desk' );
	await screens.fill( 'retryAttempts', '0' );
	await picture( '3-form' );
	await screens.submit();
	await screens.row( 'Front desk' ).waitFor();
	const row = await screens.row( 'Front desk' ).innerText();
	assert.match( row, /kc_appointment_book/ );
	assert.match( row, /Never/ );
	await picture( '4-list' );
} );

await step( 'the form shows everything again but the token', async () => {
	await screens.openEditForm( 'Front desk' );
	assert.equal( await screens.value( 'webhookUrl' ), `${ endpoint.url }/hook` );
	assert.equal( await screens.value( 'authConfig.bearerToken' ), DOTS );
	assert.equal( await screens.value( 'retryAttempts' ), '0' );
	assert.equal( await page.locator( 'input[name="eventName"]' ).inputValue(), 'kc_appointment_book' );
	await picture( '5-edit' );
	await screens.fill( 'name', 'Reception' );
	await screens.submit();
	await screens.row( 'Reception' ).waitFor();
	assert.ok( ! screens.answers.some( ( answer ) => answer.text.includes( TOKEN ) ) );
} );

await step( 'a stored token does not move to another server', async () => {
	await screens.openEditForm( 'Reception' );
	await screens.fill( 'webhookUrl', 'https://elsewhere.example/hook' );
	await screens.submit();
	assert.match( await screens.reason(), /never sent to another server/ );
} );

await step( 'switched off in the list, it stays off when the form is saved', async () => {
	await screens.openList();
	await screens.row( 'Reception' ).getByRole( 'switch' ).click();
	await page.getByText( 'Webhook status updated' ).waitFor();
	await screens.openEditForm( 'Reception' );
	assert.equal( await page.locator( 'input[name="status"]' ).isChecked(), false );
	await screens.submit();
	await screens.row( 'Reception' ).waitFor();
	await screens.openList();
	await screens.row( 'Reception' ).waitFor();
	assert.equal( await screens.row( 'Reception' ).getByRole( 'switch' ).isChecked(), false );
	await screens.row( 'Reception' ).getByRole( 'switch' ).click();
	await page.getByText( 'Webhook status updated' ).waitFor();
	await screens.openList();
	await screens.row( 'Reception' ).waitFor();
	assert.equal( await screens.row( 'Reception' ).getByRole( 'switch' ).isChecked(), true );
} );

await step( 'a test is sent, signed and with the token', async () => {
	await screens.open( 'testing' );
	await page.locator( '.webhook-setting .react-select__control' ).first().click();
	await page.locator( '.react-select__option' ).getByText( 'Reception', { exact: true } ).click();
	await page.getByText( 'Appointment booked', { exact: true } ).click();
	assert.match( await page.locator( 'textarea' ).inputValue(), /"patient_name": "John Doe"/ );
	await page.getByRole( 'button', { name: 'Send Test' } ).click();
	await page.getByText( 'Test webhook delivered successfully' ).waitFor();
	await picture( '6-test' );
	const arrived = endpoint.inbox.at( -1 );
	assert.equal( arrived.headers.authorization, `Bearer ${ TOKEN }` );
	assert.equal( arrived.headers[ 'x-clinic' ], 'Main Health Clinic' );
	assert.equal( new URL( arrived.url, 'http://x' ).searchParams.get( 'source' ), 'front desk' );
	assert.match( arrived.headers[ 'webhook-signature' ], /^v1,/ );
	assert.equal( JSON.parse( arrived.body ).text.startsWith( 'John Doe with ' ), true );
	assert.ok( await page.getByText( 'SUCCESS', { exact: true } ).isVisible() );
	assert.match( await page.locator( 'pre' ).first().innerText(), /"heard":true/ );
} );

await step( 'a failed test shows the endpoint\'s status and words', async () => {
	await screens.openNewForm();
	await fillForm( 'Broken', `${ endpoint.url }/status/500` );
	await screens.submit();
	await screens.row( 'Broken' ).waitFor();
	await screens.open( 'testing' );
	await page.locator( '.webhook-setting .react-select__control' ).first().click();
	await page.locator( '.react-select__option' ).getByText( 'Broken', { exact: true } ).click();
	await page.getByText( 'Appointment booked', { exact: true } ).click();
	await page.getByRole( 'button', { name: 'Send Test' } ).click();
	await page.getByText( 'Test webhook delivery failed' ).waitFor();
	assert.ok( await page.getByText( 'FAILED', { exact: true } ).isVisible() );
	assert.match( await page.locator( 'pre' ).first().innerText(), /500/ );
	await picture( '7-failed-test' );
} );

await step( 'the log lists both attempts and shows what was sent', async () => {
	await screens.open( 'events-log' );
	await screens.row( 'Reception' ).waitFor();
	assert.equal( await page.locator( 'table tbody tr' ).count(), 2 );
	await picture( '8-log' );
	await screens.row( 'Reception' ).locator( '.ph-eye' ).click();
	const details = page.locator( '.modal-body' );
	await details.waitFor();
	const text = await details.innerText();
	assert.match( text, /John Doe with/ );
	assert.match( text, /200/ );
	assert.ok( ! text.includes( TOKEN ) );
	await picture( '9-log-details' );
	await page.locator( '.modal-footer button' ).click();
} );

await step( 'the log can be filtered', async () => {
	await page.getByRole( 'button', { name: 'Filters' } ).click();
	const panel = page.locator( '.offcanvas' );
	await panel.waitFor();
	await panel.locator( '.react-select__control' ).click();
	await page.locator( '.react-select__option' ).getByText( 'Failed', { exact: true } ).click();
	await picture( '10-filters' );
	await panel.getByRole( 'button', { name: 'Apply' } ).click();
	await screens.row( 'Reception' ).waitFor( { state: 'detached' } );
	await screens.row( 'Broken' ).waitFor();
} );

await step( 'one entry of the log can be deleted', async () => {
	await screens.open( 'events-log' );
	await screens.row( 'Broken' ).waitFor();
	await screens.row( 'Broken' ).locator( '.ph-trash' ).click();
	await screens.press( 'Yes, delete it!' );
	await screens.row( 'Broken' ).waitFor( { state: 'detached' } );
	assert.equal( await screens.row( 'Reception' ).count(), 1 );
} );

await step( 'the list says when it last delivered', async () => {
	await screens.openList();
	await screens.row( 'Reception' ).waitFor();
	assert.ok( ! ( await screens.row( 'Reception' ).innerText() ).includes( 'Never' ) );
	await picture( '11-list-after' );
} );

await step( 'several are switched off and deleted at once', async () => {
	await screens.openList();
	await screens.row( 'Broken' ).waitFor();
	await page.locator( 'table thead input[type="checkbox"]' ).check();
	await picture( '12-bulk' );
	await screens.bulk( 'Set Inactive' );
	await page.getByText( 'Selected webhooks status updated' ).waitFor();
	await screens.openList();
	await screens.row( 'Broken' ).waitFor();
	assert.equal( await page.locator( 'table tbody input[role="switch"]:checked' ).count(), 0 );
} );

await step( 'one is deleted', async () => {
	await screens.openList();
	await screens.row( 'Broken' ).locator( '.ph-trash' ).click();
	await screens.press( 'Yes, delete it!' );
	await page.getByText( 'Webhook deleted successfully' ).waitFor();
	await screens.openList();
	await screens.row( 'Reception' ).waitFor();
	assert.equal( await screens.row( 'Broken' ).count(), 0 );
} );

await step( 'no error in the page', async () => {
	assert.deepEqual( errors, [] );
} );

await browser.close();
await endpoint.stop();
console.log( `${ counts.passed } passed, ${ counts.failed } failed, ${ counts.skipped } skipped` );
process.exit( counts.failed === 0 ? 0 : 1 );
