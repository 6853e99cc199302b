import { __, _n, sprintf } from '@wordpress/i18n';
import { milliseconds, number, percent, seconds } from '../base/format';
import { PlaceLink } from '../parts/place-link';

function Figure( { label, value, note, tone = '', log } ) {
	return (
		<div className={ `kh-figure ${ tone && `kh-figure--${ tone }` }` }>
			<dt>{ label }</dt>
			<dd>
				<span className="kh-figure__value">{ log ? <PlaceLink path="log" query={ log }>{ value }</PlaceLink> : value }</span>
				{ note && <span className="kh-figure__note">{ note }</span> }
			</dd>
		</div>
	);
}

function queueNote( queue ) {
	if ( queue.reason ) {
		return queue.reason;
	}
	if ( queue.oldest_due_s !== null && queue.due > 0 ) {
		/* translators: %s: a span of time such as "12 sec" */
		return sprintf( __( 'the oldest due for %s', 'kivihook' ), seconds( queue.oldest_due_s ) );
	}
	return __( 'nothing is late', 'kivihook' );
}

/** The numbers that answer "does it work?" at a glance. */
export function Figures( { overview } ) {
	const { totals, queue } = overview;
	const waiting = queue.pending + queue.leased;
	return (
		<dl className="kh-figures">
			<Figure
				label={ __( 'Delivered', 'kivihook' ) }
				value={ number( totals.succeeded ) }
				note={
					Number.isFinite( totals.events )
						? /* translators: %s: a number of events */
						  sprintf( _n( 'of %s event', 'of %s events', totals.events, 'kivihook' ), number( totals.events ) )
						: ''
				}
				log={ { state: 'succeeded' } }
			/>
			<Figure
				label={ __( 'Success rate', 'kivihook' ) }
				value={ percent( totals.success_rate ) }
				/* translators: %s: a number of retries */
				note={ sprintf( _n( '%s retry', '%s retries', totals.retried, 'kivihook' ), number( totals.retried ) ) }
			/>
			<Figure
				label={ __( 'Failed', 'kivihook' ) }
				value={ number( totals.failed ) }
				note={ totals.failed > 0 ? __( 'see them in the log', 'kivihook' ) : __( 'none in this period', 'kivihook' ) }
				tone={ totals.failed > 0 ? 'bad' : '' }
				log={ totals.failed > 0 ? { state: 'failed' } : undefined }
			/>
			<Figure
				label={ __( 'Answer time', 'kivihook' ) }
				value={ milliseconds( totals.p50_ms ) }
				/* translators: %s: a time such as "800 ms" */
				note={ sprintf( __( '95 of 100 within %s', 'kivihook' ), milliseconds( totals.p95_ms ) ) }
			/>
			<Figure
				label={ __( 'Waiting', 'kivihook' ) }
				value={ number( waiting ) }
				note={ queueNote( queue ) }
				tone={ queue.late ? 'bad' : '' }
				log={ waiting > 0 ? { state: 'pending,leased' } : undefined }
			/>
			{ queue.held > 0 && (
				<Figure
					label={ __( 'Held', 'kivihook' ) }
					value={ number( queue.held ) }
					note={ __( 'until somebody decides', 'kivihook' ) }
					tone="warning"
					log={ { state: 'held' } }
				/>
			) }
		</dl>
	);
}
