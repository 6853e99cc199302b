import { useState } from '@wordpress/element';
import { Button, Notice } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { dateTime, number, relative } from '../base/format';
import { href } from '../base/router';
import { useLoad } from '../base/use-load';
import { useSite } from '../base/site';
import { DeliveryBadge } from '../parts/badge';
import { Card } from '../parts/card';
import { Confirm } from '../parts/confirm';
import { Failure } from '../parts/failure';
import { Screen } from '../parts/screen';
import { Attempt } from './attempt';
import { useDeliveryWork } from './actions';

const REFRESH_MS = 5000;

function Facts( { delivery } ) {
	const { webhook, event } = delivery;
	const rows = [
		[ __( 'State', 'kivihook' ), <DeliveryBadge key="state" state={ delivery.state } /> ],
		[
			__( 'Webhook', 'kivihook' ),
			webhook.name === null ? __( '(a deleted webhook)', 'kivihook' ) : <a href={ href( `webhooks/${ webhook.id }` ) }>{ webhook.name }</a>,
		],
		[ __( 'Event', 'kivihook' ), `${ event.label || event.type } (${ event.type })` ],
		[ __( 'Record', 'kivihook' ), event.record_id === null ? '–' : <a href={ href( 'log', { record: event.record_id, event: event.type } ) }>{ `#${ event.record_id }` }</a> ],
		[ __( 'Happened', 'kivihook' ), dateTime( event.created_at ) ],
		[ __( 'Message id', 'kivihook' ), <code key="id">{ delivery.message_id }</code> ],
		[ __( 'Attempts', 'kivihook' ), number( delivery.attempt ) ],
		[ __( 'Sent again by hand', 'kivihook' ), number( delivery.resends ) ],
	];
	return (
		<dl className="kh-facts">
			{ rows.map( ( [ label, value ] ) => (
				<div key={ label }>
					<dt>{ label }</dt>
					<dd>{ value }</dd>
				</div>
			) ) }
		</dl>
	);
}

function Waiting( { delivery } ) {
	const { next_try: next, waiting_for: waiting } = delivery;
	if ( ! next && ! waiting ) {
		return null;
	}
	return (
		<Notice status={ delivery.state === 'held' ? 'warning' : 'info' } isDismissible={ false } spokenMessage={ waiting } politeness="polite">
			{ waiting }{ ' ' }
			{ next &&
				sprintf(
					/* translators: 1: number of the attempt, 2: for instance "in 5 minutes", 3: date and time */
					__( 'Attempt %1$s is due %2$s (%3$s).', 'kivihook' ),
					number( next.number ),
					relative( next.at ),
					dateTime( next.at )
				) }
		</Notice>
	);
}

function Explanation( { delivery } ) {
	const { me } = useSite();
	const last = delivery.attempts[ 0 ];
	if ( ! last?.error || delivery.state === 'succeeded' ) {
		return null;
	}
	return (
		<Card title={ __( 'What went wrong', 'kivihook' ) } className="kh-card--bad">
			<p className="kh-strong">{ last.error }</p>
			{ last.advice && <p>{ last.advice }</p> }
			{ last.note && <p className="kh-note">{ last.note }</p> }
			<div className="kh-buttons">
				{ delivery.webhook.name !== null && me.can.edit && (
					<Button variant="secondary" href={ href( `webhooks/${ delivery.webhook.id }` ) }>
						{ __( 'Repair the webhook', 'kivihook' ) }
					</Button>
				) }
				{ delivery.first_failure && delivery.first_failure !== delivery.id && (
					<Button variant="tertiary" href={ href( `log/${ delivery.first_failure }` ) }>
						{ __( 'Where it began failing', 'kivihook' ) }
					</Button>
				) }
			</div>
		</Card>
	);
}

export function Detail( { id } ) {
	const { me } = useSite();
	const [ asking, setAsking ] = useState( false );
	const { data: delivery, error, reload } = useLoad( ( signal ) => api.get( `deliveries/${ id }`, {}, signal ), id, { every: REFRESH_MS } );
	const work = useDeliveryWork( reload );
	return (
		<Screen
			/* translators: %s: the number of a delivery */
			title={ sprintf( __( 'Delivery %s', 'kivihook' ), id ) }
			back={ { href: href( 'log', { webhook: delivery?.webhook.id } ), label: __( 'Log of this webhook', 'kivihook' ) } }
			actions={
				delivery &&
				me.can.edit && (
					<>
						{ delivery.can_cancel && (
							<Button variant="tertiary" isDestructive onClick={ () => setAsking( true ) }>
								{ __( 'Take back', 'kivihook' ) }
							</Button>
						) }
						{ delivery.can_resend && (
							<Button variant="primary" onClick={ () => work.resend( [ id ] ) }>
								{ __( 'Send again', 'kivihook' ) }
							</Button>
						) }
					</>
				)
			}
		>
			{ error && <Failure error={ error } retry={ reload } /> }
			{ delivery && (
				<>
					<Waiting delivery={ delivery } />
					<Explanation delivery={ delivery } />
					<Card title={ __( 'Delivery', 'kivihook' ) }>
						<Facts delivery={ delivery } />
						{ ! delivery.data_kept && (
							<p className="kh-note">{ __( 'The event’s data has been removed after its time: it can’t be sent again.', 'kivihook' ) }</p>
						) }
					</Card>
					<h3 className="kh-attempts">{ __( 'Attempts', 'kivihook' ) }</h3>
					{ delivery.attempts.length === 0 && <p className="kh-note">{ __( 'None yet.', 'kivihook' ) }</p> }
					{ delivery.attempts.map( ( attempt, i ) => (
						<Attempt key={ attempt.id } attempt={ attempt } open={ i === 0 } />
					) ) }
				</>
			) }
			{ asking && (
				<Confirm title={ __( 'Take it back?', 'kivihook' ) } yes={ __( 'Take back', 'kivihook' ) } isDestructive close={ () => setAsking( false ) } act={ () => work.cancel( [ id ] ) }>
					<p>{ __( 'It will not be tried any more. It can be sent again as long as its data is kept.', 'kivihook' ) }</p>
				</Confirm>
			) }
		</Screen>
	);
}
