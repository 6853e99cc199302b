/**
 * A provider's window and the editor that opened it. They talk through a channel of their own: a provider whose pages isolate
 * themselves (Cross-Origin-Opener-Policy) cuts `window.opener` off.
 */
export const WINDOW = 'kivihook-oauth2';

const channel = () => ( typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel( WINDOW ) );

/** In the provider's window, once it is back here: tells the editor, and closes itself. In the editor's own window nothing. */
export function comeBack() {
	const [ path, query = '' ] = window.location.hash.split( '?' );
	const answer = new URLSearchParams( query );
	if ( window.name !== WINDOW || ! answer.get( 'oauth2' ) ) {
		return false;
	}
	const talk = channel();
	talk?.postMessage( {
		outcome: answer.get( 'oauth2' ),
		reason: answer.get( 'reason' ) ?? '',
		webhook: Number( /^#\/webhooks\/(\d+)$/.exec( path )?.[ 1 ] ?? 0 ),
	} );
	talk?.close();
	window.close();
	return true;
}

/** Calls `heard( outcome, reason )` for what comes of this webhook's log-in. Gives what ends it. */
export function listen( webhook, heard ) {
	const talk = channel();
	if ( talk ) {
		// Without a number nobody knows whose it was: its time was over.
		talk.onmessage = ( { data } ) => ( data.webhook === webhook || ! data.webhook ) && heard( data.outcome, data.reason );
	}
	return () => talk?.close();
}
