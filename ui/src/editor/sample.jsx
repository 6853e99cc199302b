import { useState } from '@wordpress/element';
import { SelectControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useSite } from '../base/site';
import { CodeEditor } from './code-editor';

/** Which event, and which data: made-up ones, or what somebody wrote. Never a real patient's. */
export function useSample( draft ) {
	const { events, catalogue } = useSite();
	const [ chosen, setChosen ] = useState( '' );
	const [ own, setOwn ] = useState( null );
	const first = catalogue.modules[ 0 ]?.events[ 0 ]?.id ?? '';
	const event = draft.events.includes( chosen ) || ( draft.events.length === 0 && events.has( chosen ) ) ? chosen : draft.events[ 0 ] ?? first;
	let data;
	let wrong = '';
	if ( own !== null ) {
		try {
			data = JSON.parse( own );
			if ( data === null || typeof data !== 'object' || Array.isArray( data ) ) {
				wrong = __( 'This has to be a JSON object: {"name": "value"}.', 'kivihook' );
			}
		} catch ( error ) {
			wrong = error.message;
		}
	}
	return { event, setChosen, own, setOwn, data: wrong ? undefined : data, wrong };
}

export function SampleFields( { sample, draft } ) {
	const { events } = useSite();
	const offered = draft.events.length ? draft.events : [ ...events.keys() ];
	const useOwn = ( on ) => sample.setOwn( on ? JSON.stringify( events.get( sample.event )?.sample ?? {}, null, 2 ) : null );
	return (
		<>
			<SelectControl
				__next40pxDefaultSize
				__nextHasNoMarginBottom
				label={ __( 'As if this happened', 'kivihook' ) }
				value={ sample.event }
				options={ offered.map( ( id ) => ( { value: id, label: events.get( id )?.label ?? id } ) ) }
				onChange={ ( id ) => {
					sample.setChosen( id );
					sample.setOwn( null );
				} }
			/>
			<ToggleControl __nextHasNoMarginBottom label={ __( 'With data of my own', 'kivihook' ) } help={ sample.own === null ? __( 'Now: made-up data.', 'kivihook' ) : '' } checked={ sample.own !== null } onChange={ useOwn } />
			{ sample.own !== null && (
				<CodeEditor label={ __( 'Data of the event, as JSON', 'kivihook' ) } value={ sample.own } onChange={ sample.setOwn } contentType="application/json" errors={ sample.wrong ? [ { message: sample.wrong } ] : [] } minHeight="8em" />
			) }
		</>
	);
}
