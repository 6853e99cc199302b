import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { percent, relative } from '../base/format';
import { href } from '../base/router';
import { useSite } from '../base/site';
import { Card } from '../parts/card';
import { HealthBadge } from '../parts/badge';
import { PlaceLink } from '../parts/place-link';

function Row( { webhook, health } ) {
	const { me } = useSite();
	return (
		<li className="kh-failing__row">
			<div>
				<p className="kh-failing__name">
					<HealthBadge state={ health.state } /> <PlaceLink path={ `webhooks/${ webhook.id }` }>{ webhook.name }</PlaceLink>
				</p>
				<p className="kh-failing__reason">{ health.reason }</p>
				{ health.advice && <p className="kh-note">{ health.advice }</p> }
				<p className="kh-note">
					{ health.since &&
						/* translators: %s: for instance "2 hours ago" */
						sprintf( __( 'Since %s.', 'kivihook' ), relative( health.since ) ) }{ ' ' }
					{ health.success_rate !== null &&
						/* translators: %s: a share such as "12 %" */
						sprintf( __( '%s delivered in the last 24 hours.', 'kivihook' ), percent( health.success_rate ) ) }
				</p>
			</div>
			<div className="kh-buttons">
				{ me.can.view && (
					<Button
						variant="secondary"
						href={ health.first_failure ? href( `log/${ health.first_failure }` ) : href( 'log', { webhook: webhook.id, state: 'failed' } ) }
						/* translators: %s: the name of a webhook */
						aria-label={ sprintf( __( 'First failure of %s', 'kivihook' ), webhook.name ) }
					>
						{ __( 'First failure', 'kivihook' ) }
					</Button>
				) }
				{ me.can.edit && (
					<Button
						variant="tertiary"
						href={ href( `webhooks/${ webhook.id }` ) }
						/* translators: %s: the name of a webhook */
						aria-label={ sprintf( __( 'Repair %s', 'kivihook' ), webhook.name ) }
					>
						{ __( 'Repair', 'kivihook' ) }
					</Button>
				) }
			</div>
		</li>
	);
}

export function Failing( { failing } ) {
	if ( failing.length === 0 ) {
		return null;
	}
	return (
		<Card title={ __( 'Needs your attention', 'kivihook' ) } className="kh-card--bad">
			<ul className="kh-failing">
				{ failing.map( ( one ) => (
					<Row key={ one.webhook.id } { ...one } />
				) ) }
			</ul>
		</Card>
	);
}
