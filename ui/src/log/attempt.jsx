import { useState } from '@wordpress/element';
import { Button } from '@wordpress/components';
import { chevronDown, chevronUp } from '@wordpress/icons';
import { __, sprintf } from '@wordpress/i18n';
import { dateTime, milliseconds, number } from '../base/format';
import { drivers } from '../base/words';
import { DeliveryBadge } from '../parts/badge';
import { Exchange } from '../parts/exchange';

/** One try: a line, and below it what was sent, what came back and how long it took. */
export function Attempt( { attempt, open: first } ) {
	const [ open, setOpen ] = useState( first );
	const driver = drivers()[ attempt.driver ] ?? attempt.driver;
	/* translators: %s: number of an attempt */
	const name = sprintf( __( 'Attempt %s', 'kivihook' ), number( attempt.number ) );
	return (
		<section className="kh-card kh-attempt" aria-label={ name }>
			<h4>
				<Button className="kh-attempt__head" aria-expanded={ open } icon={ open ? chevronUp : chevronDown } iconPosition="right" onClick={ () => setOpen( ! open ) }>
					<span className="kh-strong">{ name }</span>
					<DeliveryBadge state={ attempt.state } />
					{ attempt.status ? <span>{ attempt.status }</span> : null }
					<span className="kh-note">
						{ dateTime( attempt.started_at ) } · { milliseconds( attempt.timings.total_us / 1000 ) } · { driver }
					</span>
				</Button>
			</h4>
			{ open && <Exchange result={ attempt } level={ 5 } /> }
		</section>
	);
}
