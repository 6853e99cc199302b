import { useState } from '@wordpress/element';
import { Button, Notice } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { api } from '../base/api';
import { dateTime } from '../base/format';
import { useSite } from '../base/site';
import { Card } from '../parts/card';

/** What went wrong on our own side. */
export function Problems( { problems, reload } ) {
	const { me, say } = useSite();
	if ( problems.length === 0 ) {
		return null;
	}
	const seen = async () => {
		try {
			await api.post( 'problems/seen', { up_to: Math.max( ...problems.map( ( one ) => one.id ) ) } );
			reload( { quiet: true } );
		} catch ( error ) {
			say( error.message, { error: true } );
		}
	};
	const fresh = problems.some( ( one ) => ! one.seen );
	return (
		<Card
			title={ __( 'What KiviHook noticed', 'kivihook' ) }
			actions={
				me.admin &&
				fresh && (
					<Button variant="tertiary" size="compact" onClick={ seen }>
						{ __( 'Mark as seen', 'kivihook' ) }
					</Button>
				)
			}
		>
			<ul className="kh-problems">
				{ problems.map( ( one ) => (
					<li key={ one.id } className={ one.seen ? 'is-seen' : '' }>
						<time dateTime={ one.happened_at }>{ dateTime( one.happened_at ) }</time> { one.message }
					</li>
				) ) }
			</ul>
		</Card>
	);
}

/** This site looks like a copy of another: nothing is sent until an administrator says what it is. */
export function CloneQuestion( { clone, reload } ) {
	const { me, say } = useSite();
	const [ busy, setBusy ] = useState( false );
	if ( ! clone ) {
		return null;
	}
	const answer = async ( value ) => {
		setBusy( true );
		try {
			await api.post( 'clone/confirm', { answer: value } );
			reload();
		} catch ( error ) {
			say( error.message, { error: true } );
		}
		setBusy( false );
	};
	return (
		<Notice status="warning" isDismissible={ false }>
			<p>
				<strong>{ __( 'Nothing is sent: this site looks like a copy of another.', 'kivihook' ) }</strong> { clone.reason }
			</p>
			{ me.admin && (
				<div className="kh-buttons">
					<Button variant="secondary" disabled={ busy } onClick={ () => answer( 'moved' ) }>
						{ __( 'The site has moved: send', 'kivihook' ) }
					</Button>
					<Button variant="secondary" disabled={ busy } onClick={ () => answer( 'copy' ) }>
						{ __( 'It is a copy: stay silent', 'kivihook' ) }
					</Button>
				</div>
			) }
		</Notice>
	);
}
