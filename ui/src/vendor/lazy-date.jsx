// A calendar weighs as much as a list: it is loaded when somebody filters by a day.
import { lazy, Suspense } from '@wordpress/element';
import { Spinner } from '@wordpress/components';

const DateControl = lazy( () => import( /* webpackChunkName: "dates" */ 'dataviews-date-control' ) );

export default function LazyDate( props ) {
	return (
		<Suspense fallback={ <Spinner /> }>
			<DateControl { ...props } />
		</Suspense>
	);
}
