import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from '@wordpress/element';
import { api } from '../base/api';
import { get, put, toSend } from './draft';

const CHECK_MS = 400;

/** The draft, what is wrong with it, and how it is changed. */
export const DraftContext = createContext( null );

export function useDraft() {
	return useContext( DraftContext );
}

/** One member: [ value, setValue, errors ]. */
export function useMember( path ) {
	const { draft, set, errorsOf } = useDraft();
	const change = useCallback( ( value ) => set( path, value ), [ set, path ] );
	return [ get( draft, path ), change, errorsOf( path ) ];
}

function under( field, path ) {
	return field === path || field?.startsWith( `${ path }.` );
}

/**
 * Asks the server, some time after the last change, what is wrong with the draft. Nobody is told off for a field that was
 * not touched yet, until they try to save.
 */
function useCheck( id, draft, may ) {
	const [ checked, setChecked ] = useState( { errors: [], notes: [], of: null } );
	const text = JSON.stringify( toSend( draft ) );
	useEffect( () => {
		if ( ! may ) {
			return undefined;
		}
		const control = new AbortController();
		const timer = setTimeout( async () => {
			try {
				const answer = await api.post( 'webhooks/check', { ...( id ? { id } : {} ), draft: JSON.parse( text ) }, control.signal );
				setChecked( { errors: answer.errors, notes: answer.notes, of: text } );
			} catch {
				// Neither a lost connection nor a newer change is an error of the draft; saving tells.
			}
		}, CHECK_MS );
		return () => {
			clearTimeout( timer );
			control.abort();
		};
	}, [ id, text, may ] );
	return { ...checked, text };
}

/** `may`: whether this person may change it; then it is checked as well. */
export function useDraftState( webhook, first, may ) {
	const [ draft, setDraft ] = useState( first );
	const [ saved, setSaved ] = useState( first );
	const [ touched, setTouched ] = useState( () => new Set( webhook ? [ '*' ] : [] ) );
	const [ refused, setRefused ] = useState( [] );
	const insertion = useRef( null );
	const checked = useCheck( webhook?.id, draft, may );

	const set = useCallback( ( path, value ) => {
		setDraft( ( before ) => put( before, path, value ) );
		setTouched( ( before ) => ( before.has( path ) ? before : new Set( before ).add( path ) ) );
		setRefused( ( before ) => before.filter( ( error ) => ! under( error.field, path ) && ! under( path, error.field ) ) );
	}, [] );

	return useMemo( () => {
		const isTouched = ( field ) => touched.has( '*' ) || [ ...touched ].some( ( path ) => under( field, path ) || under( path, field ) );
		const current = checked.errors.filter( ( error ) => isTouched( error.field ) );
		const known = new Set( current.map( ( error ) => error.field + error.message ) );
		const errors = [ ...current, ...refused.filter( ( error ) => ! known.has( error.field + error.message ) ) ];
		return {
			webhook,
			may,
			draft,
			set,
			replace: setDraft,
			dirty: JSON.stringify( draft ) !== JSON.stringify( saved ),
			rest: ( next ) => {
				setDraft( next );
				setSaved( next );
				setRefused( [] );
			},
			errors,
			allErrors: checked.errors,
			notes: checked.notes,
			checkedText: checked.of,
			draftText: checked.text,
			errorsOf: ( path ) => errors.filter( ( error ) => error.field === path ),
			errorsUnder: ( path ) => errors.filter( ( error ) => under( error.field, path ) ),
			notesUnder: ( path ) => checked.notes.filter( ( note ) => under( note.field, path ) ),
			refuse: ( list ) => {
				setRefused( list );
				setTouched( new Set( [ '*' ] ) );
			},
			insertion,
		};
	}, [ webhook, may, draft, saved, touched, refused, checked.errors, checked.notes, checked.of, checked.text, set ] );
}
