import { useState } from '@wordpress/element';
import { Button, CheckboxControl, FormTokenField, Notice, SelectControl, TextControl, ToggleControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { number } from '../base/format';
import { useSite } from '../base/site';
import { Card } from '../parts/card';
import { useGuard } from '../parts/guarded';

function words() {
	return {
		body_days: [ __( 'Keep bodies, days', 'kivihook' ), __( 'What was sent and answered, and the data of an event after its last delivery. A delivery can be sent again as long as its data is kept.', 'kivihook' ) ],
		row_days: [ __( 'Keep the log, days', 'kivihook' ), __( 'When, where to, with which result: without the bodies.', 'kivihook' ) ],
		waiting_days: [ __( 'Keep what still waits, days', 'kivihook' ), __( 'Deliveries that could not go out by then are given up, and you are told.', 'kivihook' ) ],
		alarm_late_minutes: [ __( 'Late after, minutes', 'kivihook' ), __( 'Mail when a due delivery has waited so long.', 'kivihook' ) ],
		alarm_failing_hours: [ __( 'Failing after, hours', 'kivihook' ), __( 'Mail when nothing of a webhook was accepted for so long.', 'kivihook' ) ],
		switch_off_hours: [ __( 'Switch off after, hours', 'kivihook' ), __( 'A webhook that only failed for so long is switched off; what waits is held.', 'kivihook' ) ],
		report_hour: [ __( 'Hour of the report', 'kivihook' ), '' ],
	};
}

function Amount( { name, form } ) {
	const [ label, help ] = words()[ name ];
	const limit = form.limits[ name ];
	const errors = form.errorsOf( name );
	return (
		<TextControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			type="number"
			label={ label }
			min={ limit?.min }
			max={ limit?.max }
			value={ String( form.values[ name ] ?? '' ) }
			onChange={ ( value ) => form.set( name, value === '' ? '' : Number( value ) ) }
			className={ errors.length ? 'kh-invalid' : '' }
			help={
				<>
					{ errors.map( ( error ) => (
						<span key={ error.message } className="kh-field-error">
							{ error.message }
						</span>
					) ) }
					{ help }{ ' ' }
					{ limit &&
						/* translators: 1: the smallest, 2: the largest number */
						sprintf( __( '%1$s to %2$s.', 'kivihook' ), number( limit.min ), number( limit.max ) ) }
				</>
			}
		/>
	);
}

function Alarms( { form } ) {
	const errors = form.errorsOf( 'alarm_recipients' );
	return (
		<Card title={ __( 'Alarms', 'kivihook' ) }>
			<div className="kh-fields">
				<div>
					<FormTokenField __next40pxDefaultSize __nextHasNoMarginBottom label={ __( 'Who is mailed', 'kivihook' ) } value={ form.values.alarm_recipients } onChange={ ( list ) => form.set( 'alarm_recipients', list ) } />
					<p className="kh-help">
						{ errors.map( ( error ) => (
							<span key={ error.message } className="kh-field-error">
								{ error.message }
							</span>
						) ) }
						{ __( 'Mail addresses. None: the administrator of the site.', 'kivihook' ) }
					</p>
				</div>
				<div className="kh-row">
					<Amount name="alarm_late_minutes" form={ form } />
					<Amount name="alarm_failing_hours" form={ form } />
					<Amount name="switch_off_hours" form={ form } />
				</div>
				{ 'report' in form.values && (
					<div className="kh-row">
						<SelectControl
							__next40pxDefaultSize
							__nextHasNoMarginBottom
							label={ __( 'Report', 'kivihook' ) }
							value={ form.values.report }
							options={ [
								{ value: '', label: __( 'None', 'kivihook' ) },
								{ value: 'daily', label: __( 'Every day', 'kivihook' ) },
								{ value: 'weekly', label: __( 'Every week', 'kivihook' ) },
							] }
							onChange={ ( value ) => form.set( 'report', value ) }
							help={ form.errorsOf( 'report' ).map( ( error ) => error.message ).join( ' ' ) || __( 'A mail in numbers: what was delivered, what failed, what waits. In the morning, of the day before; or on Mondays, of the week before.', 'kivihook' ) }
						/>
					</div>
				) }
			</div>
		</Card>
	);
}

function Looks( { form } ) {
	return (
		<Card title={ __( 'What no hook tells', 'kivihook' ) }>
			<div className="kh-fields">
				<ToggleControl
					__nextHasNoMarginBottom
					label={ __( 'Look for what announced nothing', 'kivihook' ) }
					help={ __( 'Every minute: imports, and changes that were made past KiviCare. Off: such records are not told of.', 'kivihook' ) }
					checked={ !! form.values.reconciler }
					onChange={ ( on ) => form.set( 'reconciler', on ) }
				/>
				<div className="kh-row">
					<Amount name="report_hour" form={ form } />
				</div>
			</div>
		</Card>
	);
}

function LogPrivacy( { form } ) {
	const { catalogue } = useSite();
	const masked = form.values.log_mask_classes ?? [];
	return (
		<Card title={ __( 'Privacy of the log', 'kivihook' ) }>
			<div className="kh-fields">
				<ToggleControl
					__nextHasNoMarginBottom
					label={ __( 'Keep bodies in the log', 'kivihook' ) }
					help={ __( 'Sealed, and without secrets. Off: only results, times and sizes are kept.', 'kivihook' ) }
					checked={ !! form.values.log_bodies }
					onChange={ ( on ) => form.set( 'log_bodies', on ) }
				/>
				<fieldset className="kh-checks">
					<legend>{ __( 'Never show values of these classes in the log', 'kivihook' ) }</legend>
					{ catalogue.classes.map( ( one ) => (
						<CheckboxControl
							key={ one.id }
							__nextHasNoMarginBottom
							label={ one.label }
							checked={ masked.includes( one.id ) }
							onChange={ ( on ) => form.set( 'log_mask_classes', on ? [ ...masked, one.id ] : masked.filter( ( id ) => id !== one.id ) ) }
						/>
					) ) }
				</fieldset>
			</div>
		</Card>
	);
}

function useForm( settings ) {
	const [ saved, setSaved ] = useState( settings.settings );
	const [ values, setValues ] = useState( settings.settings );
	const [ errors, setErrors ] = useState( [] );
	return {
		values,
		limits: settings.limits,
		dirty: JSON.stringify( saved ) !== JSON.stringify( values ),
		set: ( name, value ) => setValues( ( before ) => ( { ...before, [ name ]: value } ) ),
		errors,
		setErrors,
		errorsOf: ( name ) => errors.filter( ( error ) => error.field === name || error.field?.startsWith( `${ name }.` ) ),
		rest: ( next ) => {
			setSaved( next );
			setValues( next );
			setErrors( [] );
		},
	};
}

export function General( { settings, reload } ) {
	const { say } = useSite();
	const form = useForm( settings );
	const [ busy, setBusy ] = useState( false );
	const [ problem, setProblem ] = useState( '' );
	useGuard( form.dirty && ! busy );
	const save = async ( event ) => {
		event.preventDefault();
		setBusy( true );
		setProblem( '' );
		try {
			const answer = await api.put( 'settings', form.values );
			form.rest( answer.settings );
			say( __( 'Saved.', 'kivihook' ) );
			reload( { quiet: true } );
		} catch ( refused ) {
			form.setErrors( refused.errors );
			setProblem( refused.message );
		}
		setBusy( false );
	};
	return (
		<form onSubmit={ save } noValidate className="kh-stack" aria-label={ __( 'General', 'kivihook' ) }>
			{ problem && (
				<Notice status="error" isDismissible={ false }>
					{ problem }
				</Notice>
			) }
			<Card title={ __( 'Retention', 'kivihook' ) }>
				<div className="kh-row">
					<Amount name="body_days" form={ form } />
					<Amount name="row_days" form={ form } />
					<Amount name="waiting_days" form={ form } />
				</div>
			</Card>
			<LogPrivacy form={ form } />
			<Alarms form={ form } />
			<Looks form={ form } />
			<div className="kh-edit__foot">
				<Button type="submit" variant="primary" isBusy={ busy } disabled={ busy } accessibleWhenDisabled>
					{ __( 'Save settings', 'kivihook' ) }
				</Button>
				<span role="status" className="kh-note">
					{ form.dirty ? __( 'Not saved yet.', 'kivihook' ) : '' }
				</span>
			</div>
		</form>
	);
}
