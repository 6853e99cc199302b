import { __, _n, sprintf } from '@wordpress/i18n';
import { check, cautionFilled } from '@wordpress/icons';
import { number, relative } from '../base/format';
import { Badge } from '../parts/badge';
import { Card } from '../parts/card';

function names() {
	return {
		worker: __( 'Workers', 'kivihook' ),
		inline: __( 'PHP, after each booking', 'kivihook' ),
		schedule: __( 'The schedule', 'kivihook' ),
		nobody: __( 'Nobody', 'kivihook' ),
	};
}

/** Who sends, and since when. Also a part of the settings. */
export function Duty( { duty, queue, children } ) {
	const fine = duty.driver !== 'nobody' && ! queue?.late;
	return (
		<Card title={ __( 'Who is on duty', 'kivihook' ) }>
			<p className="kh-duty">
				<Badge tone={ fine ? 'good' : 'bad' } icon={ fine ? check : cautionFilled }>
					{ names()[ duty.driver ] ?? duty.driver }
				</Badge>{ ' ' }
				{ duty.text }
			</p>
			{ duty.workers.length > 0 && (
				<div className="kh-scroll" tabIndex={ 0 } role="group" aria-label={ __( 'Workers', 'kivihook' ) }>
					<table className="kh-table">
						<thead>
							<tr>
								<th scope="col">{ __( 'Worker', 'kivihook' ) }</th>
								<th scope="col">{ __( 'Requests at once', 'kivihook' ) }</th>
								<th scope="col">{ __( 'Started', 'kivihook' ) }</th>
								<th scope="col">{ __( 'Last seen', 'kivihook' ) }</th>
							</tr>
						</thead>
						<tbody>
							{ duty.workers.map( ( worker ) => (
								<tr key={ worker.name }>
									<th scope="row">{ worker.name }</th>
									<td>{ number( worker.slots ) }</td>
									<td>{ relative( worker.started_at ) }</td>
									<td>
										{ relative( worker.seen_at ) } { ! worker.alive && __( '(gone)', 'kivihook' ) }
									</td>
								</tr>
							) ) }
						</tbody>
					</table>
				</div>
			) }
			{ duty.schedule_ran_at && (
				<p className="kh-note">
					{ /* translators: %s: for instance "2 minutes ago" */
					sprintf( __( 'The schedule ran %s.', 'kivihook' ), relative( duty.schedule_ran_at ) ) }
				</p>
			) }
			{ queue && (
				<p className="kh-note">
					{ sprintf(
						/* translators: %s: a number of deliveries */
						_n( '%s delivery is due.', '%s deliveries are due.', queue.due, 'kivihook' ),
						number( queue.due )
					) }
				</p>
			) }
			{ children }
		</Card>
	);
}
