import { Button, Notice } from '@wordpress/components';
import { __ } from '@wordpress/i18n';

/** Something could not be loaded: why, and a way to try again. */
export function Failure( { error, retry } ) {
	return (
		<Notice status="error" isDismissible={ false } className="kh-failure">
			<p>{ error.message }</p>
			{ retry && (
				<Button variant="secondary" onClick={ () => retry() }>
					{ __( 'Try again', 'kivihook' ) }
				</Button>
			) }
		</Notice>
	);
}
