import { Component, lazy, Suspense, useEffect, useMemo, useState } from '@wordpress/element';
import { Button, Notice, SlotFillProvider, SnackbarList, Spinner } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { boot } from './base/boot';
import { loadSite, SiteContext, useNotices } from './base/site';
import { setTimeZone } from './base/format';
import { firstPlace, maySee } from './base/may';
import { href, useRoute } from './base/router';
import { useLoad } from './base/use-load';
import { Failure } from './parts/failure';
import { Guarded } from './parts/guarded';
import { Refused } from './parts/refused';
import { Overview } from './overview';

const WebhookList = lazy( () => import( /* webpackChunkName: "lists" */ './webhooks' ) );
const Log = lazy( () => import( /* webpackChunkName: "lists" */ './log' ) );
const Editor = lazy( () => import( /* webpackChunkName: "editor" */ './editor' ) );
const NewWebhook = lazy( () => import( /* webpackChunkName: "editor" */ './editor/new' ) );
const Settings = lazy( () => import( /* webpackChunkName: "settings" */ './settings' ) );

function Screen( { route, me } ) {
	const path = route.path.length > 0 ? route.path : firstPlace( me );
	if ( ! path || ! maySee( me, path ) ) {
		return <Refused />;
	}
	const [ area, id, detail ] = path;
	switch ( area ) {
		case 'webhooks':
			if ( id === 'new' ) {
				return <NewWebhook key={ detail ?? '' } preset={ detail } />;
			}
			return id ? <Editor key={ id } id={ Number( id ) } query={ route.query } /> : <WebhookList query={ route.query } />;
		case 'log':
			return <Log key={ JSON.stringify( route.query ) } id={ id ? Number( id ) : null } query={ route.query } />;
		case 'settings':
			return <Settings section={ id } query={ route.query } />;
		default:
			return <Overview query={ route.query } />;
	}
}

function Tabs( { route, me } ) {
	const tabs = [
		{ path: '', label: __( 'Overview', 'kivihook' ) },
		{ path: 'webhooks', label: __( 'Webhooks', 'kivihook' ) },
		{ path: 'log', label: __( 'Log', 'kivihook' ) },
		...( me.can.list ? [] : [ { path: 'webhooks/new', label: __( 'Add webhook', 'kivihook' ) } ] ),
		{ path: 'settings', label: __( 'Settings', 'kivihook' ) },
	].filter( ( tab ) => maySee( me, tab.path.split( '/' ) ) );
	const here = ( tab ) => ( route.path[ 0 ] ?? firstPlace( me )?.[ 0 ] ?? '' ) === tab.path.split( '/' )[ 0 ];
	return (
		<nav className="kh-tabs" aria-label={ __( 'KiviHook', 'kivihook' ) }>
			{ tabs.map( ( tab ) => (
				<a key={ tab.path } href={ href( tab.path ) } aria-current={ here( tab ) ? 'page' : undefined }>
					{ tab.label }
				</a>
			) ) }
		</nav>
	);
}

/** What keeps the whole page from working, said once, on top. */
function Hindrances( { me } ) {
	const texts = [];
	if ( me.extension === 'missing' ) {
		texts.push( __( 'The PHP extension “kivihook” is not loaded: events are recorded, nothing is sent. Load it and restart PHP.', 'kivihook' ) );
	} else if ( me.extension === 'mismatch' ) {
		texts.push( __( 'The PHP extension and the plugin are of different versions: nothing is sent until both are the same.', 'kivihook' ) );
	}
	if ( me.key && ! [ 'ok', 'fallback' ].includes( me.key ) ) {
		texts.push( __( 'The key of this site does not fit: credentials can’t be opened and nothing is sent. Settings → Keys says more.', 'kivihook' ) );
	}
	return texts.map( ( text ) => (
		<Notice key={ text } status="error" isDismissible={ false } className="kh-hindrance">
			{ text }
		</Notice>
	) );
}

class Boundary extends Component {
	state = { error: null };

	static getDerivedStateFromError( error ) {
		return { error };
	}

	render() {
		return this.state.error ? <Failure error={ this.state.error } retry={ () => window.location.reload() } /> : this.props.children;
	}
}

export function App() {
	const route = useRoute();
	const { notices, remove, say } = useNotices();
	const { data: site, error, reload } = useLoad( loadSite );
	const [ zoneSet, setZoneSet ] = useState( false );
	useEffect( () => {
		if ( site ) {
			setTimeZone( site.me.timezone );
			setZoneSet( true );
		}
	}, [ site ] );
	const shared = useMemo( () => ( site ? { ...site, say, placeholder: site.me.placeholder } : null ), [ site, say ] );

	if ( error ) {
		return <Failure error={ error } retry={ reload } />;
	}
	if ( ! shared || ! zoneSet ) {
		return <Loading />;
	}
	return (
		<SiteContext.Provider value={ shared }>
			<SlotFillProvider>
				<div className="kh-page">
					<div className="kh-top">
						<h1>{ __( 'KiviHook', 'kivihook' ) }</h1>
						<Tabs route={ route } me={ shared.me } />
						{ shared.me.admin && boot.kivicareUrl && ! shared.me.original_addon && (
							<Button className="kh-top__other" variant="link" href={ boot.kivicareUrl }>
								{ __( 'KiviCare’s own screens', 'kivihook' ) }
							</Button>
						) }
					</div>
					<Hindrances me={ shared.me } />
					<Boundary key={ route.path.join( '/' ) }>
						<Suspense fallback={ <Loading /> }>
							<Screen route={ route } me={ shared.me } />
						</Suspense>
					</Boundary>
				</div>
				<Guarded />
				<SnackbarList className="kh-snackbars" notices={ notices } onRemove={ remove } />
			</SlotFillProvider>
		</SiteContext.Provider>
	);
}

function Loading() {
	return (
		<div className="kh-loading" role="status">
			<Spinner />
			<span>{ __( 'Loading …', 'kivihook' ) }</span>
		</div>
	);
}
