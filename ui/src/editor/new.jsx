import { useState } from '@wordpress/element';
import { Button, ExternalLink, SearchControl, SelectControl, TextControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { api } from '../base/api';
import { maySee } from '../base/may';
import { go, href } from '../base/router';
import { useLoad } from '../base/use-load';
import { useSite } from '../base/site';
import { Card } from '../parts/card';
import { Failure } from '../parts/failure';
import { Screen } from '../parts/screen';
import { Help } from './controls';
import { draftOf, emptyDraft } from './draft';
import { EventPicker } from './events';
import { Form } from './form';
import { SecretShown } from './signing';

function groups() {
	return {
		chat: __( 'Chat', 'kivihook' ),
		message: __( 'Text messages and mail', 'kivihook' ),
		crm: __( 'CRM', 'kivihook' ),
		automation: __( 'Automation', 'kivihook' ),
		analytics: __( 'Analytics', 'kivihook' ),
		standard: __( 'Standards', 'kivihook' ),
	};
}

function Gallery( { presets } ) {
	const { me } = useSite();
	const [ search, setSearch ] = useState( '' );
	const fits = ( one ) => `${ one.label } ${ one.description }`.toLowerCase().includes( search.toLowerCase() );
	return (
		<Screen title={ __( 'Add webhook', 'kivihook' ) } lead={ __( 'Where should it go? A preset asks for one or two values and does the rest.', 'kivihook' ) } back={ maySee( me, [ 'webhooks' ] ) ? { href: href( 'webhooks' ), label: __( 'All webhooks', 'kivihook' ) } : null }>
			<div className="kh-gallery__search">
				<SearchControl __nextHasNoMarginBottom label={ __( 'Search presets', 'kivihook' ) } placeholder={ __( 'Search presets', 'kivihook' ) } value={ search } onChange={ setSearch } />
				<Button variant="secondary" href={ href( 'webhooks/new/scratch' ) }>
					{ __( 'From scratch', 'kivihook' ) }
				</Button>
			</div>
			{ Object.entries( groups() ).map( ( [ group, label ] ) => {
				const found = presets.filter( ( one ) => one.group === group && fits( one ) );
				return (
					found.length > 0 && (
						<section key={ group } aria-label={ label }>
							<h3>{ label }</h3>
							<ul className="kh-gallery">
								{ found.map( ( one ) => (
									<li key={ one.id }>
										<a className="kh-preset" href={ href( `webhooks/new/${ one.id }` ) }>
											<strong>{ one.label }</strong>
											<span>{ one.description }</span>
										</a>
									</li>
								) ) }
							</ul>
						</section>
					)
				);
			} ) }
			{ ! presets.some( fits ) && <p>{ __( 'No preset has these words. Begin from scratch: any HTTP endpoint will do.', 'kivihook' ) }</p> }
		</Screen>
	);
}

function PresetField( { field, value, onChange, errors } ) {
	const shared = {
		__next40pxDefaultSize: true,
		__nextHasNoMarginBottom: true,
		label: field.label,
		value: value ?? '',
		onChange,
		help: <Help errors={ errors }>{ field.help }</Help>,
		className: errors.length ? 'kh-invalid' : '',
		required: field.required,
	};
	if ( field.type === 'choice' ) {
		return <SelectControl { ...shared } options={ [ { value: '', label: '' }, ...( field.choices ?? [] ) ] } />;
	}
	const secret = field.secret || field.type === 'secret';
	return <TextControl { ...shared } type={ field.type === 'url' ? 'url' : 'text' } placeholder={ field.placeholder } autoComplete="off" spellCheck={ false } className={ `${ shared.className } ${ secret ? 'kh-mono' : '' }` } />;
}

/** One or two values, and for which events: then the editor has everything. */
function PresetForm( { preset, done } ) {
	const [ values, setValues ] = useState( () => Object.fromEntries( preset.fields.filter( ( one ) => one.default !== undefined ).map( ( one ) => [ one.name, one.default ] ) ) );
	const [ events, setEvents ] = useState( preset.events );
	const [ errors, setErrors ] = useState( [] );
	const [ problem, setProblem ] = useState( null );
	const submit = async ( event ) => {
		event.preventDefault();
		try {
			done( await api.post( `presets/${ preset.id }`, { values, events } ) );
		} catch ( refused ) {
			setErrors( refused.errors );
			setProblem( refused.errors.length ? null : refused );
		}
	};
	const errorsOf = ( name ) => errors.filter( ( error ) => error.field === name );
	return (
		<Screen title={ preset.label } lead={ preset.description } back={ { href: href( 'webhooks/new' ), label: __( 'All presets', 'kivihook' ) } }>
			{ problem && <Failure error={ problem } /> }
			<form className="kh-preset-form" onSubmit={ submit } noValidate aria-label={ preset.label }>
				<Card>
					<div className="kh-fields">
						{ preset.fields.map( ( field ) => (
							<PresetField key={ field.name } field={ field } value={ values[ field.name ] } onChange={ ( value ) => setValues( { ...values, [ field.name ]: value } ) } errors={ errorsOf( `values.${ field.name }` ) } />
						) ) }
						{ preset.docs && <ExternalLink href={ preset.docs }>{ __( 'What the service says about it', 'kivihook' ) }</ExternalLink> }
					</div>
					<div className="kh-buttons kh-buttons--start">
						<Button type="submit" variant="primary">
							{ __( 'Continue', 'kivihook' ) }
						</Button>
					</div>
				</Card>
				<Card title={ __( 'When', 'kivihook' ) }>
					<EventPicker value={ events } onChange={ setEvents } />
					<Help errors={ errorsOf( 'events' ) } />
				</Card>
			</form>
		</Screen>
	);
}

/** Who works for one clinic has no other choice. */
function ofTheirClinics( me, draft ) {
	return draft.clinics.length === 0 && me.clinics?.length === 1 ? { ...draft, clinics: me.clinics } : draft;
}

/** Not everybody who may add a webhook may look at it afterwards. */
function placeAfter( me, webhook ) {
	if ( maySee( me, [ 'webhooks', webhook.id ] ) ) {
		return `webhooks/${ webhook.id }`;
	}
	return maySee( me, [ 'webhooks' ] ) ? 'webhooks' : 'webhooks/new';
}

/** A webhook that is not there yet: from a preset or from scratch. */
export default function NewWebhook( { preset: id } ) {
	const { say, me } = useSite();
	const [ begun, setBegun ] = useState( null );
	const [ created, setCreated ] = useState( null );
	const { data, error, reload } = useLoad( ( signal ) => api.get( 'presets', {}, signal ) );
	if ( error && id !== 'scratch' ) {
		return <Failure error={ error } retry={ reload } />;
	}
	if ( ! data && id !== 'scratch' ) {
		return null;
	}
	const preset = data?.items.find( ( one ) => one.id === id );
	if ( ! id || ( ! preset && id !== 'scratch' ) ) {
		return <Gallery presets={ data.items } />;
	}
	if ( preset && ! begun ) {
		return <PresetForm preset={ preset } done={ setBegun } />;
	}
	const save = async ( draft, state ) => {
		const answer = await api.post( 'webhooks', draft );
		state.rest( state.draft );
		say( __( 'Saved.', 'kivihook' ) );
		setCreated( answer );
	};
	return (
		<>
			<Form
				webhook={ null }
				first={ ofTheirClinics( me, begun ? draftOf( begun.draft ) : emptyDraft() ) }
				firstNotes={ begun?.notes }
				title={ preset ? /* the preset's name is a product's */ preset.label : __( 'New webhook', 'kivihook' ) }
				save={ save }
				refresh={ () => {} }
			/>
			{ created && <SecretShown secret={ created.signing_secret } close={ () => go( placeAfter( me, created.webhook ) ) } /> }
		</>
	);
}
