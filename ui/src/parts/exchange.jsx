import { __, sprintf } from '@wordpress/i18n';
import { bytes, day } from '../base/format';
import { Code } from './copy';
import { Waterfall } from './waterfall';

/** Names and values as text; what came from outside is never markup. */
export function Headers( { list, label } ) {
	if ( ! list?.length ) {
		return null;
	}
	return (
		<div className="kh-scroll" tabIndex={ 0 } role="group" aria-label={ label }>
			<table className="kh-table kh-headers">
				<caption className="screen-reader-text">{ label }</caption>
				<tbody>
					{ list.map( ( [ name, value ], i ) => (
						<tr key={ i }>
							<th scope="row">{ name }</th>
							<td dir="ltr">{ value }</td>
						</tr>
					) ) }
				</tbody>
			</table>
		</div>
	);
}

export function Request( { request, level = 4 } ) {
	const Heading = `h${ level }`;
	return (
		<div className="kh-half">
			<Heading>{ __( 'Request', 'kivihook' ) }</Heading>
			<p className="kh-line" dir="ltr">
				<strong>{ request.method }</strong> { request.url }
			</p>
			<Headers list={ request.headers } label={ __( 'Request headers', 'kivihook' ) } />
			{ request.body ? <Code text={ request.body } label={ __( 'Request body', 'kivihook' ) } /> : <p className="kh-note">{ __( 'Without a body.', 'kivihook' ) }</p> }
			{ request.body_bytes > request.body?.length && (
				<p className="kh-note">
					{ /* translators: %s: a size such as "20 kB" */
					sprintf( __( 'Only the beginning is kept; it was %s.', 'kivihook' ), bytes( request.body_bytes ) ) }
				</p>
			) }
		</div>
	);
}

function Response( { response, status, level } ) {
	const Heading = `h${ level }`;
	return (
		<div className="kh-half">
			<Heading>{ __( 'Response', 'kivihook' ) }</Heading>
			{ response ? (
				<>
					<p className="kh-line">
						<strong>{ status || '–' }</strong>
					</p>
					<Headers list={ response.headers } label={ __( 'Response headers', 'kivihook' ) } />
					{ response.body ? <Code text={ response.body } label={ __( 'Response body', 'kivihook' ) } /> : <p className="kh-note">{ __( 'Without a body.', 'kivihook' ) }</p> }
					{ response.truncated && (
						<p className="kh-note">
							{ /* translators: %s: a size such as "20 kB" */
							sprintf( __( 'Only the beginning is kept; it was %s.', 'kivihook' ), bytes( response.body_bytes ) ) }
						</p>
					) }
				</>
			) : (
				<p className="kh-note">{ __( 'There was none.', 'kivihook' ) }</p>
			) }
		</div>
	);
}

/** What was sent, what came back, how long it took: of a test or of an attempt in the log. */
export function Exchange( { result, level = 4 } ) {
	const { request, response, timings } = result;
	const where = [ result.peer, result.http_version && `HTTP/${ result.http_version }`, result.tls ].filter( Boolean );
	return (
		<div className="kh-exchange">
			{ result.error && (
				<div className="kh-verdict">
					<p className="kh-strong">{ result.error }</p>
					{ result.advice && <p>{ result.advice }</p> }
				</div>
			) }
			{ result.note && <p className="kh-note">{ result.note }</p> }
			<Waterfall timings={ timings } tls={ !! result.tls } />
			{ where.length > 0 && <p className="kh-note">{ where.join( ' · ' ) }</p> }
			{ result.tls_expires_at && (
				<p className="kh-note">
					{ /* translators: %s: a date */
					sprintf( __( 'The endpoint’s certificate ends on %s.', 'kivihook' ), day( result.tls_expires_at ) ) }
				</p>
			) }
			<div className="kh-halves">
				{ request ? <Request request={ request } level={ level } /> : <p className="kh-note">{ __( 'What was sent is no longer kept.', 'kivihook' ) }</p> }
				<Response response={ response } status={ result.status } level={ level } />
			</div>
		</div>
	);
}
