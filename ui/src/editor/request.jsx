import { Notice } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useSite } from '../base/site';
import { Choice, Described, Switch, Text } from './controls';
import { useDraft } from './context';
import { isShown } from './draft';
import { Rows } from './rows';
import { Section } from './section';

export function RequestSection() {
	const { catalogue } = useSite();
	const { draft } = useDraft();
	const bodiless = [ 'GET', 'DELETE' ].includes( draft.method );
	return (
		<Section title={ __( 'Where it goes', 'kivihook' ) } summary={ draft.url } paths={ [ 'method', 'url', 'headers', 'query', 'body_with_get' ] } open>
			<div className="kh-request-line">
				<Choice path="method" label={ __( 'Method', 'kivihook' ) } options={ catalogue.methods.map( ( value ) => ( { value, label: value } ) ) } />
				<Text path="url" type="url" template label={ __( 'URL', 'kivihook' ) } placeholder="https://…" help={ __( 'Variables may stand in its path and query.', 'kivihook' ) } />
			</div>
			<Rows path="headers" legend={ __( 'Headers', 'kivihook' ) } add={ __( 'Add header', 'kivihook' ) } placeholder="X-Clinic" />
			<Rows path="query" legend={ __( 'Query parameters', 'kivihook' ) } add={ __( 'Add query parameter', 'kivihook' ) } placeholder="source" />
			{ bodiless && (
				<Switch
					path="body_with_get"
					/* translators: %s: GET or DELETE */
					label={ sprintf( __( 'Send a body with %s', 'kivihook' ), draft.method ) }
					help={ __( 'Few endpoints expect one.', 'kivihook' ) }
				/>
			) }
		</Section>
	);
}

/** The fields of the chosen method and no others. */
export function AuthSection( { children } ) {
	const { catalogue } = useSite();
	const { draft, set, webhook } = useDraft();
	const method = catalogue.auth.find( ( one ) => one.method === draft.auth.method );
	const choose = ( value ) => set( 'auth', value === webhook?.auth.method ? webhook.auth : { method: value } );
	return (
		<Section title={ __( 'Authentication', 'kivihook' ) } summary={ method?.label } paths={ [ 'auth', 'secrets', 'tls' ] }>
			<Choice
				path="auth.method"
				label={ __( 'Method of authentication', 'kivihook' ) }
				options={ catalogue.auth.map( ( one ) => ( { value: one.method, label: one.label } ) ) }
				onChange={ choose }
			/>
			{ ( method?.fields ?? [] ).filter( ( field ) => isShown( field, draft ) ).map( ( field ) => <Described key={ `${ field.in }.${ field.name }` } field={ field } /> ) }
			{ children }
			<Switch path="tls.client_certificate" label={ __( 'Client certificate (mutual TLS)', 'kivihook' ) } help={ __( 'The endpoint asks for a certificate of yours. Goes together with any method above.', 'kivihook' ) } />
			{ draft.tls?.client_certificate && <Certificate /> }
		</Section>
	);
}

function Certificate() {
	const { catalogue } = useSite();
	const { webhook, draft } = useDraft();
	return (
		<>
			{ webhook?.certificate && (
				<Notice status="info" isDismissible={ false }>
					{ sprintf(
						/* translators: 1: whose certificate, 2: who issued it, 3: a date */
						__( '%1$s, issued by %2$s, ends on %3$s.', 'kivihook' ),
						webhook.certificate.subject,
						webhook.certificate.issuer,
						webhook.certificate.not_after
					) }
				</Notice>
			) }
			{ catalogue.tls.fields
				.filter( ( field ) => field.name !== 'client_certificate' && isShown( field, draft ) )
				.map( ( field ) => (
					<Described key={ field.name } field={ field } />
				) ) }
		</>
	);
}

export function ScopeSection() {
	const { clinics, me } = useSite();
	const { draft, set, errorsUnder } = useDraft();
	const summary =
		draft.clinics.length === 0
			? __( 'all clinics', 'kivihook' )
			: /* translators: %s: a number of clinics */
			  sprintf( _n( '%s clinic', '%s clinics', draft.clinics.length, 'kivihook' ), draft.clinics.length );
	if ( clinics.length < 2 && me.admin && draft.clinics.length === 0 ) {
		return null;
	}
	const toggle = ( id ) => set( 'clinics', draft.clinics.includes( id ) ? draft.clinics.filter( ( one ) => one !== id ) : [ ...draft.clinics, id ] );
	return (
		<Section title={ __( 'Clinics', 'kivihook' ) } summary={ summary } paths={ [ 'clinics' ] }>
			<fieldset className="kh-checks">
				<legend>{ __( 'Only for events of', 'kivihook' ) }</legend>
				<p className="kh-help">{ me.admin ? __( 'None chosen: all clinics. Events that name no clinic go to webhooks without a choice only.', 'kivihook' ) : __( 'Choose at least one of your clinics.', 'kivihook' ) }</p>
				{ clinics.map( ( clinic ) => (
					<label key={ clinic.id } className="kh-check">
						<input type="checkbox" checked={ draft.clinics.includes( clinic.id ) } onChange={ () => toggle( clinic.id ) } /> { clinic.name }
					</label>
				) ) }
				{ errorsUnder( 'clinics' ).map( ( error ) => (
					<span key={ error.message } className="kh-field-error">
						{ error.message }
					</span>
				) ) }
			</fieldset>
		</Section>
	);
}
