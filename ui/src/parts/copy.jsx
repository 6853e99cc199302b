import { useState } from '@wordpress/element';
import { Button } from '@wordpress/components';
import { copySmall } from '@wordpress/icons';
import { __ } from '@wordpress/i18n';
import { useSite } from '../base/site';

/** Without a secure context there is no clipboard interface: the old command does it. */
async function toClipboard( text ) {
	if ( window.navigator.clipboard ) {
		return window.navigator.clipboard.writeText( text );
	}
	const area = document.createElement( 'textarea' );
	area.value = text;
	area.style.position = 'fixed';
	( document.activeElement?.parentElement ?? document.body ).append( area );
	area.select();
	const done = document.execCommand( 'copy' );
	area.remove();
	return done ? undefined : Promise.reject( new Error() );
}

export function CopyButton( { text, label = __( 'Copy', 'kivihook' ), variant = 'tertiary', onCopied } ) {
	const { say } = useSite();
	const [ copied, setCopied ] = useState( false );
	return (
		<Button
			variant={ variant }
			icon={ copySmall }
			size="compact"
			onClick={ () =>
				toClipboard( text ).then(
					() => {
						setCopied( true );
						onCopied?.();
						say( __( 'Copied.', 'kivihook' ) );
					},
					() => say( __( 'The browser did not allow it. Select the text and copy it yourself.', 'kivihook' ), { error: true } )
				)
			}
		>
			{ copied ? __( 'Copied', 'kivihook' ) : label }
		</Button>
	);
}

/** Text as it is, to be read, selected and copied. */
export function Code( { text, label, wrap = true } ) {
	return (
		<div className="kh-code">
			<pre dir="ltr" tabIndex={ 0 } aria-label={ label } role="group" className={ wrap ? 'is-wrapped' : '' }>
				{ text }
			</pre>
			<CopyButton text={ text } />
		</div>
	);
}
