// An OAuth2 server that was not written here (oidc-provider), with its own pages for login and consent, and an API that asks it.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';

export const CLIENT = { id: 'clinic', secret: 'cl1nic-s3cret' };

/**
 * On a free port of the loopback. POST /api answers 200 to an access token that the server knows, 401 to everything else.
 *
 * @param {string} redirectUri where people are sent back to
 */
export async function startProvider( redirectUri ) {
	const inbox = [];
	const server = createServer( ( request, response ) => handle( request, response ) );
	await new Promise( ( resolve ) => server.listen( 0, '127.0.0.1', resolve ) );
	const url = `http://127.0.0.1:${ server.address().port }`;
	const provider = new Provider( url, {
		clients: [ {
			client_id: CLIENT.id,
			client_secret: CLIENT.secret,
			token_endpoint_auth_method: 'client_secret_basic',
			grant_types: [ 'authorization_code', 'refresh_token' ],
			response_types: [ 'code' ],
			// What may come back to plain http on the loopback.
			application_type: 'native',
			redirect_uris: [ redirectUri ],
		} ],
		scopes: [ 'openid', 'offline_access' ],
		pkce: { required: () => true },
		features: { devInteractions: { enabled: true } },
		issueRefreshToken: async () => true,
		findAccount: async ( context, id ) => ( { accountId: id, claims: async () => ( { sub: id } ) } ),
		cookies: { keys: [ 'only for this test' ] },
		ttl: { AccessToken: 3600, RefreshToken: 86400, Grant: 86400, Session: 3600, Interaction: 600 },
	} );
	const pages = provider.callback();

	async function answer( request, response ) {
		const token = /^Bearer (.+)$/.exec( request.headers.authorization ?? '' )?.[ 1 ] ?? '';
		const known = token !== '' && ( await provider.AccessToken.find( token ) ) !== undefined;
		inbox.push( { known, url: request.url } );
		response.statusCode = known ? 200 : 401;
		response.end( '{}' );
	}

	function handle( request, response ) {
		if ( request.url.startsWith( '/api' ) ) {
			request.resume();
			answer( request, response ).catch( () => response.destroy() );
			return;
		}
		pages( request, response );
	}

	return {
		inbox,
		url,
		stop: () => new Promise( ( resolve ) => {
			server.close( resolve );
			server.closeAllConnections();
		} ),
	};
}
