import { useCallback, useEffect, useState } from '@wordpress/element';
import { Button, Notice } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { number } from '../base/format';
import { go, href, replaceAddress } from '../base/router';
import { useLoad } from '../base/use-load';
import { useSite } from '../base/site';
import { HealthBadge } from '../parts/badge';
import { Failure } from '../parts/failure';
import { draftOf } from './draft';
import { Form } from './form';

function Banner( { webhook, refresh } ) {
	const { me, say } = useSite();
	const { health } = webhook;
	const letGo = async () => {
		try {
			const { resent } = await api.post( `webhooks/${ webhook.id }/confirm` );
			/* translators: %s: a number of deliveries */
			say( sprintf( _n( '%s delivery goes out.', '%s deliveries go out.', resent, 'kivihook' ), number( resent ) ) );
			await refresh();
		} catch ( error ) {
			say( error.message, { error: true } );
		}
	};
	return (
		<>
			{ health.state === 'failing' && (
				<Notice status="error" isDismissible={ false }>
					<p>
						<strong>{ health.reason }</strong> { health.advice }
					</p>
					{ health.first_failure && me.can.view && <a href={ href( `log/${ health.first_failure }` ) }>{ __( 'See the first failure', 'kivihook' ) }</a> }
				</Notice>
			) }
			{ webhook.off_reason && ! webhook.active && (
				<Notice status="warning" isDismissible={ false }>
					{ webhook.off_reason }
				</Notice>
			) }
			{ webhook.held > 0 && webhook.active && (
				<Notice status="warning" isDismissible={ false }>
					<p>
						{ sprintf(
							/* translators: %s: a number of deliveries */
							_n(
								'%s delivery is held, because the address has changed since the event. May it go there?',
								'%s deliveries are held, because the address has changed since the events. May they go there?',
								webhook.held,
								'kivihook'
							),
							number( webhook.held )
						) }
					</p>
					{ me.admin && (
						<Button variant="secondary" onClick={ letGo }>
							{ __( 'Yes, send to the new address', 'kivihook' ) }
						</Button>
					) }
				</Notice>
			) }
		</>
	);
}

/** A webhook that is there already. */
export default function Editor( { id, query } ) {
	const { me, say } = useSite();
	const { data: webhook, error, reload } = useLoad( ( signal ) => api.get( `webhooks/${ id }`, {}, signal ), id );
	const [ generation, setGeneration ] = useState( 0 );
	const [ conflict, setConflict ] = useState( false );
	const refresh = useCallback( () => reload( { quiet: true } ), [ reload ] );

	useEffect( () => {
		if ( query.oauth2 ) {
			say( query.oauth2 === 'done' ? __( 'Authorized: tokens are stored.', 'kivihook' ) : query.reason || __( 'The provider did not authorize it.', 'kivihook' ), { error: query.oauth2 !== 'done' } );
			replaceAddress( `webhooks/${ id }` );
		}
	}, [ id, query, say ] );

	if ( error && ! webhook ) {
		return <Failure error={ error } retry={ reload } />;
	}
	if ( ! webhook ) {
		return null;
	}
	const save = async ( draft, state ) => {
		try {
			const answer = await api.put( `webhooks/${ id }`, { ...draft, version: webhook.version } );
			state.rest( draftOf( answer.webhook ) );
			setConflict( false );
			say( __( 'Saved.', 'kivihook' ) );
			await refresh();
		} catch ( refused ) {
			setConflict( refused.status === 409 );
			throw refused;
		}
	};
	return (
		<Form
			key={ generation }
			webhook={ webhook }
			first={ draftOf( webhook ) }
			title={ webhook.name }
			lead={ <HealthBadge state={ webhook.health.state } /> }
			banner={
				<>
					<Banner webhook={ webhook } refresh={ refresh } />
					{ conflict && (
						<Notice status="error" isDismissible={ false }>
							<p>{ __( 'Somebody else saved this webhook while you were changing it.', 'kivihook' ) }</p>
							<Button
								variant="secondary"
								onClick={ async () => {
									await reload();
									setConflict( false );
									setGeneration( generation + 1 );
								} }
							>
								{ __( 'Show theirs, and forget mine', 'kivihook' ) }
							</Button>
						</Notice>
					) }
				</>
			}
			actions={
				<>
					{ me.can.view && (
						<Button variant="tertiary" href={ href( 'log', { webhook: id } ) }>
							{ __( 'Its log', 'kivihook' ) }
						</Button>
					) }
					{ me.can.add && (
						<Button
							variant="tertiary"
							onClick={ () =>
								api.post( `webhooks/${ id }/duplicate` ).then(
									( answer ) => {
										say( __( 'The copy is switched off until you switch it on.', 'kivihook' ) );
										go( `webhooks/${ answer.webhook.id }` );
									},
									( refused ) => say( refused.message, { error: true } )
								)
							}
						>
							{ __( 'Duplicate', 'kivihook' ) }
						</Button>
					) }
				</>
			}
			save={ save }
			refresh={ refresh }
		/>
	);
}
