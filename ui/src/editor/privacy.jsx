import { CheckboxControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useSite } from '../base/site';
import { useDraft, useMember } from './context';
import { Help, Text, Tokens } from './controls';
import { variablesOf } from './draft';
import { Section } from './section';

/** Which classes of data may leave. Not chosen yet means: all but the clinical one. */
export function PrivacySection() {
	const { catalogue, events } = useSite();
	const { draft } = useDraft();
	const [ value, change, errors ] = useMember( 'classes' );
	const chosen = value ?? catalogue.classes.filter( ( one ) => one.default ).map( ( one ) => one.id );
	const labels = catalogue.classes.filter( ( one ) => chosen.includes( one.id ) ).map( ( one ) => one.label );
	const toggle = ( id, on ) => change( catalogue.classes.map( ( one ) => one.id ).filter( ( one ) => ( one === id ? on : chosen.includes( one ) ) ) );
	return (
		<Section title={ __( 'Privacy', 'kivihook' ) } summary={ labels.join( ', ' ) } paths={ [ 'classes', 'clinical', 'log_mask' ] }>
			<fieldset className="kh-checks">
				<legend>{ __( 'May carry data of these classes', 'kivihook' ) }</legend>
				<p className="kh-help">{ __( 'Variables of other classes stay empty in templates and are left out of the standard body.', 'kivihook' ) }</p>
				{ catalogue.classes.map( ( one ) => (
					<CheckboxControl key={ one.id } __nextHasNoMarginBottom label={ one.label } help={ one.description } checked={ chosen.includes( one.id ) } onChange={ ( on ) => toggle( one.id, on ) } />
				) ) }
				<Help errors={ errors } />
			</fieldset>
			{ chosen.includes( 'clinical' ) && (
				<fieldset className="kh-checks">
					<legend>{ __( 'Clinical data needs a reason', 'kivihook' ) }</legend>
					<Text path="clinical.purpose" label={ __( 'Purpose', 'kivihook' ) } help={ __( 'What the receiver needs it for.', 'kivihook' ) } />
					<Text path="clinical.agreement" label={ __( 'Agreement with the receiver', 'kivihook' ) } help={ __( 'For instance the number or date of the data processing agreement.', 'kivihook' ) } />
					<Text path="clinical.until" type="date" label={ __( 'Allowed until', 'kivihook' ) } help={ __( 'After this day clinical data is left out.', 'kivihook' ) } />
				</fieldset>
			) }
			<Tokens path="log_mask" label={ __( 'Never show in the log', 'kivihook' ) } suggestions={ variablesOf( draft, events ).map( ( one ) => one.name ) } help={ __( 'Names of variables whose values the log replaces by ***.', 'kivihook' ) } />
		</Section>
	);
}
