import { useState } from '@wordpress/element';
import { Button, CheckboxControl, SearchControl } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { number } from '../base/format';
import { useSite } from '../base/site';
import { useMember } from './context';
import { Help } from './controls';

function matches( event, words ) {
	const text = `${ event.label } ${ event.id } ${ event.name } ${ event.description }`.toLowerCase();
	return words.every( ( word ) => text.includes( word ) );
}

function Group( { module, chosen, toggle, setMany } ) {
	const ids = module.events.map( ( event ) => event.id );
	const on = ids.filter( ( id ) => chosen.includes( id ) ).length;
	return (
		<fieldset className="kh-events__group">
			<legend>
				<CheckboxControl
					__nextHasNoMarginBottom
					label={ `${ module.label } (${ number( on ) }/${ number( ids.length ) })` }
					checked={ on === ids.length }
					indeterminate={ on > 0 && on < ids.length }
					onChange={ ( all ) => setMany( ids, all ) }
				/>
			</legend>
			{ module.events.map( ( event ) => (
				<CheckboxControl key={ event.id } __nextHasNoMarginBottom label={ event.label } help={ event.description } checked={ chosen.includes( event.id ) } onChange={ () => toggle( event.id ) } />
			) ) }
		</fieldset>
	);
}

/** Any number of events, found by their words, grouped by module. */
export function EventPicker( { value, onChange } ) {
	const { catalogue, events } = useSite();
	const [ search, setSearch ] = useState( '' );
	const words = search.toLowerCase().split( /\s+/ ).filter( Boolean );
	const modules = catalogue.modules
		.map( ( module ) => ( { ...module, events: module.events.filter( ( event ) => matches( { ...event, description: `${ event.description } ${ module.label }` }, words ) ) } ) )
		.filter( ( module ) => module.events.length > 0 );
	const toggle = ( id ) => onChange( value.includes( id ) ? value.filter( ( one ) => one !== id ) : [ ...value, id ] );
	const setMany = ( ids, on ) => onChange( on ? [ ...new Set( [ ...value, ...ids ] ) ] : value.filter( ( one ) => ! ids.includes( one ) ) );
	return (
		<div className="kh-events">
			{ value.length > 0 && (
				<ul className="kh-chips" aria-label={ __( 'Chosen events', 'kivihook' ) }>
					{ value.map( ( id ) => {
						const label = events.get( id )?.label ?? id;
						return (
							<li key={ id }>
								<span>{ label }</span>
								<Button size="small" /* translators: %s: an event */ aria-label={ sprintf( __( 'Remove: %s', 'kivihook' ), label ) } onClick={ () => toggle( id ) }>
									×
								</Button>
							</li>
						);
					} ) }
				</ul>
			) }
			<SearchControl __nextHasNoMarginBottom label={ __( 'Search events', 'kivihook' ) } placeholder={ __( 'Search events', 'kivihook' ) } value={ search } onChange={ setSearch } />
			<div className="kh-events__list" tabIndex={ 0 } role="group" aria-label={ __( 'Events', 'kivihook' ) }>
				{ modules.map( ( module ) => (
					<Group key={ module.id } module={ module } chosen={ value } toggle={ toggle } setMany={ setMany } />
				) ) }
				{ modules.length === 0 && <p className="kh-note">{ __( 'No event has these words.', 'kivihook' ) }</p> }
			</div>
			<p className="screen-reader-text" role="status">
				{ search &&
					/* translators: %s: a number of events */
					sprintf( _n( '%s event found', '%s events found', modules.flatMap( ( one ) => one.events ).length, 'kivihook' ), modules.flatMap( ( one ) => one.events ).length ) }
			</p>
		</div>
	);
}

export function EventsField() {
	const [ value, change, errors ] = useMember( 'events' );
	return (
		<div>
			<EventPicker value={ value } onChange={ change } />
			<p className="kh-help">
				<Help errors={ errors } />
			</p>
		</div>
	);
}
