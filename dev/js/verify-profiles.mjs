/**
 * The other side of dev/verify-profiles. Arguments: docs/events.schema.json, then the command that answers for the extension (dev/php/profiles.php).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HTTP } from 'cloudevents';

const require = createRequire(import.meta.url);
const JSONSchemaValidator = require('@asymmetrik/fhir-json-schema-validator');
const { Fhir } = require('fhir');
const Ajv = require('ajv/dist/2020').default;
const schema = new JSONSchemaValidator();
const structure = new Fhir();
let passed = 0;
let failed = 0;

function check(name, problems) {
	if (problems.length === 0) {
		passed++;
	} else {
		failed++;
		console.log(`not ok - ${name}\n  ${problems.slice(0, 5).join('\n  ')}`);
	}
}

/** FHIR R4's own JSON Schema, then structure and required value sets. */
function fhir(resource) {
	const problems = schema.validate(resource).map((one) => `schema: ${one.instancePath ?? one.dataPath} ${one.message}`);
	const result = structure.validate(resource, { errorOnUnexpected: true });
	for (const message of result.messages) {
		if (message.severity === 'error' || message.severity === 'fatal') {
			problems.push(`structure: ${message.location} ${message.message}`);
		}
	}
	return problems;
}

/** What the R4 rules for a history and the Backport ask of a notification, beyond its schema. */
function notification(bundle, full) {
	const [status, entry] = bundle.entry ?? [];
	const values = Object.fromEntries((status?.resource?.parameter ?? []).map((one) => [one.name, one]));
	const parts = Object.fromEntries((values['notification-event']?.part ?? []).map((one) => [one.name, one]));
	const gone = entry?.request?.method === 'DELETE';
	const rules = {
		'type is history': bundle.type === 'history',
		'status first': status?.resource?.resourceType === 'Parameters' && status.request.url.endsWith('/$status'),
		'every entry has request and response': bundle.entry?.every((one) => one.request && one.response),
		'subscription, status, type': values.subscription?.valueReference && values.status?.valueCode === 'active'
			&& values.type?.valueCode === 'event-notification',
		'event number': /^[1-9][0-9]*$/.test(parts['event-number']?.valueString ?? ''),
		'focus is what the entry is about': parts.focus?.valueReference?.reference === entry?.request?.url
			&& entry?.fullUrl?.endsWith(`/${entry.request.url}`),
		'content as far as it was asked for': Boolean(entry?.resource) === (full && !gone),
	};
	return Object.entries(rules).filter(([, good]) => !good).map(([rule]) => `rule: ${rule}`);
}

function cloudEvent(request) {
	try {
		const headers = Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
		const event = HTTP.toEvent({ headers, body: request.body });
		event.validate();
		return event.type === `kivihook.${request.event}` && event.data ? [] : [`type or data: ${JSON.stringify(event)}`];
	} catch (error) {
		return [`${error.message} ${JSON.stringify(error.errors ?? '')}`];
	}
}

/** Our own schema of the event: docs/events.schema.json, or what stands for it. */
const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
require('ajv-formats').default(ajv);
ajv.addKeyword('x-kivihook-class');
ajv.addSchema(JSON.parse(readFileSync(process.argv[2], 'utf8')), 'events');
function own(request, body = JSON.parse(request.body)) {
	const validate = ajv.getSchema(`events#/$defs/${request.event}`);
	return validate(body) ? [] : validate.errors.map((one) => `${one.instancePath} ${one.message}`);
}

function plain(request) {
	const body = JSON.parse(request.body);
	const members = Object.keys(body).join();
	const clinical = request.classes === 'default' && request.profile === 'thin' && JSON.stringify(body).includes('Example');
	return members === 'id,type,timestamp,data' && !clinical ? [] : [members];
}

function problems(request) {
	switch (request.profile) {
		case 'fhir':
			return fhir(JSON.parse(request.body));
		case 'fhir-notification-id':
		case 'fhir-notification-full': {
			const bundle = JSON.parse(request.body);
			return [...fhir(bundle), ...notification(bundle, request.profile.endsWith('full'))];
		}
		case 'cloudevents':
		case 'cloudevents-binary':
			return cloudEvent(request);
		case 'standard':
			return own(request);
		default:
			return plain(request);
	}
}

const [command, ...rest] = process.argv.slice(3);
const child = spawnSync(command, rest, { encoding: 'utf8', maxBuffer: 1 << 28 });
if (child.status !== 0) {
	throw new Error(`the extension's side ended with ${child.status}: ${child.stderr}${child.stdout}`);
}
const requests = JSON.parse(child.stdout);
for (const request of requests) {
	check(`${request.profile} of ${request.event} (${request.classes}; ${request.data})`, problems(request));
}

// A validator that accepts everything would prove nothing.
const sample = requests.find((one) => one.profile === 'fhir' && one.event === 'appointment.booked' && one.data === 'sample');
const broken = JSON.parse(sample.body);
broken.status = 'sleeping';
broken.participant = 'nobody';
check('a broken Appointment is refused by both', ['schema', 'structure']
	.filter((who) => !fhir(broken).some((one) => one.startsWith(who))));
const event = requests.find((one) => one.profile === 'cloudevents');
check('a CloudEvent without a source is refused', cloudEvent({ ...event, body: event.body.replace('"source"', '"sauce"') }).length ? [] : ['taken']);
const bundle = JSON.parse(requests.find((one) => one.profile === 'fhir-notification-id').body);
delete bundle.entry[0].response;
check('a history without a response is refused', notification(bundle, false).length ? [] : ['taken']);

const standard = requests.find((one) => one.profile === 'standard' && one.event === 'appointment.booked');
const wrong = JSON.parse(standard.body);
wrong.data.appointment_id = 'twelve';
check('a body of the wrong type is refused by our schema', own(standard, wrong).length ? [] : ['taken']);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
