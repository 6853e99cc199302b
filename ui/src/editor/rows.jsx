import { Button, TextControl } from '@wordpress/components';
import { plus, trash } from '@wordpress/icons';
import { __, sprintf } from '@wordpress/i18n';
import { useMember } from './context';
import { Help, useInsertion } from './controls';

function Value( { path, label } ) {
	const [ value, change, errors ] = useMember( path );
	const insertion = useInsertion( value ?? '', change );
	return (
		<TextControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			className={ errors.length ? 'kh-invalid' : '' }
			label={ label }
			hideLabelFromVision
			placeholder={ __( 'Value or {{variable}}', 'kivihook' ) }
			value={ value ?? '' }
			onChange={ change }
			help={ <Help errors={ errors } /> }
			spellCheck={ false }
			{ ...insertion }
		/>
	);
}

function Name( { path, label, placeholder } ) {
	const [ value, change, errors ] = useMember( path );
	return (
		<TextControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			className={ errors.length ? 'kh-invalid' : '' }
			label={ label }
			hideLabelFromVision
			placeholder={ placeholder }
			value={ value ?? '' }
			onChange={ change }
			help={ <Help errors={ errors } /> }
			spellCheck={ false }
		/>
	);
}

/** Headers or query parameters: names and templates. */
export function Rows( { path, legend, add, placeholder } ) {
	const [ rows, change, errors ] = useMember( path );
	return (
		<fieldset className="kh-rows">
			<legend>{ legend }</legend>
			{ rows.map( ( row, i ) => (
				<div className="kh-rows__row" key={ i }>
					<Name path={ `${ path }.${ i }.name` } placeholder={ placeholder } /* translators: 1: "Headers" or "Query parameters", 2: number of the row */ label={ sprintf( __( '%1$s, name %2$s', 'kivihook' ), legend, i + 1 ) } />
					<Value path={ `${ path }.${ i }.value` } /* translators: 1: "Headers" or "Query parameters", 2: number of the row */ label={ sprintf( __( '%1$s, value %2$s', 'kivihook' ), legend, i + 1 ) } />
					<Button
						icon={ trash }
						/* translators: 1: "Headers" or "Query parameters", 2: number of the row */
						label={ sprintf( __( '%1$s: remove row %2$s', 'kivihook' ), legend, i + 1 ) }
						onClick={ () => change( rows.filter( ( one, j ) => j !== i ) ) }
					/>
				</div>
			) ) }
			<Help errors={ errors } />
			<Button variant="tertiary" icon={ plus } onClick={ () => change( [ ...rows, { name: '', value: '' } ] ) }>
				{ add }
			</Button>
		</fieldset>
	);
}
