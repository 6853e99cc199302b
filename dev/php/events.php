<?php
/**
 * Makes of the catalogue what dev/events writes. Argument: md or schema. The text goes to standard output.
 */

declare(strict_types=1);

use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Catalogue\EventSchema;
use KiviHook\WordPress\Catalogue\Module;
use KiviHook\WordPress\Catalogue\Variable;

require __DIR__ . '/catalogue.php';

function cell(string $text): string
{
	return str_replace(['|', "\n"], ['\\|', ' '], $text);
}

/** @param Variable[] $variables */
function table(array $variables): string
{
	$lines = ["| variable | type | class | what | sample |", '|---|---|---|---|---|'];
	foreach ($variables as $variable) {
		$sample = is_string($variable->sample) ? $variable->sample
			: (string) json_encode($variable->sample, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
		$sample = mb_strlen($sample) > 60 ? mb_substr($sample, 0, 59) . '…' : $sample;
		$lines[] = sprintf('| `%s` | %s | %s | %s | %s |', $variable->name, $variable->type, $variable->class,
			cell($variable->label), '' === $sample ? '' : '`' . cell($sample) . '`');
	}
	return implode("\n", $lines) . "\n";
}

/** Those that all of the events have, with the same class. @param Event[] $events @return array<string, Variable> */
function shared(array $events): array
{
	$shared = reset($events)->variables;
	foreach ($events as $event) {
		$shared = array_filter($shared, static fn (Variable $one): bool
			=> isset($event->variables[$one->name]) && $event->variables[$one->name]->class === $one->class);
	}
	return $shared;
}

function module(Module $module, array $common): string
{
	$shared = array_diff_key(shared($module->events), $common);
	$text = "\n## $module->label\n\nEvery event of this module has these, beside what all events have:\n\n" . table($shared);
	foreach ($module->events as $event) {
		$names = $event->aliases ? ' (KiviCare\'s name: `' . implode('`, `', $event->aliases) . '`)' : '';
		$own = array_diff_key($event->variables, $shared, $common);
		$text .= "\n### `$event->id`\n\n**$event->label**$names. $event->description\n" . ($own ? "\n" . table($own) : '');
	}
	return $text;
}

$catalogue = new Catalogue();
if ('schema' === ($argv[1] ?? '')) {
	// Samples are in the documentation; here they would only make it long.
	$all = EventSchema::all($catalogue->events());
	foreach ($all['$defs'] as &$schema) {
		unset($schema['examples']);
	}
	echo preg_replace_callback('/\{\s+("title": [^{}]*?)\s+\}/', // A variable is one line.
		static fn (array $found): string => '{ ' . preg_replace('/\s*\n\s*/', ' ', $found[1]) . ' }',
		str_replace('    ', "\t", json_encode($all, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR))), "\n";
	exit(0);
}
$events = $catalogue->events();
$common = shared($events);
$count = count($events);
$modules = count($catalogue->modules());
echo <<<TEXT
	# Events

	Made from the catalogue by `dev/events`; don't edit. $count events in $modules modules; other plugins add
	[their own](custom-events.md). As JSON Schema: [events.schema.json](events.schema.json), one event by
	`GET /wp-json/kivihook/v1/events/<id>/schema`.

	A variable's **class** decides which webhooks may carry it: `operational`, `billing`, `identifier`, `contact`, and `clinical`,
	which nobody carries until somebody has allowed it for a purpose and until a day. What a webhook may not carry is missing.
	A text without a value is empty, anything else `null`. Samples are made up.

	Forms that a clinic makes with KiviCare Pro are variables as well, clinical, of the events of appointments, patients, doctors
	and encounters: `custom_form_<name>_data`, with the form's name in lower case and blanks as `_`, is an object of labels and
	what was filled in. They appear in lists and editor within a minute.

	`event_id` is the event's UUID: the same in every try and for every receiver, another for every event. Use it to tell repeats
	apart. It says nothing of a person and ties no two events of one together, which is why analytics get it instead of any number
	of KiviCare's; only the tables of this site, or a receiver that also got the person's data, tell whom an event was about.

	## All events


	TEXT, table($common), implode('', array_map(static fn (Module $module): string => module($module, $common), $catalogue->modules()));
