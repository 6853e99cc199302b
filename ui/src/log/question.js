/** From what the log's list shows to what is asked of GET /deliveries, and back to an address that can be shared. */

const IN_THE_PAST = { days: 86400, weeks: 7 * 86400, months: 30 * 86400, years: 365 * 86400 };

function times( filter ) {
	if ( ! filter || filter.value === undefined || filter.value === null || filter.value === '' ) {
		return {};
	}
	const { operator, value } = filter;
	switch ( operator ) {
		case 'on':
			return { from: value, to: value };
		case 'before':
			return { to: value };
		case 'after':
			return { from: value };
		case 'between':
			return { from: value[ 0 ], to: value[ 1 ] };
		case 'inThePast':
			return value.value ? { from: new Date( Date.now() - value.value * 1000 * ( IN_THE_PAST[ value.unit ] ?? 86400 ) ).toISOString() } : {};
		default:
			return {};
	}
}

export function filterOf( view, field ) {
	return view.filters.find( ( one ) => one.field === field );
}

/** Without paging: what export asks for as well. */
export function questionOf( view ) {
	const states = filterOf( view, 'state' )?.value;
	return {
		webhook: filterOf( view, 'webhook' )?.value,
		event: filterOf( view, 'event' )?.value,
		state: Array.isArray( states ) ? states.join( ',' ) : states,
		record: filterOf( view, 'record' )?.value,
		text: view.search,
		...times( filterOf( view, 'created_at' ) ),
	};
}

export function filtersFrom( query ) {
	const filters = [];
	if ( query.webhook ) {
		filters.push( { field: 'webhook', operator: 'is', value: Number( query.webhook ) } );
	}
	if ( query.event ) {
		filters.push( { field: 'event', operator: 'is', value: query.event } );
	}
	if ( query.state ) {
		filters.push( { field: 'state', operator: 'isAny', value: query.state.split( ',' ) } );
	}
	if ( query.record ) {
		filters.push( { field: 'record', operator: 'is', value: Number( query.record ) } );
	}
	if ( query.from && query.to ) {
		filters.push( { field: 'created_at', operator: 'between', value: [ query.from, query.to ] } );
	} else if ( query.from || query.to ) {
		filters.push( { field: 'created_at', operator: query.from ? 'after' : 'before', value: query.from || query.to } );
	}
	return filters;
}
