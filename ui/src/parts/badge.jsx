import { Icon } from '@wordpress/components';
import { deliveryStates, healthStates } from '../base/words';

/** A state as icon and word. */
export function Badge( { tone = 'neutral', icon, children } ) {
	return (
		<span className={ `kh-badge kh-badge--${ tone }` }>
			{ icon && <Icon icon={ icon } size={ 16 } /> }
			<span>{ children }</span>
		</span>
	);
}

function stateBadge( states, value ) {
	const state = states[ value ] ?? { label: value, tone: 'neutral' };
	return (
		<Badge tone={ state.tone } icon={ state.icon }>
			{ state.label }
		</Badge>
	);
}

export function DeliveryBadge( { state } ) {
	return stateBadge( deliveryStates(), state );
}

export function HealthBadge( { state } ) {
	return stateBadge( healthStates(), state );
}
