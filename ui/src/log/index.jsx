import { useEffect, useMemo, useState } from '@wordpress/element';
import { Button, ToggleControl } from '@wordpress/components';
import { DataViews } from '@wordpress/dataviews';
import { __, _n, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { number } from '../base/format';
import { href, replaceAddress } from '../base/router';
import { useLoad } from '../base/use-load';
import { useNarrow } from '../base/use-narrow';
import { Failure } from '../parts/failure';
import { Screen } from '../parts/screen';
import { Detail } from './detail';
import { Export } from './export';
import { useLogActions } from './actions';
import { useLogFields } from './fields';
import { filtersFrom, questionOf } from './question';

const LIVE_MS = 4000;
const LAYOUTS = { table: {} };

/** Newer and older pages: the server gives a cursor for each next page, which stays right while new rows arrive. */
function Pager( { total, exact, cursors, setCursors, next } ) {
	return (
		<div className="kh-pager">
			<span>
				{ exact
					? sprintf(
							/* translators: %s: a number of deliveries */
							_n( '%s delivery', '%s deliveries', total, 'kivihook' ),
							number( total )
					  )
					: /* translators: %s: a number of deliveries */
					  sprintf( __( 'more than %s deliveries', 'kivihook' ), number( total ) ) }
			</span>
			<div className="kh-buttons">
				<Button variant="secondary" size="compact" disabled={ cursors.length === 0 } accessibleWhenDisabled onClick={ () => setCursors( cursors.slice( 0, -1 ) ) }>
					{ __( 'Newer', 'kivihook' ) }
				</Button>
				<Button variant="secondary" size="compact" disabled={ ! next } accessibleWhenDisabled onClick={ () => setCursors( [ ...cursors, next ] ) }>
					{ __( 'Older', 'kivihook' ) }
				</Button>
			</div>
		</div>
	);
}

function List( { query } ) {
	const narrow = useNarrow();
	const [ live, setLive ] = useState( true );
	const [ selection, setSelection ] = useState( [] );
	const [ cursors, setCursors ] = useState( [] );
	const [ view, setView ] = useState( {
		type: 'table',
		page: 1,
		perPage: 25,
		search: query.text ?? '',
		filters: filtersFrom( query ),
		titleField: 'event',
		descriptionField: 'webhook',
		fields: [ 'state', 'created_at', 'result', 'record', 'attempt' ],
		layout: { density: 'compact', styles: { result: { minWidth: 150, maxWidth: 300 }, record: { align: 'end' }, attempt: { align: 'end' } } },
	} );
	const question = questionOf( view );
	const asked = { ...question, per_page: view.perPage, cursor: cursors.at( -1 ) };
	const key = JSON.stringify( [ view.filters, view.search, view.perPage, cursors ] );
	const { data, error, loading, reload } = useLoad( ( signal ) => api.get( 'deliveries', asked, signal ), key, {
		every: live && cursors.length === 0 ? LIVE_MS : 0,
	} );
	const fields = useLogFields();
	const actions = useLogActions( reload, () => setSelection( [] ) );
	const items = data?.items ?? [];
	const pages = useMemo( () => ( { totalItems: data?.total ?? 0, totalPages: 1 } ), [ data ] );
	const shareable = JSON.stringify( question );
	useEffect( () => replaceAddress( 'log', JSON.parse( shareable ) ), [ shareable ] );

	const change = ( next ) => {
		setCursors( [] );
		setView( narrow ? { ...next, fields: view.fields, descriptionField: view.descriptionField } : next );
	};
	const shown = narrow ? { ...view, descriptionField: 'summary', fields: [] } : view;

	return (
		<Screen
			title={ __( 'Log', 'kivihook' ) }
			actions={
				<>
					<ToggleControl __nextHasNoMarginBottom label={ __( 'Live', 'kivihook' ) } checked={ live } onChange={ setLive } />
					<Export question={ question } />
				</>
			}
		>
			{ error && <Failure error={ error } retry={ reload } /> }
			<div className="kh-views">
				<DataViews
					data={ items }
					getItemId={ ( item ) => String( item.id ) }
					fields={ fields }
					view={ shown }
					onChangeView={ change }
					actions={ actions }
					paginationInfo={ pages }
					isLoading={ loading && ! data }
					defaultLayouts={ LAYOUTS }
					selection={ selection }
					onChangeSelection={ setSelection }
					searchLabel={ __( 'Search in errors, or by id', 'kivihook' ) }
					renderItemLink={ ( { item, ...rest } ) => <a href={ href( `log/${ item.id }` ) } { ...rest } /> }
					empty={ <p>{ view.search || view.filters.length > 0 ? __( 'Nothing matches.', 'kivihook' ) : __( 'Nothing has happened yet.', 'kivihook' ) }</p> }
				>
					<div className="kh-views__bar">
						<DataViews.Search label={ __( 'Search in errors, or by id', 'kivihook' ) } />
						<DataViews.FiltersToggle />
						<DataViews.ViewConfig />
					</div>
					<DataViews.FiltersToggled className="dataviews-filters__container" />
					<DataViews.Layout />
					<div className="kh-views__bulk">
						<DataViews.BulkActionToolbar />
					</div>
					<Pager total={ data?.total ?? 0 } exact={ data?.total_exact ?? true } cursors={ cursors } setCursors={ setCursors } next={ data?.next } />
				</DataViews>
			</div>
		</Screen>
	);
}

export default function Log( { id, query } ) {
	return id ? <Detail key={ id } id={ id } /> : <List query={ query } />;
}
