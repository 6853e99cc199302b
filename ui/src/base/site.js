import { createContext, useContext, useMemo, useState, useCallback } from '@wordpress/element';
import { api } from './api';

/** Who is looking, and what there is to choose from: me, catalogue, clinics, say(). */
export const SiteContext = createContext( null );

export function useSite() {
	return useContext( SiteContext );
}

/** Everything that the screens share, loaded once. */
export async function loadSite() {
	const [ me, catalogue, clinics ] = await Promise.all( [ api.get( 'me' ), api.get( 'catalogue' ), api.get( 'clinics' ) ] );
	const events = new Map();
	for ( const module of catalogue.modules ) {
		for ( const event of module.events ) {
			events.set( event.id, { ...event, module } );
		}
	}
	return { me, catalogue, events, clinics: clinics.items };
}

const NOTICE_MS = 10000;

/**
 * Short notices at the foot of the screen; screen readers hear them. Good news leaves by itself. All have a button to close
 * them: without one WordPress makes the whole notice a button, of another name than its words.
 */
export function useNotices() {
	const [ notices, setNotices ] = useState( [] );
	const remove = useCallback( ( id ) => setNotices( ( all ) => all.filter( ( one ) => one.id !== id ) ), [] );
	const say = useCallback( ( content, { error = false, action = null } = {} ) => {
		const id = `${ Date.now() }-${ Math.random() }`;
		setNotices( ( all ) => [
			...all.slice( -3 ),
			{ id, content, explicitDismiss: true, actions: action ? [ action ] : [], politeness: error ? 'assertive' : 'polite' },
		] );
		if ( ! error ) {
			setTimeout( () => remove( id ), NOTICE_MS );
		}
	}, [ remove ] );
	return useMemo( () => ( { notices, remove, say } ), [ notices, remove, say ] );
}
