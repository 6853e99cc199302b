import { useMemo } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { copy, list, pencil, repeat, seen, trash, unseen } from '@wordpress/icons';
import { api } from '../base/api';
import { number } from '../base/format';
import { maySee } from '../base/may';
import { go } from '../base/router';
import { useSite } from '../base/site';
import { ConfirmBody } from '../parts/confirm';

function sentence( action, count ) {
	const texts = {
		/* translators: %s: a number of webhooks */
		enable: _n( '%s webhook is on.', '%s webhooks are on.', count, 'kivihook' ),
		/* translators: %s: a number of webhooks */
		disable: _n( '%s webhook is off.', '%s webhooks are off.', count, 'kivihook' ),
		/* translators: %s: a number of webhooks */
		delete: _n( '%s webhook is deleted.', '%s webhooks are deleted.', count, 'kivihook' ),
	};
	return sprintf( texts[ action ], number( count ) );
}

function DeleteQuestion( { items, closeModal, onDone } ) {
	const waiting = items.reduce( ( sum, item ) => sum + ( item.waiting ?? 0 ) + ( item.held ?? 0 ), 0 );
	return (
		<ConfirmBody yes={ __( 'Delete for good', 'kivihook' ) } isDestructive close={ closeModal } act={ onDone }>
			<p>
				{ items.length === 1
					? /* translators: %s: the name of a webhook */
					  sprintf( __( 'Delete “%s”? Its credentials and its signing secret are gone then; the log stays.', 'kivihook' ), items[ 0 ].name )
					: sprintf(
							/* translators: %s: a number of webhooks */
							_n( 'Delete %s webhook? The log stays.', 'Delete %s webhooks? The log stays.', items.length, 'kivihook' ),
							number( items.length )
					  ) }
			</p>
			{ waiting > 0 && (
				<p>
					{ sprintf(
						/* translators: %s: a number of deliveries */
						_n( '%s delivery that still waits is cancelled.', '%s deliveries that still wait are cancelled.', waiting, 'kivihook' ),
						number( waiting )
					) }
				</p>
			) }
		</ConfirmBody>
	);
}

export function useWebhookActions( reload ) {
	const { me, say } = useSite();
	return useMemo( () => {
		const bulk = async ( action, items ) => {
			const answer = await api.post( 'webhooks/bulk', { action, ids: items.map( ( item ) => item.id ) } );
			if ( answer.skipped.length > 0 ) {
				/* translators: %s: a number of webhooks */
				say( sprintf( _n( '%s was left out: it is gone, or not yours.', '%s were left out: they are gone, or not yours.', answer.skipped.length, 'kivihook' ), answer.skipped.length ), { error: true } );
			}
			if ( answer.done.length > 0 ) {
				say( sentence( action, answer.done.length ) );
			}
			await reload( { quiet: true } );
		};
		const told = ( work ) => ( items ) => work( items ).catch( ( error ) => say( error.message, { error: true } ) );
		const all = [
			{ id: 'edit', label: me.can.edit ? __( 'Edit', 'kivihook' ) : __( 'Show', 'kivihook' ), icon: me.can.edit ? pencil : seen, can: me.can.edit || me.can.view, callback: ( [ item ] ) => go( `webhooks/${ item.id }` ) },
			{ id: 'log', label: __( 'Show its log', 'kivihook' ), icon: list, can: me.can.view, callback: ( [ item ] ) => go( 'log', { webhook: item.id } ) },
			{ id: 'enable', label: __( 'Switch on', 'kivihook' ), icon: seen, supportsBulk: true, can: me.can.edit, isEligible: ( item ) => ! item.active, callback: told( ( items ) => bulk( 'enable', items ) ) },
			{ id: 'disable', label: __( 'Switch off', 'kivihook' ), icon: unseen, supportsBulk: true, can: me.can.edit, isEligible: ( item ) => item.active, callback: told( ( items ) => bulk( 'disable', items ) ) },
			{
				id: 'resend',
				label: __( 'Send what failed again', 'kivihook' ),
				icon: repeat,
				can: me.can.edit,
				callback: told( async ( [ item ] ) => {
					const { resent } = await api.post( `webhooks/${ item.id }/resend-failed` );
					/* translators: %s: a number of deliveries */
					say( sprintf( _n( '%s delivery goes out again.', '%s deliveries go out again.', resent, 'kivihook' ), number( resent ) ) );
					await reload( { quiet: true } );
				} ),
			},
			{
				id: 'duplicate',
				label: __( 'Duplicate', 'kivihook' ),
				icon: copy,
				can: me.can.add,
				callback: told( async ( [ item ] ) => {
					const { webhook } = await api.post( `webhooks/${ item.id }/duplicate` );
					say( __( 'The copy is switched off until you switch it on.', 'kivihook' ) );
					if ( maySee( me, [ 'webhooks', webhook.id ] ) ) {
						go( `webhooks/${ webhook.id }` );
					} else {
						await reload( { quiet: true } );
					}
				} ),
			},
			{
				id: 'delete',
				label: __( 'Delete', 'kivihook' ),
				icon: trash,
				supportsBulk: true,
				isDestructive: true,
				can: me.can.delete,
				modalHeader: __( 'Delete', 'kivihook' ),
				RenderModal: ( { items, closeModal, onActionPerformed } ) => (
					<DeleteQuestion
						items={ items }
						closeModal={ closeModal }
						onDone={ async () => {
							await bulk( 'delete', items );
							onActionPerformed?.( items );
						} }
					/>
				),
			},
		];
		return all.filter( ( action ) => action.can );
	}, [ me, say, reload ] );
}
