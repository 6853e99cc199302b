import { __ } from '@wordpress/i18n';
import { day, milliseconds, number, shortDateTime } from '../base/format';

/** The chart in numbers, newest first. Empty hours are left out. */
export function SeriesTable( { series, step } ) {
	const rows = series.filter( ( one ) => one.succeeded + one.failed + one.retried > 0 ).reverse();
	if ( rows.length === 0 ) {
		return <p className="kh-note">{ __( 'Nothing was sent in this period.', 'kivihook' ) }</p>;
	}
	return (
		<div className="kh-scroll" tabIndex={ 0 } role="group" aria-label={ __( 'Deliveries over time', 'kivihook' ) }>
			<table className="kh-table kh-table--numbers">
				<thead>
					<tr>
						<th scope="col">{ step === 'day' ? __( 'Day', 'kivihook' ) : __( 'Hour', 'kivihook' ) }</th>
						<th scope="col">{ __( 'Delivered', 'kivihook' ) }</th>
						<th scope="col">{ __( 'Failed', 'kivihook' ) }</th>
						<th scope="col">{ __( 'Retries', 'kivihook' ) }</th>
						<th scope="col">{ __( 'Median', 'kivihook' ) }</th>
						<th scope="col">{ __( '95 of 100 within', 'kivihook' ) }</th>
					</tr>
				</thead>
				<tbody>
					{ rows.map( ( one ) => (
						<tr key={ one.at }>
							<th scope="row">{ step === 'day' ? day( one.at ) : shortDateTime( one.at ) }</th>
							<td>{ number( one.succeeded ) }</td>
							<td>{ number( one.failed ) }</td>
							<td>{ number( one.retried ) }</td>
							<td>{ milliseconds( one.p50_ms ) }</td>
							<td>{ milliseconds( one.p95_ms ) }</td>
						</tr>
					) ) }
				</tbody>
			</table>
		</div>
	);
}
