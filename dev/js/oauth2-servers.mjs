/*
 * Two OAuth2 servers that were not written here, and an API that asks them, each on a free port of the loopback.
 * Prints one line of JSON with their addresses; ends when its standard input is closed.
 *
 *   oidc-provider        client credentials (basic and post), authorization code with PKCE, refresh with rotation
 *   oauth2-mock-server   JWT bearer assertion; it does not look at signatures, so that is done here
 *   the API              POST /api takes tokens of both; POST /revoke refuses all that were seen; GET /count
 */
import { createServer } from 'node:http';
import { verify } from 'node:crypto';
import { once } from 'node:events';
import Provider from 'oidc-provider';
import { Events, OAuth2Server } from 'oauth2-mock-server';

const publicKey = process.env.ASSERTION_PUBLIC_KEY;
const listening = async (server) => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return `http://127.0.0.1:${server.address().port}`;
};
const granted = {};
const refused = new Set();
const seen = new Set();
const mocked = new Set();

/* ---- oidc-provider ---- */

const front = createServer((request, response) => handle(request, response));
const issuer = await listening(front);
const machine = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'api' };
const provider = new Provider(issuer, {
	clients: [
		{ ...machine, client_id: 'machine basic', client_secret: 'b4sic & s3cret', token_endpoint_auth_method: 'client_secret_basic' },
		{ ...machine, client_id: 'machine-post', client_secret: 'p0st+s3cret', token_endpoint_auth_method: 'client_secret_post' },
		{
			client_id: 'person', client_secret: 'p3rson-s3cret', token_endpoint_auth_method: 'client_secret_basic',
			grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
			application_type: 'native', redirect_uris: [`${issuer}/back`],
		},
	],
	scopes: ['openid', 'offline_access', 'api'],
	features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
	pkce: { required: () => true },
	issueRefreshToken: async () => true,
	rotateRefreshToken: true,
	interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
	findAccount: async (context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
	cookies: { keys: ['only for this test'] },
	ttl: { AccessToken: 3600, ClientCredentials: 3600, RefreshToken: 86400, Grant: 86400, Session: 3600, Interaction: 600 },
});
provider.on('grant.success', ({ oidc }) => {
	granted[oidc.params.grant_type] = (granted[oidc.params.grant_type] ?? 0) + 1;
});
const callback = provider.callback();

/** Somebody who signs in and agrees to everything. */
async function agree(request, response) {
	const { prompt, params, session } = await provider.interactionDetails(request, response);
	if (prompt.name === 'login') {
		return provider.interactionFinished(request, response, { login: { accountId: 'doctor' } });
	}
	const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
	grant.addOIDCScope(params.scope);
	return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

function handle(request, response) {
	if (request.url.startsWith('/interaction/')) {
		agree(request, response).catch((error) => {
			response.statusCode = 500;
			response.end(String(error));
		});
		return;
	}
	callback(request, response);
}

/* ---- oauth2-mock-server ---- */

const mock = new OAuth2Server();
await mock.issuer.keys.generate('RS256');
await mock.start(0, '127.0.0.1');
mock.service.on(Events.BeforeResponse, (answer, request) => {
	const [header, claims, signature] = String(request.body.assertion ?? '').split('.');
	const told = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString() || '{}');
	const now = Date.now() / 1000;
	const good = verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature ?? '', 'base64url'))
		&& told.iss === 'clinic@example.test' && told.aud === `${mock.issuer.url}/token` && told.exp > now && told.iat <= now + 5;
	if (!good) {
		answer.statusCode = 400;
		answer.body = { error: 'invalid_grant', error_description: `the assertion ${request.body.assertion} is not good` };
		return;
	}
	granted[request.body.grant_type] = (granted[request.body.grant_type] ?? 0) + 1;
	mocked.add(answer.body.access_token);
});

/* ---- the API ---- */

async function isGood(token) {
	return mocked.has(token)
		|| (await provider.AccessToken.find(token)) !== undefined || (await provider.ClientCredentials.find(token)) !== undefined;
}

async function answerApi(request, response) {
	request.resume();
	if (request.url === '/count') {
		response.end(JSON.stringify(granted));
		return;
	}
	if (request.url === '/revoke') {
		seen.forEach((token) => refused.add(token));
		response.end('{}');
		return;
	}
	const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
	seen.add(token);
	response.statusCode = !refused.has(token) && (await isGood(token)) ? 200 : 401;
	response.end('{}');
}

const api = await listening(createServer((request, response) => {
	answerApi(request, response).catch(() => response.destroy());
}));
console.log(JSON.stringify({ issuer, mock: mock.issuer.url, api }));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
