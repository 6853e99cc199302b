import { useEffect, useState } from '@wordpress/element';
import { Button, FormFileUpload, Notice, TextControl } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { number } from '../base/format';
import { href } from '../base/router';
import { useSite } from '../base/site';
import { Card } from '../parts/card';
import { Failure } from '../parts/failure';
import { saveFile } from '../parts/save-file';

function Passphrase( { value, onChange, help, label } ) {
	return <TextControl __next40pxDefaultSize __nextHasNoMarginBottom type="password" autoComplete="new-password" label={ label } value={ value } onChange={ onChange } help={ help } />;
}

function Export() {
	const { say } = useSite();
	const [ passphrase, setPassphrase ] = useState( '' );
	const [ problem, setProblem ] = useState( null );
	const run = async ( event ) => {
		event.preventDefault();
		setProblem( null );
		try {
			const file = await api.post( 'webhooks/export', passphrase ? { passphrase } : {} );
			saveFile( file.filename, file.mime_type, file.content );
			/* translators: %s: a number of webhooks */
			say( sprintf( _n( '%s webhook is in the file.', '%s webhooks are in the file.', file.webhooks, 'kivihook' ), number( file.webhooks ) ) );
		} catch ( error ) {
			setProblem( error );
		}
	};
	return (
		<Card title={ __( 'Export webhooks', 'kivihook' ) }>
			<form onSubmit={ run } className="kh-fields" aria-label={ __( 'Export webhooks', 'kivihook' ) }>
				{ problem && <Failure error={ problem } /> }
				<Passphrase
					label={ __( 'Passphrase for the file (optional)', 'kivihook' ) }
					value={ passphrase }
					onChange={ setPassphrase }
					help={ __( 'Without one, credentials are left out. With one of 12 characters or more, they are sealed in the file.', 'kivihook' ) }
				/>
				<div className="kh-buttons kh-buttons--start">
					<Button type="submit" variant="secondary">
						{ __( 'Export all webhooks', 'kivihook' ) }
					</Button>
				</div>
			</form>
		</Card>
	);
}

function Outcome( { result, dry } ) {
	return (
		<div>
			<p role="status" className="kh-strong">
				{ sprintf(
					dry
						? /* translators: 1: webhooks, 2: webhooks */
						  __( '%1$s can be imported, %2$s cannot.', 'kivihook' )
						: /* translators: 1: webhooks, 2: webhooks */
						  __( '%1$s imported, %2$s refused.', 'kivihook' ),
					number( dry ? result.items.filter( ( one ) => one.action === 'create' ).length : result.created ),
					number( dry ? result.items.filter( ( one ) => one.action !== 'create' ).length : result.refused )
				) }
			</p>
			<ul className="kh-import">
				{ result.items.map( ( one, i ) => (
					<li key={ i } className={ one.action === 'create' ? '' : 'is-refused' }>
						<strong>{ one.id && ! dry ? <a href={ href( `webhooks/${ one.id }` ) }>{ one.name }</a> : one.name }</strong> <span className="kh-url">{ one.url }</span>
						{ one.errors?.map( ( error, j ) => (
							<p key={ j } className="kh-field-error">
								{ error.message }
							</p>
						) ) }
						{ one.missing_secrets?.length > 0 && (
							<p className="kh-note">
								{ /* translators: %s: names of credentials */ sprintf( __( 'Enter again before switching it on: %s', 'kivihook' ), one.missing_secrets.join( ', ' ) ) }
							</p>
						) }
						{ one.notes?.map( ( note, j ) => (
							<p key={ j } className="kh-note">
								{ note.message }
							</p>
						) ) }
					</li>
				) ) }
			</ul>
			{ ! dry && result.created > 0 && <p className="kh-note">{ __( 'What was imported is switched off until you switch it on.', 'kivihook' ) }</p> }
		</div>
	);
}

function Import() {
	const [ file, setFile ] = useState( null );
	const [ passphrase, setPassphrase ] = useState( '' );
	const [ outcome, setOutcome ] = useState( null );
	const [ problem, setProblem ] = useState( null );
	const [ busy, setBusy ] = useState( false );
	const run = async ( content, dryRun ) => {
		setBusy( true );
		setProblem( null );
		try {
			const result = await api.post( 'webhooks/import', { content, dry_run: dryRun, ...( passphrase ? { passphrase } : {} ) } );
			setOutcome( { result, dry: dryRun } );
		} catch ( error ) {
			setOutcome( null );
			setProblem( error );
		}
		setBusy( false );
	};
	const choose = async ( event ) => {
		const chosen = event.currentTarget.files[ 0 ];
		if ( chosen ) {
			const content = await chosen.text();
			setFile( { name: chosen.name, content } );
			await run( content, true );
		}
	};
	return (
		<Card title={ __( 'Import webhooks', 'kivihook' ) } note={ __( 'A file from the export above, or from KiviCare’s own webhooks screen. First it is only looked at.', 'kivihook' ) }>
			<div className="kh-fields">
				{ problem && <Failure error={ problem } /> }
				<Passphrase label={ __( 'Passphrase of the file, if it has one', 'kivihook' ) } value={ passphrase } onChange={ setPassphrase } />
				<div className="kh-buttons kh-buttons--start">
					<FormFileUpload __next40pxDefaultSize variant="secondary" accept=".json,application/json" onChange={ choose } disabled={ busy }>
						{ file ? file.name : __( 'Choose a file', 'kivihook' ) }
					</FormFileUpload>
					{ file && ( ! outcome || outcome.dry ) && (
						<Button
							variant={ outcome ? 'primary' : 'secondary' }
							disabled={ busy || ( outcome && ! outcome.result.items.some( ( one ) => one.action === 'create' ) ) }
							accessibleWhenDisabled
							onClick={ () => run( file.content, ! outcome ) }
						>
							{ outcome ? __( 'Import', 'kivihook' ) : __( 'Look at it again', 'kivihook' ) }
						</Button>
					) }
				</div>
				{ outcome && <Outcome { ...outcome } /> }
			</div>
		</Card>
	);
}

/** KiviCare's own paid add-on, where it was in use. */
function Original() {
	const { say } = useSite();
	const [ original, setOriginal ] = useState( null );
	const [ outcome, setOutcome ] = useState( null );
	useEffect( () => {
		// Where nothing of it is there, nothing is shown.
		api.get( 'original' ).then( setOriginal, () => {} );
	}, [] );
	if ( ! original || ( original.webhooks === 0 && original.logs === 0 ) ) {
		return null;
	}
	const run = async () => {
		try {
			setOutcome( await api.post( 'original/import', { log: true } ) );
		} catch ( error ) {
			say( error.message, { error: true } );
		}
	};
	return (
		<Card title={ __( 'KiviCare Webhook Addon', 'kivihook' ) }>
			{ original.active && (
				<Notice status="warning" isDismissible={ false }>
					{ __( 'The add-on is active: as long as it is, both send. Deactivate it once its webhooks are imported and tested.', 'kivihook' ) }
				</Notice>
			) }
			<p>
				{ sprintf(
					/* translators: 1: webhooks, 2: rows of a log, 3: webhooks */
					__( 'Its tables hold %1$s webhooks and %2$s rows of log; %3$s webhooks have been imported.', 'kivihook' ),
					number( original.webhooks ),
					number( original.logs ),
					number( original.imported )
				) }
			</p>
			<Button variant="secondary" onClick={ run }>
				{ __( 'Import its webhooks and log', 'kivihook' ) }
			</Button>
			{ outcome && <Outcome result={ outcome } dry={ false } /> }
		</Card>
	);
}

export function Transfer() {
	return (
		<>
			<Export />
			<Import />
			<Original />
		</>
	);
}
