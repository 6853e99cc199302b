import { useEffect, useRef } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import { boot } from '../base/boot';

/** The frame of every screen: its heading, which gets the focus when the screen changes, and its buttons. */
export function Screen( { title, lead, back, actions, children } ) {
	const heading = useRef( null );
	useEffect( () => {
		document.title = `${ title } ‹ ${ __( 'KiviHook', 'kivihook' ) }`;
	}, [ title ] );
	useEffect( () => {
		if ( Screen.shown ) {
			heading.current?.focus( { preventScroll: true } );
		}
		Screen.shown = true;
	}, [] );
	return (
		<section className="kh-screen" dir={ boot.rtl ? 'rtl' : undefined }>
			<div className="kh-screen__head">
				<div>
					{ back && (
						<a className="kh-back" href={ back.href }>
							{ back.label }
						</a>
					) }
					<h2 ref={ heading } tabIndex={ -1 }>
						{ title }
					</h2>
					{ lead && <p className="kh-lead">{ lead }</p> }
				</div>
				{ actions && <div className="kh-buttons">{ actions }</div> }
			</div>
			{ children }
		</section>
	);
}
