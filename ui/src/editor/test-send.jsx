import { useState } from '@wordpress/element';
import { Button, Notice } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { check, error as errorIcon } from '@wordpress/icons';
import { api } from '../base/api';
import { milliseconds } from '../base/format';
import { Badge } from '../parts/badge';
import { Exchange } from '../parts/exchange';
import { useDraft } from './context';
import { toSend } from './draft';

function Verdict( { result } ) {
	return (
		<p className="kh-duty">
			<Badge tone={ result.succeeded ? 'good' : 'bad' } icon={ result.succeeded ? check : errorIcon }>
				{ result.succeeded ? __( 'It works', 'kivihook' ) : __( 'It did not work', 'kivihook' ) }
			</Badge>{ ' ' }
			{ result.status > 0 &&
				sprintf(
					/* translators: 1: an HTTP status, 2: a time such as "120 ms" */
					__( 'The endpoint answered %1$s after %2$s.', 'kivihook' ),
					result.status,
					milliseconds( result.timings.total_us / 1000 )
				) }
		</p>
	);
}

/** Sends once, now, as the draft is: saved or not. */
export function TestSend( { sample } ) {
	const { webhook, draft, refuse } = useDraft();
	const [ busy, setBusy ] = useState( false );
	const [ result, setResult ] = useState( null );
	const [ problem, setProblem ] = useState( null );
	const send = async () => {
		setBusy( true );
		setProblem( null );
		try {
			setResult( await api.post( 'webhooks/test', { ...( webhook ? { id: webhook.id } : {} ), draft: toSend( draft ), event: sample.event, data: sample.data } ) );
		} catch ( refused ) {
			setResult( null );
			setProblem( refused );
			refuse( refused.errors );
		}
		setBusy( false );
	};
	return (
		<div className="kh-test">
			<Button variant="secondary" isBusy={ busy } disabled={ busy || sample.wrong !== '' } accessibleWhenDisabled onClick={ send }>
				{ __( 'Send a test now', 'kivihook' ) }
			</Button>
			<div role="status">
				{ busy && <p>{ __( 'Sending …', 'kivihook' ) }</p> }
				{ problem && (
					<Notice status="error" isDismissible={ false } politeness="polite">
						{ problem.message } { problem.errors.map( ( error ) => error.message ).join( ' ' ) }
					</Notice>
				) }
				{ result && ! busy && <Verdict result={ result } /> }
			</div>
			{ result && ! busy && <Exchange result={ result } level={ 3 } /> }
		</div>
	);
}
