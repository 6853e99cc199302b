import { useCallback, useEffect, useRef, useState } from '@wordpress/element';

/**
 * Loads something, again whenever `key` changes, and every `every` ms while the page is seen. What was there stays until
 * the new is there. `load( signal )` gives a promise.
 */
export function useLoad( load, key = '', { every = 0 } = {} ) {
	const [ state, setState ] = useState( { data: null, error: null, loading: true } );
	const loader = useRef( load );
	loader.current = load;
	const running = useRef( null );

	const reload = useCallback( async ( { quiet = false } = {} ) => {
		running.current?.abort();
		const control = new AbortController();
		running.current = control;
		if ( ! quiet ) {
			setState( ( before ) => ( { ...before, loading: true } ) );
		}
		try {
			const data = await loader.current( control.signal );
			if ( ! control.signal.aborted ) {
				setState( { data, error: null, loading: false } );
			}
		} catch ( error ) {
			if ( ! control.signal.aborted ) {
				setState( ( before ) => ( { data: before.data, error, loading: false } ) );
			}
		}
	}, [] );

	useEffect( () => {
		reload();
		return () => running.current?.abort();
	}, [ key, reload ] );

	useEffect( () => {
		if ( ! every ) {
			return undefined;
		}
		const timer = setInterval( () => {
			if ( document.visibilityState === 'visible' ) {
				reload( { quiet: true } );
			}
		}, every );
		return () => clearInterval( timer );
	}, [ every, key, reload ] );

	return { ...state, reload };
}
