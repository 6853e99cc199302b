import { __ } from '@wordpress/i18n';
import { arrowUpRight, cancelCircleFilled, check, error, notAllowed, pause, pending, scheduled, unseen } from '@wordpress/icons';

/** States of a delivery: word, tone (colour) and icon (shape), so that colour is never the only signal. */
export function deliveryStates() {
	return {
		pending: { label: __( 'Waiting', 'kivihook' ), tone: 'neutral', icon: scheduled },
		leased: { label: __( 'On its way', 'kivihook' ), tone: 'info', icon: arrowUpRight },
		succeeded: { label: __( 'Delivered', 'kivihook' ), tone: 'good', icon: check },
		failed: { label: __( 'Failed', 'kivihook' ), tone: 'bad', icon: error },
		held: { label: __( 'Held', 'kivihook' ), tone: 'warning', icon: pause },
		cancelled: { label: __( 'Cancelled', 'kivihook' ), tone: 'neutral', icon: notAllowed },
		expired: { label: __( 'Given up', 'kivihook' ), tone: 'bad', icon: cancelCircleFilled },
	};
}

/** How a webhook is doing. */
export function healthStates() {
	return {
		ok: { label: __( 'Works', 'kivihook' ), tone: 'good', icon: check },
		failing: { label: __( 'Failing', 'kivihook' ), tone: 'bad', icon: error },
		off: { label: __( 'Off', 'kivihook' ), tone: 'neutral', icon: unseen },
		idle: { label: __( 'Nothing sent yet', 'kivihook' ), tone: 'neutral', icon: pending },
	};
}

export function drivers() {
	return {
		inline: __( 'after the booking', 'kivihook' ),
		worker: __( 'by a worker', 'kivihook' ),
		schedule: __( 'by the schedule', 'kivihook' ),
		test: __( 'as a test', 'kivihook' ),
	};
}

export function periods() {
	return [
		{ value: '24h', label: __( '24 hours', 'kivihook' ) },
		{ value: '7d', label: __( '7 days', 'kivihook' ) },
		{ value: '30d', label: __( '30 days', 'kivihook' ) },
		{ value: '90d', label: __( '90 days', 'kivihook' ) },
	];
}
