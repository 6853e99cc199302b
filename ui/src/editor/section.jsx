import { useEffect, useState } from '@wordpress/element';
import { PanelBody } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { cautionFilled } from '@wordpress/icons';
import { Badge } from '../parts/badge';
import { useDraft } from './context';

/** A part of the editor that can be closed; it says what is in it, and opens where something is wrong. */
export function Section( { title, summary, paths, open: first = false, children } ) {
	const { errorsUnder, notesUnder, may } = useDraft();
	const errors = paths.flatMap( errorsUnder );
	const notes = paths.flatMap( notesUnder );
	const [ open, setOpen ] = useState( first );
	const wrong = errors.length > 0;
	useEffect( () => {
		if ( wrong ) {
			setOpen( true );
		}
	}, [ wrong ] );
	return (
		<PanelBody
			className="kh-section"
			opened={ open }
			onToggle={ () => setOpen( ! open ) }
			title={
				<span className="kh-section__title">
					<span>{ title }</span>
					{ ! open && summary && <span className="kh-section__summary">{ summary }</span> }
					{ wrong && (
						<Badge tone="bad" icon={ cautionFilled }>
							{ /* translators: %s: a number of mistakes */ sprintf( _n( '%s mistake', '%s mistakes', errors.length, 'kivihook' ), errors.length ) }
						</Badge>
					) }
				</span>
			}
		>
			<fieldset className="kh-fields" disabled={ ! may }>
				{ children }
				<Notes notes={ notes } />
			</fieldset>
		</PanelBody>
	);
}

export function Notes( { notes } ) {
	if ( ! notes?.length ) {
		return null;
	}
	return (
		<ul className="kh-notes" aria-label={ __( 'Worth knowing', 'kivihook' ) }>
			{ notes.map( ( note, i ) => (
				<li key={ i } className={ `kh-notes__${ note.severity }` }>
					{ note.message }
				</li>
			) ) }
		</ul>
	);
}
