import { useMemo, useState } from '@wordpress/element';
import { FormToggle } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { dateTime, percent, relative } from '../base/format';
import { useSite } from '../base/site';
import { healthStates } from '../base/words';
import { HealthBadge } from '../parts/badge';
import { PlaceLink } from '../parts/place-link';

function Switch( { item, reload } ) {
	const { me, say } = useSite();
	const [ wanted, setWanted ] = useState( null );
	const on = wanted ?? item.active;
	const change = async () => {
		setWanted( ! on );
		try {
			const after = await api.put( `webhooks/${ item.id }/active`, { active: ! on } );
			const name = after.name;
			/* translators: %s: the name of a webhook */
			say( sprintf( on ? __( '%s is off: what waits is held, nothing new is recorded.', 'kivihook' ) : __( '%s is on.', 'kivihook' ), name ) );
			await reload( { quiet: true } );
		} catch ( error ) {
			say( error.message, { error: true } );
		}
		setWanted( null );
	};
	return (
		<FormToggle
			checked={ on }
			disabled={ ! me.can.edit || wanted !== null }
			onChange={ change }
			/* translators: %s: the name of a webhook */
			aria-label={ sprintf( __( '%s is switched on', 'kivihook' ), item.name ) }
		/>
	);
}

function State( { item } ) {
	const { me } = useSite();
	const { health } = item;
	return (
		<div className="kh-cell">
			<HealthBadge state={ health.state } />
			{ health.state === 'failing' && health.first_failure && me.can.view && <PlaceLink path={ `log/${ health.first_failure }` }>{ __( 'First failure', 'kivihook' ) }</PlaceLink> }
			{ health.state === 'off' && item.off_reason && <span className="kh-note">{ item.off_reason }</span> }
			{ item.held > 0 && (
				<PlaceLink path="log" query={ { webhook: item.id, state: 'held' } }>
					{ /* translators: %s: a number of deliveries */ sprintf( __( '%s held', 'kivihook' ), item.held ) }
				</PlaceLink>
			) }
		</div>
	);
}

function Events( { item } ) {
	const { events } = useSite();
	const labels = item.events.map( ( id ) => events.get( id )?.label ?? id );
	const rest = labels.slice( 2 );
	return (
		<span className="kh-cell" title={ labels.join( ', ' ) }>
			{ labels.slice( 0, 2 ).join( ', ' ) }
			{ rest.length > 0 && ' ' }
			{ rest.length > 0 &&
				/* translators: %s: a number of further events */
				sprintf( __( 'and %s more', 'kivihook' ), rest.length ) }
		</span>
	);
}

export function useWebhookFields( reload ) {
	const { events } = useSite();
	return useMemo(
		() => [
			{ id: 'name', type: 'text', label: __( 'Webhook', 'kivihook' ), enableHiding: false, filterBy: false },
			{
				id: 'url',
				type: 'text',
				label: __( 'Goes to', 'kivihook' ),
				enableSorting: false,
				filterBy: false,
				render: ( { item } ) => <span className="kh-url">{ `${ item.method } ${ item.url }` }</span>,
			},
			{
				id: 'summary',
				type: 'text',
				label: __( 'In short', 'kivihook' ),
				enableSorting: false,
				enableHiding: false,
				filterBy: false,
				render: ( { item } ) => (
					<span className="kh-cell">
						<State item={ item } />
						<span className="kh-url">{ item.url }</span>
					</span>
				),
			},
			{
				id: 'state',
				type: 'text',
				label: __( 'State', 'kivihook' ),
				enableSorting: false,
				elements: Object.entries( healthStates() ).map( ( [ value, { label } ] ) => ( { value, label } ) ),
				filterBy: { operators: [ 'is' ], isPrimary: true },
				getValue: ( { item } ) => item.health.state,
				render: State,
			},
			{
				id: 'events',
				type: 'text',
				label: __( 'Events', 'kivihook' ),
				enableSorting: false,
				elements: [ ...events.values() ].map( ( event ) => ( { value: event.id, label: event.label } ) ),
				filterBy: { operators: [ 'is' ] },
				getValue: ( { item } ) => item.events,
				render: Events,
			},
			{
				id: 'success',
				type: 'text',
				label: __( 'Success', 'kivihook' ),
				enableSorting: false,
				filterBy: false,
				getValue: ( { item } ) => item.health.success_rate,
				render: ( { item } ) => <span title={ __( 'In the last 24 hours', 'kivihook' ) }>{ percent( item.health.success_rate ) }</span>,
			},
			{
				id: 'last_at',
				type: 'text',
				label: __( 'Last sent', 'kivihook' ),
				enableSorting: false,
				filterBy: false,
				getValue: ( { item } ) => item.health.last_at,
				render: ( { item } ) =>
					item.health.last_at ? (
						<time dateTime={ item.health.last_at } title={ dateTime( item.health.last_at ) }>
							{ relative( item.health.last_at ) }
						</time>
					) : (
						'–'
					),
			},
			{
				id: 'updated_at',
				type: 'text',
				label: __( 'Changed', 'kivihook' ),
				filterBy: false,
				render: ( { item } ) => dateTime( item.updated_at ),
			},
			{
				id: 'active',
				type: 'text',
				label: __( 'On', 'kivihook' ),
				enableSorting: false,
				filterBy: false,
				render: ( { item } ) => <Switch item={ item } reload={ reload } />,
			},
		],
		[ events, reload ]
	);
}
