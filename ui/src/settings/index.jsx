import { __ } from '@wordpress/i18n';
import { api } from '../base/api';
import { href } from '../base/router';
import { useLoad } from '../base/use-load';
import { Failure } from '../parts/failure';
import { Screen } from '../parts/screen';
import { Audit } from './audit';
import { General } from './general';
import { Machine } from './machine';
import { Keys } from './keys';
import { Transfer } from './transfer';

function sections() {
	return [
		{ id: 'general', label: __( 'General', 'kivihook' ), Part: General },
		{ id: 'machine', label: __( 'Sending and networks', 'kivihook' ), Part: Machine },
		{ id: 'keys', label: __( 'Keys', 'kivihook' ), Part: Keys },
		{ id: 'transfer', label: __( 'Import and export', 'kivihook' ), Part: Transfer, alone: true },
		{ id: 'audit', label: __( 'Audit trail', 'kivihook' ), Part: Audit, alone: true },
	];
}

export default function Settings( { section } ) {
	const all = sections();
	const chosen = all.find( ( one ) => one.id === section ) ?? all[ 0 ];
	const { Part, alone } = chosen;
	const { data, error, reload } = useLoad( ( signal ) => ( alone ? Promise.resolve( {} ) : api.get( 'settings', {}, signal ) ), String( alone ) );
	return (
		<Screen title={ __( 'Settings', 'kivihook' ) }>
			<nav className="kh-tabs kh-tabs--second" aria-label={ __( 'Settings', 'kivihook' ) }>
				{ all.map( ( one ) => (
					<a key={ one.id } href={ href( `settings/${ one.id }` ) } aria-current={ one === chosen ? 'page' : undefined }>
						{ one.label }
					</a>
				) ) }
			</nav>
			{ error && <Failure error={ error } retry={ reload } /> }
			{ data && ( alone || data.settings ) && <Part settings={ data } reload={ reload } /> }
		</Screen>
	);
}
