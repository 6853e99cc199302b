import { useEffect, useState } from '@wordpress/element';

const query = '(max-width: 782px)';

/** Is the screen as narrow as where wp-admin itself changes its layout? Also true at 200 % zoom of a small screen. */
export function useNarrow() {
	const [ narrow, setNarrow ] = useState( () => window.matchMedia( query ).matches );
	useEffect( () => {
		const media = window.matchMedia( query );
		const changed = () => setNarrow( media.matches );
		media.addEventListener( 'change', changed );
		return () => media.removeEventListener( 'change', changed );
	}, [] );
	return narrow;
}
