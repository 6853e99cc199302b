import { useMemo, useState } from '@wordpress/element';
import { Button } from '@wordpress/components';
import { DataViews } from '@wordpress/dataviews';
import { __ } from '@wordpress/i18n';
import { api } from '../base/api';
import { href } from '../base/router';
import { useLoad } from '../base/use-load';
import { useSite } from '../base/site';
import { useNarrow } from '../base/use-narrow';
import { Failure } from '../parts/failure';
import { Screen } from '../parts/screen';
import { useWebhookFields } from './fields';
import { useWebhookActions } from './actions';

const REFRESH_MS = 20000;
const LAYOUTS = { table: {} };
const ORDER = { name: 'name', updated_at: 'updated_at' };

function question( view ) {
	const filter = ( field ) => view.filters.find( ( one ) => one.field === field )?.value;
	return {
		page: view.page,
		per_page: view.perPage,
		search: view.search,
		state: filter( 'state' ),
		event: filter( 'events' ),
		orderby: ORDER[ view.sort?.field ] ?? 'name',
		order: view.sort?.direction ?? 'asc',
	};
}

export default function WebhookList( { query } ) {
	const { me } = useSite();
	const narrow = useNarrow();
	const [ view, setView ] = useState( {
		type: 'table',
		page: 1,
		perPage: 20,
		search: query.search ?? '',
		filters: query.state ? [ { field: 'state', operator: 'is', value: query.state } ] : [],
		sort: { field: 'name', direction: 'asc' },
		titleField: 'name',
		descriptionField: 'url',
		fields: [ 'state', 'events', 'success', 'last_at', 'active' ],
		layout: { density: 'compact', styles: { state: { maxWidth: 170 }, events: { maxWidth: 240 }, success: { align: 'end' } } },
	} );
	const asked = question( view );
	const { data, error, loading, reload } = useLoad( ( signal ) => api.get( 'webhooks', asked, signal ), JSON.stringify( asked ), {
		every: REFRESH_MS,
	} );
	const fields = useWebhookFields( reload );
	const actions = useWebhookActions( reload );
	const pages = useMemo( () => ( { totalItems: data?.total ?? 0, totalPages: data?.pages ?? 0 } ), [ data ] );
	const shown = narrow ? { ...view, descriptionField: 'summary', fields: [] } : view;

	return (
		<Screen
			title={ __( 'Webhooks', 'kivihook' ) }
			actions={
				<>
					{ me.admin && (
						<Button variant="tertiary" href={ href( 'settings/transfer' ) }>
							{ __( 'Import or export', 'kivihook' ) }
						</Button>
					) }
					{ me.can.add && (
						<Button variant="primary" href={ href( 'webhooks/new' ) }>
							{ __( 'Add webhook', 'kivihook' ) }
						</Button>
					) }
				</>
			}
		>
			{ error && <Failure error={ error } retry={ reload } /> }
			<div className="kh-views kh-views--webhooks">
				<DataViews
					data={ data?.items ?? [] }
					getItemId={ ( item ) => String( item.id ) }
					fields={ fields }
					view={ shown }
					onChangeView={ ( next ) => setView( narrow ? { ...next, fields: view.fields, descriptionField: view.descriptionField } : next ) }
					actions={ actions }
					paginationInfo={ pages }
					isLoading={ loading && ! data }
					defaultLayouts={ LAYOUTS }
					searchLabel={ __( 'Search by name or host', 'kivihook' ) }
					renderItemLink={ ( { item, ...rest } ) => <a href={ href( `webhooks/${ item.id }` ) } { ...rest } /> }
					isItemClickable={ () => me.can.view || me.can.edit }
					empty={
						<p>
							{ view.search || view.filters.length > 0
								? __( 'No webhook matches.', 'kivihook' )
								: __( 'There are no webhooks yet. “Add webhook” begins with a preset.', 'kivihook' ) }
						</p>
					}
				/>
			</div>
		</Screen>
	);
}
