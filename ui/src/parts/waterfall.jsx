import { __ } from '@wordpress/i18n';
import { milliseconds } from '../base/format';

/** From moments since the start to phases that follow each other. */
function phases( timings, tls ) {
	const { dns_us: dns, connect_us: connect, tls_us: secured, first_byte_us: first, total_us: total } = timings;
	const reached = tls ? secured || connect : connect;
	return [
		{ kind: 'dns', label: __( 'Name look-up', 'kivihook' ), from: 0, to: dns },
		{ kind: 'connect', label: __( 'Connection', 'kivihook' ), from: dns, to: connect },
		...( tls ? [ { kind: 'tls', label: __( 'TLS handshake', 'kivihook' ), from: connect, to: secured } ] : [] ),
		{ kind: 'wait', label: __( 'Endpoint’s answer', 'kivihook' ), from: reached, to: first || total },
		{ kind: 'read', label: __( 'Reading it', 'kivihook' ), from: first || total, to: total },
	].map( ( phase ) => ( { ...phase, to: Math.max( phase.from, phase.to ) } ) );
}

/** Where the time went, as bars that begin where the one before ended; the words and numbers beside them say the same. */
export function Waterfall( { timings, tls } ) {
	if ( ! timings?.total_us ) {
		return null;
	}
	const total = timings.total_us;
	return (
		<table className="kh-waterfall">
			<caption className="screen-reader-text">{ __( 'Timings', 'kivihook' ) }</caption>
			<tbody>
				{ phases( timings, tls ).map( ( { kind, label, from, to } ) => (
					<tr key={ kind }>
						<th scope="row">{ label }</th>
						<td className="kh-waterfall__track" aria-hidden="true">
							<span
								className={ `kh-waterfall__bar kh-waterfall__bar--${ kind }` }
								style={ { insetInlineStart: `${ ( 100 * from ) / total }%`, inlineSize: `${ ( 100 * ( to - from ) ) / total }%` } }
							/>
						</td>
						<td className="kh-waterfall__time">{ milliseconds( ( to - from ) / 1000 ) }</td>
					</tr>
				) ) }
				<tr className="kh-waterfall__total">
					<th scope="row">{ timings.reused ? __( 'In all, on an open connection', 'kivihook' ) : __( 'In all', 'kivihook' ) }</th>
					<td aria-hidden="true" />
					<td className="kh-waterfall__time">{ milliseconds( total / 1000 ) }</td>
				</tr>
			</tbody>
		</table>
	);
}
