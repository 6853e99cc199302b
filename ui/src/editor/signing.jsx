import { useState } from '@wordpress/element';
import { Button, Modal, Notice, SelectControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { api } from '../base/api';
import { useSite } from '../base/site';
import { Code } from '../parts/copy';
import { Confirm } from '../parts/confirm';
import { Section } from './section';

/** Shown once: closing it is a decision. */
export function SecretShown( { secret, publicKey, close } ) {
	const [ kept, setKept ] = useState( false );
	return (
		<Modal title={ __( 'Your signing secret', 'kivihook' ) } onRequestClose={ close } shouldCloseOnClickOutside={ false } size="medium">
			<p>{ __( 'The receiver checks with it that a request comes from you. It is shown this once: copy it now.', 'kivihook' ) }</p>
			<Code text={ publicKey || secret } label={ publicKey ? __( 'Public key', 'kivihook' ) : __( 'Signing secret', 'kivihook' ) } />
			{ publicKey && <p className="kh-note">{ __( 'This is the public key: the receiver gets it, the private one stays here.', 'kivihook' ) }</p> }
			<label className="kh-check">
				<input type="checkbox" checked={ kept } onChange={ () => setKept( ! kept ) } /> { __( 'I have kept it, or I do not need it.', 'kivihook' ) }
			</label>
			<div className="kh-buttons">
				<Button variant="primary" disabled={ ! kept } accessibleWhenDisabled onClick={ close }>
					{ __( 'Done', 'kivihook' ) }
				</Button>
			</div>
		</Modal>
	);
}

export function SigningSection( { webhook, refresh } ) {
	const { me, say } = useSite();
	const [ kind, setKind ] = useState( webhook?.signing?.kind ?? 'whsec' );
	const [ asking, setAsking ] = useState( '' );
	const [ shown, setShown ] = useState( null );
	const signing = webhook?.signing;
	if ( ! webhook ) {
		return (
			<Section title={ __( 'Signing', 'kivihook' ) } summary={ __( 'a secret is made when you save', 'kivihook' ) } paths={ [] }>
				<p className="kh-help">{ __( 'Every request is signed as Standard Webhooks has it. The secret is made when you save, and shown once.', 'kivihook' ) }</p>
			</Section>
		);
	}
	const rotate = async () => {
		const answer = await api.post( `webhooks/${ webhook.id }/signing-secret`, { kind } );
		setShown( answer );
		await refresh();
	};
	const end = async () => {
		await api.remove( `webhooks/${ webhook.id }/signing-secret` );
		say( __( 'The secret before is no longer used.', 'kivihook' ) );
		await refresh();
	};
	return (
		<Section title={ __( 'Signing', 'kivihook' ) } summary={ signing.previous ? __( 'two secrets at once', 'kivihook' ) : __( 'one secret', 'kivihook' ) } paths={ [] }>
			<p className="kh-help">{ __( 'Every request carries webhook-id, webhook-timestamp and webhook-signature as Standard Webhooks has them.', 'kivihook' ) }</p>
			{ signing.previous && (
				<Notice status="info" isDismissible={ false }>
					{ __( 'Requests are signed with the new and the previous secret, until you end the previous one.', 'kivihook' ) }
				</Notice>
			) }
			{ me.admin ? (
				<>
					<SelectControl
						__next40pxDefaultSize
						__nextHasNoMarginBottom
						label={ __( 'Kind of the next secret', 'kivihook' ) }
						value={ kind }
						options={ [
							{ value: 'whsec', label: __( 'A shared secret (HMAC-SHA256)', 'kivihook' ) },
							{ value: 'whsk', label: __( 'A key pair (Ed25519): the receiver gets a public key', 'kivihook' ) },
						] }
						onChange={ setKind }
					/>
					<div className="kh-buttons kh-buttons--start">
						<Button variant="secondary" onClick={ () => setAsking( 'rotate' ) }>
							{ __( 'Make a new secret', 'kivihook' ) }
						</Button>
						{ signing.previous && (
							<Button variant="tertiary" isDestructive onClick={ () => setAsking( 'end' ) }>
								{ __( 'End the previous secret', 'kivihook' ) }
							</Button>
						) }
					</div>
				</>
			) : (
				<p className="kh-help">{ __( 'An administrator can make a new one.', 'kivihook' ) }</p>
			) }
			{ asking === 'rotate' && (
				<Confirm title={ __( 'Make a new secret?', 'kivihook' ) } yes={ __( 'Make it', 'kivihook' ) } close={ () => setAsking( '' ) } act={ rotate }>
					<p>{ __( 'The present one stays valid beside it, so that the receiver can change over. End it when the receiver has the new one.', 'kivihook' ) }</p>
				</Confirm>
			) }
			{ asking === 'end' && (
				<Confirm title={ __( 'End the previous secret?', 'kivihook' ) } yes={ __( 'End it', 'kivihook' ) } isDestructive close={ () => setAsking( '' ) } act={ end }>
					<p>{ __( 'A receiver that still checks with it will refuse what comes.', 'kivihook' ) }</p>
				</Confirm>
			) }
			{ shown && <SecretShown secret={ shown.signing_secret } publicKey={ shown.public_key } close={ () => setShown( null ) } /> }
		</Section>
	);
}
