import { useState } from '@wordpress/element';
import { SelectControl, TextControl } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { number, seconds } from '../base/format';
import { useDraft, useMember } from './context';
import { Choice, Help, Whole } from './controls';
import { parseDelays, writeDelays } from './draft';
import { Section } from './section';

// docs/webhook-format.md, `retry`.
const LONG_SCHEDULE_S = [ 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 ];

function mode( retry ) {
	if ( retry.never ) {
		return 'never';
	}
	return retry.schedule_s ? 'own' : 'standard';
}

function OwnSchedule() {
	const [ value, change, errors ] = useMember( 'retry.schedule_s' );
	const [ text, setText ] = useState( () => writeDelays( value ?? [] ) );
	const delays = parseDelays( text );
	const own = delays === null ? [ { message: __( 'Write delays such as: 30 s, 5 min, 2 h, 1 d.', 'kivihook' ) } ] : [];
	return (
		<TextControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			label={ __( 'Delays between tries', 'kivihook' ) }
			value={ text }
			onChange={ ( next ) => {
				setText( next );
				const parsed = parseDelays( next );
				if ( parsed !== null ) {
					change( parsed );
				}
			} }
			help={
				<Help errors={ [ ...own, ...errors ] }>
					{ sprintf(
						/* translators: 1: a number of retries, 2: a span of time */
						_n( '%1$s retry, over %2$s in all.', '%1$s retries, over %2$s in all.', delays?.length ?? 0, 'kivihook' ),
						number( delays?.length ?? 0 ),
						seconds( ( delays ?? [] ).reduce( ( sum, one ) => sum + one, 0 ) )
					) }
				</Help>
			}
		/>
	);
}

function Retry() {
	const { draft, set, errorsOf } = useDraft();
	const chosen = mode( draft.retry ?? {} );
	const choose = ( next ) => set( 'retry', { standard: { quick_tries: 3, quick_delay_s: 5 }, own: { schedule_s: [ 60, 300, 3600 ] }, never: { never: true } }[ next ] );
	return (
		<>
			<SelectControl
				__next40pxDefaultSize
				__nextHasNoMarginBottom
				label={ __( 'When it fails', 'kivihook' ) }
				value={ chosen }
				options={ [
					{ value: 'standard', label: __( 'Try again quickly, then for days', 'kivihook' ) },
					{ value: 'own', label: __( 'Try again on a schedule of my own', 'kivihook' ) },
					{ value: 'never', label: __( 'Do not try again', 'kivihook' ) },
				] }
				onChange={ choose }
				help={
					<Help errors={ errorsOf( 'retry' ) }>
						{ chosen === 'standard' &&
							/* translators: 1: delays such as "5 s, 5 min", 2: a span of time */
							sprintf( __( 'After the quick tries: %1$s, in all %2$s.', 'kivihook' ), writeDelays( LONG_SCHEDULE_S ), seconds( LONG_SCHEDULE_S.reduce( ( sum, one ) => sum + one, 0 ) ) ) }
					</Help>
				}
			/>
			{ chosen === 'standard' && (
				<div className="kh-row">
					<Whole path="retry.quick_tries" label={ __( 'Quick tries', 'kivihook' ) } min={ 0 } max={ 10 } />
					<Whole path="retry.quick_delay_s" label={ __( 'Seconds between quick tries', 'kivihook' ) } min={ 1 } max={ 60 } empty={ 5 } />
				</div>
			) }
			{ chosen === 'own' && <OwnSchedule key="own" /> }
		</>
	);
}

export function DeliverySection() {
	const { draft } = useDraft();
	const summary = { standard: __( 'tried for days', 'kivihook' ), own: __( 'own schedule', 'kivihook' ), never: __( 'tried once', 'kivihook' ) }[ mode( draft.retry ?? {} ) ];
	return (
		<Section title={ __( 'Retries and limits', 'kivihook' ) } summary={ summary } paths={ [ 'retry', 'limits', 'timeout_ms', 'connect_timeout_ms', 'reminders_min' ] }>
			<Retry />
			<div className="kh-row">
				<Whole path="timeout_ms" factor={ 1000 } empty={ 30000 } min={ 1 } max={ 300 } label={ __( 'Time limit, seconds', 'kivihook' ) } help={ __( 'For the whole request.', 'kivihook' ) } />
				<Whole path="connect_timeout_ms" factor={ 1000 } empty={ 5000 } min={ 1 } max={ 300 } label={ __( 'To connect, seconds', 'kivihook' ) } />
			</div>
			<div className="kh-row">
				<Whole path="limits.concurrency" min={ 0 } max={ 64 } label={ __( 'At most so many at once', 'kivihook' ) } help={ __( '0: no limit of its own.', 'kivihook' ) } />
				<Whole path="limits.per_minute" min={ 0 } max={ 10000 } label={ __( 'At most so many a minute', 'kivihook' ) } help={ __( '0: no limit.', 'kivihook' ) } />
			</div>
			<Choice
				path="limits.order"
				label={ __( 'Order', 'kivihook' ) }
				options={ [
					{ value: '', label: __( 'As soon as possible, in any order', 'kivihook' ) },
					{ value: 'record', label: __( 'One after another for each record', 'kivihook' ) },
				] }
				help={ draft.limits?.order === 'record' ? __( 'A delivery that fails makes later ones of the same record wait.', 'kivihook' ) : '' }
			/>
			{ draft.events.includes( 'appointment.reminder_due' ) && <Reminders /> }
		</Section>
	);
}

function Reminders() {
	const [ value, change, errors ] = useMember( 'reminders_min' );
	const [ text, setText ] = useState( () => writeDelays( ( value ?? [] ).map( ( one ) => one * 60 ) ) );
	return (
		<TextControl
			__next40pxDefaultSize
			__nextHasNoMarginBottom
			label={ __( 'Remind so long before the appointment', 'kivihook' ) }
			value={ text }
			onChange={ ( next ) => {
				setText( next );
				const parsed = parseDelays( next );
				if ( parsed !== null ) {
					change( parsed.map( ( one ) => Math.round( one / 60 ) ) );
				}
			} }
			help={ <Help errors={ errors }>{ __( 'Up to five times, such as: 1 d, 2 h.', 'kivihook' ) }</Help> }
		/>
	);
}
