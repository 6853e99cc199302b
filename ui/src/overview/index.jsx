import { lazy, Suspense, useState } from '@wordpress/element';
import {
	Button,
	__experimentalToggleGroupControl as ToggleGroupControl,
	__experimentalToggleGroupControlOption as ToggleGroupControlOption,
} from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { api } from '../base/api';
import { href, replaceAddress } from '../base/router';
import { useLoad } from '../base/use-load';
import { useSite } from '../base/site';
import { periods } from '../base/words';
import { Card } from '../parts/card';
import { Failure } from '../parts/failure';
import { Screen } from '../parts/screen';
import { Figures } from './figures';
import { Failing } from './failing';
import { Duty } from './duty';
import { CloneQuestion, Problems } from './problems';
import { SeriesTable } from './series-table';

const Chart = lazy( () => import( /* webpackChunkName: "chart" */ './chart' ) );

const REFRESH_MS = 15000;

function Start() {
	const { me } = useSite();
	return (
		<Card className="kh-start" title={ __( 'No webhook yet', 'kivihook' ) }>
			<p>
				{ __(
					'A webhook tells another service when something happens in your clinic: a chat when a patient books, a CRM when somebody registers. Begin with a preset: it asks for one or two values.',
					'kivihook'
				) }
			</p>
			{ me.can.add && (
				<Button variant="primary" href={ href( 'webhooks/new' ) }>
					{ __( 'Add your first webhook', 'kivihook' ) }
				</Button>
			) }
		</Card>
	);
}

function Series( { overview } ) {
	const [ table, setTable ] = useState( false );
	return (
		<Card
			title={ __( 'Deliveries over time', 'kivihook' ) }
			actions={
				<Button variant="tertiary" size="compact" aria-pressed={ table } onClick={ () => setTable( ! table ) }>
					{ table ? __( 'Show as chart', 'kivihook' ) : __( 'Show as table', 'kivihook' ) }
				</Button>
			}
		>
			{ table ? (
				<SeriesTable series={ overview.series } step={ overview.step } />
			) : (
				<Suspense fallback={ <div className="kh-chart" /> }>
					<Chart series={ overview.series } step={ overview.step } />
				</Suspense>
			) }
		</Card>
	);
}

export function Overview( { query } ) {
	const [ period, setPeriod ] = useState( periods().some( ( one ) => one.value === query.period ) ? query.period : '24h' );
	const { data, error, reload } = useLoad( ( signal ) => api.get( 'overview', { period }, signal ), period, { every: REFRESH_MS } );
	const choose = ( value ) => {
		setPeriod( value );
		replaceAddress( '', { period: value } );
	};
	return (
		<Screen
			title={ __( 'Overview', 'kivihook' ) }
			actions={
				<ToggleGroupControl label={ __( 'Period', 'kivihook' ) } hideLabelFromVision value={ period } onChange={ choose } isBlock __next40pxDefaultSize __nextHasNoMarginBottom>
					{ periods().map( ( one ) => (
						<ToggleGroupControlOption key={ one.value } value={ one.value } label={ one.label } />
					) ) }
				</ToggleGroupControl>
			}
		>
			{ error && <Failure error={ error } retry={ reload } /> }
			{ data && (
				<>
					<CloneQuestion clone={ data.clone } reload={ reload } />
					{ data.webhooks.total === 0 && <Start /> }
					<Failing failing={ data.failing } />
					<Figures overview={ data } />
					<Series overview={ data } />
					<Duty duty={ data.duty } queue={ data.queue } />
					<Problems problems={ data.problems } reload={ reload } />
				</>
			) }
		</Screen>
	);
}
