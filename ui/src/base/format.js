import { __, _n, sprintf } from '@wordpress/i18n';
import { boot } from './boot';

const locale = ( () => {
	try {
		return Intl.getCanonicalLocales( boot.locale )[ 0 ];
	} catch {
		return 'en-US';
	}
} )();

let timeZone;

/** The clinic's zone, as GET /me names it: 'Europe/Berlin' or '+02:00'. */
export function setTimeZone( zone ) {
	try {
		new Intl.DateTimeFormat( locale, { timeZone: zone } );
		timeZone = zone;
	} catch {
		timeZone = undefined;
	}
}

const formats = new Map();
function dates( options ) {
	const key = JSON.stringify( options ) + timeZone;
	if ( ! formats.has( key ) ) {
		formats.set( key, new Intl.DateTimeFormat( locale, { ...options, timeZone } ) );
	}
	return formats.get( key );
}

export function dateTime( iso ) {
	return iso ? dates( { dateStyle: 'medium', timeStyle: 'medium' } ).format( new Date( iso ) ) : '';
}

export function shortDateTime( iso ) {
	return iso ? dates( { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } ).format( new Date( iso ) ) : '';
}

export function day( iso ) {
	return iso ? dates( { dateStyle: 'medium' } ).format( new Date( iso ) ) : '';
}

export function shortDay( date ) {
	return dates( { month: 'short', day: 'numeric' } ).format( date );
}

export function clock( date ) {
	return dates( { hour: 'numeric', minute: '2-digit' } ).format( date );
}

export function number( value, digits = 0 ) {
	return new Intl.NumberFormat( locale, { maximumFractionDigits: digits } ).format( value );
}

export function percent( value ) {
	return value === null || value === undefined ? '–' : new Intl.NumberFormat( locale, { style: 'percent', maximumFractionDigits: 1 } ).format( value / 100 );
}

function unit( value, name, digits = 0 ) {
	return new Intl.NumberFormat( locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits } ).format( value );
}

/** 120 → "120 ms", 1530 → "1.5 sec". */
export function milliseconds( value ) {
	if ( value === null || value === undefined ) {
		return '–';
	}
	return value < 1000 ? unit( value, 'millisecond', value < 10 ? 1 : 0 ) : unit( value / 1000, 'second', 1 );
}

const STEPS = [ [ 86400, 'day' ], [ 3600, 'hour' ], [ 60, 'minute' ], [ 1, 'second' ] ];

/** 93784 → "1 day, 2 hr": the two largest units. */
export function seconds( value ) {
	const parts = [];
	let rest = Math.round( value );
	for ( const [ size, name ] of STEPS ) {
		if ( rest >= size && parts.length < 2 ) {
			parts.push( unit( Math.floor( rest / size ), name ) );
			rest %= size;
		} else if ( parts.length > 0 ) {
			break;
		}
	}
	return parts.length ? parts.join( ' ' ) : unit( 0, 'second' );
}

/** "3 minutes ago", "in 2 hours". */
export function relative( iso, now = Date.now() ) {
	const distance = ( new Date( iso ).getTime() - now ) / 1000;
	const words = new Intl.RelativeTimeFormat( locale, { numeric: 'auto' } );
	for ( const [ size, name ] of STEPS ) {
		if ( Math.abs( distance ) >= size ) {
			return words.format( Math.trunc( distance / size ), name );
		}
	}
	return __( 'just now', 'kivihook' );
}

export function bytes( value ) {
	if ( value < 1024 ) {
		/* translators: %s: a number of bytes */
		return sprintf( _n( '%s byte', '%s bytes', value, 'kivihook' ), number( value ) );
	}
	return unit( value / 1024, 'kilobyte', 1 );
}
