import { href } from '../base/router';
import { maySee } from '../base/may';
import { useSite } from '../base/site';

/** A link to a screen; plain text for those who may not see that. */
export function PlaceLink( { path, query, children } ) {
	const { me } = useSite();
	return maySee( me, path.split( '/' ) ) ? <a href={ href( path, query ) }>{ children }</a> : <span>{ children }</span>;
}
