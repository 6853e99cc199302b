/** A webhook as it is typed: plain values, changed by paths such as 'headers.0.value'. No interface in here. */

const MADE_BY_SERVER = [
	'id', 'version', 'created_at', 'updated_at', 'created_by', 'off_reason', 'signing', 'certificate', 'oauth2',
	'editable_in_kivicare', 'held', 'waiting', 'health', 'notes',
];

export function emptyDraft() {
	return {
		name: '',
		description: '',
		active: true,
		events: [],
		method: 'POST',
		url: '',
		headers: [],
		query: [],
		content_type: 'application/json',
		body: '',
		body_with_get: false,
		auth: { method: 'none' },
		tls: { client_certificate: false },
		secrets: {},
		timeout_ms: 30000,
		connect_timeout_ms: 5000,
		retry: {},
		log_mask: [],
		clinics: [],
		classes: null,
		clinical: null,
		conditions: null,
		limits: { concurrency: 0, per_minute: 0, order: '' },
		reminders_min: [],
	};
}

export function draftOf( webhook ) {
	const draft = { ...emptyDraft(), ...webhook };
	for ( const name of MADE_BY_SERVER ) {
		delete draft[ name ];
	}
	return draft;
}

export function get( draft, path ) {
	return path.split( '.' ).reduce( ( value, key ) => value?.[ key ], draft );
}

/** A copy with another value at this path; lists stay lists. */
export function put( draft, path, value ) {
	const [ key, ...rest ] = path.split( '.' );
	const inner = rest.length ? put( draft?.[ key ] ?? {}, rest.join( '.' ), value ) : value;
	if ( Array.isArray( draft ) ) {
		return draft.map( ( one, i ) => ( String( i ) === key ? inner : one ) );
	}
	return { ...draft, [ key ]: inner };
}

/**
 * What the server gets. A secret that nobody entered is not sent, so that what is stored stays; rows without a name and a
 * value are left out; a missing object of the clinical class is no empty one.
 */
export function toSend( draft ) {
	const named = ( rows ) => rows.filter( ( row ) => row.name !== '' || row.value !== '' );
	return {
		...draft,
		headers: named( draft.headers ),
		query: named( draft.query ),
		clinical: draft.classes?.includes( 'clinical' ) ? draft.clinical ?? { purpose: '', agreement: '', until: '' } : null,
	};
}

/** Variables that the chosen events offer: by name, with how many of the events bring each. */
export function variablesOf( draft, events ) {
	const chosen = draft.events.map( ( id ) => events.get( id ) ).filter( Boolean );
	const found = new Map();
	for ( const event of chosen ) {
		for ( const variable of event.variables ) {
			const before = found.get( variable.name );
			found.set( variable.name, before ? { ...before, in: before.in + 1 } : { ...variable, in: 1 } );
		}
	}
	return [ ...found.values() ].map( ( variable ) => ( { ...variable, everywhere: variable.in === chosen.length } ) );
}

/** Does a field belong to the choices that were made? */
export function isShown( field, draft ) {
	return Object.entries( field.show_if ?? {} ).every( ( [ name, values ] ) => {
		const value = draft.auth[ name ] ?? draft.tls?.[ name ] ?? draft[ name ];
		return values.some( ( one ) => one === value || String( one ) === String( value ?? '' ) );
	} );
}

/** '5 s, 5 min, 2 h' or bare seconds → [ 5, 300, 7200 ]; null if something else is written there. */
export function parseDelays( text ) {
	const factors = { s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86400 };
	const parts = text.split( /[,;\s]*[,;]\s*|\s{2,}/ ).filter( ( part ) => part.trim() !== '' );
	const delays = parts.map( ( part ) => {
		const match = /^\s*(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|d)?\s*$/i.exec( part );
		return match ? Math.round( Number( match[ 1 ] ) * factors[ ( match[ 2 ] ?? 's' ).toLowerCase() ] ) : NaN;
	} );
	return delays.some( Number.isNaN ) ? null : delays;
}

export function writeDelays( delays ) {
	return delays
		.map( ( s ) => {
			const [ size, name ] = [ [ 86400, 'd' ], [ 3600, 'h' ], [ 60, 'min' ], [ 1, 's' ] ].find( ( [ one ] ) => s % one === 0 && s >= one ) ?? [ 1, 's' ];
			return `${ s / size } ${ name }`;
		} )
		.join( ', ' );
}
