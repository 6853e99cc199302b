import { addFilter } from '@wordpress/hooks';
import { __ } from '@wordpress/i18n';

/**
 * WordPress' components are bundled, so their words ("Search", "Close", …) are not among the translations that WordPress
 * loads for its own copies. Ours has them, under our text domain.
 */
export function translateComponents() {
	addFilter( 'i18n.gettext_default', 'kivihook/components', ( translation, text ) =>
		// eslint-disable-next-line @wordpress/i18n-no-variables -- dev/make-pot reads them out of the components.
		translation === text ? __( text, 'kivihook' ) : translation
	);
}
