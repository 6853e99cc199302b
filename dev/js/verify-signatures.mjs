/**
 * The other side of dev/verify-signatures: the reference libraries. Arguments: the command that answers for the
 * extension (dev/php/signatures.php).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import * as standard from 'standardwebhooks';
import * as svix from 'svix';

const libraries = { standardwebhooks: standard.Webhook, svix: svix.Webhook };
let passed = 0;
let failed = 0;

function check(name, good) {
	if (good) {
		passed++;
	} else {
		failed++;
		console.log(`not ok - ${name}`);
	}
}

/** calls: a list of [method, arguments] of KiviHook\Signature. */
function extension(calls) {
	const [command, ...rest] = process.argv.slice(2);
	const child = spawnSync(command, rest, { input: JSON.stringify(calls), encoding: 'utf8' });
	if (child.status !== 0) {
		throw new Error(`the extension's side ended with ${child.status}: ${child.stderr}${child.stdout}`);
	}
	return JSON.parse(child.stdout);
}

function verifies(Library, secret, body, headers) {
	try {
		new Library(secret).verify(body, headers);
		return true;
	} catch (error) {
		if (!/signature|timestamp/i.test(error.message)) {
			throw error;
		}
		return false;
	}
}

/** Node reads Ed25519 keys as DER: a fixed head, then the 32 bytes. */
function publicKey(whpk) {
	const bytes = Buffer.from(whpk.slice('whpk_'.length), 'base64');
	return createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes]), format: 'der', type: 'spki' });
}

function privateKey(whsk) {
	const seed = Buffer.from(whsk.slice('whsk_'.length), 'base64').subarray(0, 32);
	return createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
}

const now = Math.floor(Date.now() / 1000);
const secrets = [24, 32, 33, 64].map((bytes) => `whsec_${randomBytes(bytes).toString('base64')}`);
const bodies = [
	'{"type":"appointment.booked","data":{"id":12}}', '{}', '"J\u00f6rg \u{1f469}\u200d\u2695\ufe0f \u2028"', '[1.50, 1e3]\n',
	JSON.stringify({ text: 'x'.repeat(200000) }),
];
const messages = secrets.flatMap((secret) => bodies.map((body, i) => ({ secret, body, id: `msg_${i}_${randomBytes(6).toString('hex')}` })));

/** What the extension signs. */
const made = extension([['secret', []], ['keyPair', []]]);
messages.push({ secret: made[0], body: bodies[0], id: 'msg_made' });
const pair = made[1];
const signed = extension(messages.flatMap(({ secret, body, id }) => [
	['sign', [secret, id, now, body]], ['sign', [[secrets[0], secret, pair.private], id, now, body]], ['sign', [pair.private, id, now, body]],
]));
messages.forEach(({ secret, body, id }, i) => {
	const [v1, mixed, v1a] = signed.slice(3 * i, 3 * i + 3);
	for (const [name, Library] of Object.entries(libraries)) {
		const headers = (signature) => ({ 'webhook-id': id, 'webhook-timestamp': String(now), 'webhook-signature': signature });
		check(`${name} verifies ours`, verifies(Library, secret, body, headers(v1)));
		check(`${name} verifies ours among others`, verifies(Library, secret, body, headers(mixed)));
		check(`${name} signs alike`, new Library(secret).sign(id, new Date(now * 1000), body) === v1);
		check(`${name} refuses another body`, !verifies(Library, secret, `${body} `, headers(v1)));
		check(`${name} refuses v1a alone`, !verifies(Library, secret, body, headers(v1a)));
	}
	const text = Buffer.from(`${id}.${now}.${body}`);
	check('Node verifies our v1a', v1a.startsWith('v1a,') && verify(null, text, publicKey(pair.public), Buffer.from(v1a.slice(4), 'base64')));
	check('Node signs alike', `v1a,${sign(null, text, privateKey(pair.private)).toString('base64')}` === v1a);
});

/** What the extension verifies. */
const theirs = generateKeyPairSync('ed25519');
const seed = theirs.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
const theirPublic = theirs.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const whpk = `whpk_${theirPublic.toString('base64')}`;
const whsk = `whsk_${Buffer.concat([seed, theirPublic]).toString('base64')}`;
const calls = [];
const expected = [];
for (const { secret, body, id } of messages) {
	const headers = (signature, time = now) => ({ 'webhook-id': id, 'webhook-timestamp': String(time), 'webhook-signature': signature });
	for (const [name, Library] of Object.entries(libraries)) {
		const at = (time) => new Library(secret).sign(id, new Date(time * 1000), body);
		calls.push(['verify', [secret, headers(at(now)), body]], ['verify', [secret, headers(at(now)), `${body}.`]],
			['verify', [secret, headers(at(now - 400), now - 400), body]]);
		expected.push([`${name}'s is verified`, true], [`${name}'s for another body is refused`, false], [`${name}'s of long ago is refused`, false]);
	}
	const v1a = `v1a,${sign(null, Buffer.from(`${id}.${now}.${body}`), theirs.privateKey).toString('base64')}`;
	calls.push(['verify', [[secret, whpk], headers(v1a), body]], ['verify', [whpk, headers(v1a), `${body}.`]], ['verify', [secret, headers(v1a), body]],
		['sign', [whsk, id, now, body]]);
	expected.push(["Node's v1a is verified", true], ["Node's v1a for another body is refused", false], ['v1a is refused for a secret', false],
		["Node's key signs alike", v1a]);
}
extension(calls).forEach((answer, i) => check(expected[i][0], answer === expected[i][1]));

for (const name of Object.keys(libraries)) {
	const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
	console.log(`${name} ${version}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
