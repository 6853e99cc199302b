import { useEffect, useState } from '@wordpress/element';
import { Button, SelectControl, TextControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { useSite } from '../base/site';
import { CodeEditor } from './code-editor';
import { useDraft, useMember } from './context';
import { Help } from './controls';
import { variablesOf } from './draft';
import { Section } from './section';

const OTHER = '*';

function ContentType() {
	const { catalogue } = useSite();
	const [ value, change, errors ] = useMember( 'content_type' );
	const known = catalogue.content_types.includes( value );
	const [ other, setOther ] = useState( ! known );
	const choose = ( next ) => {
		setOther( next === OTHER );
		if ( next !== OTHER ) {
			change( next );
		}
	};
	return (
		<>
			<SelectControl
				__next40pxDefaultSize
				__nextHasNoMarginBottom
				label={ __( 'Content type', 'kivihook' ) }
				value={ other ? OTHER : value }
				options={ [ ...catalogue.content_types.map( ( one ) => ( { value: one, label: one } ) ), { value: OTHER, label: __( 'Another …', 'kivihook' ) } ] }
				onChange={ choose }
				help={ ! other && <Help errors={ errors } /> }
			/>
			{ other && (
				<TextControl
					__next40pxDefaultSize
					__nextHasNoMarginBottom
					label={ __( 'Another content type', 'kivihook' ) }
					value={ value }
					onChange={ change }
					help={ <Help errors={ errors }>{ __( 'Without a parameter, for instance application/fhir+json.', 'kivihook' ) }</Help> }
				/>
			) }
		</>
	);
}

/** Ready bodies of a standard, such as FHIR, for the first chosen event that has one. */
function Profiles() {
	const { draft, set } = useDraft();
	const [ profiles, setProfiles ] = useState( [] );
	useEffect( () => {
		// Profiles are an offer; without them the editor is complete.
		api.get( 'profiles' ).then( ( answer ) => setProfiles( answer.items ), () => {} );
	}, [] );
	const offers = profiles
		.map( ( profile ) => ( { ...profile, event: draft.events.find( ( id ) => profile.bodies?.[ id ] ) } ) )
		.filter( ( profile ) => profile.event );
	const begin = ( id ) => {
		const profile = offers.find( ( one ) => one.id === id );
		if ( profile ) {
			set( 'content_type', profile.content_type );
			set( 'body', profile.bodies[ profile.event ] );
		}
	};
	return (
		offers.length > 0 && (
			<SelectControl
				__next40pxDefaultSize
				__nextHasNoMarginBottom
				label={ __( 'Begin with a ready body', 'kivihook' ) }
				value=""
				options={ [ { value: '', label: __( 'Choose one; it replaces the template', 'kivihook' ) }, ...offers.map( ( one ) => ( { value: one.id, label: one.label } ) ) ] }
				onChange={ begin }
			/>
		)
	);
}

function useBodyErrors() {
	const { allErrors, notesUnder, errorsOf } = useDraft();
	const server = allErrors.filter( ( error ) => error.field === 'body' );
	const errors = server.length > 0 ? server : errorsOf( 'body' );
	return [ ...errors, ...notesUnder( 'body' ).map( ( note ) => ( { ...note, severity: 'warning' } ) ) ].map( ( error ) => ( {
		...error,
		/* translators: 1: line, 2: column, 3: what is wrong */
		text: error.line ? sprintf( __( 'Line %1$s, column %2$s: %3$s', 'kivihook' ), error.line, error.column, error.message ) : error.message,
	} ) );
}

export function BodySection() {
	const { catalogue, events } = useSite();
	const { draft, set, insertion, may } = useDraft();
	const errors = useBodyErrors();
	if ( draft.method === 'GET' && ! draft.body_with_get ) {
		return null;
	}
	const example = JSON.stringify( { text: '{{event_name}}', id: '{{record_id}}' }, null, 2 );
	return (
		<Section title={ __( 'Body', 'kivihook' ) } summary={ draft.body === '' ? __( 'standard body', 'kivihook' ) : draft.content_type } paths={ [ 'content_type', 'body' ] } open>
			<ContentType />
			<div>
				<p className="kh-label" id="kh-body-label">
					{ __( 'Template', 'kivihook' ) }
				</p>
				<CodeEditor
					label={ __( 'Body template', 'kivihook' ) }
					value={ draft.body }
					onChange={ ( value ) => set( 'body', value ) }
					contentType={ draft.content_type }
					errors={ errors }
					variables={ variablesOf( draft, events ) }
					filters={ catalogue.filters }
					insertion={ insertion }
					describedBy="kh-body-help"
					readOnly={ ! may }
				/>
				<p id="kh-body-help" className="kh-help">
					{ draft.body === ''
						? __( 'Empty: the standard body with id, type, timestamp and all data of the event is sent.', 'kivihook' )
						: __( 'Write {{ to get the names of variables, and | behind one for filters.', 'kivihook' ) }
				</p>
				<div className="kh-buttons kh-body__buttons">
					{ draft.body === '' ? (
						<Button variant="secondary" size="compact" onClick={ () => set( 'body', example ) }>
							{ __( 'Write my own', 'kivihook' ) }
						</Button>
					) : (
						<Button variant="secondary" size="compact" onClick={ () => set( 'body', '' ) }>
							{ __( 'Use the standard body', 'kivihook' ) }
						</Button>
					) }
				</div>
			</div>
			<Profiles />
		</Section>
	);
}
