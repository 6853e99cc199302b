import { addFilter } from '@wordpress/hooks';
import { __, _n, _nx, _x } from '@wordpress/i18n';

/**
 * WordPress' components are bundled, so their words ("Search", "Close", …) are not among the translations that WordPress
 * loads for its own copies. Ours has them, under our text domain.
 */
export function translateComponents() {
	/* eslint-disable @wordpress/i18n-no-variables -- dev/make-pot reads these texts out of the components. */
	const add = ( filter, translate ) => addFilter( filter, 'kivihook/components', ( translation, ...rest ) => translate( translation, ...rest ) ?? translation );
	add( 'i18n.gettext_default', ( translation, text ) => ( translation === text ? __( text, 'kivihook' ) : null ) );
	add( 'i18n.gettext_with_context_default', ( translation, text, context ) => ( translation === text ? _x( text, context, 'kivihook' ) : null ) );
	add( 'i18n.ngettext_default', ( translation, one, many, count ) => ( [ one, many ].includes( translation ) ? _n( one, many, count, 'kivihook' ) : null ) );
	add( 'i18n.ngettext_with_context_default', ( translation, one, many, count, context ) => ( [ one, many ].includes( translation ) ? _nx( one, many, count, context, 'kivihook' ) : null ) );
	/* eslint-enable */
}
