import { Button, FormTokenField, SelectControl, TextControl } from '@wordpress/components';
import { plus, trash } from '@wordpress/icons';
import { __, _n, sprintf } from '@wordpress/i18n';
import { number } from '../base/format';
import { useSite } from '../base/site';
import { useDraft, useMember } from './context';
import { Help } from './controls';
import { variablesOf } from './draft';
import { Section } from './section';

/** Numbers are compared as numbers: what looks like one for a variable that is one is sent as one. */
function typed( text, variable ) {
	return variable?.type === 'integer' && /^-?\d{1,15}$/.test( text ) ? Number( text ) : text;
}

function RuleValue( { path, label, kind, variable } ) {
	const [ value, change, errors ] = useMember( path );
	if ( kind === 'none' ) {
		return <span />;
	}
	if ( kind === 'list' ) {
		return (
			<div>
				<FormTokenField
					__next40pxDefaultSize
					__nextHasNoMarginBottom
					label={ label }
					value={ ( Array.isArray( value ) ? value : [] ).map( String ) }
					onChange={ ( list ) => change( list.map( ( one ) => typed( one, variable ) ) ) }
				/>
				<Help errors={ errors } />
			</div>
		);
	}
	return (
		<TextControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			className={ errors.length ? 'kh-invalid' : '' }
			label={ label }
			hideLabelFromVision
			placeholder={ __( 'Value', 'kivihook' ) }
			value={ String( value ?? '' ) }
			onChange={ ( text ) => change( typed( text, variable ) ) }
			help={ <Help errors={ errors } /> }
		/>
	);
}

function Rule( { index, rule, variables, onChange, onRemove } ) {
	const { catalogue } = useSite();
	const { errorsOf } = useDraft();
	const path = `conditions.rules.${ index }`;
	const position = index + 1;
	const kind = catalogue.operators.find( ( one ) => one.id === rule.operator )?.value ?? 'one';
	const variable = variables.find( ( one ) => one.name === rule.field );
	const fields = variables.map( ( one ) => ( { value: one.name, label: `${ one.label } (${ one.name })` } ) );
	if ( rule.field && ! variable ) {
		fields.unshift( { value: rule.field, label: rule.field } );
	}
	const chooseOperator = ( operator ) => {
		const next = catalogue.operators.find( ( one ) => one.id === operator )?.value;
		const first = Array.isArray( rule.value ) ? rule.value[ 0 ] ?? '' : rule.value ?? '';
		const empty = first === '' ? [] : [ first ];
		onChange( { ...rule, operator, value: { none: null, list: empty, one: first }[ next ] } );
	};
	return (
		<div className="kh-rule">
			<SelectControl
				__next40pxDefaultSize
				__nextHasNoMarginBottom
				hideLabelFromVision
				/* translators: %s: number of a condition */
				label={ sprintf( __( 'Condition %s: field', 'kivihook' ), position ) }
				value={ rule.field }
				options={ [ { value: '', label: __( 'Choose a field', 'kivihook' ) }, ...fields ] }
				onChange={ ( field ) => onChange( { ...rule, field } ) }
				help={ <Help errors={ [ ...errorsOf( path ), ...errorsOf( `${ path }.field` ) ] } /> }
			/>
			<SelectControl
				__next40pxDefaultSize
				__nextHasNoMarginBottom
				hideLabelFromVision
				/* translators: %s: number of a condition */
				label={ sprintf( __( 'Condition %s: comparison', 'kivihook' ), position ) }
				value={ rule.operator }
				options={ catalogue.operators.map( ( one ) => ( { value: one.id, label: one.label } ) ) }
				onChange={ chooseOperator }
				help={ <Help errors={ errorsOf( `${ path }.operator` ) } /> }
			/>
			<RuleValue path={ `${ path }.value` } /* translators: %s: number of a condition */ label={ sprintf( __( 'Condition %s: value', 'kivihook' ), position ) } kind={ kind } variable={ variable } />
			<Button icon={ trash } /* translators: %s: number of a condition */ label={ sprintf( __( 'Remove condition %s', 'kivihook' ), position ) } onClick={ onRemove } />
		</div>
	);
}

export function ConditionsSection() {
	const { events } = useSite();
	const { draft, set } = useDraft();
	const rules = draft.conditions?.rules ?? [];
	const match = draft.conditions?.match ?? 'all';
	const variables = variablesOf( draft, events );
	const write = ( next ) => set( 'conditions', next.length ? { match, rules: next } : null );
	const summary =
		rules.length === 0
			? __( 'always', 'kivihook' )
			: /* translators: %s: a number of conditions */
			  sprintf( _n( '%s condition', '%s conditions', rules.length, 'kivihook' ), number( rules.length ) );
	return (
		<Section title={ __( 'Conditions', 'kivihook' ) } summary={ summary } paths={ [ 'conditions' ] }>
			<p className="kh-help">{ __( 'Only events that fulfil them are sent. They are looked at when the event happens.', 'kivihook' ) }</p>
			{ rules.length > 1 && (
				<SelectControl
					__next40pxDefaultSize
					__nextHasNoMarginBottom
					label={ __( 'Send if', 'kivihook' ) }
					value={ match }
					options={ [
						{ value: 'all', label: __( 'all of them hold', 'kivihook' ) },
						{ value: 'any', label: __( 'any of them holds', 'kivihook' ) },
					] }
					onChange={ ( value ) => set( 'conditions', { match: value, rules } ) }
				/>
			) }
			{ rules.map( ( rule, i ) => (
				<Rule
					key={ i }
					index={ i }
					rule={ rule }
					variables={ variables }
					onChange={ ( next ) => write( rules.map( ( one, j ) => ( j === i ? next : one ) ) ) }
					onRemove={ () => write( rules.filter( ( one, j ) => j !== i ) ) }
				/>
			) ) }
			<Button variant="tertiary" icon={ plus } onClick={ () => write( [ ...rules, { field: '', operator: 'is', value: '' } ] ) }>
				{ __( 'Add condition', 'kivihook' ) }
			</Button>
		</Section>
	);
}
