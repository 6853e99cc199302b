import { Notice } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { Screen } from './screen';

/** Instead of a screen that the server would refuse. */
export function Refused() {
	return (
		<Screen title={ __( 'Not for this account', 'kivihook' ) }>
			<Notice status="warning" isDismissible={ false }>
				{ __( 'Your account may not do this. Ask an administrator of this site.', 'kivihook' ) }
			</Notice>
		</Screen>
	);
}
