import { useState } from '@wordpress/element';
import { Button, Modal, Notice } from '@wordpress/components';
import { __ } from '@wordpress/i18n';

/** The inside of a question whose "yes" takes time and may fail. `act` gives a promise. */
export function ConfirmBody( { children, yes, act, close, isDestructive = false } ) {
	const [ busy, setBusy ] = useState( false );
	const [ problem, setProblem ] = useState( '' );
	const run = async () => {
		setBusy( true );
		setProblem( '' );
		try {
			await act();
			close();
		} catch ( error ) {
			setProblem( error.message );
			setBusy( false );
		}
	};
	return (
		<>
			<div>{ children }</div>
			{ problem && (
				<Notice status="error" isDismissible={ false }>
					{ problem }
				</Notice>
			) }
			<div className="kh-buttons">
				<Button variant="tertiary" onClick={ close } disabled={ busy } accessibleWhenDisabled>
					{ __( 'Cancel', 'kivihook' ) }
				</Button>
				<Button variant="primary" isDestructive={ isDestructive } isBusy={ busy } disabled={ busy } accessibleWhenDisabled onClick={ run }>
					{ yes }
				</Button>
			</div>
		</>
	);
}

export function Confirm( { title, ...rest } ) {
	return (
		<Modal title={ title } onRequestClose={ rest.close } size="medium">
			<ConfirmBody { ...rest } />
		</Modal>
	);
}
