/** What somebody may see and do, as the server decides it: what it would refuse is not offered. */

export function maySee( me, [ area, id ] ) {
	switch ( area ) {
		case 'webhooks':
			if ( id === 'new' ) {
				return me.can.add;
			}
			return id ? me.can.view || me.can.edit : me.can.list;
		case 'log':
			return me.can.view;
		case 'settings':
			return me.admin;
		default:
			return me.can.list;
	}
}

/** Preview and tests of a stored webhook are for those who may change it, of a new one for those who may add it. */
export function mayTry( me, webhook ) {
	return webhook ? me.can.edit : me.can.add;
}

/** Where the page begins: not everybody may see the overview. Null: nothing here is for this person. */
export function firstPlace( me ) {
	return [ [], [ 'log' ], [ 'webhooks', 'new' ] ].find( ( path ) => maySee( me, path ) ) ?? null;
}
