// KiviHook's page in wp-admin, used as an administrator uses it.
// Usage: node screens.mjs RUN/site.json [SCREENSHOT_FOLDER]; ./run does the rest.

import { readFileSync } from 'node:fs';
import { Page, Story, findChromium, prepare, startBrowser, startEndpoint } from './lib.mjs';
import { webhooks } from './steps/webhooks.mjs';
import { editor } from './steps/editor.mjs';
import { failing } from './steps/failing.mjs';
import { hostile } from './steps/hostile.mjs';
import { oauth2 } from './steps/oauth2.mjs';
import { settings } from './steps/settings.mjs';
import { original } from './steps/original.mjs';
import { rights } from './steps/rights.mjs';
import { access } from './steps/access.mjs';
import { scale } from './steps/scale.mjs';

if ( ! findChromium() ) {
	console.log( 'There is no Chromium on this machine (dev/install-packages screens).' );
	console.log( '0 passed, 0 failed, 1 skipped' );
	process.exit( 0 );
}

const site = JSON.parse( readFileSync( process.argv[ 2 ], 'utf8' ) );
const pictures = process.argv[ 3 ] ?? '';
const story = new Story( pictures );
const endpoint = await startEndpoint();
const browser = await startBrowser();
const context = await browser.newContext( { viewport: { width: 1280, height: 900 }, locale: 'en-US', acceptDownloads: true, reducedMotion: 'reduce' } );
const page = await context.newPage();
page.setDefaultTimeout( 15000 );
const screen = new Page( page, site, pictures );
story.screen = screen;
const world = { story, screen, page, site, endpoint, browser };

const chapters = [ webhooks, editor, failing, hostile, oauth2, settings, original, rights, access, scale ];
// The steps of a chapter build on each other: either all of them are played, or none.
const only = ( process.env.KH_ONLY ?? '' ).split( ',' ).filter( Boolean );
const played = only.length ? chapters.filter( ( chapter ) => only.includes( chapter.name ) ) : chapters;
if ( only.length > played.length ) {
	throw new Error( `The chapters are: ${ chapters.map( ( chapter ) => chapter.name ).join( ', ' ) }.` );
}
if ( ! played.includes( webhooks ) ) {
	await story.step( 'somebody logs in, and what the first chapter makes is there', () => prepare( world, ! played.includes( failing ) ) );
}
for ( const chapter of played ) {
	await chapter( world );
}

await browser.close();
await endpoint.stop();
story.end();
process.exit( story.counts.failed > 0 ? 1 : 0 );
