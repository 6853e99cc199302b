import apiFetch from '@wordpress/api-fetch';
import { __ } from '@wordpress/i18n';
import { boot } from './boot';

// WordPress prints the nonce in an inline script of its own, which a strict policy may have stopped.
if ( ! apiFetch.nonceMiddleware ) {
	apiFetch.nonceMiddleware = apiFetch.createNonceMiddleware( boot.nonce );
	apiFetch.use( apiFetch.nonceMiddleware );
}

function address( path, query ) {
	const pairs = Object.entries( query ?? {} ).filter( ( [ , value ] ) => value !== undefined && value !== null && value !== '' );
	const url = `${ boot.rest }${ boot.namespace }/${ path }`;
	if ( pairs.length === 0 ) {
		return url;
	}
	return url + ( url.includes( '?' ) ? '&' : '?' ) + new URLSearchParams( pairs ).toString();
}

/** Every refusal as { message, code, status, errors: [{ field, message, line, column }], data }. */
export class Problem extends Error {
	constructor( raw ) {
		super( raw?.message || __( 'The site did not answer as expected. Reload the page and try again.', 'kivihook' ) );
		this.code = raw?.code ?? 'unknown';
		this.data = raw?.data ?? {};
		this.status = this.data?.status ?? 0;
		this.errors = this.data?.errors ?? [];
	}
}

async function call( method, path, { query, data, signal } = {} ) {
	try {
		return await apiFetch( { url: address( path, query ), method, data, signal } );
	} catch ( raw ) {
		if ( raw?.name === 'AbortError' ) {
			throw raw;
		}
		throw new Problem( raw );
	}
}

export const api = {
	get: ( path, query, signal ) => call( 'GET', path, { query, signal } ),
	post: ( path, data = {}, signal ) => call( 'POST', path, { data, signal } ),
	put: ( path, data = {} ) => call( 'PUT', path, { data } ),
	remove: ( path ) => call( 'DELETE', path ),
};
