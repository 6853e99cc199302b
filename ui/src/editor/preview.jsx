import { useEffect, useState } from '@wordpress/element';
import { Notice, Spinner } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { Request } from '../parts/exchange';
import { useDraft } from './context';
import { toSend } from './draft';

const PREVIEW_MS = 500;

function usePreview( sample ) {
	const { webhook, draft } = useDraft();
	const [ state, setState ] = useState( { preview: null, problem: null, busy: true } );
	const text = JSON.stringify( { ...( webhook ? { id: webhook.id } : {} ), draft: toSend( draft ), event: sample.event, data: sample.data } );
	const wrong = sample.wrong !== '';
	useEffect( () => {
		if ( wrong ) {
			return undefined;
		}
		const control = new AbortController();
		setState( ( before ) => ( { ...before, busy: true } ) );
		const timer = setTimeout( async () => {
			try {
				const preview = await api.post( 'webhooks/preview', JSON.parse( text ), control.signal );
				setState( { preview, problem: null, busy: false } );
			} catch ( problem ) {
				if ( ! control.signal.aborted ) {
					setState( ( before ) => ( { ...before, problem, busy: false } ) );
				}
			}
		}, PREVIEW_MS );
		return () => {
			clearTimeout( timer );
			control.abort();
		};
	}, [ text, wrong ] );
	return state;
}

/** The request exactly as it would go, while it is being written. */
export function Preview( { sample } ) {
	const { preview, problem, busy } = usePreview( sample );
	return (
		<div className={ `kh-preview ${ busy ? 'is-busy' : '' }` } aria-busy={ busy }>
			{ problem && (
				<Notice status="warning" isDismissible={ false } politeness="polite">
					{ problem.errors.length ? problem.errors.map( ( error ) => error.message ).join( ' ' ) : problem.message }
				</Notice>
			) }
			{ ! preview && busy && <Spinner /> }
			{ preview && ! problem && (
				<>
					{ preview.warning && (
						<Notice status="warning" isDismissible={ false }>
							{ preview.warning }
						</Notice>
					) }
					<Request request={ preview.request } level={ 3 } />
					{ preview.withheld?.length > 0 && (
						<p className="kh-note">
							{ /* translators: %s: names of variables */ sprintf( __( 'Kept back by its classes: %s', 'kivihook' ), preview.withheld.join( ', ' ) ) }
						</p>
					) }
				</>
			) }
		</div>
	);
}
