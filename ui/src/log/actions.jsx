import { useMemo } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { cancelCircleFilled, repeat, seen } from '@wordpress/icons';
import { api } from '../base/api';
import { number } from '../base/format';
import { go } from '../base/router';
import { useSite } from '../base/site';

/** Sends again or takes back, and says what came of it. */
export function useDeliveryWork( reload ) {
	const { say } = useSite();
	return useMemo( () => {
		const run = ( path, sentence ) => async ( ids ) => {
			try {
				const answer = await api.post( path, { ids } );
				say( sentence( answer ) );
				await reload( { quiet: true } );
			} catch ( error ) {
				say( error.message, { error: true } );
			}
		};
		return {
			resend: run( 'deliveries/resend', ( { resent, skipped } ) =>
				[
					/* translators: %s: a number of deliveries */
					sprintf( _n( '%s delivery goes out again.', '%s deliveries go out again.', resent, 'kivihook' ), number( resent ) ),
					skipped > 0
						? /* translators: %s: a number of deliveries */
						  sprintf( _n( '%s was left out.', '%s were left out.', skipped, 'kivihook' ), number( skipped ) )
						: '',
				].join( ' ' )
			),
			cancel: run( 'deliveries/cancel', ( { cancelled } ) =>
				/* translators: %s: a number of deliveries */
				sprintf( _n( '%s delivery is taken back.', '%s deliveries are taken back.', cancelled, 'kivihook' ), number( cancelled ) )
			),
		};
	}, [ reload, say ] );
}

export function useLogActions( reload, done ) {
	const { me } = useSite();
	const work = useDeliveryWork( reload );
	return useMemo( () => {
		const ids = ( items ) => items.map( ( item ) => item.id );
		return [
			{ id: 'open', label: __( 'Show attempts', 'kivihook' ), icon: seen, callback: ( [ item ] ) => go( `log/${ item.id }` ) },
			...( me.can.edit
				? [
						{ id: 'resend', label: __( 'Send again', 'kivihook' ), icon: repeat, supportsBulk: true, isEligible: ( item ) => item.can_resend, callback: ( items ) => work.resend( ids( items ) ).then( done ) },
						{ id: 'cancel', label: __( 'Take back', 'kivihook' ), icon: cancelCircleFilled, supportsBulk: true, isEligible: ( item ) => item.can_cancel, callback: ( items ) => work.cancel( ids( items ) ).then( done ) },
				  ]
				: [] ),
		];
		// eslint-disable-next-line react-hooks/exhaustive-deps -- `done` only forgets the selection.
	}, [ me, work ] );
}
