import { useEffect, useState } from '@wordpress/element';
import { Button, Modal } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { setGuard } from '../base/router';

let show = () => {};

/** While `dirty`, neither a link nor closing the window loses what was typed without a question. */
export function useGuard( dirty ) {
	useEffect( () => {
		if ( ! dirty ) {
			return undefined;
		}
		const closing = ( event ) => {
			event.preventDefault();
			event.returnValue = '';
		};
		setGuard( ( leave ) => show( leave ) );
		window.addEventListener( 'beforeunload', closing );
		return () => {
			setGuard( null );
			window.removeEventListener( 'beforeunload', closing );
		};
	}, [ dirty ] );
}

/** The question; once per page. */
export function Guarded() {
	const [ leave, setLeave ] = useState( null );
	show = ( callback ) => setLeave( () => callback );
	if ( ! leave ) {
		return null;
	}
	const stay = () => setLeave( null );
	return (
		<Modal title={ __( 'Leave without saving?', 'kivihook' ) } onRequestClose={ stay } size="small">
			<p>{ __( 'What you changed here is not saved yet and will be lost.', 'kivihook' ) }</p>
			<div className="kh-buttons">
				<Button variant="tertiary" onClick={ stay }>
					{ __( 'Stay here', 'kivihook' ) }
				</Button>
				<Button
					variant="primary"
					isDestructive
					onClick={ () => {
						stay();
						leave();
					} }
				>
					{ __( 'Leave', 'kivihook' ) }
				</Button>
			</div>
		</Modal>
	);
}
