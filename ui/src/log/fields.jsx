import { useMemo } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { dateTime, number, relative, shortDateTime } from '../base/format';
import { useSite } from '../base/site';
import { deliveryStates } from '../base/words';
import { DeliveryBadge } from '../parts/badge';

const MOST_PAGES = 10;

/** All webhooks, for the filter's list. Asked when the filter is opened. */
async function webhookElements() {
	const elements = [];
	for ( let page = 1; page <= MOST_PAGES; page++ ) {
		const answer = await api.get( 'webhooks', { page, per_page: 100, orderby: 'name' } );
		elements.push( ...answer.items.map( ( one ) => ( { value: one.id, label: one.name } ) ) );
		if ( page >= answer.pages ) {
			break;
		}
	}
	return elements;
}

function Result( { item } ) {
	if ( item.state === 'succeeded' ) {
		return item.last_status ? String( item.last_status ) : '';
	}
	return (
		<div className="kh-cell">
			<span className="kh-error">{ item.last_error || ( item.last_status ? String( item.last_status ) : '' ) }</span>
			{ item.due_at && item.state === 'pending' && (
				<span className="kh-note">
					{ /* translators: %s: for instance "in 5 minutes" */
					sprintf( __( 'next try %s', 'kivihook' ), relative( item.due_at ) ) }
				</span>
			) }
		</div>
	);
}

export function useLogFields() {
	const { events, me } = useSite();
	return useMemo( () => {
		const plain = { enableSorting: false, filterBy: false };
		return [
			{
				id: 'event',
				type: 'text',
				label: __( 'Event', 'kivihook' ),
				enableSorting: false,
				enableHiding: false,
				getValue: ( { item } ) => item.event.type,
				render: ( { item } ) => <span>{ item.event.label || item.event.type }</span>,
				elements: [ ...events.values() ].map( ( event ) => ( { value: event.id, label: event.label } ) ),
				filterBy: { operators: [ 'is' ] },
			},
			{
				id: 'webhook',
				type: 'integer',
				label: __( 'Webhook', 'kivihook' ),
				enableSorting: false,
				getValue: ( { item } ) => item.webhook.id,
				render: ( { item } ) => <span>{ item.webhook.name ?? __( '(a deleted webhook)', 'kivihook' ) }</span>,
				// Who may not list webhooks can't choose among them.
				...( me.can.list ? { getElements: webhookElements, filterBy: { operators: [ 'is' ] } } : { filterBy: false } ),
			},
			{
				id: 'state',
				type: 'text',
				label: __( 'State', 'kivihook' ),
				enableSorting: false,
				render: ( { item } ) => <DeliveryBadge state={ item.state } />,
				elements: Object.entries( deliveryStates() ).map( ( [ value, { label } ] ) => ( { value, label } ) ),
				filterBy: { operators: [ 'isAny' ], isPrimary: true },
			},
			{ ...plain, id: 'result', type: 'text', label: __( 'Result', 'kivihook' ), render: Result },
			{
				id: 'record',
				type: 'integer',
				label: __( 'Record', 'kivihook' ),
				enableSorting: false,
				getValue: ( { item } ) => item.event.record_id,
				render: ( { item } ) => ( item.event.record_id === null ? '–' : `#${ item.event.record_id }` ),
				filterBy: { operators: [ 'is' ] },
			},
			{
				...plain,
				id: 'summary',
				type: 'text',
				label: __( 'In short', 'kivihook' ),
				enableHiding: false,
				render: ( { item } ) => (
					<span className="kh-cell">
						<DeliveryBadge state={ item.state } />
						<span>{ item.webhook.name ?? __( '(a deleted webhook)', 'kivihook' ) }</span>
						<span>{ shortDateTime( item.created_at ) }</span>
						{ item.state !== 'succeeded' && <Result item={ item } /> }
					</span>
				),
			},
			{ ...plain, id: 'attempt', type: 'text', label: __( 'Attempts', 'kivihook' ), render: ( { item } ) => number( item.attempt ) },
			{
				id: 'created_at',
				type: 'date',
				label: __( 'Happened', 'kivihook' ),
				enableSorting: false,
				render: ( { item } ) => (
					<time dateTime={ item.created_at } title={ dateTime( item.created_at ) }>
						{ shortDateTime( item.created_at ) }
					</time>
				),
				filterBy: { operators: [ 'on', 'before', 'after', 'between', 'inThePast' ] },
			},
		];
	}, [ events, me ] );
}
