import { useEffect, useRef, useState } from '@wordpress/element';
import {
	BaseControl,
	Button,
	CheckboxControl,
	FormFileUpload,
	FormTokenField,
	SelectControl,
	TextareaControl,
	TextControl,
	ToggleControl,
} from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useSite } from '../base/site';
import { useDraft, useMember } from './context';

/** What is wrong, in front of what the field means; both are read out with the field. */
export function Help( { errors, children } ) {
	return (
		<>
			{ errors.map( ( error, i ) => (
				<span key={ i } className="kh-field-error">
					{ error.line ? /* translators: 1: line, 2: column, 3: what is wrong */ sprintf( __( 'Line %1$s, column %2$s: %3$s', 'kivihook' ), error.line, error.column, error.message ) : error.message }
				</span>
			) ) }
			{ children }
		</>
	);
}

const invalid = ( errors ) => ( errors.length ? { 'aria-invalid': true } : {} );

/** A text that may hold {{variables}}: where the cursor stands, the variable picker writes. */
export function useInsertion( value, change ) {
	const { insertion } = useDraft();
	const field = useRef( null );
	const latest = useRef();
	latest.current = { value, change };
	const take = () => {
		insertion.current = {
			insert( text ) {
				const input = field.current;
				const { value: now, change: write } = latest.current;
				const from = input?.selectionStart ?? now.length;
				const to = input?.selectionEnd ?? now.length;
				write( now.slice( 0, from ) + text + now.slice( to ) );
				window.requestAnimationFrame( () => {
					input?.focus();
					input?.setSelectionRange( from + text.length, from + text.length );
				} );
			},
		};
	};
	return { ref: field, onFocus: take };
}

export function Text( { path, label, help, template = false, ...rest } ) {
	const [ value, change, errors ] = useMember( path );
	const insertion = useInsertion( value ?? '', change );
	return (
		<TextControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			className={ errors.length ? 'kh-invalid' : '' }
			label={ label }
			value={ value ?? '' }
			onChange={ change }
			help={ <Help errors={ errors }>{ help }</Help> }
			dir="auto"
			{ ...invalid( errors ) }
			{ ...( template ? { ...insertion, spellCheck: false, autoComplete: 'off' } : {} ) }
			{ ...rest }
		/>
	);
}

export function LongText( { path, label, help, ...rest } ) {
	const [ value, change, errors ] = useMember( path );
	return (
		<TextareaControl
			__nextHasNoMarginBottom
			className={ errors.length ? 'kh-invalid' : '' }
			label={ label }
			value={ value ?? '' }
			onChange={ change }
			help={ <Help errors={ errors }>{ help }</Help> }
			{ ...invalid( errors ) }
			{ ...rest }
		/>
	);
}

/** A whole number; empty is what `empty` says. */
export function Whole( { path, label, help, factor = 1, empty = 0, ...rest } ) {
	const [ value, change, errors ] = useMember( path );
	return (
		<TextControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			type="number"
			step="1"
			className={ errors.length ? 'kh-invalid' : '' }
			label={ label }
			value={ value === undefined || value === null ? '' : String( value / factor ) }
			onChange={ ( text ) => change( text === '' ? empty : Math.round( Number( text ) * factor ) ) }
			help={ <Help errors={ errors }>{ help }</Help> }
			{ ...invalid( errors ) }
			{ ...rest }
		/>
	);
}

export function Choice( { path, label, help, options, onChange, ...rest } ) {
	const [ value, change, errors ] = useMember( path );
	return (
		<SelectControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			label={ label }
			value={ value ?? '' }
			options={ options }
			onChange={ onChange ?? change }
			help={ <Help errors={ errors }>{ help }</Help> }
			{ ...invalid( errors ) }
			{ ...rest }
		/>
	);
}

export function Switch( { path, label, help } ) {
	const [ value, change, errors ] = useMember( path );
	return <ToggleControl __nextHasNoMarginBottom label={ label } checked={ !! value } onChange={ change } help={ <Help errors={ errors }>{ help }</Help> } />;
}

/** A list of texts, entered one by one. */
export function Tokens( { path, label, help, suggestions = [] } ) {
	const [ value, change, errors ] = useMember( path );
	return (
		<div>
			<FormTokenField
				__next40pxDefaultSize
				__nextHasNoMarginBottom
				label={ label }
				value={ ( value ?? [] ).map( String ) }
				suggestions={ suggestions }
				onChange={ change }
				__experimentalExpandOnFocus={ suggestions.length > 0 }
			/>
			<p className="kh-help">
				<Help errors={ errors }>{ help }</Help>
			</p>
		</div>
	);
}

/** JSON that is one object: kept as an object, and as text while it is being typed. */
export function ObjectText( { path, label, help } ) {
	const [ value, change, errors ] = useMember( path );
	const [ text, setText ] = useState( () => ( value && Object.keys( value ).length ? JSON.stringify( value, null, 2 ) : '' ) );
	const [ wrong, setWrong ] = useState( '' );
	const typed = ( next ) => {
		setText( next );
		try {
			const parsed = next.trim() === '' ? {} : JSON.parse( next );
			setWrong( parsed === null || typeof parsed !== 'object' || Array.isArray( parsed ) ? __( 'This has to be a JSON object: {"name": "value"}.', 'kivihook' ) : '' );
			change( parsed );
		} catch ( error ) {
			setWrong( error.message );
		}
	};
	const all = wrong ? [ { message: wrong }, ...errors ] : errors;
	return (
		<TextareaControl __nextHasNoMarginBottom className="kh-mono" label={ label } value={ text } rows={ 4 } onChange={ typed } help={ <Help errors={ all }>{ help }</Help> } spellCheck={ false } { ...invalid( all ) } />
	);
}

/** What was stored never comes back: it is kept, replaced or removed. */
export function Secret( { path, label, help, required, long = false } ) {
	const { placeholder } = useSite();
	const [ value, change, errors ] = useMember( path );
	const [ seen, setSeen ] = useState( false );
	const [ replacing, setReplacing ] = useState( false );
	const field = useRef( null );
	useEffect( () => {
		if ( replacing ) {
			field.current?.focus();
		}
	}, [ replacing ] );
	if ( value === placeholder ) {
		return (
			<BaseControl __nextHasNoMarginBottom help={ <Help errors={ errors }>{ help }</Help> }>
				<div className="kh-secret" role="group" aria-label={ label }>
					<BaseControl.VisualLabel as="span">{ label }</BaseControl.VisualLabel>
					<div className="kh-secret__kept">
						<span>{ __( 'Stored, and shown to nobody.', 'kivihook' ) }</span>
						<Button
							variant="secondary"
							size="compact"
							/* translators: %s: what a credential is called */
							aria-label={ sprintf( __( 'Replace: %s', 'kivihook' ), label ) }
							onClick={ () => {
								change( '' );
								setReplacing( true );
							} }
						>
							{ __( 'Replace', 'kivihook' ) }
						</Button>
					</div>
				</div>
			</BaseControl>
		);
	}
	const shared = {
		__nextHasNoMarginBottom: true,
		className: errors.length ? 'kh-invalid' : '',
		label: required ? label : /* translators: %s: what a field is called */ sprintf( __( '%s (optional)', 'kivihook' ), label ),
		value: value ?? '',
		onChange: change,
		help: <Help errors={ errors }>{ help }</Help>,
		autoComplete: 'off',
		spellCheck: false,
		ref: field,
		...invalid( errors ),
	};
	if ( long ) {
		return <TextareaControl { ...shared } className={ `kh-mono ${ shared.className }` } rows={ 4 } />;
	}
	return (
		<div className="kh-secret__entry">
			<TextControl __next40pxDefaultSize { ...shared } type={ seen ? 'text' : 'password' } autoComplete="new-password" />
			<Button variant="tertiary" aria-pressed={ seen } /* translators: %s: what a credential is called */ aria-label={ sprintf( __( 'Show while typing: %s', 'kivihook' ), label ) } onClick={ () => setSeen( ! seen ) }>
				{ seen ? __( 'Hide', 'kivihook' ) : __( 'Show', 'kivihook' ) }
			</Button>
		</div>
	);
}

/** A small binary file, kept as base64: a client certificate. */
export function SecretFile( { path, label, help } ) {
	const { placeholder } = useSite();
	const [ value, change, errors ] = useMember( path );
	const read = async ( event ) => {
		const file = event.currentTarget.files[ 0 ];
		if ( file ) {
			const bytes = new Uint8Array( await file.arrayBuffer() );
			change( window.btoa( Array.from( bytes, ( one ) => String.fromCharCode( one ) ).join( '' ) ) );
		}
	};
	return (
		<BaseControl __nextHasNoMarginBottom help={ <Help errors={ errors }>{ help }</Help> }>
			<div className="kh-secret" role="group" aria-label={ label }>
				<BaseControl.VisualLabel as="span">{ label }</BaseControl.VisualLabel>
				<div className="kh-secret__kept">
					<FormFileUpload __next40pxDefaultSize variant="secondary" accept=".p12,.pfx" onChange={ read }>
						{ __( 'Choose a file', 'kivihook' ) }
					</FormFileUpload>
					{ value && <span>{ value === placeholder ? __( 'Stored.', 'kivihook' ) : __( 'Chosen; it is opened when you save.', 'kivihook' ) }</span> }
				</div>
			</div>
		</BaseControl>
	);
}

/** A field as GET /catalogue describes it. */
export function Described( { field } ) {
	const path = `${ field.in }.${ field.name }`;
	const shared = { path, label: field.label, help: field.help };
	switch ( field.type ) {
		case 'secret':
		case 'secret_text':
			if ( field.name.endsWith( '_p12' ) ) {
				return <SecretFile { ...shared } />;
			}
			return <Secret { ...shared } required={ field.required } long={ field.type === 'secret_text' } />;
		case 'text':
			return <LongText { ...shared } />;
		case 'integer':
			return <Whole { ...shared } empty={ field.default } placeholder={ field.default === undefined || field.default === null ? '' : String( field.default ) } />;
		case 'boolean':
			return <Switch { ...shared } />;
		case 'choice':
			return <ChoiceWithDefault { ...shared } field={ field } />;
		case 'object':
			return <ObjectText { ...shared } />;
		case 'list':
			return <Tokens { ...shared } />;
		default:
			return <Text { ...shared } placeholder={ field.default ? String( field.default ) : '' } />;
	}
}

function ChoiceWithDefault( { field, ...shared } ) {
	const [ value ] = useMember( shared.path );
	return <Choice { ...shared } value={ value ?? field.default ?? '' } options={ field.choices } />;
}

export { CheckboxControl };
