import { useState } from '@wordpress/element';
import { Button, SelectControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { dateTime, number } from '../base/format';
import { href } from '../base/router';
import { useLoad } from '../base/use-load';
import { Card } from '../parts/card';
import { Failure } from '../parts/failure';

const PER_PAGE = 25;

const isNothing = ( value ) => value === null || value === undefined;

function text( value ) {
	if ( isNothing( value ) || value === '' ) {
		return '–';
	}
	return typeof value === 'string' ? value : JSON.stringify( value );
}

function Changes( { changes } ) {
	if ( ! changes?.length ) {
		return '–';
	}
	return (
		<ul className="kh-changes">
			{ changes.map( ( one, i ) => (
				<li key={ i }>
					<code>{ one.field }</code> { isNothing( one.old ) || isNothing( one.new ) ? text( one.new ?? one.old ) : `${ text( one.old ) } → ${ text( one.new ) }` }
				</li>
			) ) }
		</ul>
	);
}

export function Audit() {
	const [ page, setPage ] = useState( 1 );
	const [ object, setObject ] = useState( '' );
	const { data, error, reload } = useLoad( ( signal ) => api.get( 'audit', { page, per_page: PER_PAGE, object }, signal ), `${ page } ${ object }` );
	return (
		<Card title={ __( 'Audit trail', 'kivihook' ) } note={ __( 'Who changed what, and when. Credentials are named, never shown.', 'kivihook' ) }>
			<div className="kh-audit__filter">
				<SelectControl
					__next40pxDefaultSize
					__nextHasNoMarginBottom
					label={ __( 'Show', 'kivihook' ) }
					value={ object }
					options={ [
						{ value: '', label: __( 'Everything', 'kivihook' ) },
						{ value: 'webhook', label: __( 'Webhooks', 'kivihook' ) },
						{ value: 'settings', label: __( 'Settings', 'kivihook' ) },
					] }
					onChange={ ( value ) => {
						setPage( 1 );
						setObject( value );
					} }
				/>
			</div>
			{ error && <Failure error={ error } retry={ reload } /> }
			{ data && data.items.length === 0 && <p className="kh-note">{ __( 'Nothing yet.', 'kivihook' ) }</p> }
			{ data && data.items.length > 0 && (
				<>
					<div className="kh-scroll" tabIndex={ 0 } role="group" aria-label={ __( 'Audit trail', 'kivihook' ) }>
						<table className="kh-table">
							<thead>
								<tr>
									<th scope="col">{ __( 'When', 'kivihook' ) }</th>
									<th scope="col">{ __( 'Who', 'kivihook' ) }</th>
									<th scope="col">{ __( 'What', 'kivihook' ) }</th>
									<th scope="col">{ __( 'Changes', 'kivihook' ) }</th>
								</tr>
							</thead>
							<tbody>
								{ data.items.map( ( one ) => (
									<tr key={ one.id }>
										<td className="kh-audit__when">{ dateTime( one.at ) }</td>
										<td>{ `${ one.user?.name ?? __( 'the site itself', 'kivihook' ) } (${ one.via })` }</td>
										<td>
											<code>{ one.action }</code> { one.object === 'webhook' && one.object_id ? <a href={ href( `webhooks/${ one.object_id }` ) }>{ one.object_name || `#${ one.object_id }` }</a> : one.object_name }
										</td>
										<td>
											<Changes changes={ one.changes } />
										</td>
									</tr>
								) ) }
							</tbody>
						</table>
					</div>
					<div className="kh-pager">
						<span>
							{ /* translators: 1: page, 2: pages */ sprintf( __( 'Page %1$s of %2$s', 'kivihook' ), number( page ), number( data.pages ) ) }
						</span>
						<div className="kh-buttons">
							<Button variant="secondary" size="compact" disabled={ page <= 1 } accessibleWhenDisabled onClick={ () => setPage( page - 1 ) }>
								{ __( 'Newer', 'kivihook' ) }
							</Button>
							<Button variant="secondary" size="compact" disabled={ page >= data.pages } accessibleWhenDisabled onClick={ () => setPage( page + 1 ) }>
								{ __( 'Older', 'kivihook' ) }
							</Button>
						</div>
					</div>
				</>
			) }
		</Card>
	);
}
