// What dev/make-pot runs: node make-pot.mjs ROOT [--untranslated=LOCALE | --check]

import gettext from 'gettext-parser';
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fromJavaScript, fromPhp } from './texts.mjs';

const DOMAIN = 'kivihook';
// As Admin\Page registers it: WordPress looks for translations of a script under its handle.
const HANDLE = 'kivihook-page';
const PLURALS = { de_DE: 'nplurals=2; plural=(n != 1);', es_ES: 'nplurals=2; plural=(n != 1);' };

const root = process.argv[ 2 ];
const mode = process.argv[ 3 ] ?? '';
const folder = join( root, 'addon/kivihook/languages' );

function files( start, ending ) {
	return readdirSync( start, { withFileTypes: true, recursive: true } )
		.filter( ( one ) => one.isFile() && ending.test( one.name ) )
		.map( ( one ) => join( one.parentPath ?? one.path, one.name ) )
		.filter( ( one ) => ! /\/(node_modules|ui\/build)\//.test( relative( root, one ) ) )
		.sort();
}

/** All texts, each once: key → { text, plural, context, comment, references, script }. */
function collect() {
	const all = new Map();
	const add = ( list, script ) => {
		for ( const one of list ) {
			const key = `${ one.context }\u0004${ one.text }`;
			const entry = all.get( key ) ?? { ...one, references: [], script: false };
			entry.plural ??= one.plural;
			entry.comment ||= one.comment;
			entry.script ||= script;
			entry.references.push( one.reference );
			all.set( key, entry );
		}
	};
	for ( const file of files( join( root, 'ui/src' ), /\.jsx?$/ ) ) {
		add( fromJavaScript( readFileSync( file, 'utf8' ), relative( root, file ) ).filter( ( one ) => one.domain === DOMAIN ), true );
	}
	for ( const file of files( join( root, 'addon/kivihook' ), /\.php$/ ) ) {
		add( fromPhp( readFileSync( file, 'utf8' ), relative( root, file ) ).filter( ( one ) => one.domain === DOMAIN ), false );
	}
	// WordPress' components bring their words without a domain.
	for ( const name of readdirSync( join( root, 'addon/kivihook/ui/build' ) ).filter( ( one ) => one.endsWith( '.js' ) ) ) {
		const texts = fromJavaScript( readFileSync( join( root, 'addon/kivihook/ui/build', name ), 'utf8' ), name );
		add( texts.filter( ( one ) => one.domain === null ).map( ( one ) => ( { ...one, comment: '', reference: 'WordPress components' } ) ), true );
	}
	return all;
}

function headers( locale ) {
	return {
		'Project-Id-Version': 'KiviHook',
		'MIME-Version': '1.0',
		'Content-Type': 'text/plain; charset=utf-8',
		'Content-Transfer-Encoding': '8bit',
		'X-Domain': DOMAIN,
		...( locale ? { Language: locale, 'Plural-Forms': PLURALS[ locale ] ?? PLURALS.de_DE } : {} ),
	};
}

/** A catalogue of gettext-parser's shape, with the translations of `before` where the text is the same. */
function catalogue( texts, locale, before ) {
	const translations = { '': { '': { msgid: '', msgstr: [ '' ] } } };
	for ( const one of texts.values() ) {
		const known = before?.translations[ one.context ]?.[ one.text ]?.msgstr ?? [];
		const references = [ ...new Set( one.references.map( ( text ) => text.replace( /:\d+$/, '' ) ) ) ].sort();
		( translations[ one.context ] ??= {} )[ one.text ] = {
			...( one.context ? { msgctxt: one.context } : {} ),
			msgid: one.text,
			...( one.plural ? { msgid_plural: one.plural } : {} ),
			msgstr: one.plural ? [ known[ 0 ] ?? '', known[ 1 ] ?? '' ] : [ known[ 0 ] ?? '' ],
			comments: { ...( one.comment ? { extracted: `translators: ${ one.comment }` } : {} ), reference: references.join( '\n' ) },
		};
	}
	return { charset: 'utf-8', headers: headers( locale ), translations };
}

const write = ( data ) => gettext.po.compile( data, { sort: ( a, b ) => ( a.msgid + ( a.msgctxt ?? '' ) < b.msgid + ( b.msgctxt ?? '' ) ? -1 : 1 ) } );

function isComplete( entry ) {
	return entry.msgstr.every( ( one ) => one !== '' );
}

/** For wp.i18n: only what the page uses. */
function forScript( texts, po, locale ) {
	const messages = { '': { domain: DOMAIN, lang: locale, 'plural-forms': PLURALS[ locale ] ?? PLURALS.de_DE } };
	for ( const one of [ ...texts.values() ].filter( ( text ) => text.script ) ) {
		const entry = po.translations[ one.context ]?.[ one.text ];
		if ( entry && isComplete( entry ) ) {
			messages[ one.context ? `${ one.context }\u0004${ one.text }` : one.text ] = entry.msgstr;
		}
	}
	return JSON.stringify( { domain: DOMAIN, locale_data: { [ DOMAIN ]: messages } } );
}

/** Each language's file, brought up to date in memory. */
function catalogues() {
	return readdirSync( folder ).filter( ( one ) => one.endsWith( '.po' ) ).sort().map( ( name ) => {
		const file = join( folder, name );
		const locale = name.slice( DOMAIN.length + 1, -3 );
		return { locale, file, po: catalogue( texts, locale, gettext.po.parse( readFileSync( file ) ) ) };
	} );
}

const scriptFile = ( locale ) => join( folder, `${ DOMAIN }-${ locale }-${ HANDLE }.json` );

/** What a translation has to leave as it is: placeholders, variables, tags, line ends, blanks at the ends. */
function fixedParts( text ) {
	const parts = text.match( /%(\d+\$)?[sd]|\{\{.*?\}\}|<\/?\w+ ?\/?>|\n/g ) ?? [];
	return [ ...parts.sort(), /^\s/.test( text ), /\s$/.test( text ) ].join( ' ' );
}

/** What is wrong with the files in languages/, as lines. */
function check() {
	const found = existsSync( potFile ) && readFileSync( potFile ).equals( pot ) ? [] : [ 'Texts have changed: run dev/make-pot.' ];
	for ( const { locale, po, file } of catalogues() ) {
		for ( const entry of Object.values( po.translations ).flatMap( Object.values ).filter( ( one ) => one.msgid !== '' ) ) {
			if ( ! isComplete( entry ) ) {
				found.push( `${ locale } lacks: ${ entry.msgid }` );
				continue;
			}
			entry.msgstr.forEach( ( text, form ) => {
				const original = form === 0 ? entry.msgid : entry.msgid_plural;
				if ( fixedParts( text ) !== fixedParts( original ) ) {
					found.push( `${ locale }: placeholders, tags or line ends differ: ${ original } | ${ text }` );
				}
			} );
		}
		if ( ! readFileSync( file.replace( /po$/, 'mo' ) ).equals( gettext.mo.compile( po ) ) || readFileSync( scriptFile( locale ), 'utf8' ) !== forScript( texts, po, locale ) ) {
			found.push( `${ locale }: .mo or .json is another than its .po: run dev/make-pot.` );
		}
	}
	return found;
}

const texts = collect();
const pot = write( catalogue( texts, '', null ) );
const potFile = join( folder, `${ DOMAIN }.pot` );

if ( mode.startsWith( '--untranslated=' ) ) {
	const locale = mode.slice( 15 );
	const file = join( folder, `${ DOMAIN }-${ locale }.po` );
	const po = catalogue( texts, locale, existsSync( file ) ? gettext.po.parse( readFileSync( file ) ) : null );
	const missing = Object.values( po.translations ).flatMap( Object.values ).filter( ( one ) => one.msgid !== '' && ! isComplete( one ) );
	console.log( JSON.stringify( missing.map( ( one ) => ( { context: one.msgctxt, text: one.msgid, plural: one.msgid_plural, script: texts.get( `${ one.msgctxt ?? '' }\u0004${ one.msgid }` ).script } ) ), null, 1 ) );
	process.exit( 0 );
}
if ( mode === '--check' ) {
	const complaints = check();
	console.log( complaints.length ? complaints.join( '\n' ) : `${ texts.size } texts are collected, and translated into each language.` );
	process.exit( complaints.length ? 1 : 0 );
}

writeFileSync( potFile, pot );
console.log( `kivihook.pot: ${ texts.size } texts` );
for ( const { locale, file, po } of catalogues() ) {
	const entries = Object.values( po.translations ).flatMap( Object.values ).filter( ( one ) => one.msgid !== '' );
	writeFileSync( file, write( po ) );
	writeFileSync( file.replace( /po$/, 'mo' ), gettext.mo.compile( po ) );
	writeFileSync( scriptFile( locale ), forScript( texts, po, locale ) );
	console.log( `${ locale }: ${ entries.filter( isComplete ).length } of ${ entries.length } translated` );
}
