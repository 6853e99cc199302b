// Settings, import and export.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export async function settings( { story, screen, page } ) {
	await story.step( 'retention is changed, a wrong value is refused at its field, and the audit trail tells who', async () => {
		await screen.open( 'settings/general' );
		await screen.field( 'Keep bodies, days' ).fill( '0' );
		await screen.button( 'Save settings' ).click();
		await page.locator( '.kh-field-error' ).first().waitFor();
		await screen.field( 'Keep bodies, days' ).fill( '5' );
		await screen.button( 'Save settings' ).click();
		await screen.said( 'Saved.' );
		assert.equal( ( await screen.rest( 'GET', 'kivihook/v1/settings' ) ).json.settings.body_days, 5 );
		await screen.link( 'Audit trail' ).click();
		await page.getByRole( 'cell', { name: /admin \(rest\)/ } ).first().waitFor();
		await page.locator( 'code' ).getByText( 'body_days' ).waitFor();
	} );

	await story.step( 'who is on duty, the systemd unit, the networks and the key are shown', async () => {
		await screen.open( 'settings/machine' );
		await page.getByText( 'ExecStart=' ).waitFor();
		await page.getByRole( 'row', { name: /kivihook\.allow_networks/ } ).getByText( '127.0.0.0/8' ).waitFor();
		await screen.open( 'settings/keys' );
		await page.getByText( 'In order' ).first().waitFor();
	} );

	await story.step( 'webhooks are exported with a passphrase, and imported again', async () => {
		await screen.open( 'settings/transfer' );
		await page.getByLabel( 'Passphrase for the file (optional)' ).fill( 'correct horse battery' );
		const [ download ] = await Promise.all( [ page.waitForEvent( 'download' ), screen.button( 'Export all webhooks' ).click() ] );
		const file = await download.path();
		assert.ok( ! readFileSync( file, 'utf8' ).includes( 'tok-3f9a81d2c4b6e7' ) );
		const before = ( await screen.rest( 'GET', 'kivihook/v1/webhooks' ) ).json.total;
		await page.getByLabel( 'Passphrase of the file, if it has one' ).fill( 'correct horse battery' );
		await page.locator( 'input[type="file"]' ).setInputFiles( { name: 'webhooks.json', mimeType: 'application/json', buffer: readFileSync( file ) } );
		await page.getByText( /can be imported/ ).waitFor();
		await screen.button( 'Import', { exact: true } ).click();
		await page.getByText( /imported, 0 refused/ ).waitFor();
		const after = ( await screen.rest( 'GET', 'kivihook/v1/webhooks?per_page=100' ) ).json;
		assert.equal( after.total, before * 2 );
		await page.locator( 'input[type="file"]' ).setInputFiles( { name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from( 'no json' ) } );
		await page.locator( '.kh-failure' ).waitFor();
	} );
}
