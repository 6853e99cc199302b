import { useState } from '@wordpress/element';
import { Button, SearchControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useSite } from '../base/site';
import { useDraft } from './context';
import { variablesOf } from './draft';
import { sampleText } from './template-language';

/** Every variable that the chosen events bring: label, class and sample. A press writes it where the cursor was. */
export function Variables() {
	const { events, catalogue, say } = useSite();
	const { draft, insertion, set } = useDraft();
	const [ search, setSearch ] = useState( '' );
	const words = search.toLowerCase().split( /\s+/ ).filter( Boolean );
	const classes = new Map( catalogue.classes.map( ( one ) => [ one.id, one ] ) );
	const allowed = draft.classes ?? catalogue.classes.filter( ( one ) => one.default ).map( ( one ) => one.id );
	const variables = variablesOf( draft, events ).filter( ( one ) => words.every( ( word ) => `${ one.name } ${ one.label }`.toLowerCase().includes( word ) ) );
	const insert = ( name ) => {
		if ( insertion.current ) {
			insertion.current.insert( `{{${ name }}}` );
		} else {
			set( 'body', `${ draft.body }{{${ name }}}` );
		}
		/* translators: %s: a variable */
		say( sprintf( __( '%s is inserted.', 'kivihook' ), `{{${ name }}}` ) );
	};
	if ( draft.events.length === 0 ) {
		return <p className="kh-note">{ __( 'Choose an event first: each brings its own variables.', 'kivihook' ) }</p>;
	}
	return (
		<>
			<SearchControl __nextHasNoMarginBottom label={ __( 'Search variables', 'kivihook' ) } placeholder={ __( 'Search variables', 'kivihook' ) } value={ search } onChange={ setSearch } />
			<ul className="kh-variables" aria-label={ __( 'Variables', 'kivihook' ) }>
				{ variables.map( ( one ) => (
					<li key={ one.name }>
						<Button className="kh-variable" onClick={ () => insert( one.name ) } /* translators: %s: a variable */ aria-label={ sprintf( __( 'Insert %s', 'kivihook' ), `{{${ one.name }}}` ) }>
							<code>{ `{{${ one.name }}}` }</code>
						</Button>
						<span>{ one.label }</span>
						<span className="kh-note">
							{ classes.get( one.class )?.label ?? one.class }
							{ ! allowed.includes( one.class ) && ` · ${ __( 'kept back', 'kivihook' ) }` }
							{ ! one.everywhere && ` · ${ __( 'not in every chosen event', 'kivihook' ) }` }
						</span>
						<span className="kh-note kh-variable__sample">{ sampleText( one.sample ) }</span>
					</li>
				) ) }
				{ variables.length === 0 && <li className="kh-note">{ __( 'None has these words.', 'kivihook' ) }</li> }
			</ul>
		</>
	);
}
