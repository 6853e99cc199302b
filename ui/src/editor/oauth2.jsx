import { useEffect, useState } from '@wordpress/element';
import { Button, Notice } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { api } from '../base/api';
import { WINDOW, listen } from '../base/oauth2';
import { useSite } from '../base/site';
import { Code } from '../parts/copy';
import { useDraft } from './context';

/** The browser's part of OAuth2's authorization code: a window at the provider, which tells this one when it is done. */
export function OAuth2Authorize( { refresh } ) {
	const { say } = useSite();
	const { webhook, draft, dirty } = useDraft();
	const [ waiting, setWaiting ] = useState( false );
	const id = webhook?.id;
	useEffect( () => {
		if ( ! waiting ) {
			return undefined;
		}
		return listen( id, ( outcome, reason ) => {
			setWaiting( false );
			if ( outcome === 'done' ) {
				say( __( 'Authorized: tokens are stored.', 'kivihook' ) );
			} else {
				say( reason || __( 'The provider did not authorize it.', 'kivihook' ), { error: true } );
			}
			refresh();
		} );
	}, [ id, waiting, refresh, say ] );

	if ( draft.auth.method !== 'oauth2' || draft.auth.grant !== 'authorization_code' ) {
		return null;
	}
	if ( ! webhook || dirty ) {
		return <p className="kh-help">{ __( 'Save first; then you can authorize it at the provider.', 'kivihook' ) }</p>;
	}
	const start = async () => {
		// Opened by the click itself, because browsers stop windows that come later.
		const popup = window.open( '', WINDOW, 'width=700,height=800' );
		try {
			const { url } = await api.post( `webhooks/${ id }/oauth2/start` );
			if ( popup ) {
				setWaiting( true );
				popup.location.href = url;
			} else {
				window.location.href = url;
			}
		} catch ( error ) {
			popup?.close();
			say( error.message, { error: true } );
		}
	};
	return (
		<div className="kh-oauth2">
			<p className="kh-help">{ __( 'Enter this redirect address at the provider:', 'kivihook' ) }</p>
			<Code text={ webhook.oauth2.redirect_uri } label={ __( 'Redirect address', 'kivihook' ) } />
			<Notice status={ webhook.oauth2.authorized ? 'success' : 'warning' } isDismissible={ false }>
				{ webhook.oauth2.authorized ? __( 'Authorized.', 'kivihook' ) : __( 'Not authorized yet: nothing can be sent.', 'kivihook' ) }
			</Notice>
			<Button variant="secondary" isBusy={ waiting } onClick={ start }>
				{ webhook.oauth2.authorized ? __( 'Authorize again', 'kivihook' ) : __( 'Authorize', 'kivihook' ) }
			</Button>
		</div>
	);
}
