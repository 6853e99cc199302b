import { useEffect, useState } from '@wordpress/element';

/**
 * Addresses behind the # of the page: '#/log?state=failed' is { path: ['log'], query: { state: 'failed' } }. A guard may
 * stop a change of address, so that unsaved work is not lost.
 */
export function parse( hash ) {
	const [ path, query = '' ] = hash.replace( /^#\/?/, '' ).split( '?' );
	return {
		path: path.split( '/' ).filter( ( part ) => part !== '' ).map( decodeURIComponent ),
		query: Object.fromEntries( new URLSearchParams( query ) ),
	};
}

export function href( path, query ) {
	const pairs = Object.entries( query ?? {} ).filter( ( [ , value ] ) => value !== undefined && value !== null && value !== '' );
	return `#/${ path }` + ( pairs.length ? `?${ new URLSearchParams( pairs ) }` : '' );
}

export function go( path, query ) {
	window.location.hash = href( path, query );
}

/** Changes the address without a new entry in the browser's history, and without loading anything. */
export function replaceAddress( path, query ) {
	window.history.replaceState( null, '', href( path, query ) );
	current = window.location.hash;
}

let current = window.location.hash;
let guard = null;

/** `ask( leave )` is called instead of a change of address; it calls leave() when the person agrees. Null ends it. */
export function setGuard( ask ) {
	guard = ask;
}

export function useRoute() {
	const [ route, setRoute ] = useState( () => parse( window.location.hash ) );
	useEffect( () => {
		const changed = () => {
			const wanted = window.location.hash;
			if ( wanted === current ) {
				return;
			}
			if ( guard ) {
				window.history.pushState( null, '', current || '#/' );
				guard( () => {
					guard = null;
					window.location.hash = wanted;
				} );
				return;
			}
			current = wanted;
			setRoute( parse( wanted ) );
			window.scrollTo( 0, 0 );
		};
		window.addEventListener( 'hashchange', changed );
		return () => window.removeEventListener( 'hashchange', changed );
	}, [] );
	return route;
}
