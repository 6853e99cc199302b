import { useState } from '@wordpress/element';
import { Button, Notice } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { maySee, mayTry } from '../base/may';
import { href } from '../base/router';
import { useSite } from '../base/site';
import { useGuard } from '../parts/guarded';
import { Screen } from '../parts/screen';
import { BodySection } from './body';
import { ConditionsSection } from './conditions';
import { DraftContext, useDraftState } from './context';
import { LongText, Switch, Text } from './controls';
import { DeliverySection } from './delivery';
import { toSend } from './draft';
import { EventsField } from './events';
import { OAuth2Authorize } from './oauth2';
import { PrivacySection } from './privacy';
import { AuthSection, RequestSection, ScopeSection } from './request';
import { Notes, Section } from './section';
import { Side } from './side';
import { SigningSection } from './signing';

function Summary( { draft } ) {
	const { events } = useSite();
	return draft.events
		.slice( 0, 3 )
		.map( ( id ) => events.get( id )?.label ?? id )
		.join( ', ' );
}

/** Everything about one webhook. `save( toSend )` gives a promise of the webhook as it is then. */
export function Form( { webhook, first, firstNotes = [], title, lead, actions, banner, save, refresh } ) {
	const { me, say } = useSite();
	const [ busy, setBusy ] = useState( false );
	const [ problem, setProblem ] = useState( '' );
	const may = mayTry( me, webhook );
	const state = useDraftState( webhook, first, may );
	const { draft } = state;
	useGuard( state.dirty && ! busy );

	const submit = async ( event ) => {
		event?.preventDefault();
		setBusy( true );
		setProblem( '' );
		try {
			await save( toSend( draft ), state );
		} catch ( refused ) {
			state.refuse( refused.errors );
			setProblem(
				refused.errors.length
					? /* translators: %s: a number of mistakes */
					  sprintf( _n( 'Not saved: %s thing has to be changed. It is marked below.', 'Not saved: %s things have to be changed. They are marked below.', refused.errors.length, 'kivihook' ), refused.errors.length )
					: refused.message
			);
			say( __( 'Not saved.', 'kivihook' ), { error: true } );
		}
		setBusy( false );
	};

	const unplaced = state.errors.filter( ( error ) => ! error.field );
	return (
		<DraftContext.Provider value={ state }>
			<Screen
				title={ title }
				lead={ lead }
				back={ maySee( me, [ 'webhooks' ] ) ? { href: href( 'webhooks' ), label: __( 'All webhooks', 'kivihook' ) } : null }
				actions={
					<>
						{ actions }
						{ may && (
							<Button variant="primary" isBusy={ busy } disabled={ busy } accessibleWhenDisabled onClick={ submit }>
								{ webhook ? __( 'Save', 'kivihook' ) : __( 'Save webhook', 'kivihook' ) }
							</Button>
						) }
					</>
				}
			>
				{ banner }
				{ ! may && (
					<Notice status="info" isDismissible={ false }>
						{ __( 'You may look at this webhook, and not change it. Preview and test are for people who may.', 'kivihook' ) }
					</Notice>
				) }
				{ ( problem || unplaced.length > 0 ) && (
					<Notice status="error" isDismissible={ false }>
						{ problem } { unplaced.map( ( error ) => error.message ).join( ' ' ) }
					</Notice>
				) }
				<Notes notes={ [ ...( firstNotes ?? [] ), ...state.notes.filter( ( note ) => ! note.field ) ] } />
				<div className="kh-edit">
					<form className="kh-edit__form" onSubmit={ submit } noValidate aria-label={ title }>
						<Section title={ __( 'Name and events', 'kivihook' ) } summary={ <Summary draft={ draft } /> } paths={ [ 'name', 'description', 'events', 'active' ] } open>
							<Text path="name" label={ __( 'Name', 'kivihook' ) } />
							<EventsField />
							<LongText path="description" label={ __( 'Notes for colleagues (optional)', 'kivihook' ) } rows={ 2 } />
							<Switch path="active" label={ __( 'Switched on', 'kivihook' ) } help={ draft.active ? '' : __( 'Off: nothing is recorded, and what still waits is held.', 'kivihook' ) } />
						</Section>
						<RequestSection />
						<AuthSection>
							<OAuth2Authorize refresh={ refresh } />
						</AuthSection>
						<BodySection />
						<ConditionsSection />
						<ScopeSection />
						<PrivacySection />
						<DeliverySection />
						<SigningSection webhook={ webhook } refresh={ refresh } />
						{ may && (
							<div className="kh-edit__foot">
								<Button type="submit" variant="primary" isBusy={ busy } disabled={ busy } accessibleWhenDisabled>
									{ webhook ? __( 'Save changes', 'kivihook' ) : __( 'Save new webhook', 'kivihook' ) }
								</Button>
								<span role="status" className="kh-note">
									{ state.dirty ? __( 'Not saved yet.', 'kivihook' ) : '' }
								</span>
							</div>
						) }
					</form>
					<Side />
				</div>
			</Screen>
		</DraftContext.Provider>
	);
}
